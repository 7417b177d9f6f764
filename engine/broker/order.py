"""State of one order; changed by `Account.evolve` alone."""

from dataclasses import dataclass, field

from engine.broker.events import Parent, Terms
from engine.broker.order_request import OrderRequest
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder, StopType
from engine.models.market.instruments import Instrument

# A member of an enumeration costs ten times a name of the module.
WORKING, FILLED, REJECTED = OrderStatus.WORKING, OrderStatus.FILLED, OrderStatus.REJECTED
STOP, MARKET = OrderType.STOP, OrderType.MARKET
FINAL = frozenset((OrderStatus.CANCELED, FILLED, REJECTED))


@dataclass(slots=True, eq=False)
class Order:
    """An order in the instrument's exact units.

    Attributes:
        sent: The order as its owner sent it or modified it, for the wire; prices and quantity are in `terms`.
        request: The same in plain values for the rules.
        value: Sum of quantity * price over its executions.
        commission: Money units.
        is_taking: A limit order that arrived at a market within its limit, and no quote beyond the limit came since:
            the rest takes liquidity.
        is_late: It has not arrived at the market yet, because its account has latency.
        arrival_ms: When it, or the entry of a bracket, arrived at the market; earlier prints do not concern it.
        reserve: Margin that `reserve_qty` holds back, in money units.
        best: Best price since submission, for trailing stops.
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
    filled: int = 0
    value: int = 0
    commission: int = 0
    reason: str | None = None
    message: str | None = None
    symbol: str = field(init=False)
    type: OrderType = field(init=False)
    side: int = field(init=False)
    request: OrderRequest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.symbol, self.type, self.side = self.instrument.name, self.sent.type, int(self.sent.side)
        self.revise(self.sent)

    def revise(self, sent: PreOrder) -> None:
        """Take the wire model of a modification; symbol, type and side are the same."""
        self.sent, self.request = sent, OrderRequest.read(sent, self.instrument)

    @property
    def remaining(self) -> int:
        """Quantity still to be traded."""
        return self.terms.qty - self.filled

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
