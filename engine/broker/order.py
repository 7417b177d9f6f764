"""An order: the request of its owner, and its state. Only `Account.evolve` changes the state."""

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker.events import Parent, Terms
from engine.models.broker.orders import OrderStatus, OrderType, ParentType, PreOrder, StopType
from engine.models.common import fields_of
from engine.models.market.instruments import Instrument

# Reading an enum member takes ten times as long as reading a module constant.
WORKING, FILLED, REJECTED = OrderStatus.WORKING, OrderStatus.FILLED, OrderStatus.REJECTED
STOP, MARKET = OrderType.STOP, OrderType.MARKET
FINAL = frozenset((OrderStatus.CANCELED, FILLED, REJECTED))
KEPT_REVISIONS = 32

IMMEDIATE = frozenset(("IOC", "FOK"))
"""Times in force whose unfilled quantity is canceled at once."""

AUCTIONS = frozenset(("OPG", "CLS"))
"""Times in force of orders that arrive at the open or before the close; their unfilled quantity is canceled then."""

ENDS_AT_ONCE = IMMEDIATE | AUCTIONS


@dataclass(slots=True, eq=False)
class OrderRequest:
    """An order as its owner sent it, with the instrument and plain values for the rules; never changed.

    `validation.read_terms` returns its exact quantity and prices, or denies numbers off the instrument's grids.

    Attributes:
        sent: The wire model with the canonical symbol, prices and quantity in natural units. The journal stores it, and
            an order with the same `clientOrderId` is compared with it.
        side: +1 or -1.
        time_in_force: Type of its duration; "GTC" where none was sent.
        position_id: The individual position that it closes.
    """

    sent: PreOrder
    instrument: Instrument
    symbol: str
    type: OrderType
    side: int
    stop_type: StopType | None
    time_in_force: str
    is_close: bool | None
    post_only: bool | None
    position_id: str | None

    @classmethod
    def read(cls, sent: PreOrder, instrument: Instrument) -> "OrderRequest":
        """Return the request of a wire model; a name such as "NASDAQ:AAPL" becomes the canonical symbol."""
        fields, name = fields_of(sent), instrument.name
        duration = fields["duration"]
        if fields["symbol"] != name:
            sent = sent.model_copy(update={"symbol": name})
        return cls(
            sent,
            instrument,
            name,
            fields["type"],
            int(fields["side"]),
            fields["stopType"],
            "GTC" if duration is None else duration.type,
            fields["isClose"],
            fields["postOnly"],
            fields["positionId"],
        )

    @property
    def is_immediate(self) -> bool:
        """Whether its unfilled quantity is canceled at once."""
        return self.time_in_force in IMMEDIATE

    @property
    def is_auction(self) -> bool:
        """Whether it arrives at the open or before the close."""
        return self.time_in_force in AUCTIONS

    @property
    def is_trailing(self) -> bool:
        """Whether it is a trailing stop itself; an entry of another type may have one as its bracket."""
        return self.stop_type is StopType.TRAILING and self.type is OrderType.STOP

    @property
    def has_brackets(self) -> bool:
        """Whether it asks for brackets."""
        return has_brackets(self.sent)


def is_trailing(sent: PreOrder) -> bool:
    """Whether an order is a trailing stop itself; an entry of another type may have one as its bracket."""
    fields = fields_of(sent)
    return fields["stopType"] is StopType.TRAILING and fields["type"] is STOP


def has_brackets(sent: PreOrder) -> bool:
    """Whether an order asks for brackets."""
    fields = fields_of(sent)
    return (
        fields["takeProfit"] is not None
        or fields["stopLoss"] is not None
        or fields["stopLossLimit"] is not None
        or fields["guaranteedStop"] is not None
        or (fields["trailingStopPips"] is not None and not is_trailing(sent))
        or fields["exitLevels"] is not None
    )


class Cap(NamedTuple):
    """The limit of a fault: the order trades at most `qty`; then its rest is canceled, or it trades no more."""

    qty: int
    is_canceled: bool


class ClientOrder(NamedTuple):
    """The first order of a `clientOrderId`: as it was sent, and its id."""

    sent: PreOrder
    order_id: str


class Revision(NamedTuple):
    """An order as it was before its owner changed it; `time_ms` is the time of the change.

    Attributes:
        filled, value: What it had traded by then; see `Order`.
    """

    sent: PreOrder
    terms: Terms
    time_ms: int
    filled: int
    value: int


