"""Depth of market: price levels behind the best bid and ask, and TradingView's DOMData on the wire."""

from typing import NamedTuple

from engine.models.common import Name, WireModel


class Level(NamedTuple):
    """A price in price units and the quantity shown at it in quantity units; None is not told and does not limit."""

    price: int
    size: int | None


class Depth(NamedTuple):
    """The order book of one symbol at one instant, in price and quantity units.

    Each side has at least one level, the best price first. The first levels are bid and ask of the quote at `time_ms`,
    with its sizes. An instrument without a displayed size has one level of size None on each side.
    """

    symbol: str
    time_ms: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class DOMLevel(WireModel):
    """One price of the order book; `volume` is null where the size is not told. Source: TradingView, DOMLevel."""

    price: float
    volume: float | None


class DOMData(WireModel):
    """The order book, or its changes since the last snapshot; prices ascending on both sides.

    A change has the new volume of a level, 0 for a removed level. Source: TradingView, DOMData.
    """

    snapshot: bool
    asks: list[DOMLevel]
    bids: list[DOMLevel]


class DepthSubscriptionRequest(WireModel):
    """Subscription to the order book of a symbol."""

    symbol: Name
