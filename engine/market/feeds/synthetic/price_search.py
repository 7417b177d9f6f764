"""Search for a price in the synthetic market of one instrument, from days down to prints.

A day, an hour or a minute whose range lies inside the band has no print outside of it, and is skipped as a whole. So
the cost of a search grows with the time that the price spends near the edges of the band. Called by instrument.py and
scenario_overlay.py.
"""

from collections.abc import Callable, Generator, Iterator
from functools import lru_cache

import numpy as np

from engine.market.feeds.synthetic.bar_hierarchy import DAILY, ORIGIN_DAY, BarHierarchy
from engine.market.sessions import MINUTE_MS, Calendar, TradingDay
from engine.models.market.arrays import Bools, Ints, Words
from engine.models.market.quotes import PRINT_MS, Band

SearchSteps = Generator[int, None, int | None]
"""Yields the instant up to which it has searched, after each part of the work; returns an instant, or None."""

PrintRule = Callable[[Ints, Words], Bools]
"""Whether prints, given as prices in ticks and random words, are outside."""

DAYS_AT_ONCE = 32
HOUR, QUARTER = 60, 15
HIGH, LOW = 1, 2
"""Rows of the columns of bars."""


class PriceSearch:
    """Finds last prices of one instrument, in price units.

    Args:
        hierarchy: Its prices in ticks.
        calendar: Its trading days.
        tick: Price units of a tick.
    """

    def __init__(self, hierarchy: BarHierarchy, calendar: Calendar, tick: int) -> None:
        self._hierarchy = hierarchy
        self._calendar = calendar
        self._tick = tick
        self._day = lru_cache(DAYS_AT_ONCE)(calendar.day)

    def first_outside(
        self, begin_ms: int, end_ms: int, band: Band, are_outside: PrintRule | None = None
    ) -> SearchSteps:
        """Search for the first print from `begin_ms` to before `end_ms` whose last price is outside of a band.

        Args:
            begin_ms: First instant of the search.
            end_ms: End of the search, exclusive.
            band: Last prices in price units.
            are_outside: A narrower rule for prints: prices in ticks and random words to whether they are outside.
        """
        if begin_ms >= end_ms:
            return None
        edges = Band(band.low // self._tick, -(-band.high // self._tick))
        rule = are_outside or (lambda prices, _noise: (prices >= edges.high) | (prices <= edges.low))
        day, last = self._calendar.day_at(begin_ms).number, self._calendar.day_at(end_ms - 1).number
        while day <= last:
            after = min(day + DAYS_AT_ONCE, last + 1)
            bars = self._hierarchy.bars(DAILY, day - ORIGIN_DAY, after - ORIGIN_DAY)
            for place in np.flatnonzero(_outside(bars, edges)).tolist():
                one = self._day(day + place)
                if not one.spans:
                    continue
                yield max(one.start_ms, begin_ms)
                found = yield from self._in_day(one, Band(begin_ms, end_ms), edges, rule)
                if found is not None:
                    return found
            day = after
            yield max(min(self._calendar.next_day(day - 1).start_ms, end_ms), begin_ms)
        return None

    def _in_day(self, day: TradingDay, span: Band, edges: Band, rule: PrintRule) -> SearchSteps:
        begin_ms, end_ms = span
        number = day.number - ORIGIN_DAY
        is_candidate = _outside(self._hierarchy.bars(HOUR, number, number + 1), edges).tolist()
        for (first, after), is_outside in zip(_hours(day), is_candidate, strict=True):
            hour_ms = day.instant_ms(first)
            if not is_outside or hour_ms >= end_ms or hour_ms + (after - first) <= begin_ms:
                continue
            yield max(hour_ms, begin_ms)
            self._hierarchy.bars(QUARTER, number, number + 1)
            yield max(hour_ms, begin_ms)
            minutes = self._hierarchy.bars(1, number, number + 1)[:, first // MINUTE_MS : after // MINUTE_MS]
            for place in np.flatnonzero(_outside(minutes, edges)).tolist():
                minute_ms = hour_ms + place * MINUTE_MS
                if minute_ms + MINUTE_MS <= begin_ms or minute_ms >= end_ms:
                    continue
                yield max(minute_ms, begin_ms)
                found = self._in_minute(number, first // MINUTE_MS + place, max(begin_ms - minute_ms, 0), rule)
                if found is not None:
                    found += minute_ms
                    return found if found < end_ms else None
        return None

    def _in_minute(self, day: int, minute: int, from_ms: int, rule: PrintRule) -> int | None:
        """Return when, in milliseconds after its begin, a minute has the first print outside, at or after `from_ms`."""
        block = self._hierarchy.prints(day, minute)
        first = -(-from_ms // PRINT_MS)
        row = minute - block.first
        places = np.flatnonzero(rule(block.price[row, first:], block.noise[row, first:]))
        return (first + int(places[0])) * PRINT_MS if len(places) else None


def _outside(bars: Ints, edges: Band) -> Bools:
    """Return for each bar whether a price of it may be outside."""
    found: Bools = (bars[HIGH] >= edges.high) | (bars[LOW] <= edges.low)
    return found


def _hours(day: TradingDay) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each hourly bar in milliseconds of trading since the open; the last one may be shorter."""
    open_ms = 0
    for start, end in day.spans:
        length = end - start
        for begin in range(0, length, HOUR * MINUTE_MS):
            yield open_ms + begin, open_ms + min(begin + HOUR * MINUTE_MS, length)
        open_ms += length
