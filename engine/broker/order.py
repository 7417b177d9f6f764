"""State of one order: slotted, changed only by `Account.evolve`."""

from dataclasses import dataclass

from engine.models.broker.orders import OrderStatus, OrderType, PreOrder
from engine.models.market.instruments import Instrument

FINAL = frozenset((OrderStatus.CANCELED, OrderStatus.FILLED, OrderStatus.REJECTED))


@dataclass(slots=True)
class Order:
    """An order in the instrument's exact units.

    Attributes:
        request: The order as its owner sent it; information on the wire, never a source of prices by itself.
        value: Sum of quantity * price over its executions.
        commission: Money units.
        place: Number of its newest entry in the trigger ladders; older entries are dead.
    """

    account_id: str
    id: str
    instrument: Instrument
    request: PreOrder
    type: OrderType
    side: int
    qty: int
    limit_price: int | None
    stop_price: int | None
    status: OrderStatus
    create_time: int
    update_time: int
    is_reduce_only: bool = False
    is_triggered: bool = False
    filled: int = 0
    value: int = 0
    commission: int = 0
    reason: str | None = None
    message: tuple[str, str] | None = None
    place: int = 0

    @property
    def symbol(self) -> str:
        """Canonical name of its instrument."""
        return self.instrument.name

    @property
    def remaining(self) -> int:
        """Quantity still to be traded."""
        return self.qty - self.filled

    @property
    def is_working(self) -> bool:
        """Whether it can trade."""
        return self.status is OrderStatus.WORKING

    @property
    def is_final(self) -> bool:
        """Whether its life is over."""
        return self.status in FINAL

    @property
    def rests_as_stop(self) -> bool:
        """Whether it waits for its stop price."""
        return self.stop_price is not None and not self.is_triggered

    @property
    def rests_as_limit(self) -> bool:
        """Whether it waits for its limit price."""
        return self.limit_price is not None and not self.rests_as_stop
