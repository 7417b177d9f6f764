"""Depth of market: the ladder that orders larger than the best quote walk, and TradingView's DOMData on the wire."""

from typing import NamedTuple

from engine.models.common import Name, WireModel


class Level(NamedTuple):
    """A price (price units) and the quantity shown there (quantity units); size 0 is unlimited."""

    price: int
    size: int


class Depth(NamedTuple):
    """The book of one symbol at one instant, in the instrument's exact units.

    Each side is best first, at least one level long, prices strictly falling (bids) or rising (asks). The first levels
    are the bid and the ask of the quote at `time_ms`, with its sizes. Where the displayed size is unlimited there is
    one level of size 0.
    """

    symbol: str
    time_ms: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class DOMLevel(WireModel):
    """One price of the book. Source: TradingView, DOMLevel."""

    price: float
    volume: float


class DOMData(WireModel):
    """The book, or what changed in it since the last snapshot; prices ascending on both sides.

    A change names the level's new volume, 0 where there is none any more. Source: TradingView, DOMData.
    """

    snapshot: bool
    asks: list[DOMLevel]
    bids: list[DOMLevel]


class DepthSubscriptionRequest(WireModel):
    """Whose book a client follows."""

    symbol: Name