@dataclass(slots=True, eq=False)
class Order:
    """An order in the instrument's exact units.

    Attributes:
        sent: The order as its owner sent it or modified it, for the wire; prices and quantity are in `terms`.
        value: Sum of quantity * price over its executions.
        commission: Money units.
        is_taking: A limit order that was marketable at its arrival and at every quote since then: the rest takes
            liquidity.
        is_late: It has not arrived at the market yet, because its account has latency.
        arrival_ms: When it, or the entry of a bracket, arrived at the market; earlier prints are ignored.
        reserve: Margin that `reserve_qty` holds back, in money units.
        best: Best price since submission, for trailing stops.
        target: Signed position that the order of a reversal ends at; None for other orders.
        linked: Id of the first of two orders of which one cancels the other; None for other orders.
        revision: How often its owner changed it.
        earlier: Its newest earlier revisions, at most `KEPT_REVISIONS`, oldest first.
        cap: The limit of a fault; None without one.
    """

    account_id: str
    id: str
    instrument: Instrument
    sent: PreOrder
    terms: Terms
    status: OrderStatus
    create_time: int
    update_time: int
    is_reduce_only: bool = False
    is_triggered: bool = False
    is_taking: bool = False
    is_late: bool = False
    eligible_ms: int = 0
    arrival_ms: int = 0
    reserve: int = 0
    reserve_qty: int = 1
    parent: Parent | None = None
    best: int | None = None
    target: int | None = None
    filled: int = 0
    value: int = 0
    commission: int = 0
    reason: str | None = None
    message: str | None = None
    linked: str | None = None
    revision: int = 0
    earlier: tuple[Revision, ...] = ()
    cap: Cap | None = None
    symbol: str = field(init=False)
    type: OrderType = field(init=False)
    side: int = field(init=False)

    def __post_init__(self) -> None:
        self.symbol, self.type, self.side = self.instrument.name, self.sent.type, int(self.sent.side)

    def revise(self, time_ms: int) -> None:
        """Keep the current terms as an earlier revision."""
        now = Revision(self.sent, self.terms, time_ms, self.filled, self.value)
        self.earlier = (*self.earlier, now)[-KEPT_REVISIONS:]
        self.revision += 1

    @property
    def request(self) -> OrderRequest:
        """The sent order with plain values, for the rules."""
        return OrderRequest.read(self.sent, self.instrument)

    @property
    def position_id(self) -> str | None:
        """Id of the individual position that it closes; None where it closes the oldest ones."""
        parent = self.parent
        return (
            parent.id if parent is not None and parent.type == ParentType.INDIVIDUAL_POSITION else self.sent.positionId
        )

    @property
    def is_immediate(self) -> bool:
        """Whether its unfilled quantity is canceled after its first match."""
        duration = self.sent.duration
        return duration is not None and duration.type in ENDS_AT_ONCE

    @property
    def remaining(self) -> int:
        """Quantity still to be traded."""
        return self.terms.qty - self.filled

    @property
    def is_capped(self) -> bool:
        """Whether it has traded everything that a fault lets it trade."""
        return self.cap is not None and self.filled >= self.cap.qty

    @property
    def is_stalled(self) -> bool:
        """Whether it stays as it is at every price, because a fault lets it trade no more and does not cancel it."""
        return self.cap is not None and not self.cap.is_canceled and self.is_capped and not self.rests_as_stop

    @property
    def reserved(self) -> int:
        """Margin that its open part holds back, in money units."""
        return self.reserved_for(self.terms.qty - self.filled)

    def reserved_for(self, qty: int) -> int:
        """Return the margin that a part of its open quantity holds back, in money units."""
        return self.reserve * qty // self.reserve_qty if self.reserve else 0

    @property
    def is_working(self) -> bool:
        """Whether it can trade."""
        return self.status is WORKING

    @property
    def is_inactive(self) -> bool:
        """Whether it is a bracket that waits for its entry."""
        return self.status is OrderStatus.INACTIVE

    @property
    def is_final(self) -> bool:
        """Whether it is filled, canceled or rejected."""
        return self.status in FINAL

    @property
    def is_guaranteed(self) -> bool:
        """Whether it is a guaranteed stop."""
        return self.type is STOP and self.sent.stopType is StopType.GUARANTEED

    @property
    def rests_as_stop(self) -> bool:
        """Whether it waits for its stop price."""
        return self.terms.stop_price is not None and not self.is_triggered
