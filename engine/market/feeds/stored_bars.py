"""Stored bars of one instrument: rows of one length, aggregated to every resolution that the length allows.

Base of the feeds whose prices come from outside, replay.py and external.py. The newest row may be unfinished, so every
request passes its number and its bar so far. Prices are price units, volumes quantity units.
"""

from abc import abstractmethod
from typing import NamedTuple

import numpy as np

from engine.market.bars import BarGroups, appended, joined, period_start, periods_of, whole_bar
from engine.market.feeds.feed import BarsRequest, InstrumentFeed, NoPrice
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar
from engine.models.market.arrays import Ints
from engine.models.market.bars import NO_BARS, BarColumns, BarRow
from engine.models.market.instruments import RESOLUTION_MINUTES, RESOLUTIONS

TIME, VOLUME = 0, 5
"""Rows of the columns that hold the times and the volumes; the order is that of `BarRow`."""


class NewestRow(NamedTuple):
    """The newest row: its number, and its bar so far."""

    number: int
    bar: BarRow


class TradingDays(NamedTuple):
    """The trading days that have rows: their numbers, and the first row of each."""

    numbers: Ints
    first_rows: Ints


class StoredBars:
    """Bars of one length, ascending.

    Args:
        columns: Array of shape (6, n): time, open, high, low, close, volume; every time lies in a session, n >= 1.
        step_ms: Length of a row's bar: a part of a minute, minutes, or a day; the last one before a close is shorter.
        calendar: Trading days of the instrument.

    Attributes:
        resolutions: Resolutions that the rows can be aggregated to.
    """

    def __init__(self, columns: Ints, step_ms: int, calendar: Calendar) -> None:
        self.columns = columns
        self.step_ms = step_ms
        self.resolutions = tuple(
            one for one in RESOLUTIONS if RESOLUTION_MINUTES.get(one, 0) * MINUTE_MS % step_ms == 0
        )
        self._calendar = calendar
        self._days = _trading_days(columns[TIME], calendar)
        self._groups: dict[str, BarGroups] = {}

    def row(self, number: int) -> BarRow:
        """Return one row."""
        return BarRow(*self.columns[:, number].tolist())

    def groups(self, resolution: str) -> BarGroups:
        """Return the rows in groups, one per bar of a resolution; computed once."""
        found = self._groups.get(resolution)
        if found is None:
            times, starts = self._starts(resolution)
            found = self._groups[resolution] = BarGroups(times, starts, self.columns[TIME + 1 :])
        return found

    def forming_bar(self, resolution: str, newest: NewestRow) -> BarRow:
        """Return the bar that contains the newest row."""
        times, starts, rows = self.groups(resolution)
        number = _containing(starts, newest.number)
        time_ms = int(times[number])
        closed = whole_bar(time_ms, rows[:, starts[number] : newest.number])
        return joined(closed, newest.bar._replace(time_ms=time_ms))

    def last_bars(self, request: BarsRequest, newest: NewestRow) -> BarColumns:
        """Return the requested bars without the rows after the newest."""
        groups = self.groups(request.resolution)
        forming = _containing(groups.starts, newest.number)
        end = min(int(np.searchsorted(groups.times, request.to_ms)), forming + 1)
        begin = max(end - request.limit, 0)
        if begin >= end:
            return NO_BARS
        if end <= forming:
            return groups.columns(begin, end)
        return appended(groups.columns(begin, forming), self.forming_bar(request.resolution, newest))

    def _starts(self, resolution: str) -> tuple[Ints, Ints]:
        """Return the time of each bar of a resolution, and its first row."""
        days, times = self._days, self.columns[TIME]
        if resolution not in RESOLUTION_MINUTES:
            periods = periods_of(resolution, days.numbers)
            starts = np.flatnonzero(np.diff(periods, prepend=periods[0] - 1))
            # A bar has the time of the first trading day of its period, also when the first rows are of a later day;
            # times begin in 1970.
            first_days = [period_start(resolution, period) for period in periods[starts].tolist()]
            dates = np.arange(max(first_days[0], 0), days.numbers[-1] + 1)
            trading = dates[self._calendar.are_trading(dates)]
            return trading[np.searchsorted(trading, first_days)] * DAY_MS, days.first_rows[starts]
        length_ms = RESOLUTION_MINUTES[resolution] * MINUTE_MS
        if length_ms == self.step_ms:
            return times, np.arange(len(times))
        rows = np.arange(len(times))
        if finer := self._finer(resolution):
            times, rows = self.groups(finer).times, self.groups(finer).starts
        spans = self._calendar.spans(int(days.numbers[0]), int(days.numbers[-1]) + 1).traded()
        opens = np.repeat(spans.starts, spans.counts(times))
        bar_times = opens + (times - opens) // length_ms * length_ms
        starts = np.flatnonzero(np.diff(bar_times, prepend=-1))
        return bar_times[starts], rows[starts]

    def _finer(self, resolution: str) -> str | None:
        """Return the longest other resolution whose bars make whole bars of an intraday resolution."""
        minutes = RESOLUTION_MINUTES[resolution]
        finer = [
            one
            for one in self.resolutions
            if one != resolution and minutes % RESOLUTION_MINUTES.get(one, minutes + 1) == 0
        ]
        return finer[-1] if finer else None


class StoredBarsFeed(InstrumentFeed):
    """Base of an instrument's feed on stored bars."""

    @abstractmethod
    def stored_bars(self, now_ms: int) -> tuple[StoredBars, NewestRow]:
        """Return the bars and the newest row at `now_ms`. Raises: NoPrice."""

    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar of the newest price. Raises: NoPrice."""
        bars, newest = self.stored_bars(now_ms)
        return bars.forming_bar(resolution, newest)

    def last_bars(self, request: BarsRequest) -> BarColumns:
        """Return the requested bars."""
        try:
            bars, newest = self.stored_bars(request.now_ms)
        except NoPrice:
            return NO_BARS
        return bars.last_bars(request, newest)


def _containing(starts: Ints, row: int) -> int:
    """Return the number of the bar that contains a row."""
    return int(np.searchsorted(starts, row, "right")) - 1


def _trading_days(times: Ints, calendar: Calendar) -> TradingDays:
    """Return the trading days that contain times; the times are ascending and lie in sessions."""
    first, last = (calendar.day_at(int(times[place])).number for place in (0, -1))
    opens, closes = calendar.edges(first, last + 1)
    trading = np.flatnonzero(closes > opens)
    first_rows = np.searchsorted(times, opens[trading])
    has_rows = np.diff(first_rows, append=len(times)) > 0
    return TradingDays(trading[has_rows] + first, first_rows[has_rows])
