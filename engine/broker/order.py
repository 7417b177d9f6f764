"""State of one order: slotted, changed only by `Account.evolve`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.broker.events import Parent, Terms
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder, StopType
from engine.models.market.instruments import Instrument

if TYPE_CHECKING:
    from engine.broker.triggers import Place

# A member of an enumeration costs ten times a name of the module.
WORKING, FILLED, REJECTED = OrderStatus.WORKING, OrderStatus.FILLED, OrderStatus.REJECTED
STOP, MARKET = OrderType.STOP, OrderType.MARKET
FINAL = frozenset((OrderStatus.CANCELED, FILLED, REJECTED))


@dataclass(slots=True, eq=False)
class Order:
    """An order in the instrument's exact units.

    Attributes:
        symbol: Canonical name of its instrument.
        request: The order as its owner sent it; information on the wire, never a source of prices by itself.
        value: Sum of quantity * price over its executions.
        commission: Money units.
        is_taking: It has a limit, came to a market within it and has met none beyond it since: what is left takes.
        is_late: It has not come to the market yet: its account has latency.
        arrival_ms: When it, or what it waits for, came to the market: what was before does not concern it.
        reserve: Margin held back while `reserve_qty` is open, in money units.
        best: Best price since submission, for trailing stops.
        place, trail_place: Where the trigger ladders have filed it.
    """

    account_id: str
    id: str
    instrument: Instrument
    request: PreOrder
    type: OrderType
    side: int
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
    message: tuple[str, str] | None = None
    place: "Place | None" = None
    trail_place: "Place | None" = None
    symbol: str = field(init=False)

    def __post_init__(self) -> None:
        self.symbol = self.instrument.name

    @property
    def remaining(self) -> int:
        """Quantity still to be traded."""
        return self.terms.qty - self.filled

    @property
    def reserved(self) -> int:
        """Margin that its open part holds back, in money units."""
        return self.reserve * (self.terms.qty - self.filled) // self.reserve_qty if self.reserve else 0

    def held_for(self, qty: int) -> int:
        """Return the margin that a part of what is open holds back, in money units."""
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
        """Whether its life is over."""
        return self.status in FINAL

    @property
    def is_guaranteed(self) -> bool:
        """Whether it is a guaranteed stop."""
        return self.type is STOP and self.request.stopType is StopType.GUARANTEED

    @property
    def rests_as_stop(self) -> bool:
        """Whether it waits for its stop price."""
        return self.terms.stop_price is not None and not self.is_triggered

    @property
    def is_unpriced(self) -> bool:
        """Whether it waits for no price: a market order, or a stop that was triggered."""
        return self.terms.limit_price is None and not self.rests_as_stop

    @property
    def is_take_profit(self) -> bool:
        """Whether it is the bracket that takes the profit."""
        return self.parent is not None and self.terms.limit_price is not None
