"""The tick grid: the prices that an instrument can have, with tick sizes that may differ by price.

Prices are integers in price units. The places of the grid are numbered from 0 at price 0, so that a distance of three
ticks is a difference of three places, also where the tick size changes. Source: TradingView's variable tick size.
"""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.models.market.arrays import Bools, Floats, Ints


class TickBand(NamedTuple):
    """A tick size and the lowest price that has it; both in price units."""

    start: int
    tick: int


class TickGrid:
    """The tick grid of one instrument.

    Args:
        bands: In ascending order of price, the first from 0. Each band starts at a multiple of its own tick size and of
            the previous band's, so that a price is on the grid when it is a multiple of the tick size at that price.

    Attributes:
        is_even: Whether one tick size holds at every price.
    """

    def __init__(self, bands: Sequence[TickBand]) -> None:
        self.bands = tuple(bands)
        self.is_even = len(bands) == 1
        self._starts = [band.start for band in bands]
        self._ticks = [band.tick for band in bands]
        self._places = [0]
        for (start, tick), (end, _) in zip(self.bands, self.bands[1:], strict=False):
            self._places.append(self._places[-1] + (end - start) // tick)
        self._bands = np.array([self._starts, self._ticks], dtype=np.int64)

    def tick_at(self, price: float) -> int:
        """Return the tick size at a price."""
        return self._ticks[self._band(price)]

    def has(self, price: int) -> bool:
        """Whether a price lies on the grid and is above 0."""
        return price > 0 and price % self.tick_at(price) == 0

    def contains(self, prices: Ints) -> Bools:
        """Return for each of many prices above 0 whether it lies on the grid."""
        if self._ticks == [1]:
            return np.ones(prices.shape, dtype=np.bool_)
        ticks = self._ticks[0] if self.is_even else self._bands[1, self._band_of(prices)]
        found: Bools = prices // ticks * ticks == prices  # numpy divides several times faster than it takes a remainder
        return found

    def nearest(self, value: float) -> int:
        """Return the price on the grid nearest to a value; a higher value never has a lower price."""
        band = self._band(value)
        start, tick = self._starts[band], self._ticks[band]
        return start + round((value - start) / tick) * tick

    def nearest_of(self, values: Floats) -> Ints:
        """Return `nearest` for many values."""
        starts, ticks = self._bands[:, self._band_of(values)]
        steps: Ints = np.rint((values - starts) / ticks).astype(np.int64)
        prices: Ints = starts + steps * ticks
        return prices

    def place(self, price: int) -> int:
        """Return the place of a price; a price between two places has the lower one."""
        band = self._band(price)
        return self._places[band] + (price - self._starts[band]) // self._ticks[band]

    def moved(self, price: int, ticks: int) -> int:
        """Return the price a number of ticks away from a price on the grid, at least the lowest one."""
        return self.price(max(self.place(price) + ticks, 1))

    def price(self, place: int) -> int:
        """Return the price at a place."""
        band = max(bisect_right(self._places, place) - 1, 0)
        return self._starts[band] + (place - self._places[band]) * self._ticks[band]

    def _band(self, price: float) -> int:
        return max(bisect_right(self._starts, price) - 1, 0)

    def _band_of(self, prices: Ints | Floats) -> NDArray[np.intp]:
        return np.maximum(np.searchsorted(self._bands[0], prices, "right") - 1, 0)


def read_bands(text: str, pricescale: int, minmov: int) -> tuple[TickBand, ...]:
    """Read TradingView's variable tick size, "0.01 10 0.02 25 0.05": 0.01 below 10, 0.02 below 25, 0.05 above.

    Raises:
        ValueError: The text cannot be read, or its tick sizes and prices do not fit each other.
    """
    try:
        numbers = [Decimal(word) * pricescale for word in text.split()]
    except InvalidOperation:
        raise ValueError(f"variable_tick: {text!r} is not a list of numbers") from None
    if len(numbers) % 2 == 0 or any(number <= 0 or number != int(number) for number in numbers):
        raise ValueError(f"variable_tick: {text!r} is not ticks and the prices between them, in 1/{pricescale}")
    ticks, starts = [int(number) for number in numbers[0::2]], [0, *(int(number) for number in numbers[1::2])]
    if starts != sorted(set(starts)) or any(tick % minmov for tick in ticks):
        raise ValueError(f"variable_tick: {text!r}: prices do not rise, or a tick is no multiple of minmov")
    if any(start % tick for start, tick in zip((*starts, *starts[1:]), (*ticks, *ticks[:-1]), strict=True)):
        raise ValueError(f"variable_tick: {text!r}: a tick changes at a price that is no multiple of both")
    return tuple(TickBand(start, tick) for start, tick in zip(starts, ticks, strict=True))
