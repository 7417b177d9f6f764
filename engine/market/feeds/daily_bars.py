"""Level 1 of the synthetic market: the daily bars of one instrument, mean-reverting around its anchor price.

Time is cut into eras. The price at the border of two eras is drawn around the anchor; between borders it is a random
walk pinned at both ends. So no level runs away, and any day is reached without the days before it.
"""

from math import sqrt

import numpy as np

from engine.market.feeds import random_source
from engine.market.feeds.bar_fitting import CLOSE, HIGH, LOW, OPEN, VOLUME, wicks
from engine.market.feeds.random_source import Floats, Ints, Words
from engine.models.market.instruments import Instrument

YEAR_DAYS = 256
"""Trading days that a yearly volatility is spread over."""

ERA_SWING = 0.17
"""Deviation of the logarithm of the price in the middle of an era; it decides how long an instrument's eras are."""

BORDER_SWING = 0.6
"""Deviation of the price at the borders of eras, in swings of an era."""

SLOW_DAYS = 32
FAST_DAYS = 8
"""Days between the knots of the two waves that make calm and wild times; eras are whole slow waves long."""

SHORTEST_ERA, LONGEST_ERA = 192, 2048
BLOCK_DAYS = 1024

STREAM_BORDER, STREAM_SLOW, STREAM_FAST, STREAM_DAY = range(1, 5)


def era_days(volatility: float) -> int:
    """Return the length of an instrument's eras in days: the more volatile, the shorter."""
    years_root = 2.0 * ERA_SWING / volatility
    days = int(YEAR_DAYS * years_root * years_root) // SLOW_DAYS * SLOW_DAYS
    return min(max(days, SHORTEST_ERA), LONGEST_ERA)


class Days:
    """Daily bars by blocks of consecutive days; prices are in ticks, volume in quantity units.

    Args:
        key: Of the instrument's draws.
        instrument: Whose anchor, volatility and volume.
        floor: Least price in ticks.

    Attributes:
        block_days: Days in a block.
    """

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
        source = random_source.words(self._key, STREAM_DAY, index * self.block_days, self.block_days, 4)
        pace = self._paces(index, source[:, 2])
        start, end = self._prices(index, source[:, 0], pace)
        step = start * pace * self._step
        above, below = wicks(start, end, step, source[:, 1])
        top, bottom = np.maximum(start, end), np.minimum(start, end)
        bars = np.empty((5, self.block_days), dtype=np.int64)
        bars[OPEN], bars[CLOSE] = start, end
        bars[HIGH] = np.rint(top + above)
        bars[LOW] = np.maximum(np.rint(bottom - np.minimum(below, bottom * 0.5)), self._floor)
        chance = random_source.sixteenths(source[:, 3]) / 65536.0
        swing = (top - bottom + above + below) / np.maximum(step, 1.0)
        bars[VOLUME] = np.floor((pace * 0.4 + swing * 0.3) * (chance * 0.7 + 0.65) * self._volume)
        return bars

    def _prices(self, index: int, source: Words, pace: Floats) -> tuple[Floats, Floats]:
        """Return the prices at the start and at the end of each day of a block, whole ticks."""
        eras, days = self._eras, self._era
        drawn = random_source.words(self._key, STREAM_BORDER, index * eras, eras + 1, 4)[:, :1]
        borders = random_source.normals(drawn) * (self._border / random_source.NORMAL_UNIT)
        weights = np.rint(pace * 1024.0).astype(np.int64)
        walk, clock = np.zeros((2, eras, days + 1))
        walk[:, 1:] = np.cumsum((random_source.normals(source) * weights).reshape(eras, days), axis=1)
        clock[:, 1:] = np.cumsum((weights * weights).reshape(eras, days), axis=1)
        walk *= self._step / (random_source.NORMAL_UNIT * 1024.0)
        first, last = borders[:-1], borders[1:]
        path = walk + (last - first - walk[:, -1:]) * (clock / clock[:, -1:]) + first
        # Both eras that share a border find the same price there, to the tick.
        path[:, -1:] = last
        prices = np.maximum(np.rint(random_source.exponential_growth(path) * self._anchor), self._floor)
        return prices[:, :-1].reshape(-1), prices[:, 1:].reshape(-1)

    def _paces(self, index: int, source: Words) -> Floats:
        """Return each day's volatility as a part of the instrument's: two waves and rare wild days, about 1."""
        slow = self._wave(index, STREAM_SLOW, SLOW_DAYS)
        fast = self._wave(index, STREAM_FAST, FAST_DAYS)
        is_wild = random_source.sixteenths(source) < 800
        return (slow * 0.9 + 0.5) * (fast * 0.8 + 0.6) * np.where(is_wild, 2.2, 1.0)

    def _wave(self, index: int, stream: int, spacing: int) -> Floats:
        """Return a wave in [0, 1] over a block's days: straight lines between random knots."""
        knots = self.block_days // spacing
        values = (
            random_source.sixteenths(random_source.words(self._key, stream, index * knots, knots + 1, 4)[:, :1])
            / 65536.0
        )
        lines = values[:-1] + (values[1:] - values[:-1]) * (np.arange(spacing) / spacing)
        return lines.reshape(-1)
