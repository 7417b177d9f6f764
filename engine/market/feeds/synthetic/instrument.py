"""The synthetic market of one instrument at an instant.

Every answer uses only prints and closed bars at or before the requested instant. Caches hold values of a pure function,
so an answer does not depend on earlier requests. The prices come from bar_hierarchy.py; scenario_overlay.py changes
them.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.market.bars import BarGroups, appended, joined, period_of, period_start, periods_of, whole_bar
from engine.market.feeds.feed import BarsRequest, InstrumentFeed, NoPrice
from engine.market.feeds.synthetic.bar_hierarchy import (
    DAILY,
    LEVELS,
    ORIGIN_DAY,
    PRINTS_PER_MINUTE,
    BarHierarchy,
    BlockCaches,
    PrintBlock,
)
from engine.market.feeds.synthetic.price_search import PriceSearch, SearchSteps
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar, TradingDay
from engine.models.market.arrays import Bools, Ints, Words
from engine.models.market.bars import NO_BARS, BarColumns, BarRow
from engine.models.market.instruments import RESOLUTION_MINUTES, Instrument
from engine.models.market.quotes import PRINT_MS, Band, Print, Quote, QuoteBands

MAX_PRINTS = 50
"""Prints between two ticks against which orders are matched: all of them up to a clock speed of 50."""

MAX_RANGE_MS = 600_000
"""Market time before a tick from which prints are used. A longer range is a pause; the fastest clock has 200 s."""


class Minute(NamedTuple):
    """A minute of trading, numbered from the open of the day, and its row in a block of prints."""

    start_ms: int
    day: TradingDay
    number: int
    prints: PrintBlock
    row: int

    def has(self, instant_ms: int) -> bool:
        """Whether it contains an instant."""
        return 0 <= instant_ms - self.start_ms < MINUTE_MS

    @property
    def minutes_of_span(self) -> int:
        """Minutes since the open of the span."""
        return (self.start_ms - self.day.span_at(self.start_ms)[0]) // MINUTE_MS


class ClosedPart(NamedTuple):
    """The part of a forming bar before the current minute, which starts at `end_ms`; no row without any trading."""

    end_ms: int
    time_ms: int
    row: BarRow | None


class SyntheticPrint(NamedTuple):
    """One print: its instant, its price in price units, and its random word."""

    time_ms: int
    last: int
    noise: int


def bid_distance(spread_ticks: int, noise: int) -> int:
    """Return the ticks between bid and last price; the last price is near the middle of bid and ask."""
    places = min(spread_ticks, 2) + 1
    return (spread_ticks - places + 1) // 2 + ((noise & 0xFFFF) * places >> 16)


class SyntheticInstrument(InstrumentFeed):
    """The feed of one instrument without scenarios; the caches are those of the whole feed.

    Attributes:
        search: Finds last prices in the future of the current instant; for clocks that skip time.
    """

    def __init__(self, seed: int, instrument: Instrument, calendar: Calendar, caches: BlockCaches) -> None:
        self._hierarchy = BarHierarchy(seed, instrument, calendar, caches)
        super().__init__(instrument, calendar, self._hierarchy.stagger)
        self.search = PriceSearch(self._hierarchy, calendar, instrument.minmov)
        self._origin_ms = calendar.next_day(ORIGIN_DAY - 1).start_ms
        self._tick = instrument.minmov
        self._spread = instrument.spread_ticks
        displayed = instrument.displayed_units
        self._lots = None if displayed is None else displayed // instrument.qty_step
        self._minute: Minute | None = None
        self._newest: tuple[int, Quote] | None = None
        self._last_minute: tuple[tuple[int, int], BarRow] | None = None
        self._closed_parts: dict[str, ClosedPart] = {}

    def quote(self, now_ms: int) -> Quote:
        """Return the quote at the print of `now_ms`; the newest quote is cached. Raises: NoPrice before 1990."""
        number, newest = now_ms // PRINT_MS, self._newest
        if newest is None or newest[0] != number:
            newest = self._newest = number, self._computed_quote(number)
        return newest[1]

    def prepare_quote(self, now_ms: int) -> Iterator[None]:
        """Compute the blocks that `quote` needs; yield after each block."""
        now_ms = self.calendar.last_traded_ms(now_ms)
        minute = self._minute
        if now_ms < self._origin_ms or (minute is not None and minute.has(now_ms)):
            return
        day = self.calendar.day_at(now_ms)
        yield from self._hierarchy.prepare(day.number - ORIGIN_DAY, day.elapsed_ms(now_ms) // MINUTE_MS)

    def print_at(self, now_ms: int) -> SyntheticPrint:
        """Return the print of `now_ms`. Raises: NoPrice before 1990."""
        minute, index = self._locate(now_ms)
        prints, row = minute.prints, minute.row
        last = prints.price.item(row, index) * self._tick
        return SyntheticPrint(minute.start_ms + index * PRINT_MS, last, prints.noise.item(row, index))

    def sizes(self, noise: int) -> tuple[int | None, int | None]:
        """Return the quantities at bid and ask of a print, from one to two times the displayed size if there is one."""
        step, lots, size = self.instrument.qty_step, self._lots, self.instrument.displayed_units
        if lots is None or size is None:
            return None, None
        return size + (lots * (noise >> 16 & 0xFF) >> 8) * step, size + (lots * (noise >> 24 & 0xFF) >> 8) * step

    def prints_between(self, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return the prints after `since_ms` up to `until_ms`, thinned evenly."""
        return thinned_prints(self.quote, since_ms, until_ms)

    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that contains `now_ms`, as it is at `now_ms`. Raises: NoPrice before 1990."""
        minute, index = self._locate(now_ms)
        part = self._closed_part(resolution, minute)
        prints, row, tick = minute.prints, minute.row, self._tick
        open_, close = prints.price.item(row, 0) * tick, prints.price.item(row, index) * tick
        high, low = prints.high.item(row, index) * tick, prints.low.item(row, index) * tick
        return joined(part.row, BarRow(part.time_ms, open_, high, low, close, prints.volume.item(row, index)))

    def last_bars(self, request: BarsRequest) -> BarColumns:
        """Return the requested bars; fewer at the beginning of history."""
        resolution, count, to_ms, now_ms = request
        if now_ms < self._origin_ms or count < 1:
            return NO_BARS
        forming = self.forming_bar(resolution, now_ms)
        limit_ms = min(to_ms, forming.time_ms)
        is_forming_wanted = forming.time_ms < to_ms
        closed_count = count - is_forming_wanted
        groups = self._groups(resolution, self._first_day(resolution, closed_count, limit_ms), limit_ms)
        # The groups may continue after the forming bar; those bars are not read.
        end = int(np.searchsorted(groups.times, limit_ms))
        columns = groups.columns(max(end - closed_count, 0), end, self._tick)
        return appended(columns, forming if is_forming_wanted else None)

    def bar_between(self, from_ms: int, to_ms: int) -> BarRow | None:
        """Return all prints of a range as one bar, None without any; the cost grows with the days in the range.

        The caller ends the range at or before the current instant and begins it at a print.
        """
        bar: BarRow | None = None
        day = self.calendar.day_at(max(from_ms, self._origin_ms))
        while day.start_ms < to_ms:
            first, last = (-(-day.elapsed_ms(instant_ms) // PRINT_MS) for instant_ms in (from_ms, to_ms))
            for part in self._parts_of_day(day, first, last):
                if part is not None:
                    bar = joined(bar, part._replace(time_ms=from_ms))
            day = self.calendar.next_day(day.number)
        return bar

    def first_outside(self, begin_ms: int, end_ms: int, bands: QuoteBands) -> SearchSteps:
        """Search for the first print with a price outside of its band; see `Market.first_outside`."""
        spread = self._spread * self._tick
        # The last price lies between bid and ask.
        low = max(bands.bid.low + spread, bands.ask.low, bands.last.low)
        high = min(bands.bid.high, bands.ask.high - spread, bands.last.high)
        return self.search.first_outside(begin_ms, end_ms, Band(low, high), partial(self._are_outside, bands))

    def _are_outside(self, bands: QuoteBands, prices: Ints, noise: Words) -> Bools:
        """Return for each print, of a price in ticks and a random word, whether its quote is outside of the bands."""
        last, spread = prices * self._tick, self._spread
        places = min(spread, 2) + 1
        distances = (spread - places + 1) // 2 + ((noise.astype(np.int64) & 0xFFFF) * places >> 16)
        bid = last - distances * self._tick
        ask = bid + spread * self._tick
        found: Bools = np.zeros(len(last), dtype=np.bool_)
        for price, band in ((bid, bands.bid), (ask, bands.ask), (last, bands.last)):
            found |= (price <= band.low) | (price >= band.high)
        return found

    def prepare(self, request: BarsRequest) -> Iterator[None]:
        """Compute the blocks that `last_bars` needs; yield after each block."""
        resolution, count, to_ms, now_ms = request
        if now_ms < self._origin_ms:
            return
        limit_ms = min(to_ms, self.forming_bar(resolution, now_ms).time_ms)
        yield
        level = _level(resolution)
        first = max(self._first_day(resolution, count, limit_ms), ORIGIN_DAY)
        last = limit_ms // DAY_MS if level == DAILY else self._day_before(limit_ms)
        for day in range(first - ORIGIN_DAY, last - ORIGIN_DAY + 1, self._hierarchy.block_days(level)):
            self._hierarchy.bars(level, day, day + 1)
            yield

    def _parts_of_day(self, day: TradingDay, first: int, last: int) -> Iterator[BarRow | None]:
        """Yield the prints `first` to `last`, exclusive, of a day as few bars; None for an empty part."""
        number, tick = day.number - ORIGIN_DAY, self._tick
        if (first, last) == (0, day.minutes * PRINTS_PER_MINUTE):
            yield whole_bar(0, self._hierarchy.bars(DAILY, number, number + 1), tick)
            return
        (minute, begin), (end_minute, end) = divmod(first, PRINTS_PER_MINUTE), divmod(last, PRINTS_PER_MINUTE)
        if minute == end_minute:
            yield self._bar_of_prints(number, minute, begin, end)
            return
        if begin:
            yield self._bar_of_prints(number, minute, begin, PRINTS_PER_MINUTE)
            minute += 1
        yield whole_bar(0, self._hierarchy.bars(1, number, number + 1)[:, minute:end_minute], tick)
        yield self._bar_of_prints(number, end_minute, 0, end)

    def _bar_of_prints(self, day: int, minute: int, begin: int, end: int) -> BarRow | None:
        """Return the prints `begin` to `end`, exclusive, of a minute as one bar; None without any."""
        if begin >= end:
            return None
        block = self._hierarchy.prints(day, minute)
        row = minute - block.first
        prices = block.price[row, begin:end] * self._tick
        volume = block.volume.item(row, end - 1) - (block.volume.item(row, begin - 1) if begin else 0)
        return BarRow(0, prices.item(0), int(prices.max()), int(prices.min()), prices.item(-1), volume)

    def _locate(self, now_ms: int) -> tuple[Minute, int]:
        """Return the last minute of trading at or before an instant, and the index of its newest print."""
        minute = self._minute
        if minute is None or not minute.has(now_ms):
            now_ms = self.calendar.last_traded_ms(now_ms)
            if minute is None or not minute.has(now_ms):
                minute = self._minute = self._load(self.calendar.day_at(now_ms), now_ms)
        index = (now_ms - minute.start_ms) // PRINT_MS
        if index == self._hierarchy.stagger:
            # Symbols compute the prints of their next minute at different prints, so that no tick computes all of them.
            day, next_ms = minute.day, (minute.number + 1) * MINUTE_MS
            if next_ms >= day.traded_ms:
                day, next_ms = self.calendar.next_day(day.number), 0
            self._load(day, day.instant_ms(next_ms))
        return minute, index

    def _load(self, day: TradingDay, instant_ms: int) -> Minute:
        if day.number < ORIGIN_DAY:
            raise NoPrice(self.instrument.name, "1990-01-01")
        number = day.elapsed_ms(instant_ms) // MINUTE_MS
        block = self._hierarchy.prints(day.number - ORIGIN_DAY, number)
        return Minute(day.instant_ms(number * MINUTE_MS), day, number, block, number - block.first)

    def _computed_quote(self, number: int) -> Quote:
        """Return the quote of a print, numbered from 1970."""
        time_ms, last, noise = self.print_at(number * PRINT_MS)
        bid = last - bid_distance(self._spread, noise) * self._tick
        ask = bid + self._spread * self._tick
        return Quote(self.instrument.name, time_ms, bid, ask, last, *self.sizes(noise))

    def _closed_part(self, resolution: str, minute: Minute) -> ClosedPart:
        """Return the part of the bar that contains `minute` before `minute`."""
        part = self._closed_parts.get(resolution)
        if part is not None and part.end_ms == minute.start_ms:
            return part
        minutes = RESOLUTION_MINUTES.get(resolution)
        if minutes is not None and minute.minutes_of_span % minutes == 0:
            part = ClosedPart(minute.start_ms, minute.start_ms, None)
        elif part is not None and part.end_ms == minute.start_ms - MINUTE_MS and minute.number:
            bar = self._closed_minute(minute.day.number - ORIGIN_DAY, minute.number - 1)
            row = joined(part.row, bar._replace(time_ms=part.time_ms))
            part = ClosedPart(minute.start_ms, part.time_ms, row)
        else:
            part = self._computed_part(resolution, minute)
        self._closed_parts[resolution] = part
        return part

    def _closed_minute(self, day: int, number: int) -> BarRow:
        """Return the bar of a minute of a day, with time 0; all resolutions of a symbol ask for the same one."""
        place, last = (day, number), self._last_minute
        if last is None or last[0] != place:
            bar = whole_bar(0, self._hierarchy.bars(1, day, day + 1)[:, number : number + 1], self._tick)
            assert bar is not None
            last = self._last_minute = place, bar
        return last[1]

    def _computed_part(self, resolution: str, minute: Minute) -> ClosedPart:
        """Aggregate the closed minutes and days of the bar that contains `minute`."""
        day = minute.day.number - ORIGIN_DAY
        bars = self._hierarchy.bars(1, day, day + 1)[:, : minute.number]
        if resolution in RESOLUTION_MINUTES:
            closed = minute.minutes_of_span % RESOLUTION_MINUTES[resolution]
            time_ms, bars = minute.start_ms - closed * MINUTE_MS, bars[:, minute.number - closed :]
        else:
            begin = period_start(resolution, period_of(resolution, minute.day.number))
            days, before = self._trading_days(max(begin, ORIGIN_DAY), minute.day.number)
            time_ms = (int(days[0]) if len(days) else minute.day.number) * DAY_MS
            bars = np.concatenate((before, bars), axis=1)
        return ClosedPart(minute.start_ms, time_ms, whole_bar(time_ms, bars, self._tick))

    def _day_before(self, limit_ms: int) -> int:
        """Return the number of the last trading day that opens before `limit_ms`."""
        return self.calendar.day_at(max(limit_ms - 1, self._origin_ms)).number

    def _first_day(self, resolution: str, count: int, limit_ms: int) -> int:
        """Return a day with at least `count` bars between it and `limit_ms`, or the first day of history."""
        is_intraday = resolution in RESOLUTION_MINUTES
        last = self._day_before(limit_ms) if is_intraday else (limit_ms - 1) // DAY_MS + 1
        days = 16
        while True:
            first = max(last - days, ORIGIN_DAY)
            counts = np.cumsum(self._bars_begun(resolution, first, max(last, first))[::-1])
            found = int(np.searchsorted(counts, count))
            if found < len(counts):
                day = last - found - 1
                return day if is_intraday else period_start(resolution, period_of(resolution, day))
            if first == ORIGIN_DAY:
                return first
            days *= 4

    def _bars_begun(self, resolution: str, first: int, last: int) -> Ints:
        """Return the number of bars that begin on each date from `first` to `last`, exclusive."""
        if resolution in RESOLUTION_MINUTES:
            minutes = self.calendar.spans(first, last).minutes
            found: Ints = -(-minutes // RESOLUTION_MINUTES[resolution]).sum(axis=1)
            return found
        days = np.arange(first, last, dtype=np.int64)
        begun = self.calendar.are_trading(days).astype(np.int64)
        trading = np.flatnonzero(begun)
        begun[trading] = np.diff(periods_of(resolution, days[trading]), prepend=-1) != 0
        return begun

    def _groups(self, resolution: str, first: int, limit_ms: int) -> BarGroups:
        """Return the bars from the day `first` to the last one before `limit_ms`, and maybe some after it."""
        first = max(first, ORIGIN_DAY)
        if resolution in RESOLUTION_MINUTES:
            return self._intraday_groups(resolution, first, max(self._day_before(limit_ms) + 1, first))
        end = max(first, period_start(resolution, period_of(resolution, (limit_ms - 1) // DAY_MS) + 1))
        days, bars = self._trading_days(first, end)
        starts = np.flatnonzero(np.diff(periods_of(resolution, days), prepend=-1))
        return BarGroups(days[starts] * DAY_MS, starts, bars)

    def _intraday_groups(self, resolution: str, first: int, last: int) -> BarGroups:
        """Return the intraday bars of whole days, the last day exclusive."""
        minutes, level = RESOLUTION_MINUTES[resolution], _level(resolution)
        opens, closes = self.calendar.spans(first, last).traded()
        lengths = (closes - opens) // MINUTE_MS
        counts, finer_counts = -(-lengths // minutes), -(-lengths // level)
        numbers = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        starts = np.repeat(np.cumsum(finer_counts) - finer_counts, counts) + numbers * (minutes // level)
        times = np.repeat(opens, counts) + numbers * (minutes * MINUTE_MS)
        return BarGroups(times, starts, self._hierarchy.bars(level, first - ORIGIN_DAY, last - ORIGIN_DAY))

    def _trading_days(self, first: int, end: int) -> tuple[Ints, Ints]:
        """Return the numbers and the bars of the trading days from `first` to `end`, exclusive."""
        days = np.arange(first, end, dtype=np.int64)
        bars = self._hierarchy.bars(DAILY, first - ORIGIN_DAY, end - ORIGIN_DAY)
        is_trading = self.calendar.are_trading(days)
        return (days, bars) if is_trading.all() else (days[is_trading], bars[:, is_trading])


def thinned_prints(quote: Callable[[int], Quote], since_ms: int, until_ms: int) -> Sequence[Print] | None:
    """Return the quotes after `since_ms` up to `until_ms`; of more than `MAX_PRINTS` every second, third and so on.

    None when there is at most one print.
    """
    last = until_ms // PRINT_MS
    first = max(since_ms // PRINT_MS + 1, last - MAX_RANGE_MS // PRINT_MS + 1)
    if first >= last:
        return None
    stride = -(-(last - first + 1) // MAX_PRINTS)
    numbers = range(last, first - 1, -stride)[::-1]
    # Without trading, every quote is that of the last instant of trading.
    quotes = {one.time_ms: one for one in (quote(number * PRINT_MS) for number in numbers)}
    return [Print(one, is_past=True) for time_ms, one in quotes.items() if time_ms > since_ms]


def _level(resolution: str) -> int:
    """Return the coarsest level whose bars make the bars of a resolution."""
    minutes = RESOLUTION_MINUTES.get(resolution)
    return DAILY if minutes is None else next(level for level in LEVELS if minutes % level == 0)
