"""Accounts and their money on the wire, and the subscription of the `equity` topic."""

from typing import Annotated, Literal

from pydantic import Field

from engine.models.common import Name, Number, TimeMs, WireModel


class Profile(WireModel):
    """The rules of an account.

    Attributes:
        fill_model: How orders fill: by the market's rules, or one random working order at a time at its own price.
        execution_delay: Seconds between two executions of the simulator model; None is random between 1 and 2.
        is_manual: With the simulator model: nothing executes by itself.
        commission_per_trade: Booked at every execution, in the account currency.
        leverage: Notional that one unit of margin carries, where no symbol says otherwise.
    """

    fill_model: Literal["market", "simulator"] = "market"
    execution_delay: Annotated[Number, Field(ge=0, le=3600)] | None = None
    is_manual: bool = False
    commission_per_trade: Annotated[Number, Field(ge=0, le=1000)] = 0.0
    leverage: Annotated[int, Field(ge=1, le=100)] = 10


class AccountSubscription(WireModel):
    """What every subscription of the broker module names: whose data a client follows."""

    accountId: Name


class AccountQuery(WireModel):
    """Query of every broker call: the account it is about, the caller's own without it."""

    accountId: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class AccountMetainfo(WireModel):
    """Who an account is. Source: TradingView, AccountMetainfo."""

    id: Name
    name: str
    type: Literal["demo"]
    currency: str


class EquityData(WireModel):
    """The money of an account, in its currency: equity = balance + unrealizedPL."""

    equity: Number
    balance: Number
    unrealizedPL: Number
    realizedPL: Number
    commission: Number
    marginUsed: Number
    marginAvailable: Number
    currency: str
    updateTime: TimeMs


class EquitySubscriptionRequest(AccountSubscription):
    """Whose money a client follows."""
