"""A client's order, read once where it enters the engine, and used by every rule from there on."""

from dataclasses import dataclass
from typing import Any

from engine.models.broker.orders import CurrentQuotes, OrderDuration, OrderType, PreOrder, StopType
from engine.models.market.instruments import Instrument

IMMEDIATE = frozenset(("IOC", "FOK"))
"""Times in force that let nothing rest."""


@dataclass(slots=True, eq=False)
class OrderRequest:
    """An order as its owner sent it, in plain values; never changed.

    Prices and quantity are numbers in natural units; None was not sent. `validation.read_terms` returns the exact
    `Terms`, or denies numbers that are not on the instrument's grids.

    Attributes:
        sent: The wire model with the canonical symbol. The journal stores it, and an order with the same
            `clientOrderId` is compared with it.
        side: +1 or -1.
    """

    sent: PreOrder
    instrument: Instrument
    symbol: str
    type: OrderType
    side: int
    qty: float
    limit_price: float | None
    stop_price: float | None
    take_profit: float | None
    stop_loss: float | None
    guaranteed_stop: float | None
    trailing_pips: float | None
    stop_type: StopType | None
    duration: OrderDuration | None
    seen_price: float | None
    current_quotes: CurrentQuotes | None
    is_close: bool | None
    post_only: bool | None
    client_order_id: str | None
    custom_fields: dict[str, Any] | None

    @classmethod
    def read(cls, sent: PreOrder, instrument: Instrument) -> "OrderRequest":
        """Return the request of a wire model; a name such as "NASDAQ:AAPL" becomes the canonical symbol."""
        if sent.symbol != instrument.name:
            sent = sent.model_copy(update={"symbol": instrument.name})
        # An attribute of a pydantic model costs several times an entry of its dictionary.
        fields = sent.__dict__
        return cls(
            sent,
            instrument,
            instrument.name,
            fields["type"],
            int(fields["side"]),
            fields["qty"],
            fields["limitPrice"],
            fields["stopPrice"],
            fields["takeProfit"],
            fields["stopLoss"],
            fields["guaranteedStop"],
            fields["trailingStopPips"],
            fields["stopType"],
            fields["duration"],
            fields["seenPrice"],
            fields["currentQuotes"],
            fields["isClose"],
            fields["postOnly"],
            fields["clientOrderId"],
            fields["customFields"],
        )

    @property
    def time_in_force(self) -> str:
        """The type of its duration; "GTC" where none was sent."""
        return "GTC" if self.duration is None else self.duration.type

    @property
    def is_immediate(self) -> bool:
        """Whether nothing of it may rest."""
        return self.duration is not None and self.duration.type in IMMEDIATE

    @property
    def is_trailing(self) -> bool:
        """Whether it is a trailing stop itself; an entry of another type may have one as its bracket."""
        return self.stop_type is StopType.TRAILING and self.type is OrderType.STOP

    @property
    def has_brackets(self) -> bool:
        """Whether it asks for brackets."""
        return (
            self.take_profit is not None
            or self.stop_loss is not None
            or self.guaranteed_stop is not None
            or (self.trailing_pips is not None and not self.is_trailing)
        )

    def replace(self, **fields: object) -> PreOrder:
        """Return the wire model with other values, by wire name."""
        return self.sent.model_copy(update=fields)
