"""Positions on the wire, their brackets and closes, and the subscriptions of `positions` and `pl`."""

from typing import Annotated

from pydantic import Field

from engine.models.broker.account import AccountSubscription
from engine.models.broker.orders import CustomFields, ExitLevel, ExitLevels, Side
from engine.models.common import NUMBER_LIMIT, Name, Number, TimeMs, WireModel


class PositionBrackets(WireModel):
    """Brackets of a position as they are shown: one of each kind, and the exit levels."""

    takeProfit: Number | None
    stopLoss: Number | None
    stopLossLimit: Number | None
    guaranteedStop: Number | None
    trailingStopPips: Number | None
    exitLevels: list[ExitLevel] | None


class Position(PositionBrackets):
    """A netted position; `qty` is 0 in its last update, `pl` is unrealised, all money in the account currency.

    With individual positions on both sides of the market, `avgPrice` is the price at which their sum makes no profit.
    """

    id: Name
    symbol: Name
    qty: Annotated[Number, Field(ge=0)]
    side: Side
    avgPrice: Number
    pl: Number
    realizedPL: Number
    canBeClosed: bool
    updateTime: TimeMs


class IndividualPosition(PositionBrackets):
    """The open part of what one order of a hedging account opened; `qty` is 0 in its last update.

    Attributes:
        orderId: The order that opened it.
        date: When it was opened, in epoch milliseconds.
        price: Average price at which it was opened.
        canBeClosed: Whether a command can close it; with `fifoClose` only the oldest one of its side.
    """

    id: Name
    symbol: Name
    orderId: Name
    date: TimeMs
    qty: Annotated[Number, Field(ge=0)]
    side: Side
    price: Number
    pl: Number
    realizedPL: Number
    canBeClosed: bool
    updateTime: TimeMs


class Brackets(WireModel):
    """Bracket prices of a position; a field that is absent or null removes that bracket.

    Attributes:
        stopLossLimit: Limit price of the `stopLoss` leg, which then is a stop-limit order. Absent keeps the present one
            as long as there is a `stopLoss`, null removes it.
    """

    stopLoss: Number | None = None
    stopLossLimit: Number | None = None
    takeProfit: Number | None = None
    guaranteedStop: Number | None = None
    trailingStopPips: Number | None = None
    exitLevels: ExitLevels | None = None


class EditBracketsRequest(Brackets):
    """Brackets of a position: in `brackets` as TradingView sends them, or bare."""

    brackets: Brackets | None = None
    customFields: CustomFields | None = None

    def edited(self) -> Brackets:
        """Return the brackets of either form."""
        return self if self.brackets is None else self.brackets


class ClosePositionRequest(WireModel):
    """Quantity of a position to close; all of it without `amount`."""

    amount: Number | None = None


class CloseQuery(WireModel):
    """Query of `DELETE /positions/{id}`: the quantity to close."""

    amount: Annotated[float, Field(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT)] | None = None


class PositionSubscriptionRequest(AccountSubscription):
    """The account of a `positions` subscription."""


class PositionPL(WireModel):
    """Unrealised profit of one position at one mark price."""

    id: Name
    symbol: Name
    pl: Number
    price: Number


class PLUpdate(WireModel):
    """The open positions of an account, sent in each tick that moves the mark of one of them."""

    positions: list[PositionPL]
    time: TimeMs


class IndividualPositionSubscriptionRequest(AccountSubscription):
    """The account of an `individual-positions` subscription."""


class IndividualPLSubscriptionRequest(AccountSubscription):
    """The account of an `individual-pl` subscription; an update is the PLUpdate of its individual positions."""


class PLSubscriptionRequest(AccountSubscription):
    """The account of a `pl` subscription."""
