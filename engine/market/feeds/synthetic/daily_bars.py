"""The daily bars of one synthetic instrument, mean-reverting around its anchor price; the top of the bar hierarchy.

Time is divided into eras. The price at the border of two eras is random around the anchor. Between two borders it is a
random walk pinned at both ends. So prices stay near the anchor, and an era is computed without the eras before it.
"""

from math import sqrt

import numpy as np

from engine.market.feeds.synthetic import philox
from engine.market.feeds.synthetic.bar_fitting import CLOSE, HIGH, LOW, OPEN, VOLUME, wicks
from engine.models.market.arrays import Floats, Ints, Words
from engine.models.market.instruments import Instrument

YEAR_DAYS = 256
"""Trading days in a year of yearly volatility."""

ERA_SWING = 0.17
"""Standard deviation of the logarithm of the price in the middle of an era; it sets the length of the eras."""

BORDER_SWING = 0.6
"""Standard deviation of the logarithm of the price at the borders of eras, as a part of `ERA_SWING`."""

SLOW_DAYS = 32
FAST_DAYS = 8
"""Days between the knots of the two waves of volatility; an era is a whole number of slow waves."""

MIN_ERA_DAYS, MAX_ERA_DAYS = 192, 2048
BLOCK_DAYS = 1024
"""Days computed at once, rounded to whole eras, at least one era."""

STREAM_BORDER, STREAM_SLOW, STREAM_FAST, STREAM_DAY = range(1, 5)


def era_days(volatility: float) -> int:
    """Return the length of an instrument's eras in days; a higher volatility has shorter eras."""
    years_root = 2.0 * ERA_SWING / volatility
    days = int(YEAR_DAYS * years_root * years_root) // SLOW_DAYS * SLOW_DAYS
    return min(max(days, MIN_ERA_DAYS), MAX_ERA_DAYS)


class DailyBars:
    """Daily bars in blocks of `block_days` consecutive days; prices in ticks and at least `floor`."""

    def __init__(self, key: int, instrument: Instrument, floor: int) -> None:
        self._key = key
        self._anchor = float(instrument.anchor) * instrument.pricescale / instrument.minmov
        self._step = instrument.volatility / sqrt(YEAR_DAYS)
        self._volume = float(instrument.daily_volume * instrument.qty_scale)
        self._floor = float(floor)
        self._era = era_days(instrument.volatility)
        self._eras = max(BLOCK_DAYS // self._era, 1)
        self._border = self._step * sqrt(self._era) / 2.0 * BORDER_SWING
        self.block_days = self._eras * self._era

    def block(self, index: int) -> Ints:
        """Return the bars of one block, columns of shape (5, `block_days`)."""
        source = philox.words(self._key, STREAM_DAY, index * self.block_days, self.block_days, 4)
        volatility = self._volatilities(index, source[:, 2])
        start, end = self._prices(index, source[:, 0], volatility)
        step = start * volatility * self._step
        above, below = wicks(start, end, step, source[:, 1])
        top, bottom = np.maximum(start, end), np.minimum(start, end)
        bars = np.empty((5, self.block_days), dtype=np.int64)
        bars[OPEN], bars[CLOSE] = start, end
        bars[HIGH] = np.rint(top + above)
        bars[LOW] = np.maximum(np.rint(bottom - np.minimum(below, bottom * 0.5)), self._floor)
        chance = philox.high_fields(source[:, 3]) / 65536.0
        swing = (top - bottom + above + below) / np.maximum(step, 1.0)
        bars[VOLUME] = np.floor((volatility * 0.4 + swing * 0.3) * (chance * 0.7 + 0.65) * self._volume)
        return bars

    def _prices(self, index: int, source: Words, volatility: Floats) -> tuple[Floats, Floats]:
        """Return the prices at the start and at the end of each day of a block, whole ticks."""
        eras, days = self._eras, self._era
        drawn = philox.words(self._key, STREAM_BORDER, index * eras, eras + 1, 4)[:, :1]
        borders = philox.normals(drawn) * (self._border / philox.NORMAL_UNIT)
        weights = np.rint(volatility * 1024.0).astype(np.int64)
        walk, clock = np.zeros((2, eras, days + 1))
        walk[:, 1:] = np.cumsum((philox.normals(source) * weights).reshape(eras, days), axis=1)
        clock[:, 1:] = np.cumsum((weights * weights).reshape(eras, days), axis=1)
        walk *= self._step / (philox.NORMAL_UNIT * 1024.0)
        first, last = borders[:-1], borders[1:]
        path = walk + (last - first - walk[:, -1:]) * (clock / clock[:, -1:]) + first
        # Two eras that share a border have the same price there, to the tick.
        path[:, -1:] = last
        prices = np.maximum(np.rint(philox.exponential_growth(path) * self._anchor), self._floor)
        return prices[:, :-1].reshape(-1), prices[:, 1:].reshape(-1)

    def _volatilities(self, index: int, source: Words) -> Floats:
        """Return each day's volatility relative to the instrument's: two waves and rare volatile days, about 1."""
        slow = self._wave(index, STREAM_SLOW, SLOW_DAYS)
        fast = self._wave(index, STREAM_FAST, FAST_DAYS)
        is_volatile = philox.high_fields(source) < 800
        return (slow * 0.9 + 0.5) * (fast * 0.8 + 0.6) * np.where(is_volatile, 2.2, 1.0)

    def _wave(self, index: int, stream: int, spacing: int) -> Floats:
        """Return a value in [0, 1] for each day of a block, interpolated between random knots."""
        knots = self.block_days // spacing
        source = philox.words(self._key, stream, index * knots, knots + 1, 4)[:, :1]
        values = philox.high_fields(source) / 65536.0
        lines = values[:-1] + (values[1:] - values[:-1]) * (np.arange(spacing) / spacing)
        return lines.reshape(-1)
