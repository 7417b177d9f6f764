"""The calendar of an instrument: which trading day an instant belongs to, and when that day starts and ends.

A trading day is known by the number of its date, days since 1970-01-01. With 24x7 sessions it lasts from 00:00
to 00:00 in the instrument's time zone: 23 or 25 hours where the clocks change. Time zones that once left out a whole
date (Samoa in 2011) are not supported.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY_MS = 86_400_000
MINUTE_MS = 60_000

EPOCH = date(1970, 1, 1).toordinal()
BLOCK_DAYS = 256
CACHED_BLOCKS = 256


class TradingDay(NamedTuple):
    """One trading day: its number, and its instants in epoch milliseconds, the end excluded."""

    number: int
    start_ms: int
    end_ms: int

    @property
    def minutes(self) -> int:
        """Length of the day."""
        return (self.end_ms - self.start_ms) // MINUTE_MS


class Calendar:
    """Trading days of one time zone, open around the clock. Days before 1970 and after 9998 do not exist."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._block = lru_cache(CACHED_BLOCKS)(self._starts_of_block)
        self._recent = TradingDay(0, 0, 0)

    def day(self, number: int) -> TradingDay:
        """Return a trading day by its number."""
        start_ms, end_ms = self.starts(number, number + 1).tolist()
        return TradingDay(number, start_ms, end_ms)

    def day_at(self, instant_ms: int) -> TradingDay:
        """Return the trading day that holds an instant (epoch milliseconds)."""
        recent = self._recent
        if recent.start_ms <= instant_ms < recent.end_ms:
            return recent
        local = datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(self._zone)
        recent = self._recent = self.day(local.toordinal() - EPOCH)
        return recent

    def starts(self, first: int, last: int) -> NDArray[np.int64]:
        """Return the starts of the days `first` to `last`, both included, in epoch milliseconds."""
        blocks = [self._block(index) for index in range(first // BLOCK_DAYS, last // BLOCK_DAYS + 1)]
        joined = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        skipped = first % BLOCK_DAYS
        return joined[skipped : skipped + last - first + 1]

    def _starts_of_block(self, index: int) -> NDArray[np.int64]:
        first = index * BLOCK_DAYS
        midnight = datetime.fromordinal(EPOCH + first)
        zone, one_day = self._zone, timedelta(days=1)
        starts = np.empty(BLOCK_DAYS, dtype=np.int64)
        for day in range(BLOCK_DAYS):
            # A midnight that the clocks skip takes the offset before the change: the first instant of the date.
            offset = zone.utcoffset(midnight)
            assert offset is not None
            starts[day] = (first + day) * DAY_MS - offset // timedelta(milliseconds=1)
            midnight += one_day
        return starts
