"""The synthetic book: a ladder behind the best bid and ask, a pure function of the quote.

What is shown at a price stays for some seconds and changes at moments of the price's own, so that a book moves level by
level, as a real one does. Integer arithmetic only: the same on every machine.
"""

from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote
from engine.topics import Payload

LEVELS = 10
"""Levels on each side."""

GRID_MS = 200
STEPS_SHOWN = 32
"""Steps of the 200 ms grid for which the size at a price stays."""

MASK = (1 << 64) - 1


def ladder(instrument: Instrument, quote: Quote, key: int) -> Depth:
    """Return the book around a quote.

    Args:
        instrument: Of the quote.
        quote: Its bid and ask, with their sizes, are the best levels.
        key: Of the symbol's draws.
    """
    best_bid, best_ask = Level(quote.bid, quote.bid_size), Level(quote.ask, quote.ask_size)
    if not instrument.displayed_units:
        return Depth(quote.symbol, quote.time_ms, (best_bid,), (best_ask,))
    gap, grid = max(1, instrument.spread_ticks // 4), instrument.grid
    bid, ask = grid.place(quote.bid), grid.place(quote.ask)
    below = [grid.price(place) for index in range(LEVELS - 1) if (place := ((bid - 1) // gap - index) * gap) > 0]
    above = [grid.price((ask // gap + index + 1) * gap) for index in range(LEVELS - 1)]
    point = quote.time_ms // GRID_MS
    bids = [Level(price, _size(instrument, key, price, point)) for price in below]
    asks = [Level(price, _size(instrument, key, price, point)) for price in above]
    return Depth(quote.symbol, quote.time_ms, (best_bid, *bids), (best_ask, *asks))


def _size(instrument: Instrument, key: int, price: int, point: int) -> int:
    """Return the quantity shown at a price at a point of the grid: half to two and a half times the displayed size."""
    own = _mixed(key ^ price)
    word = _mixed(own + (point + own % STEPS_SHOWN) // STEPS_SHOWN)
    step = instrument.qty_step
    return max(1, instrument.displayed_units // step * (128 + (word & 0x1FF)) >> 8) * step


def _mixed(value: int) -> int:
    """Return 64 bits that depend on every bit of `value`. Source: the finalizer of splitmix64."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
    return value ^ value >> 31


Sides = tuple[dict[int, int], dict[int, int]]
"""Sizes by price: bids, asks."""


def sides_of(depth: Depth) -> Sides:
    """Return the sizes of a book by price."""
    return dict(depth.bids), dict(depth.asks)


def wire_depth(instrument: Instrument, sides: Sides, is_snapshot: bool) -> Payload:
    """Write sizes by price as DOMData, prices ascending."""
    bids, asks = (
        [
            {"price": price / instrument.pricescale, "volume": side[price] / instrument.qty_scale}
            for price in sorted(side)
        ]
        for side in sides
    )
    return {"snapshot": is_snapshot, "asks": asks, "bids": bids}
