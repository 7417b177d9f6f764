"""Bars of one instrument that are kept, not computed: rows of one length, joined to every resolution they allow.

Shared by the feeds whose prices come from outside. The newest row may be unfinished: whoever asks says which row is the
newest one known and how far it has come. Prices are price units, volumes quantity units.
"""

from typing import NamedTuple

import numpy as np

from engine.market.bars import MINUTES, aggregated, period_start, periods_of
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar, Ints
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.instruments import RESOLUTIONS
from engine.models.market.quotes import DayStats

_NONE = np.empty(0, dtype=np.int64)
_NONE.setflags(write=False)
NO_BARS = BarColumns(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)

TIME = 0
"""Row of the columns that holds the times; the others follow as in `BarRow`."""


class Index(NamedTuple):
    """The bars of a resolution: their times, and the row that each begins with."""

    times: Ints
    first_rows: Ints


class Known(NamedTuple):
    """What is known at an instant: the newest row, by number and as far as it has come."""

    row: int
    partial: BarRow


class Days(NamedTuple):
    """The trading days that have rows: their numbers, their opens, and the row that each begins with."""

    numbers: Ints
    starts: Ints
    first_rows: Ints


class Series:
    """Rows in time.

    Args:
        columns: Six columns of one length (time, open, high, low, close, volume), times rising, all in sessions.
        step_ms: Length of a row's bar: a part of a minute, minutes, or a day; the last one before a close is shorter.
        calendar: Trading days of the instrument.
    """

    def __init__(self, columns: list[Ints], step_ms: int, calendar: Calendar) -> None:
        self.columns = columns
        self.step_ms = step_ms
        self.resolutions = tuple(
            one for one in RESOLUTIONS if one not in MINUTES or MINUTES[one] * MINUTE_MS % step_ms == 0
        )
        self._calendar = calendar
        self._days = days_of(columns[TIME], calendar)
        self._indexes: dict[str, Index] = {}

    def index(self, resolution: str) -> Index:
        """Return the bars of a resolution; computed once."""
        found = self._indexes.get(resolution)
        if found is None:
            found = self._indexes[resolution] = self._indexed(resolution)
        return found

    def row(self, number: int) -> BarRow:
        """Return one row."""
        return BarRow(*(int(column[number]) for column in self.columns))

    def forming_bar(self, resolution: str, known: Known) -> BarRow:
        """Return the bar that holds the newest row, as far as it has come."""
        times, first_rows = self.index(resolution)
        place = int(np.searchsorted(first_rows, known.row, "right")) - 1
        return self._formed(int(times[place]), int(first_rows[place]), known)

    def last_bars(self, resolution: str, count: int, to_ms: int, known: Known) -> BarColumns:
        """Return the newest `count` bars that start before `to_ms`, nothing after what is known."""
        times, first_rows = self.index(resolution)
        forming = int(np.searchsorted(first_rows, known.row, "right")) - 1
        end = min(int(np.searchsorted(times, to_ms)), forming + 1)
        return self._between(resolution, max(end - count, 0), end, known)

    def bars(self, resolution: str, from_ms: int, to_ms: int, known: Known) -> BarColumns:
        """Return the bars that start in `[from_ms, to_ms)`, nothing after what is known."""
        times, first_rows = self.index(resolution)
        forming = int(np.searchsorted(first_rows, known.row, "right")) - 1
        end = min(int(np.searchsorted(times, to_ms)), forming + 1)
        return self._between(resolution, min(int(np.searchsorted(times, from_ms)), end), end, known)

    def day_stats(self, known: Known) -> DayStats:
        """Return the trading day of the newest row, as far as it has come."""
        first_rows = self.index("1D").first_rows
        first = int(first_rows[int(np.searchsorted(first_rows, known.row, "right")) - 1])
        bar = self._formed(0, first, known)
        return DayStats(bar.open, bar.high, bar.low, int(self.columns[4][first - 1]) if first else bar.open, bar.volume)

    def _formed(self, time_ms: int, first: int, known: Known) -> BarRow:
        """Join the rows from `first` to before the newest one, and what is known of that."""
        row, partial = known
        if first == row:
            return partial._replace(time_ms=time_ms)
        _, opens, highs, lows, _, volumes = (column[first:row] for column in self.columns)
        return BarRow(
            time_ms,
            int(opens[0]),
            max(int(highs.max()), partial.high),
            min(int(lows.min()), partial.low),
            partial.close,
            int(volumes.sum()) + partial.volume,
        )

    def _between(self, resolution: str, begin: int, end: int, known: Known) -> BarColumns:
        """Return the bars numbered `begin` to before `end`; only the last one may hold the newest row."""
        if begin >= end:
            return NO_BARS
        times, first_rows = self.index(resolution)
        # A last bar that holds the newest row is joined by itself.
        is_forming = end == len(first_rows) or int(first_rows[end]) > known.row
        closed = end - is_forming
        edges = first_rows[begin : closed + 1] if closed < len(first_rows) else first_rows[begin:closed]
        last_row = int(first_rows[closed]) if closed < len(first_rows) else known.row + 1
        starts = edges[: closed - begin]
        if len(starts):
            rows = np.stack([column[starts[0] : last_row] for column in self.columns[1:]])
            joined = aggregated(rows, starts - starts[0])
        else:
            joined = np.empty((5, 0), dtype=np.int64)
        columns = (times[begin:closed], *joined)
        if not is_forming:
            return BarColumns(*columns)
        forming = self._formed(int(times[closed]), int(first_rows[closed]), known)
        return BarColumns(*(np.append(column, value) for column, value in zip(columns, forming, strict=True)))

    def _indexed(self, resolution: str) -> Index:
        days, rows = self._days, self.columns[TIME]
        if resolution not in MINUTES:
            periods = periods_of(resolution, days.numbers)
            starts = np.flatnonzero(np.diff(periods, prepend=-1))
            # The first trading day of the period, also where the rows begin later.
            before = [period_start(resolution, period) - 1 for period in periods[starts].tolist()]
            numbers = [self._calendar.next_day(number).number for number in before]
            return Index(np.array(numbers, dtype=np.int64) * DAY_MS, days.first_rows[starts])
        size = MINUTES[resolution] * MINUTE_MS
        if size == self.step_ms:
            return Index(rows, np.arange(len(rows)))
        if self._calendar.most_spans == 1:
            opens = np.repeat(days.starts, np.diff(days.first_rows, append=len(rows)))
        else:
            spans = self._calendar.spans(int(days.numbers[0]), int(days.numbers[-1]) + 1).traded()
            opens = spans.starts[np.searchsorted(spans.starts, rows, "right") - 1]
        buckets = rows - (rows - opens) % size
        starts = np.flatnonzero(np.diff(buckets, prepend=-1))
        return Index(buckets[starts], starts)


def days_of(times: Ints, calendar: Calendar) -> Days:
    """Return the trading days that hold the times, which rise and lie in sessions."""
    if not len(times):
        return Days(_NONE, _NONE, _NONE)
    first, last = (calendar.day_at(int(times[place])).number for place in (0, -1))
    starts, ends = calendar.edges(first, last + 1)
    trading = np.flatnonzero(ends > starts)
    first_rows = np.searchsorted(times, starts[trading])
    has_rows = np.diff(first_rows, append=len(times)) > 0
    return Days(trading[has_rows] + first, starts[trading][has_rows], first_rows[has_rows])
