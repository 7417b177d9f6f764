"""The synthetic prices of one instrument, level by level: days, hours, quarters, minutes, prints.

Every level is a pure function of (seed, symbol, time), fitted inside the level above; nothing below the asked level is
computed. This module knows the whole of every day, the future of the running one too: only `tape` may read it, and
`tape` gives away nothing after the instant it is asked for.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.market.feeds import random_source
from engine.market.feeds.bar_fitting import fit_bars, fit_prints, words_per_parent
from engine.market.feeds.daily_bars import Days
from engine.market.feeds.intraday_profiles import hour_scales, hour_volumes
from engine.market.feeds.random_source import Ints, Words
from engine.market.sessions import Calendar
from engine.models.market.instruments import Instrument

ORIGIN_DAY = 7305
"""Number of the first trading day, 1990-01-01: history begins there."""

PRINT_MS = 200
PRINTS = 300
"""Prints in a minute, one each `PRINT_MS`."""

PRINT_BLOCK_MINUTES = 8
"""Minutes whose prints are computed at once: enough for numpy to be quick, too few to hold the loop."""

DAY_MINUTES = 26 * 60
"""Minutes of the longest day, rounded up; what a day reserves in the streams of draws."""

PRINT_STREAM = 8
PRINT_WORDS = words_per_parent(PRINTS, 1)

EVEN = np.full(64, 1024, dtype=np.int64)


class Stage(NamedTuple):
    """How one level of bars is made of the one above.

    Attributes:
        stream: Of its draws.
        parent: Minutes of a parent bar.
        child: Minutes of a bar of this level; the last one of a day may be shorter.
        block_days: Days that are computed at once.
        variety: How much volume varies at random from child to child, see `fit_bars`.
    """

    stream: int
    parent: int
    child: int
    block_days: int
    variety: float

    @property
    def parents(self) -> int:
        """Parents that a day has room for."""
        return DAY_MINUTES // self.parent

    @property
    def words(self) -> int:
        """Words drawn for one parent."""
        return words_per_parent(self.parent // self.child, 2)


STAGES = {
    60: Stage(5, DAY_MINUTES, 60, 64, 0.3),
    15: Stage(6, 60, 15, 16, 0.6),
    1: Stage(7, 15, 1, 4, 1.2),
}
"""The levels between the day and the print, by the minutes of their bars, coarse to fine."""


class Block(NamedTuple):
    """Bars of consecutive days: columns of shape (5, n), and where each day begins in them (one entry more).

    Days without trading have daily bars, which nobody reads, and no others.
    """

    bars: Ints
    offsets: Ints


class PrintBlock(NamedTuple):
    """The prints of consecutive minutes, arrays of shape (minutes, PRINTS); prices in ticks.

    Attributes:
        first: Minute of the day that the first row belongs to.
        price: Price of each print.
        high, low, volume: Of the minute up to and with each print.
        noise: The word behind each print, for what is derived from it.
    """

    first: int
    price: Ints
    high: Ints
    low: Ints
    volume: Ints
    noise: Words


class Caches:
    """The blocks that a whole feed keeps, each kind with a bound (some 75 MB in all when every one is full).

    Args:
        symbols: Instruments of the feed: each needs two blocks of a kind to tick without computing one anew.
    """

    def __init__(self, symbols: int) -> None:
        least = 2 * symbols
        self.days = lru_cache(max(256, least))(Levels.make_days)
        self.bars = {child: lru_cache(max(128, least))(Levels.make_bars) for child in STAGES}
        self.prints = lru_cache(max(128, least))(Levels.make_prints)


class Levels:
    """The levels of one instrument. Days are numbered from 0 at `ORIGIN_DAY`; prices are in ticks.

    Args:
        seed: Of the whole market.
        instrument: Whose prices.
        calendar: Of the instrument.
        caches: Of the feed.

    Attributes:
        stagger: A number below `PRINTS` that spreads the work of many symbols over time.
    """

    def __init__(self, seed: int, instrument: Instrument, calendar: Calendar, caches: Caches) -> None:
        self._key = random_source.key_of(seed, instrument.name)
        self._calendar = calendar
        self._caches = caches
        # Room below the least price for a bid of one tick.
        self._days = Days(self._key, instrument, instrument.spread_ticks + 1)
        self._bounce = min(instrument.spread_ticks, 2) // 2
        self._type = instrument.type
        self.stagger = self._key % PRINTS
        self._shift = self.stagger % PRINT_BLOCK_MINUTES

    def computed(self) -> int:
        """Return how many blocks the whole feed has computed so far."""
        caches = self._caches
        return sum(cache.cache_info().misses for cache in (caches.days, *caches.bars.values(), caches.prints))

    def days(self, first: int, last: int) -> Ints:
        """Return the bars of the days `first` to `last`, the last excluded; columns of shape (5, n)."""
        return self._joined(self._caches.days, self._days.block_days, first, last)

    def bars(self, child: int, first: int, last: int) -> Ints:
        """Return the bars of `child` minutes (a key of `STAGES`) of a range of days."""
        return self._joined(self._caches.bars[child], STAGES[child].block_days, first, last, child)

    def prints(self, day: int, minute: int) -> PrintBlock:
        """Return the block of prints that holds a minute (counted from 0) of a day."""
        return self._caches.prints(self, day, (minute + self._shift) // PRINT_BLOCK_MINUTES)

    def make_days(self, index: int) -> Block:
        """Compute a block of daily bars."""
        return Block(self._days.block(index), np.arange(self._days.block_days + 1))

    def make_bars(self, index: int, child: int) -> Block:
        """Compute a block of the bars of one stage."""
        stage = STAGES[child]
        first = index * stage.block_days
        spans = self._spans(first, stage.block_days)
        children = -(-spans // child).sum(axis=1)
        if stage.parent == DAY_MINUTES:
            sizes, counts = spans.sum(axis=1), children[children > 0]
        else:
            sizes = _sizes(spans, stage.parent, stage.parents).reshape(-1)
            counts = -(-sizes[sizes > 0] // child)
        source = random_source.words(self._key, stage.stream, first * stage.parents, len(sizes), stage.words)
        parents, source = self._parents(stage, first, sizes), source[sizes > 0]
        bars = np.empty((5, int(counts.sum())), dtype=np.int64)
        for count in np.unique(counts).tolist():
            chosen = counts == count
            volumes, scales = self._profile(stage, count)
            made = fit_bars(parents[:, chosen], source[chosen], volumes, scales, stage.variety)
            bars[:, np.repeat(chosen, counts)] = made
        return Block(bars, _offsets(children))

    def make_prints(self, day: int, index: int) -> PrintBlock:
        """Compute the prints of up to `PRINT_BLOCK_MINUTES` minutes of a day."""
        minutes = self.bars(1, day, day + 1)
        first = max(index * PRINT_BLOCK_MINUTES - self._shift, 0)
        last = min((index + 1) * PRINT_BLOCK_MINUTES - self._shift, minutes.shape[1])
        row = day * DAY_MINUTES + first
        source = random_source.words(self._key, PRINT_STREAM, row, last - first, PRINT_WORDS)
        made = fit_prints(minutes[:, first:last], source, PRINTS, self._bounce)
        return PrintBlock(
            first,
            made.price,
            np.maximum.accumulate(made.price, axis=1),
            np.minimum.accumulate(made.price, axis=1),
            np.cumsum(made.volume, axis=1),
            source[:, -PRINTS:],
        )

    def _spans(self, first: int, count: int) -> Ints:
        """Return the minutes of the spans of each of `count` days, shape (count, most spans)."""
        return self._calendar.spans(ORIGIN_DAY + first, ORIGIN_DAY + first + count).minutes

    def _parents(self, stage: Stage, first: int, sizes: Ints) -> Ints:
        """Return the bars that a block of a stage is fitted into."""
        if stage.parent == DAY_MINUTES:
            return self.days(first, first + stage.block_days)[:, sizes > 0]
        return self.bars(stage.parent, first, first + stage.block_days)

    def _profile(self, stage: Stage, count: int) -> tuple[Ints, Ints]:
        """Return the relative volumes and volatilities of `count` children."""
        if stage.parent == DAY_MINUTES:
            return hour_volumes(self._type, count), hour_scales(self._type, count)
        return EVEN[:count], EVEN[:count]

    def _joined(self, block_at: Callable[..., Block], size: int, first: int, last: int, *level: int) -> Ints:
        """Return the bars of the days `first` to `last` (excluded) from blocks of `size` days."""
        parts = [np.empty((5, 0), dtype=np.int64)]
        for index in range(first // size, (last - 1) // size + 1):
            bars, offsets = block_at(self, index, *level)
            begin, end = max(first - index * size, 0), min(last - index * size, size)
            parts.append(bars[:, offsets[begin] : offsets[end]])
        return parts[1] if len(parts) == 2 else np.concatenate(parts, axis=1)


def _sizes(spans: Ints, parent: int, parents: int) -> Ints:
    """Return the minutes of each parent that a day has room for, 0 where it has none; shape (days, parents).

    Parents begin anew with each span of a day, whose last one may be shorter.
    """
    sizes = np.zeros((len(spans), parents), dtype=np.int64)
    counts = -(-spans // parent)
    begins = np.cumsum(counts, axis=1) - counts
    for span in range(spans.shape[1]):
        places = np.arange(parents) - begins[:, span : span + 1]
        inside = (places >= 0) & (places < counts[:, span : span + 1])
        sizes += np.where(inside, np.minimum(spans[:, span : span + 1] - parent * places, parent), 0)
    return sizes


def _offsets(lengths: Ints) -> Ints:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum(lengths)
    return offsets
