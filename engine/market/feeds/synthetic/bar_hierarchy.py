"""The synthetic prices of one instrument in levels: days, hours, quarters of an hour, minutes, prints.

Every level is a pure function of seed, symbol and time and lies inside the level above; nothing below the requested
level is computed. This module computes whole days, also the future of the current day. Only instrument.py reads it, and
removes everything after the requested instant. Read next: daily_bars.py for the top level, bar_fitting.py for the
others.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import sqrt
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from engine.market.feeds.synthetic import philox
from engine.market.feeds.synthetic.bar_fitting import fit_bars, fit_prints, words_per_parent
from engine.market.feeds.synthetic.daily_bars import DailyBars
from engine.market.sessions import MINUTE_MS, Calendar
from engine.models.market.arrays import Ints, Words
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS

ORIGIN_DAY = 7305
"""Day number of 1990-01-01, the first trading day of the synthetic market."""

PRINTS_PER_MINUTE = MINUTE_MS // PRINT_MS

PRINT_BLOCK_MINUTES = 8
"""Minutes whose prints are computed at once: enough for numpy to be fast, few enough not to block the event loop."""

MAX_DAY_MINUTES = 26 * 60
"""Upper bound of the minutes in a day; it sets the number of parents of each day in the random streams."""

PRINT_STREAM = 8
PRINT_WORDS = words_per_parent(PRINTS_PER_MINUTE, 1)

MAX_DAY_BLOCKS = 256
MAX_BAR_BLOCKS = 256
MAX_PRINT_BLOCKS = 128
"""Blocks that a feed keeps of daily bars, of each other level, and of prints, or two per symbol if that is more.

With up to 64 symbols the caches take at most 75 MB.
"""

UNIT = 1024
"""Weight of an hour with average activity."""

EVEN_PROFILE = np.full(64, UNIT, dtype=np.int64)

DAILY = 1440
"""Level of the daily bars."""


B = TypeVar("B")

BlockKey = tuple[int, int, int]
"""Random key of the instrument; level and index of bars, or day and index of prints."""


class BarLevel(NamedTuple):
    """Rules for computing the bars of one level inside the bars of the level above.

    Attributes:
        stream: Stream of random words.
        parent: Level above, a key of `LEVELS` or `DAILY`.
        child: Minutes of a bar of this level; the last bar of a span may be shorter.
        block_days: Days that are computed at once.
        variety: Random variation of the volume, see `fit_bars`.
    """

    stream: int
    parent: int
    child: int
    block_days: int
    variety: float

    @property
    def parents_per_day(self) -> int:
        """Parents that every day has in the random stream."""
        return 1 if self.parent == DAILY else MAX_DAY_MINUTES // self.parent

    @property
    def words(self) -> int:
        """Random words of one parent."""
        children = (MAX_DAY_MINUTES if self.parent == DAILY else self.parent) // self.child
        return words_per_parent(children, 2)


LEVELS = {60: BarLevel(5, DAILY, 60, 32, 0.3), 15: BarLevel(6, 60, 15, 8, 0.6), 1: BarLevel(7, 15, 1, 2, 1.2)}
"""The levels between days and prints by the minutes of their bars, coarse to fine.

A block of each is computed in about a millisecond: it is the longest part of the work of a clock that skips time.
"""


class BarBlock(NamedTuple):
    """Bars of consecutive dates.

    Attributes:
        bars: Columns of shape (5, n). A date that is no trading day has an unused daily bar, and no intraday bars.
        offsets: Index of the first bar of each date, and the number of bars.
    """

    bars: Ints
    offsets: Ints


class PrintBlock(NamedTuple):
    """Prints of consecutive minutes, arrays of shape (minutes, `PRINTS_PER_MINUTE`); prices in ticks.

    Attributes:
        first: Minute of the day of the first row.
        price: Price of each print.
        high, low, volume: High, low and volume of the minute up to and including each print.
        noise: Random word of each print.
    """

    first: int
    price: Ints
    high: Ints
    low: Ints
    volume: Ints
    noise: Words


class BlockCache(Generic[B]):
    """The most recently used blocks of one level, at most `size`.

    It refers to no instrument, so that a feed without users is freed at once, without the garbage collector.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._blocks: dict[BlockKey, B] = {}

    def get(self, key: BlockKey, compute: Callable[[int, int], B]) -> B:
        """Return a block; `compute` makes it from the last two numbers of its key."""
        blocks = self._blocks
        block = blocks.pop(key, None)
        if block is None:
            block = compute(key[1], key[2])
            if len(blocks) >= self._size:
                del blocks[next(iter(blocks))]
        blocks[key] = block
        return block


