"""The trading calendar of an instrument: the trading day of an instant, its open, close and breaks.

The number of a trading day is the number of its date, counted from 1970-01-01. With 24x7 sessions a day lasts from
00:00 to 00:00 in the instrument's time zone, 23 or 25 hours on a change of the clocks. With exchange hours it lasts
from open to close and may open on the previous evening ("1700-1700"); weekends and holidays have no trading day. A day
with breaks ("0900-1130,1230-1500") is one trading day of several spans. A time zone that skipped a whole date (Samoa in
2011) is not supported.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from engine.models.market.arrays import Bools, Ints

DAY_MS = 86_400_000
MINUTE_MS = 60_000

EPOCH = date(1970, 1, 1).toordinal()
"""Proleptic Gregorian ordinal of day number 0."""

BLOCK_DAYS = 256
MAX_CACHED_BLOCKS = 256
"""Blocks of `BLOCK_DAYS` dates that one calendar keeps: at most 16 KiB each, all dates from 1970 to 2149."""

DAY_MINUTES = 1440
MIN_SESSION_MINUTES = 60
MAX_SPANS = 4
MAX_DAY_BARS = {240: 6, 60: 24}
"""Upper bounds of the bars in a day by minutes of the bar; breaks must not make more bars than a full day has."""

ALWAYS = "24x7"
WORKDAYS = "23456"
"""Days of a session that names no days, in TradingView's notation: 1 is Sunday, 7 is Saturday."""

THURSDAY = 4
"""Weekday of 1970-01-01; Sunday is 0."""


class Hours(NamedTuple):
    """Open and close of a trading day in minutes after 00:00 of its date; a negative open is on the previous date.

    Attributes:
        breaks: Start and end of each break, ascending.
    """

    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def edges(self) -> list[int]:
        """Open and close of each span, ascending."""
        return [self.start, *(minute for one in self.breaks for minute in one), self.end]


ROUND_THE_CLOCK = Hours(0, DAY_MINUTES)


class TradingDay(NamedTuple):
    """One trading day; instants are epoch milliseconds, ends are exclusive.

    Attributes:
        breaks: Start and end of each break between open and close.
    """

    number: int
    start_ms: int
    end_ms: int
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def traded_ms(self) -> int:
        """Length of the day without its breaks; 0 for a date that is no trading day."""
        return self.end_ms - self.start_ms - sum(end - start for start, end in self.breaks)

    @property
    def minutes(self) -> int:
        """Length of the day without its breaks, in minutes."""
        return self.traded_ms // MINUTE_MS

    def elapsed_ms(self, instant_ms: int) -> int:
        """Return the trading time from the open to an instant, without breaks."""
        instant_ms = min(max(instant_ms, self.start_ms), self.end_ms)
        return instant_ms - self.start_ms - sum(max(0, min(instant_ms, end) - start) for start, end in self.breaks)

    def instant_ms(self, elapsed_ms: int) -> int:
        """Return the instant with a given trading time since the open; the inverse of `elapsed_ms`."""
        found = self.start_ms + elapsed_ms
        for start, end in self.breaks:
            if found >= start:
                found += end - start
        return found

    def span_at(self, instant_ms: int) -> tuple[int, int]:
        """Return open and close of the span that contains an instant; in a break, of the next span."""
        start_ms = self.start_ms
        for break_start, break_end in self.breaks:
            if instant_ms < break_start:
                return start_ms, break_start
            start_ms = break_end
        return start_ms, self.end_ms


class Edges(NamedTuple):
    """Opens and closes in epoch milliseconds; both are equal on a date that is no trading day."""

    starts: Ints
    ends: Ints


class Spans(NamedTuple):
    """Opens and closes of the spans of consecutive dates, epoch milliseconds; arrays of shape (dates, max_spans).

    Open and close of a span that a date does not have are equal.
    """

    starts: Ints
    ends: Ints

    @property
    def minutes(self) -> Ints:
        """Length of each span."""
        return (self.ends - self.starts) // MINUTE_MS

    def traded(self) -> Edges:
        """Return the spans with trading in ascending order."""
        has_length = self.ends > self.starts
        return Edges(self.starts[has_length], self.ends[has_length])


