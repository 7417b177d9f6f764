"""What happened to an account: immutable facts, in exact units. They are what the journal stores and replays.

`Account.evolve` is the only reader that changes state, live and at recovery alike, so an event carries outcomes (ids,
prices, quantities, commissions), never anything that would have to be decided again.
"""

from typing import NamedTuple

from engine.errors import Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from engine.models.market.quotes import Quote


class Terms(NamedTuple):
    """What an order trades on, in the instrument's units; what its type does not use is None.

    Attributes:
        trail: Distance of a trailing stop from the best price, in price units.
        is_touch: The stop price lies on the other side of the market: the order waits for the price to come to it.
        expire_ms: When it expires, in epoch milliseconds.
    """

    qty: int
    limit_price: int | None = None
    stop_price: int | None = None
    trail: int | None = None
    expire_ms: int | None = None
    is_touch: bool = False


class Parent(NamedTuple):
    """What a bracket belongs to: the id and kind (`ParentType`) of its parent, and the pair it is a leg of."""

    id: str
    type: int
    pair: str


class AccountOpened(NamedTuple):
    """An account with its deposit (money units) and its rules."""

    account_id: str
    time_ms: int
    name: str
    currency: str
    deposit: int
    profile: Profile


class AccountCleared(NamedTuple):
    """An account starts anew: orders, positions and history are gone, ids go on, the epoch is another one."""

    account_id: str
    time_ms: int
    deposit: int
    profile: Profile


class ProfileChanged(NamedTuple):
    """Other rules hold for an account from now on; its orders and positions stay."""

    account_id: str
    time_ms: int
    profile: Profile


class LeverageSet(NamedTuple):
    """Another leverage holds for a symbol."""

    account_id: str
    time_ms: int
    symbol: str
    leverage: int


class MarginCallChanged(NamedTuple):
    """The account fell below its maintenance margin, or is above it again; `equity` and `used` are money units."""

    account_id: str
    time_ms: int
    is_called: bool
    equity: int = 0
    used: int = 0


class OrderAccepted(NamedTuple):
    """An order is working, or an inactive bracket waits for its entry.

    Attributes:
        eligible_ms: The first instant whose quote it can trade on.
        reserve: Margin that its open part holds back, in money units.
        parent: Set for brackets.
        reason: Why the broker itself sent it.
    """

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    terms: Terms
    is_reduce_only: bool
    eligible_ms: int
    reserve: int
    parent: Parent | None = None
    reason: Reason | None = None


class OrderRejected(NamedTuple):
    """A well-formed order that the market or the account refused; it is kept with its reason."""

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    terms: Terms
    reason: Reason
    message: str


class OrderArrived(NamedTuple):
    """An order of an account with latency came to the market; the others are there when they are accepted."""

    account_id: str
    time_ms: int
    order_id: str


class OrderModified(NamedTuple):
    """An order that is not final has other terms from now on.

    Attributes:
        reserve: Margin that it holds back for `reserve_qty`, which is what is open of it; None is the whole quantity.
    """

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    terms: Terms
    reserve: int
    reserve_qty: int | None = None


class OrderTriggered(NamedTuple):
    """The market reached the stop price; a stop limit is a limit order from now on, whatever the price does."""

    account_id: str
    time_ms: int
    order_id: str


class OrderTakingChanged(NamedTuple):
    """A limit order that met a market within its limit takes until it is done, or it found the market beyond: it rests.

    Attributes:
        is_taking: Which of the two. Without such an event an order rests.
    """

    account_id: str
    time_ms: int
    order_id: str
    is_taking: bool


class OrderTrailed(NamedTuple):
    """A trailing stop followed the best price since its submission (both in price units)."""

    account_id: str
    time_ms: int
    order_id: str
    stop_price: int
    best: int


class BracketMoved(NamedTuple):
    """A bracket works for its position from now on, or has another quantity."""

    account_id: str
    time_ms: int
    order_id: str
    parent: Parent
    qty: int


class Basis(NamedTuple):
    """Why a trade came out as it did, kept with it for whoever asks.

    Attributes:
        rule: The line of the fill table.
        quote: The market it was decided on.
        displayed, taken: Size shown at the level, and what the account had taken of it before; 0 is unlimited.
        slippage: Price units by which the price is worse than the rule's.
        draw: The generator's number behind it, None where none was drawn.
        equity, used, reserved, required: The account's margin figures before the trade, in money units.
        level, level_price: Number of the level of the book that was taken (1 is the best) and its price, on bars that
            of the print; None where sizes do not matter.
    """

    rule: str
    quote: Quote
    displayed: int
    taken: int
    slippage: int
    draw: float | None
    equity: int
    used: int
    reserved: int
    required: int
    level: int | None = None
    level_price: int | None = None


class OrderExecuted(NamedTuple):
    """A trade."""

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
    basis: Basis


class OrderCanceled(NamedTuple):
    """An order ends unfilled or partly filled; `reason` is None when its owner canceled it."""

    account_id: str
    time_ms: int
    order_id: str
    reason: Reason | None
    message: str | None


AccountEvent = AccountOpened | AccountCleared | ProfileChanged | LeverageSet | MarginCallChanged
ACCOUNT_EVENTS = (AccountOpened, AccountCleared, ProfileChanged, LeverageSet, MarginCallChanged)
OrderEvent = (
    OrderAccepted
    | OrderRejected
    | OrderArrived
    | OrderModified
    | OrderTriggered
    | OrderTakingChanged
    | OrderTrailed
    | BracketMoved
    | OrderExecuted
    | OrderCanceled
)
Event = AccountEvent | OrderEvent
