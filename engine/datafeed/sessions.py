"""The calendar of an instrument: which trading day an instant belongs to, and when that day opens and closes.

A trading day is known by the number of its date, days since 1970-01-01. With 24x7 sessions it lasts from 00:00
to 00:00 in the instrument's time zone: 23 or 25 hours where the clocks change. With an exchange's hours it lasts from
open to close, and may begin on the evening before ("1700-1700"); weekends and holidays have no trading day. Time zones
that once left out a whole date (Samoa in 2011) are not supported.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DAY_MS = 86_400_000
MINUTE_MS = 60_000

EPOCH = date(1970, 1, 1).toordinal()
BLOCK_DAYS = 256
CACHED_BLOCKS = 256
DAY_MINUTES = 1440
SHORTEST_SESSION_MINUTES = 60

ALWAYS = "24x7"
WORKDAYS = "23456"
"""TradingView's days of a session that names none: 1 is Sunday, 7 Saturday."""

THURSDAY = 4
"""TradingView's 0-based number of the weekday of 1970-01-01, Sunday being 0."""


class Hours(NamedTuple):
    """When a trading day opens and closes: minutes after 00:00 of its date; an opening below 0 is on the day before."""

    start: int
    end: int


ROUND_THE_CLOCK = Hours(0, DAY_MINUTES)


class TradingDay(NamedTuple):
    """One trading day: its number, and its instants in epoch milliseconds, the end excluded."""

    number: int
    start_ms: int
    end_ms: int

    @property
    def minutes(self) -> int:
        """Length of the day; 0 for a date without trading."""
        return (self.end_ms - self.start_ms) // MINUTE_MS


class Edges(NamedTuple):
    """Opens and closes of consecutive dates, epoch milliseconds; equal where there is no trading."""

    starts: Ints
    ends: Ints


class Week(NamedTuple):
    """A session as it is every week: its hours, and for each day from Sunday on whether it is one of trading."""

    hours: Hours
    days: tuple[bool, ...]


EVERY_DAY = Week(ROUND_THE_CLOCK, (True,) * 7)