class Week(NamedTuple):
    """The regular week: the hours of a trading day, and for each weekday from Sunday whether it is a trading day."""

    hours: Hours
    days: tuple[bool, ...]


EVERY_DAY = Week(ROUND_THE_CLOCK, (True,) * 7)


class Calendar:
    """The trading days of one session, from 1970 to 9998.

    Args:
        timezone: Name in the IANA database.
        week: The regular session.
        special: Exceptions by day number: other hours, or None for a holiday.

    Attributes:
        max_spans: Largest number of spans in a day; 1 without breaks.
    """

    def __init__(
        self, timezone: str, week: Week = EVERY_DAY, special: Mapping[int, Hours | None] | None = None
    ) -> None:
        self._zone = ZoneInfo(timezone)
        self._week = week
        self._special = dict(sorted((special or {}).items()))
        self._special_days = list(self._special)
        self._added = np.array(sorted(day for day, hours in self._special.items() if hours), dtype=np.int64)
        self._holidays = np.array(sorted(day for day, hours in self._special.items() if not hours), dtype=np.int64)
        self._is_daily = all(week.days) and not len(self._holidays)
        every = [week.hours, *filter(None, self._special.values())]
        self.max_spans = max(len(hours.breaks) + 1 for hours in every)
        self._block = lru_cache(MAX_CACHED_BLOCKS)(self._spans_of_block)
        self._recent = self._next = TradingDay(0, 0, 0)

    def day(self, number: int) -> TradingDay:
        """Return a date as a trading day; it has no length when it is no trading day."""
        starts, ends = (edges[0].tolist() for edges in self.spans(number, number + 1))
        breaks = tuple(pair for pair in zip(ends[:-1], starts[1:], strict=True) if pair[0] < pair[1])
        return TradingDay(number, starts[0], ends[-1], breaks)

    def day_at(self, instant_ms: int) -> TradingDay:
        """Return the trading day that contains an instant; while the market is closed, the previous one."""
        if self._recent.start_ms <= instant_ms < self._next.start_ms:
            return self._recent
        local = datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(self._zone)
        recent = self.previous_day(local.toordinal() - EPOCH + 2)
        while recent.start_ms > instant_ms:
            recent = self.previous_day(recent.number)
        self._next = self.next_day(recent.number)
        self._recent = recent
        return recent

    def next_day(self, number: int) -> TradingDay:
        """Return the first trading day after a date."""
        number += 1
        while not self._is_trading(number):
            number += 1
        return self.day(number)

    def previous_day(self, number: int) -> TradingDay:
        """Return the last trading day before a date."""
        number -= 1
        while not self._is_trading(number):
            number -= 1
        return self.day(number)

    def session(self, instant_ms: int) -> tuple[int, int]:
        """Return the open of the span that contains an instant, else of the next span, and the close of its day.

        A break closes the market without ending the session.
        """
        day = self.day_at(instant_ms)
        if instant_ms >= day.end_ms:
            day = self._next
        return (day.span_at(instant_ms)[0] if day.breaks else day.start_ms), day.end_ms

    def day_start_ms(self, instant_ms: int) -> int:
        """Return the open of the trading day that contains an instant, else of the next trading day."""
        day = self.day_at(instant_ms)
        return day.start_ms if instant_ms < day.end_ms else self._next.start_ms

    def is_closed_between(self, from_ms: int, to_ms: int) -> bool:
        """Whether the market closes at some time between an instant of trading and a later open of a span."""
        while to_ms > from_ms:
            if self.last_traded_ms(to_ms - 1) < to_ms - 1:
                return True
            to_ms = self.session(to_ms - 1)[0]
        return False

    def last_traded_ms(self, instant_ms: int) -> int:
        """Return the last instant of trading at or before an instant."""
        day = self.day_at(instant_ms)
        for start, end in day.breaks:
            if start <= instant_ms < end:
                return start - 1
        return min(instant_ms, day.end_ms - 1)

    def date_of(self, instant_ms: int) -> int:
        """Return the number of the trading day that contains an instant; while closed, of the local date."""
        day = self.day_at(instant_ms)
        if instant_ms < day.end_ms:
            return day.number
        return datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(self._zone).toordinal() - EPOCH

    def are_trading(self, days: Ints) -> Bools:
        """Return for each day number whether it is a trading day."""
        if self._is_daily:
            return np.ones(len(days), dtype=np.bool_)
        regular = np.array(self._week.days)[(days + THURSDAY) % 7]
        return (regular | _is_in(days, self._added)) & ~_is_in(days, self._holidays)

    def edges(self, first: int, last: int) -> Edges:
        """Return opens and closes of the dates `first` to `last`, exclusive."""
        starts, ends = self.spans(first, last)
        return Edges(starts[:, 0], ends[:, -1])

    def spans(self, first: int, last: int) -> Spans:
        """Return the spans of the dates `first` to `last`, exclusive."""
        blocks = [self._block(index) for index in range(first // BLOCK_DAYS, max(last - 1, first) // BLOCK_DAYS + 1)]
        skipped = first % BLOCK_DAYS
        kept = slice(skipped, skipped + last - first)
        if len(blocks) == 1:
            return Spans(blocks[0].starts[kept], blocks[0].ends[kept])
        starts, ends = (np.concatenate(columns)[kept] for columns in zip(*blocks, strict=True))
        return Spans(starts, ends)

    def special_hours(self) -> list[tuple[int, Hours]]:
        """Return day numbers and hours of the trading days with exceptional hours, ascending."""
        return sorted((day, hours) for day, hours in self._special.items() if hours)

    def _is_trading(self, number: int) -> bool:
        if number in self._special:
            return self._special[number] is not None
        return self._week.days[(number + THURSDAY) % 7]

    def _spans_of_block(self, index: int) -> Spans:
        numbers = np.arange(index * BLOCK_DAYS, (index + 1) * BLOCK_DAYS)
        regular, offsets = self._padded(self._week.hours), self._offsets(index * BLOCK_DAYS)
        edges = (numbers * DAY_MS - offsets[:-1]).reshape(-1, 1) + np.array(regular) * MINUTE_MS
        for place in np.flatnonzero(offsets[1:] != offsets[:-1]).tolist():
            edges[place] = self._instants(int(numbers[place]), regular)
        special = self._special_days
        for number in special[bisect_left(special, numbers[0]) : bisect_left(special, numbers[-1] + 1)]:
            hours = self._special[number]
            if hours:
                edges[number - index * BLOCK_DAYS] = self._instants(number, self._padded(hours))
        closed = ~self.are_trading(numbers)
        edges[closed] = edges[closed, :1]
        return Spans(np.ascontiguousarray(edges[:, 0::2]), np.ascontiguousarray(edges[:, 1::2]))

    def _padded(self, hours: Hours) -> list[int]:
        """Return the edges of hours, padded with empty spans to `max_spans`."""
        return hours.edges + [hours.end] * 2 * (self.max_spans - 1 - len(hours.breaks))

    def _instants(self, number: int, minutes: list[int]) -> list[int]:
        """Return the instants of local times of a date in ascending order."""
        return list(accumulate((self._instant(number, minute) for minute in minutes), max))

    def _offsets(self, first: int) -> Ints:
        """Return the UTC offset in milliseconds at the open of each date of a block and of the date after it."""
        local = datetime.fromordinal(EPOCH + first) + timedelta(minutes=self._week.hours.start)
        zone, one_day, found = self._zone, timedelta(days=1), []
        last, last_ms = None, 0
        for _ in range(BLOCK_DAYS + 1):
            offset = zone.utcoffset(local)
            assert offset is not None
            if offset is not last:
                last, last_ms = offset, offset // timedelta(milliseconds=1)
            found.append(last_ms)
            local += one_day
        return np.array(found, dtype=np.int64)

    def _instant(self, number: int, minute: int) -> int:
        """Return the instant of a local time; a time that the clocks skip has the offset before the change."""
        local = datetime.fromordinal(EPOCH + number) + timedelta(minutes=minute)
        offset = self._zone.utcoffset(local)
        assert offset is not None
        return number * DAY_MS + minute * MINUTE_MS - offset // timedelta(milliseconds=1)


def read_calendar(timezone: str, session: str, holidays: str = "", corrections: str = "") -> Calendar:
    """Return the calendar of a session in TradingView's notation.

    Args:
        timezone: Name in the IANA database.
        session: "0930-1600", "1700-1700:23456", "0900-1130,1230-1500", "24x7".
        holidays: Dates, "20260101,20261225".
        corrections: Exceptional hours and their dates, "0930-1300:20261127,20261224;1000-1600:20260105".

    Raises:
        ValueError: One line that names the part that cannot be read.
    """
    if session == ALWAYS:
        week = EVERY_DAY
    else:
        text, _, days = session.partition(":")
        if set(days) - set("1234567"):
            raise ValueError(f"session: {days!r} is not a list of days from 1 (Sunday) to 7 (Saturday)")
        week = Week(read_hours(text), tuple(day in (days or WORKDAYS) for day in "1234567"))
    special: dict[int, Hours | None] = {}
    for entry in filter(None, corrections.split(";")):
        text, _, dates = entry.partition(":")
        special |= dict.fromkeys(_days(dates), read_hours(text))
    special |= dict.fromkeys(_days(holidays), None)
    all_hours = {week.hours, *filter(None, special.values())}
    if any(one.end > other.start + DAY_MINUTES for one in all_hours for other in all_hours):
        raise ValueError("corrections: a session begins before the one of the day before has ended")
    return Calendar(timezone, week, special)


def read_hours(text: str) -> Hours:
    """Read the spans of one trading day, "0930-1600" or "0900-1130,1230-1500".

    A span that does not end after its start, or not before the start of the next span, begins on the previous date.

    Raises:
        ValueError: One line that names the part that cannot be read.
    """
    spans = [_read_span(text, part) for part in text.split(",")]
    for place in range(len(spans) - 2, -1, -1):
        start, end = spans[place]
        if end >= spans[place + 1][0]:
            spans[place] = start - DAY_MINUTES, end - DAY_MINUTES
    lengths = [end - start for start, end in spans]
    edges = [minute for one in spans for minute in one]
    is_long = edges[-1] > DAY_MINUTES or edges[-1] - edges[0] > DAY_MINUTES
    if is_long or sum(lengths) < MIN_SESSION_MINUTES:
        raise ValueError(f"session: {text!r} is shorter than {MIN_SESSION_MINUTES} minutes or ends after 2400")
    is_cut_up = any(sum(-(-length // bar) for length in lengths) > most for bar, most in MAX_DAY_BARS.items())
    if len(spans) > MAX_SPANS or is_cut_up or any(now >= then for now, then in pairwise(edges)):
        raise ValueError(f"session: {text!r} has more than {MAX_SPANS} spans, or some that are short or touch")
    return Hours(edges[0], edges[-1], tuple(zip(edges[1:-1:2], edges[2:-1:2], strict=True)))


def _read_span(text: str, part: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]\d|2[0-4])([0-5]\d)-([01]\d|2[0-4])([0-5]\d)", part)
    if found is None:
        raise ValueError(f"session: {text!r} is not hours such as 0930-1600 or 0900-1130,1230-1500")
    start, end = (int(found[index]) * 60 + int(found[index + 1]) for index in (1, 3))
    if start == end == 0:
        end = DAY_MINUTES
    return (start if start < end else start - DAY_MINUTES), end


def _is_in(days: Ints, few: Ints) -> Bools:
    """Return for each day whether it is in `few`, which is sorted."""
    if not len(few):
        return np.zeros(len(days), dtype=np.bool_)
    found: Bools = few[np.minimum(np.searchsorted(few, days), len(few) - 1)] == days
    return found


def _days(dates: str) -> list[int]:
    """Read "20260101,20261225" as day numbers."""
    try:
        return [datetime.strptime(one, "%Y%m%d").toordinal() - EPOCH for one in filter(None, dates.split(","))]
    except ValueError:
        raise ValueError(f"{dates!r} is not a list of dates such as 20261225") from None