class BlockCaches:
    """The computed blocks of all `symbols` instruments of a feed."""

    def __init__(self, symbols: int) -> None:
        least = 2 * symbols
        sizes = {DAILY: MAX_DAY_BLOCKS, **dict.fromkeys(LEVELS, MAX_BAR_BLOCKS)}
        self.bars = {level: BlockCache[BarBlock](max(size, least)) for level, size in sizes.items()}
        self.prints = BlockCache[PrintBlock](max(MAX_PRINT_BLOCKS, least))


class BarHierarchy:
    """The levels of one instrument. Days are counted from `ORIGIN_DAY`; prices are in ticks.

    Attributes:
        stagger: A number below `PRINTS_PER_MINUTE` that distributes the work of many symbols over a minute.
    """

    def __init__(self, seed: int, instrument: Instrument, calendar: Calendar, caches: BlockCaches) -> None:
        self._key = philox.key_of(seed, instrument.name)
        self._calendar = calendar
        self._caches = caches
        # The lowest price leaves room for a bid of one tick.
        self._daily = DailyBars(self._key, instrument, instrument.spread_ticks + 1)
        self._bounce = min(instrument.spread_ticks, 2) // 2
        self._type = instrument.type
        self.stagger = self._key % PRINTS_PER_MINUTE
        self._shift = self.stagger % PRINT_BLOCK_MINUTES

    def block_days(self, level: int) -> int:
        """Return the days that are computed at once."""
        return self._daily.block_days if level == DAILY else LEVELS[level].block_days

    def bars(self, level: int, first: int, last: int) -> Ints:
        """Return the bars of a level (`DAILY` or a key of `LEVELS`) of the days `first` to `last`, exclusive."""
        size, cache = self.block_days(level), self._caches.bars[level]
        compute = self._make_days if level == DAILY else self._make_bars
        parts = [np.empty((5, 0), dtype=np.int64)]
        for index in range(first // size, (last - 1) // size + 1):
            bars, offsets = cache.get((self._key, level, index), compute)
            begin, end = max(first - index * size, 0), min(last - index * size, size)
            parts.append(bars[:, offsets[begin] : offsets[end]])
        return parts[1] if len(parts) == 2 else np.concatenate(parts, axis=1)

    def prints(self, day: int, minute: int) -> PrintBlock:
        """Return the block of prints that contains a minute of a day, counted from 0."""
        key = self._key, day, (minute + self._shift) // PRINT_BLOCK_MINUTES
        return self._caches.prints.get(key, self._make_prints)

    def prepare(self, day: int, minute: int) -> Iterator[None]:
        """Compute the block of prints that contains a minute of a day; yield after each level."""
        for level in (DAILY, *LEVELS):
            self.bars(level, day, day + 1)
            yield
        self.prints(day, minute)
        yield

    def _make_days(self, _level: int, index: int) -> BarBlock:
        """Compute a block of daily bars."""
        return BarBlock(self._daily.block(index), np.arange(self._daily.block_days + 1))

    def _make_bars(self, level: int, index: int) -> BarBlock:
        """Compute a block of intraday bars."""
        stream, parent, child, block_days, variety = LEVELS[level]
        first, per_day = index * block_days, LEVELS[level].parents_per_day
        spans = self._calendar.spans(ORIGIN_DAY + first, ORIGIN_DAY + first + block_days).minutes
        children = -(-spans // child).sum(axis=1)
        if parent == DAILY:
            counts = children
        else:
            counts = -(-_parent_minutes(spans, parent, per_day).reshape(-1) // child)
        has_children = counts > 0
        source = philox.words(self._key, stream, first * per_day, len(counts), LEVELS[level].words)[has_children]
        parents, counts = self.bars(parent, first, first + block_days), counts[has_children]
        if parent == DAILY:
            parents = parents[:, has_children]
        bars = np.empty((5, int(counts.sum())), dtype=np.int64)
        for count in np.unique(counts).tolist():
            chosen = counts == count
            made = fit_bars(parents[:, chosen], source[chosen], *self._profile(parent, count), variety)
            bars[:, np.repeat(chosen, counts)] = made
        return BarBlock(bars, np.concatenate(([0], np.cumsum(children))))

    def _make_prints(self, day: int, index: int) -> PrintBlock:
        """Compute the prints of up to `PRINT_BLOCK_MINUTES` minutes of a day."""
        minutes = self.bars(1, day, day + 1)
        first = max(index * PRINT_BLOCK_MINUTES - self._shift, 0)
        last = min((index + 1) * PRINT_BLOCK_MINUTES - self._shift, minutes.shape[1])
        row = day * MAX_DAY_MINUTES + first
        source = philox.words(self._key, PRINT_STREAM, row, last - first, PRINT_WORDS)
        made = fit_prints(minutes[:, first:last], source, PRINTS_PER_MINUTE, self._bounce)
        return PrintBlock(
            first,
            made.price,
            np.maximum.accumulate(made.price, axis=1),
            np.minimum.accumulate(made.price, axis=1),
            np.cumsum(made.volume, axis=1),
            source[:, -PRINTS_PER_MINUTE:],
        )

    def _profile(self, parent: int, count: int) -> tuple[Ints, Ints]:
        """Return the relative volumes and volatilities of `count` children."""
        if parent == DAILY:
            return hour_profile(self._type, count)
        return EVEN_PROFILE[:count], EVEN_PROFILE[:count]


def _activity(kind: str, part: float) -> float:
    """Return the relative activity at a part of the day (0 is the open, 1 the close); about 1 on average.

    Shares trade most at open and close, currencies while London and New York are open, crypto nearly evenly.
    """
    from_middle = abs(2.0 * part - 1.0)
    if kind in ("stock", "index", "futures", "cfd"):
        return 0.72 + 1.4 * from_middle * from_middle * from_middle * from_middle
    if kind == "forex":
        from_overlap = (part - 0.36) / 0.42
        return 0.55 + 0.95 * max(0.0, 1.0 - from_overlap * from_overlap)
    return 0.85 + 0.3 * (1.0 - from_middle)


@cache
def hour_profile(kind: str, hours: int) -> tuple[Ints, Ints]:
    """Return relative volume and volatility, the root of the volume, of a day's `hours`; integers around `UNIT`."""
    activity = [_activity(kind, (hour + 0.5) / hours) for hour in range(hours)]
    volumes, scales = ([round(UNIT * value) for value in values] for values in (activity, map(sqrt, activity)))
    return np.array(volumes, dtype=np.int64), np.array(scales, dtype=np.int64)


def _parent_minutes(spans: Ints, parent: int, parents: int) -> Ints:
    """Return the minutes of each of a day's `parents`, 0 for one that it does not have; shape (days, parents).

    Parents are counted from the open of each span; the last of a span may be shorter.
    """
    minutes = np.zeros((len(spans), parents), dtype=np.int64)
    counts = -(-spans // parent)
    begins = np.cumsum(counts, axis=1) - counts
    for span in range(spans.shape[1]):
        places = np.arange(parents) - begins[:, span : span + 1]
        inside = (places >= 0) & (places < counts[:, span : span + 1])
        minutes += np.where(inside, np.minimum(spans[:, span : span + 1] - parent * places, parent), 0)
    return minutes
