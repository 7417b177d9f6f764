"""Events of an account: immutable facts in exact units. The journal stores and replays them.

Only `Account.evolve` applies them, live and in recovery. An event has the outcomes of all decisions: ids, prices,
quantities, commissions. It has an order as the wire model that its owner sent, because stored bodies have the fields of
that model by name, and a repeated `clientOrderId` is compared with it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import JsonValue

from engine.errors import Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from engine.models.market.quotes import Quote

Document = dict[str, JsonValue]
"""What a client keeps with an account, such as a watchlist."""


class Terms(NamedTuple):
    """Exact quantity and prices of an order, in the instrument's units; None where its type uses no such price.

    Attributes:
        trail: Distance of a trailing stop from the best price, in price units; the one at its acceptance if it has a
            `trail_rate`.
        is_touch: The stop price is on the other side of the market (market if touched).
        expire_ms: When it expires, in epoch milliseconds.
        trail_rate: Distance of a trailing stop in parts per million of the best price; None where it is fixed.
    """

    qty: int
    limit_price: int | None = None
    stop_price: int | None = None
    trail: int | None = None
    expire_ms: int | None = None
    is_touch: bool = False
    trail_rate: int | None = None


class Parent(NamedTuple):
    """Parent of a bracket: its id and kind (`ParentType`), and the id of the pair that the bracket is a leg of.

    Attributes:
        level: Id of the exit level that it belongs to; "" without levels.
    """

    id: str
    type: int
    pair: str
    level: str = ""


class AccountOpened(NamedTuple):
    """A new account with its deposit (money units) and its rules."""

    account_id: str
    time_ms: int
    name: str
    currency: str
    deposit: int
    profile: Profile


class AccountCleared(NamedTuple):
    """An account was reset: orders, positions and history are deleted, ids continue, its channels get a new epoch."""

    account_id: str
    time_ms: int
    deposit: int
    profile: Profile


class ProfileChanged(NamedTuple):
    """An account has other rules from now on; its orders and positions stay."""

    account_id: str
    time_ms: int
    profile: Profile


class LeverageSet(NamedTuple):
    """A symbol has another leverage."""

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


class DocumentStored(NamedTuple):
    """A client keeps a document with the account, such as a watchlist; None deletes it."""

    account_id: str
    time_ms: int
    name: str
    value: Document | None


class OrderAccepted(NamedTuple):
    """An order is working, or an inactive bracket waits for its entry.

    Attributes:
        eligible_ms: Earliest instant at which it can trade, in epoch milliseconds.
        reserve: Margin that its open part holds back, in money units.
        parent: Set for brackets.
        reason: Reason of an order that the broker itself sent.
        target: Signed position that the order of a reversal ends at, in quantity units; None for other orders.
        linked: Id of the first of two orders of which one cancels the other.
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
    target: int | None = None
    linked: str | None = None


class OrderRejected(NamedTuple):
    """A valid order was refused by the market or the account; it is kept with its reason."""

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    terms: Terms
    reason: Reason
    message: str


class OrderArrived(NamedTuple):
    """An order of an account with latency arrived at the market; other orders arrive with their acceptance."""

    account_id: str
    time_ms: int
    order_id: str


class OrderModified(NamedTuple):
    """An order that is not final has other terms from now on.

    Attributes:
        reserve: Margin that it holds back for `reserve_qty`, its open quantity; None is the whole quantity.
        is_revision: Whether its owner changed it; its former terms stay known as an earlier revision.
    """

    account_id: str
    time_ms: int
    order_id: str
    request: PreOrder
    terms: Terms
    reserve: int
    reserve_qty: int | None = None
    is_revision: bool = False


class OrderTriggered(NamedTuple):
    """The market reached the stop price; from now on a stop-limit order is a limit order at every price."""

    account_id: str
    time_ms: int
    order_id: str


class OrderTakingChanged(NamedTuple):
    """A limit order takes liquidity from now on, or it rests.

    It takes liquidity if it is marketable at its arrival, until a quote at which it is not. Without such an event an
    order rests.
    """

    account_id: str
    time_ms: int
    order_id: str
    is_taking: bool


class OrderCapped(NamedTuple):
    """A fault limits an order: it trades at most `qty`; then it rests, or its rest is canceled."""

    account_id: str
    time_ms: int
    order_id: str
    qty: int
    is_canceled: bool


class OrderTrailed(NamedTuple):
    """A trailing stop moved behind a new best price (both in price units)."""

    account_id: str
    time_ms: int
    order_id: str
    stop_price: int
    best: int


class BracketMoved(NamedTuple):
    """A bracket has another parent or another quantity; one that gets a position as its parent starts to work."""

    account_id: str
    time_ms: int
    order_id: str
    parent: Parent
    qty: int


class Basis(NamedTuple):
    """Rule and figures behind a trade, kept to explain it.

    Attributes:
        rule: The line of the fill table.
        quote: The quote that it was decided on.
        displayed, taken: Size shown at the level (None does not limit), and the quantity that the account took of it
            before.
        slippage: Price units by which the price is worse than the rule's.
        draw: The random number behind the slippage, None where none was drawn.
        equity, used, reserved, required: The account's margin figures before the trade, in money units.
        level, level_price: Number of the level of the book that was taken (1 is the best) and its price, on bars that
            of the print; None where sizes do not matter.
    """

    rule: str
    quote: Quote
    displayed: int | None
    taken: int
    slippage: int
    draw: float | None
    equity: int
    used: int
    reserved: int
    required: int
    level: int | None = None
    level_price: int | None = None


class Rate(NamedTuple):
    """Exact rate at which a trade's money became money of the account: instrument's money * numerator / denominator.

    Attributes:
        symbol: The instrument whose price it is; the denominator or the numerator is its price units in one unit.
    """

    numerator: int
    denominator: int
    symbol: str


UNCONVERTED = Rate(1, 1, "")
"""Rate of trades in another currency that were stored before there were rates."""


class OrderExecuted(NamedTuple):
    """A trade.

    Attributes:
        commission: Money units of the account's currency.
        rate: Rate of the realised profit and of the commission. None where the instrument has the account's currency,
            and in events from before there were rates: their amounts were booked as they are.
    """

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
    rate: Rate | None = None


class OrderCanceled(NamedTuple):
    """An order ended unfilled or partly filled; `reason` is None when its owner canceled it."""

    account_id: str
    time_ms: int
    order_id: str
    reason: Reason | None
    message: str | None


AccountEvent = AccountOpened | AccountCleared | ProfileChanged | LeverageSet | MarginCallChanged | DocumentStored
ACCOUNT_EVENTS = (AccountOpened, AccountCleared, ProfileChanged, LeverageSet, MarginCallChanged, DocumentStored)
OrderEvent = (
    OrderAccepted
    | OrderRejected
    | OrderArrived
    | OrderModified
    | OrderTriggered
    | OrderTakingChanged
    | OrderCapped
    | OrderTrailed
    | BracketMoved
    | OrderExecuted
    | OrderCanceled
)
Event = AccountEvent | OrderEvent
Events = Iterator[Event]
"""Events that a rule yields; each is applied before the next one is decided."""
