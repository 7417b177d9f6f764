"""A client's order, read once where it enters the engine, and used by every rule from there on."""

from dataclasses import dataclass

from engine.models.broker.orders import OrderType, PreOrder, StopType
from engine.models.market.instruments import Instrument

IMMEDIATE = frozenset(("IOC", "FOK"))
"""Times in force that let nothing rest."""


@dataclass(slots=True, eq=False)
class OrderRequest:
    """An order as its owner sent it, with the instrument and plain values for the rules; never changed.

    `validation.read_terms` returns its exact quantity and prices, or denies numbers off the instrument's grids.

    Attributes:
        sent: The wire model with the canonical symbol, prices and quantity in natural units. The journal stores it, and
            an order with the same `clientOrderId` is compared with it.
        side: +1 or -1.
        time_in_force: Type of its duration; "GTC" where none was sent.
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

    @classmethod
    def read(cls, sent: PreOrder, instrument: Instrument) -> "OrderRequest":
        """Return the request of a wire model; a name such as "NASDAQ:AAPL" becomes the canonical symbol."""
        # An attribute of a pydantic model costs several times an entry of its dictionary.
        fields, name = sent.__dict__, instrument.name
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
        )

    @property
    def is_immediate(self) -> bool:
        """Whether nothing of it may rest."""
        return self.time_in_force in IMMEDIATE

    @property
    def is_trailing(self) -> bool:
        """Whether it is a trailing stop itself; an entry of another type may have one as its bracket."""
        return self.stop_type is StopType.TRAILING and self.type is OrderType.STOP

    @property
    def has_brackets(self) -> bool:
        """Whether it asks for brackets."""
        sent = self.sent
        return (
            sent.takeProfit is not None
            or sent.stopLoss is not None
            or sent.guaranteedStop is not None
            or (sent.trailingStopPips is not None and not self.is_trailing)
        )
