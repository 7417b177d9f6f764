"""Positions on the wire, their brackets and closes, and the subscriptions of `positions` and `pl`."""

from typing import Annotated

from pydantic import Field

from engine.models.broker.account import AccountSubscription
from engine.models.broker.orders import Side
from engine.models.common import NUMBER_LIMIT, Name, Number, TimeMs, WireModel


class Position(WireModel):
    """A netted position; `qty` is 0 in its last update, `pl` is unrealised, all money in the account currency."""

    id: Name
    symbol: Name
    qty: Annotated[Number, Field(ge=0)]
    side: Side
    avgPrice: Number
    pl: Number
    realizedPL: Number
    takeProfit: Number | None
    stopLoss: Number | None
    guaranteedStop: Number | None
    trailingStopPips: Number | None
    updateTime: TimeMs


class ClosePositionRequest(WireModel):
    """How much of a position to close; all of it without `amount`."""

    amount: Number | None = None


class CloseQuery(WireModel):
    """Query of `DELETE /positions/{id}`: how much to close."""

    amount: Annotated[float, Field(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT)] | None = None


class PositionSubscriptionRequest(AccountSubscription):
    """Whose positions a client follows."""


class PositionPL(WireModel):
    """Unrealised profit of one position at one mark price."""

    id: Name
    symbol: Name
    pl: Number
    price: Number


class PLUpdate(WireModel):
    """The positions of an account whose mark moved in one tick."""

    positions: list[PositionPL]
    time: TimeMs


class PLSubscriptionRequest(AccountSubscription):
    """Whose profit and loss a client follows."""