class Calendar:
    """Trading days of one time zone. Days before 1970 and after 9998 do not exist.

    Args:
        timezone: Its name in the IANA database.
        week: The regular session.
        special: Dates that differ, by day number: other hours, or None for a holiday.
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
        self._block = lru_cache(CACHED_BLOCKS)(self._edges_of_block)
        self._recent = self._next = TradingDay(0, 0, 0)

    def day(self, number: int) -> TradingDay:
        """Return a date by its number; without trading it has no length."""
        starts, ends = self.edges(number, number + 1)
        return TradingDay(number, int(starts[0]), int(ends[0]))

    def day_at(self, instant_ms: int) -> TradingDay:
        """Return the trading day that holds an instant (epoch milliseconds), the one before it when it is closed."""
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
        """Return open and close (excluded) of the session that holds an instant, or of the next one."""
        day = self.day_at(instant_ms)
        if instant_ms >= day.end_ms:
            day = self._next
        return day.start_ms, day.end_ms

    def known(self, instant_ms: int) -> int:
        """Return the newest instant of trading at or before an instant."""
        return min(instant_ms, self.day_at(instant_ms).end_ms - 1)

    def are_trading(self, days: Ints) -> NDArray[np.bool_]:
        """Return for each date whether it is a trading day."""
        if self._is_daily:
            return np.ones(len(days), dtype=np.bool_)
        regular = np.array(self._week.days)[(days + THURSDAY) % 7]
        return (regular | _is_in(days, self._added)) & ~_is_in(days, self._holidays)

    def edges(self, first: int, last: int) -> Edges:
        """Return opens and closes of the dates `first` to `last`, the last excluded."""
        blocks = [self._block(index) for index in range(first // BLOCK_DAYS, max(last - 1, first) // BLOCK_DAYS + 1)]
        skipped = first % BLOCK_DAYS
        kept = slice(skipped, skipped + last - first)
        if len(blocks) == 1:
            return Edges(blocks[0].starts[kept], blocks[0].ends[kept])
        starts, ends = (np.concatenate(columns)[kept] for columns in zip(*blocks, strict=True))
        return Edges(starts, ends)

    def early_closes(self) -> list[tuple[int, Hours]]:
        """Return the days with hours of their own, by day number, ascending."""
        return sorted((day, hours) for day, hours in self._special.items() if hours)

    def _is_trading(self, number: int) -> bool:
        if number in self._special:
            return self._special[number] is not None
        return self._week.days[(number + THURSDAY) % 7]

    def _edges_of_block(self, index: int) -> Edges:
        numbers = np.arange(index * BLOCK_DAYS, (index + 1) * BLOCK_DAYS)
        hours, offsets = self._week.hours, self._offsets(index * BLOCK_DAYS)
        starts = numbers * DAY_MS + hours.start * MINUTE_MS - offsets[:-1]
        ends = starts + (hours.end - hours.start) * MINUTE_MS
        for place in np.flatnonzero(offsets[1:] != offsets[:-1]).tolist():
            ends[place] = self._instant(int(numbers[place]), hours.end)
        known = self._special_days
        for number in known[bisect_left(known, numbers[0]) : bisect_left(known, numbers[-1] + 1)]:
            other, place = self._special[number], number - index * BLOCK_DAYS
            if other:
                starts[place], ends[place] = (self._instant(number, minute) for minute in other)
        closed = ~self.are_trading(numbers)
        ends[closed] = starts[closed]
        return Edges(starts, ends)

    def _offsets(self, first: int) -> Ints:
        """Return the offset from UTC in milliseconds at the open of the dates of a block and of the one after it."""
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
        """Return the instant of a local time; one that the clocks skip takes the offset before the change."""
        local = datetime.fromordinal(EPOCH + number) + timedelta(minutes=minute)
        offset = self._zone.utcoffset(local)
        assert offset is not None
        return number * DAY_MS + minute * MINUTE_MS - offset // timedelta(milliseconds=1)


def read_calendar(timezone: str, session: str, holidays: str = "", corrections: str = "") -> Calendar:
    """Return the calendar of a session in TradingView's notation.

    Args:
        timezone: Its name in the IANA database.
        session: "0930-1600", "1700-1700:23456", "24x7".
        holidays: Dates without trading, "20260101,20261225".
        corrections: Days with other hours, "0930-1300:20261127,20261224;1000-1600:20260105".

    Raises:
        ValueError: With a line that names what cannot be read.
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
    """Read "0930-1600"; where the end is not after the start, the start is on the day before. Raises: ValueError."""
    found = re.fullmatch(r"([01]\d|2[0-4])([0-5]\d)-([01]\d|2[0-4])([0-5]\d)", text)
    if found is None:
        raise ValueError(f"session: {text!r} is not one span of hours such as 0930-1600")
    start, end = (int(found[index]) * 60 + int(found[index + 1]) for index in (1, 3))
    if start == end == 0:
        end = DAY_MINUTES
    if end <= start:
        start -= DAY_MINUTES
    if max(start, end) > DAY_MINUTES or end - start < SHORTEST_SESSION_MINUTES:
        raise ValueError(f"session: {text!r} is shorter than {SHORTEST_SESSION_MINUTES} minutes or ends after 2400")
    return Hours(start, end)


def _is_in(days: Ints, few: Ints) -> NDArray[np.bool_]:
    """Return for each day whether it is one of a few, which are sorted."""
    if not len(few):
        return np.zeros(len(days), dtype=np.bool_)
    found: NDArray[np.bool_] = few[np.minimum(np.searchsorted(few, days), len(few) - 1)] == days
    return found


def _days(dates: str) -> list[int]:
    """Read "20260101,20261225" as day numbers."""
    try:
        return [datetime.strptime(one, "%Y%m%d").toordinal() - EPOCH for one in filter(None, dates.split(","))]
    except ValueError:
        raise ValueError(f"{dates!r} is not a list of dates such as 20261225") from None
