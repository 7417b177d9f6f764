"""The order book: synthetic levels behind the best bid and ask, and TradingView's DOMData. Pure functions.

The size at a price is constant for some seconds. Each price has its own times of change, so levels change one by one.
The arithmetic uses integers only, so every machine computes the same book.
"""

from typing import NamedTuple

from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS, Quote
from engine.topics import Payload

LEVELS = 10
"""Levels on each side."""

SIZE_PRINTS = 32
"""Prints of `PRINT_MS` for which the size at a price is constant."""

MASK_64 = (1 << 64) - 1


def synthetic_depth(instrument: Instrument, quote: Quote, key: int) -> Depth:
    """Return the order book around a quote, whose bid and ask are the best levels; another `key` has other sizes."""
    best_bid, best_ask = Level(quote.bid, quote.bid_size), Level(quote.ask, quote.ask_size)
    displayed = instrument.displayed_units
    if displayed is None:
        return Depth(quote.symbol, quote.time_ms, (best_bid,), (best_ask,))
    gap, grid = max(1, instrument.spread_ticks // 4), instrument.grid
    bid, ask = grid.place(quote.bid), grid.place(quote.ask)
    below = [grid.price(place) for index in range(LEVELS - 1) if (place := ((bid - 1) // gap - index) * gap) > 0]
    above = [grid.price((ask // gap + index + 1) * gap) for index in range(LEVELS - 1)]
    number = quote.time_ms // PRINT_MS
    lots, step = displayed // instrument.qty_step, instrument.qty_step
    bids = [Level(price, _lots(lots, key, price, number) * step) for price in below]
    asks = [Level(price, _lots(lots, key, price, number) * step) for price in above]
    return Depth(quote.symbol, quote.time_ms, (best_bid, *bids), (best_ask, *asks))


def _lots(displayed: int, key: int, price: int, number: int) -> int:
    """Return the quantity steps at a price and print number: 0.5 to 2.5 times those of the displayed size."""
    word = _hashed(key ^ price)
    word = _hashed(word + (number + word % SIZE_PRINTS) // SIZE_PRINTS)
    return max(1, displayed * (128 + (word & 0x1FF)) >> 8)


def _hashed(value: int) -> int:
    """Return 64 bits, each dependent on every bit of `value`. Source: the finalizer of splitmix64."""
    value = (value + 0x9E3779B97F4A7C15) & MASK_64
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK_64
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK_64
    return value ^ value >> 31


class BookSizes(NamedTuple):
    """Sizes of an order book by price, None where they are not told."""

    bids: dict[int, int | None]
    asks: dict[int, int | None]


def book_sizes(depth: Depth) -> BookSizes:
    """Return the sizes of an order book by price."""
    return BookSizes(dict(depth.bids), dict(depth.asks))


def wire_depth(instrument: Instrument, sizes: BookSizes, is_snapshot: bool) -> Payload:
    """Return sizes by price as TradingView's DOMData, prices ascending."""
    bids, asks = (
        [
            {"price": price / instrument.pricescale, "volume": None if size is None else size / instrument.qty_scale}
            for price, size in sorted(side.items())
        ]
        for side in sizes
    )
    return {"snapshot": is_snapshot, "asks": asks, "bids": bids}
