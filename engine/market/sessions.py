"""The trading calendar of an instrument: the trading day of an instant, its open, close and breaks.

The number of a trading day is the number of its date, counted from 1970-01-01. With 24x7 sessions a day lasts from
00:00 to 00:00 in the instrument's time zone, 23 or 25 hours on a change of the clocks. With exchange hours it lasts
from open to close and may open on the previous evening ("1700-1700"); weekends and holidays have no trading day. A day
with breaks ("0900-1130,1230-1500") is one trading day of several spans. A time zone that skipped a whole date (Samoa in
2011) is not supported.
"""

import re
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


Hours = tuple[tuple[int, int], ...]
"""Open and close of each span of a trading day in minutes after 00:00 of its date, below 0 on the previous date."""

ROUND_THE_CLOCK: Hours = ((0, DAY_MINUTES),)
EVERY_DAY: tuple[bool, ...] = (True,) * 7


class TradingDay(NamedTuple):
    """One trading day; instants are epoch milliseconds, ends are exclusive. `spans` is empty on any other date."""

    number: int
    start_ms: int
    end_ms: int
    spans: tuple[tuple[int, int], ...]

    @property
    def traded_ms(self) -> int:
        """Length of the day without its breaks."""
        return sum(end - start for start, end in self.spans)

    @property
    def minutes(self) -> int:
        """Length of the day without its breaks, in minutes."""
        return self.traded_ms // MINUTE_MS

    def elapsed_ms(self, instant_ms: int) -> int:
        """Return the trading time from the open to an instant, without breaks."""
        return sum(min(instant_ms, end) - start for start, end in self.spans if start < instant_ms)

    def instant_ms(self, elapsed_ms: int) -> int:
        """Return the instant with a given trading time since the open; the inverse of `elapsed_ms`."""
        for start, end in self.spans:
            if elapsed_ms < end - start:
                return start + elapsed_ms
            elapsed_ms -= end - start
        return self.end_ms + elapsed_ms

    def span_at(self, instant_ms: int) -> tuple[int, int]:
        """Return open and close of the span that contains an instant; in a break, of the next span."""
        for span in self.spans:
            if instant_ms < span[1]:
                return span
        return self.spans[-1]


class Spans(NamedTuple):
    """Opens and closes of spans in epoch milliseconds, two arrays of the same shape."""

    starts: Ints
    ends: Ints

    @property
    def minutes(self) -> Ints:
        """Length of each span."""
        return (self.ends - self.starts) // MINUTE_MS

    def traded(self) -> "Spans":
        """Return the spans with trading in ascending order."""
        has_length = self.ends > self.starts
        return Spans(self.starts[has_length], self.ends[has_length])

    def counts(self, times: Ints) -> Ints:
        """Return how many of ascending times each span has, with those up to the next span.

        The first span also has the times before it. `np.repeat(spans.starts, spans.counts(times))` is the open at each
        time.
        """
        first_times = np.searchsorted(times, self.starts)
        first_times[0] = 0
        return np.diff(first_times, append=len(times))


