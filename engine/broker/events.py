"""What happened to an account: immutable facts, in exact units. They are what the journal stores and replays.

`Account.evolve` is the only reader that changes state, live and at recovery alike, so an event carries outcomes (ids,
prices, quantities, commissions), never anything that would have to be decided again.
"""

from typing import NamedTuple

from engine.errors import Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from engine.models.market.quotes import Quote


class AccountOpened(NamedTuple):
    """An account with its deposit (money units) and its rules."""

    account_id: str
    time_ms: int
    name: str
    currency: str
    deposit: int
    profile: Profile


class OrderAccepted(NamedTuple):
    """An order is working. Quantity and prices in the instrument's units; a price the type does not use is None."""

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    qty: int
    limit_price: int | None
    stop_price: int | None
    is_reduce_only: bool


class OrderRejected(NamedTuple):
    """A well-formed order that the market or the account refused; it is kept with its reason."""

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    qty: int
    limit_price: int | None
    stop_price: int | None
    reason: Reason
    message: str


class OrderModified(NamedTuple):
    """A working order has other terms from now on."""

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    qty: int
    limit_price: int | None
    stop_price: int | None


class OrderTriggered(NamedTuple):
    """The market reached the stop price; a stop limit rests as a limit from now on, whatever the price does."""

    account_id: str
    time_ms: int
    order_id: str


class OrderExecuted(NamedTuple):
    """A trade. `quote` is the market it was decided on, `rule` the line of the fill table that set its price."""

    account_id: str
    time_ms: int
    execution_id: str
    order_id: str
    symbol: str
    side: int
    qty: int
    price: int
    commission: int
    is_maker: bool
    rule: str
    quote: Quote


class OrderCanceled(NamedTuple):
    """An order ends unfilled or partly filled; `reason` is None when its owner canceled it."""

    account_id: str
    time_ms: int
    order_id: str
    reason: Reason | None
    message: str | None


Event = AccountOpened | OrderAccepted | OrderRejected | OrderModified | OrderTriggered | OrderExecuted | OrderCanceled