class Calendar:
    """The trading days of one session, from 1970 to 9998.

    Args:
        timezone: Name in the IANA database.
        hours: Hours of a regular trading day.
        weekdays: For each weekday from Sunday whether it is a trading day.
        special: Exceptions by day number: other hours, or None for a holiday.

    Attributes:
        special_hours: The other hours by day number, ascending.
    """

    def __init__(
        self,
        timezone: str,
        hours: Hours = ROUND_THE_CLOCK,
        weekdays: tuple[bool, ...] = EVERY_DAY,
        special: Mapping[int, Hours | None] | None = None,
    ) -> None:
        self._zone = ZoneInfo(timezone)
        self._hours, self._weekdays, self._special = hours, weekdays, dict(special or {})
        self.special_hours = {day: hours for day, hours in sorted(self._special.items()) if hours}
        self._added = np.array([*self.special_hours], dtype=np.int64)
        self._holidays = np.array([day for day, hours in self._special.items() if not hours], dtype=np.int64)
        self._max_spans = max(map(len, (hours, *self.special_hours.values())))
        self._block = lru_cache(MAX_CACHED_BLOCKS)(self._spans_of_block)
        self._recent = self._next = TradingDay(0, 0, 0, ())

    def day(self, number: int) -> TradingDay:
        """Return a date as a trading day; it has no length when it is no trading day."""
        starts, ends = (edges[0].tolist() for edges in self.spans(number, number + 1))
        spans = tuple(span for span in zip(starts, ends, strict=True) if span[0] < span[1])
        return TradingDay(number, starts[0], ends[-1], spans)

    def day_at(self, instant_ms: int) -> TradingDay:
        """Return the trading day that contains an instant; while the market is closed, the previous one."""
        if not self._recent.start_ms <= instant_ms < self._next.start_ms:
            number = self._local_date(instant_ms) + 1
            while not self._is_trading(number) or self.day(number).start_ms > instant_ms:
                number -= 1
            self._recent, self._next = self.day(number), self.next_day(number)
        return self._recent

    def next_day(self, number: int) -> TradingDay:
        """Return the first trading day after a date."""
        number += 1
        while not self._is_trading(number):
            number += 1
        return self.day(number)

    def session(self, instant_ms: int) -> tuple[int, int]:
        """Return the open of the span that contains an instant, else of the next span, and the close of its day.

        A break closes the market without ending the session.
        """
        day = self.day_at(instant_ms)
        if instant_ms >= day.end_ms:
            day = self._next
        return day.span_at(instant_ms)[0], day.end_ms

    def next_open_ms(self, instant_ms: int) -> int:
        """Return the first open of a span after an instant."""
        day = self.day_at(instant_ms)
        opens = (start for start, _ in day.spans if start > instant_ms)
        return next(opens, self._next.start_ms)

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
        spans = self.day_at(instant_ms).spans
        return min(instant_ms, next(end for start, end in reversed(spans) if start <= instant_ms) - 1)

    def date_of(self, instant_ms: int) -> int:
        """Return the number of the trading day that contains an instant; while closed, of the local date."""
        day = self.day_at(instant_ms)
        return day.number if instant_ms < day.end_ms else self._local_date(instant_ms)

    def are_trading(self, days: Ints) -> Bools:
        """Return for each day number whether it is a trading day."""
        regular: Bools = np.array(self._weekdays)[(days + THURSDAY) % 7]
        return (regular | np.isin(days, self._added)) & ~np.isin(days, self._holidays)

    def edges(self, first: int, last: int) -> Spans:
        """Return opens and closes of the dates `first` to `last`, exclusive; both are equal without trading."""
        starts, ends = self.spans(first, last)
        return Spans(starts[:, 0], ends[:, -1])

    def spans(self, first: int, last: int) -> Spans:
        """Return the spans of the dates `first` to `last`, exclusive; arrays of shape (dates, spans).

        Open and close of a span that a date does not have are equal.
        """
        blocks = [self._block(index) for index in range(first // BLOCK_DAYS, max(last - 1, first) // BLOCK_DAYS + 1)]
        edges = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        kept = edges[first % BLOCK_DAYS :][: last - first]
        return Spans(kept[:, 0::2], kept[:, 1::2])

    def _local_date(self, instant_ms: int) -> int:
        return datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(self._zone).toordinal() - EPOCH

    def _is_trading(self, number: int) -> bool:
        if number in self._special:
            return self._special[number] is not None
        return self._weekdays[(number + THURSDAY) % 7]

    def _spans_of_block(self, index: int) -> Ints:
        """Return alternating opens and closes of the dates of a block, shape (BLOCK_DAYS, n)."""
        first = index * BLOCK_DAYS
        numbers, offsets = np.arange(first, first + BLOCK_DAYS), self._offsets(first)
        edges: Ints = (numbers * DAY_MS - offsets[:-1]).reshape(-1, 1) + np.array(
            self._minutes(self._hours)
        ) * MINUTE_MS
        changed = (np.flatnonzero(np.diff(offsets)) + first).tolist()
        for number in {*changed, *(number for number in self.special_hours if first <= number < first + BLOCK_DAYS)}:
            edges[number - first] = self._instants(number)
        closed = ~self.are_trading(numbers)
        edges[closed] = edges[closed, :1]
        return edges

    def _offsets(self, first: int) -> Ints:
        """Return the UTC offset in milliseconds at the open of each date of a block and of the date after it."""
        opening, one_day = datetime.fromordinal(EPOCH + first) + timedelta(minutes=self._hours[0][0]), timedelta(days=1)
        milliseconds: dict[timedelta | None, int] = {}
        found = []
        for _ in range(BLOCK_DAYS + 1):
            offset = self._zone.utcoffset(opening)
            if offset not in milliseconds:
                milliseconds[offset] = int(offset.total_seconds() * 1000) if offset else 0
            found.append(milliseconds[offset])
            opening += one_day
        return np.array(found, dtype=np.int64)

    def _minutes(self, hours: Hours) -> list[int]:
        """Return alternating opens and closes of a date; the last value is repeated for the missing spans."""
        minutes = [minute for span in hours for minute in span]
        return minutes + minutes[-1:] * (2 * self._max_spans - len(minutes))

    def _instants(self, number: int) -> list[int]:
        """Return the instants of `_minutes` on a date, ascending."""
        minutes = self._minutes(self.special_hours.get(number, self._hours))
        return list(accumulate((self._instant(number, minute) for minute in minutes), max))

    def _instant(self, number: int, minute: int) -> int:
        """Return the instant of a local time; a time skipped by a clock change has the offset before the change."""
        offset = self._zone.utcoffset(datetime.fromordinal(EPOCH + number) + timedelta(minutes=minute))
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
    hours, weekdays = ROUND_THE_CLOCK, EVERY_DAY
    if session != ALWAYS:
        text, _, days = session.partition(":")
        if set(days) - set("1234567"):
            raise ValueError(f"session: {days!r} is not a list of days from 1 (Sunday) to 7 (Saturday)")
        hours, weekdays = read_hours(text), tuple(day in (days or WORKDAYS) for day in "1234567")
    special: dict[int, Hours | None] = {}
    for entry in filter(None, corrections.split(";")):
        text, _, dates = entry.partition(":")
        special |= dict.fromkeys(_days(dates), read_hours(text))
    special |= dict.fromkeys(_days(holidays), None)
    every = [hours, *filter(None, special.values())]
    if max(one[-1][1] for one in every) > min(one[0][0] for one in every) + DAY_MINUTES:
        raise ValueError("corrections: a session begins before the one of the day before has ended")
    return Calendar(timezone, hours, weekdays, special)


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
    return tuple(spans)


def _read_span(text: str, part: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]\d|2[0-4])([0-5]\d)-([01]\d|2[0-4])([0-5]\d)", part)
    if found is None:
        raise ValueError(f"session: {text!r} is not hours such as 0930-1600 or 0900-1130,1230-1500")
    start, end = (int(found[index]) * 60 + int(found[index + 1]) for index in (1, 3))
    if start == end == 0:
        end = DAY_MINUTES
    return (start if start < end else start - DAY_MINUTES), end


def _days(dates: str) -> list[int]:
    """Read "20260101,20261225" as day numbers."""
    try:
        if not re.fullmatch(r"[0-9,]*", dates):
            raise ValueError
        return [date.fromisoformat(one).toordinal() - EPOCH for one in filter(None, dates.split(","))]
    except ValueError:
        raise ValueError(f"{dates!r} is not a list of dates such as 20261225") from None
