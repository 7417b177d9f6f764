"""The market of one synthetic instrument as it is known at an instant: the only reader of `levels`.

Everything answered here is built from prints and closed bars at or before the instant that was asked for. Caches hold
parts of the function's value, never what was looked at: an answer does not depend on the answers before it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.market.bars import MINUTES, aggregated, period_of, period_start, periods_of, runs
from engine.market.depth import ladder
from engine.market.feeds.bar_fitting import CLOSE, HIGH, LOW, OPEN, VOLUME
from engine.market.feeds.bar_hierarchy import ORIGIN_DAY, PRINT_MS, PRINTS, STAGES, Caches, Levels
from engine.market.feeds.daily_bars import BLOCK_DAYS
from engine.market.feeds.feed import NoPrice, Question
from engine.market.feeds.quotes_between import passed_of
from engine.market.feeds.random_source import Ints, Words
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar, TradingDay
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Print, Quote


class Minute(NamedTuple):
    """The prints of one minute, and where it lies; arrays as the rows of `levels.PrintBlock`."""

    start_ms: int
    day: TradingDay
    number: int
    price: Ints
    high: Ints
    low: Ints
    volume: Ints
    noise: Words

    @property
    def place(self) -> int:
        """Minutes since its span of the day was opened."""
        return (self.start_ms - self.day.span_at(self.start_ms)[0]) // MINUTE_MS


_NONE = np.empty(0, dtype=np.int64)
_NONE.setflags(write=False)
NO_BARS = BarColumns(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)
NO_MINUTE = Minute(-MINUTE_MS, TradingDay(0, 0, 0), 0, _NONE, _NONE, _NONE, _NONE, np.empty(0, dtype=np.uint64))


class Part(NamedTuple):
    """What a forming bar holds of the minutes before `known_ms`; prices in ticks, `volume` -1 for no minute at all."""

    known_ms: int
    time_ms: int
    open: int
    high: int
    low: int
    volume: int


class Look(NamedTuple):
    """One print: its instant, its price in price units, and the word behind it."""

    time_ms: int
    last: int
    noise: int


def bid_distance(spread: int, noise: int) -> int:
    """Return how many ticks the bid is below the last price, which lies near the middle of the book."""
    places = min(spread, 2) + 1
    return (spread - places + 1) // 2 + ((noise & 0xFFFF) * places >> 16)


class Tape:
    """The feed of one instrument; the methods are those of `Feed` without the symbol.

    Attributes:
        stagger: Of the instrument, see `Levels`.
    """

    def __init__(self, seed: int, instrument: Instrument, calendar: Calendar, caches: Caches) -> None:
        self._instrument = instrument
        self._calendar = calendar
        self._origin_ms = calendar.next_day(ORIGIN_DAY - 1).start_ms
        self._levels = Levels(seed, instrument, calendar, caches)
        self.stagger = self._levels.stagger
        self._tick = instrument.minmov
        self._spread = instrument.spread_ticks
        self._size = instrument.displayed_units
        self._lots = instrument.displayed_units // instrument.qty_step
        self._minute = NO_MINUTE
        self._quoted: tuple[int, Quote] | None = None
        self._parts: dict[str, Part] = {}
        self._before: tuple[int, list[int]] = (-1, [])
        self._previous: tuple[int, int] = (-1, 0)

    def halted_since(self, now_ms: int) -> int | None:  # noqa: ARG002
        """Return None: the market itself never halts."""
        return None

    def resumed_ms(self, from_ms: int, to_ms: int) -> None:
        """Return None: no halt, no end of one."""

    def quote(self, now_ms: int) -> Quote:
        """Return the market at the print of `now_ms`, the newest one kept: whoever asks before the next gets it."""
        number, quoted = now_ms // PRINT_MS, self._quoted
        if quoted is None or quoted[0] != number:
            time_ms, last, noise = self.look(now_ms)
            bid = last - bid_distance(self._spread, noise) * self._tick
            ask = bid + self._spread * self._tick
            quoted = number, Quote(self._instrument.name, time_ms, bid, ask, last, *self.sizes(noise))
            self._quoted = quoted
        return quoted[1]

    def look(self, now_ms: int) -> Look:
        """Return the print of `now_ms`."""
        minute, index = self._print_at(now_ms)
        return Look(minute.start_ms + index * PRINT_MS, minute.price.item(index) * self._tick, minute.noise.item(index))

    def sizes(self, noise: int) -> tuple[int, int]:
        """Return the quantities shown at bid and ask with a print."""
        step, lots, size = self._instrument.qty_step, self._lots, self._size
        return size + (lots * (noise >> 16 & 0xFF) >> 8) * step, size + (lots * (noise >> 24 & 0xFF) >> 8) * step

    def passed(self, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return the quotes of the prints after `since_ms`, up to `until_ms`; see `passed_of`."""
        return passed_of(self.quote, since_ms, until_ms)

    def depth(self, now_ms: int) -> Depth:
        """Return the book at the print of `now_ms`."""
        return ladder(self._instrument, self.quote(now_ms), self.stagger)

    def day_stats(self, now_ms: int) -> DayStats:
        """Return the running trading day up to `now_ms`."""
        bar = self.forming_bar("1D", now_ms)
        day = self._minute.day
        if self._previous[0] != day.number:
            self._previous = day.number, self._close_before(day)
        return DayStats(bar.open, bar.high, bar.low, self._previous[1] * self._tick, bar.volume)

    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`."""
        minute, index = self._print_at(now_ms)
        part = self._part_at(resolution, minute)
        high, low = minute.high.item(index), minute.low.item(index)
        volume, close = minute.volume.item(index), minute.price.item(index)
        tick = self._tick
        if part.volume < 0:
            return BarRow(part.time_ms, minute.price.item(0) * tick, high * tick, low * tick, close * tick, volume)
        return BarRow(
            part.time_ms,
            part.open * tick,
            max(part.high, high) * tick,
            min(part.low, low) * tick,
            close * tick,
            part.volume + volume,
        )

    def bars(self, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars whose start lies in a range; its cost grows with the range."""
        if now_ms < self._origin_ms:
            return NO_BARS
        forming = self.forming_bar(resolution, now_ms)
        limit = min(to_ms, forming.time_ms)
        if resolution in MINUTES:
            first = self._calendar.day_at(min(max(from_ms, self._origin_ms), now_ms)).number
        else:
            first = period_start(resolution, period_of(resolution, min(max(from_ms, 0), now_ms) // DAY_MS))
        times, starts, bars = self._closed(resolution, first, limit)
        end = int(np.searchsorted(times, limit))
        kept = slice(min(int(np.searchsorted(times, from_ms)), end), end)
        return self._columns(times, starts, bars, kept, forming if from_ms <= forming.time_ms < to_ms else None)

    def last_bars(self, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`."""
        if now_ms < self._origin_ms or count < 1:
            return NO_BARS
        forming = self.forming_bar(resolution, now_ms)
        limit = min(to_ms, forming.time_ms)
        is_forming_asked = forming.time_ms < to_ms
        wanted = count - is_forming_asked
        times, starts, bars = self._closed(resolution, self._first_day(resolution, wanted, limit), limit)
        end = int(np.searchsorted(times, limit))
        kept = slice(max(end - wanted, 0), end)
        return self._columns(times, starts, bars, kept, forming if is_forming_asked else None)

    def stretch(self, from_ms: int, to_ms: int) -> BarRow | None:
        """Return all prints of a range as one bar, None where there are none; its cost grows with the days in it.

        The caller sees to it that the range ends at or before what is known, and begins on the grid of prints.
        """
        parts: list[list[int]] = []
        day = self._calendar.day_at(max(from_ms, self._origin_ms))
        while day.start_ms < to_ms:
            first, last = (-(-day.elapsed_ms(instant_ms) // PRINT_MS) for instant_ms in (from_ms, to_ms))
            parts += self._parts_of(day.number - ORIGIN_DAY, first, last, day.minutes * PRINTS)
            day = self._calendar.next_day(day.number)
        if not parts:
            return None
        opens, highs, lows, closes, volumes = zip(*parts, strict=True)
        open_, high, low, close = (price * self._tick for price in (opens[0], max(highs), min(lows), closes[-1]))
        return BarRow(from_ms, open_, high, low, close, sum(volumes))

    def _parts_of(self, day: int, first: int, last: int, prints: int) -> list[list[int]]:
        """Return the bars that the prints `first` to before `last` of a day consist of, the coarsest there are."""
        if first >= last:
            return []
        if (first, last) == (0, prints):
            return [self._levels.days(day, day + 1)[:, 0].tolist()]
        (minute, begin), (end_minute, end) = divmod(first, PRINTS), divmod(last, PRINTS)
        if minute == end_minute:
            return [self._prints_of(day, minute, begin, end)]
        parts = []
        if begin:
            parts.append(self._prints_of(day, minute, begin, PRINTS))
            minute += 1
        parts += self._levels.bars(1, day, day + 1)[:, minute:end_minute].T.tolist()
        if end:
            parts.append(self._prints_of(day, end_minute, 0, end))
        return parts

    def _prints_of(self, day: int, minute: int, begin: int, end: int) -> list[int]:
        """Return the prints `begin` to before `end` of a minute as one bar."""
        block = self._levels.prints(day, minute)
        row = minute - block.first
        prices = block.price[row, begin:end]
        volume = block.volume.item(row, end - 1) - (block.volume.item(row, begin - 1) if begin else 0)
        return [prices.item(0), int(prices.max()), int(prices.min()), prices.item(-1), volume]

    def _close_before(self, day: TradingDay) -> int:
        """Return the close of the trading day before `day`; the first one's open where there is none."""
        before = self._calendar.previous_day(day.number).number - ORIGIN_DAY
        row, number = (CLOSE, before) if before >= 0 else (OPEN, day.number - ORIGIN_DAY)
        return int(self._levels.days(number, number + 1)[row, 0])

    def _print_at(self, now_ms: int) -> tuple[Minute, int]:
        """Return the newest minute of trading at or before an instant, and the index of the newest print in it."""
        minute = self._minute
        if not 0 <= now_ms - minute.start_ms < MINUTE_MS:
            now_ms = self._calendar.known(now_ms)
            if not 0 <= now_ms - minute.start_ms < MINUTE_MS:
                minute = self._minute = self._load(self._calendar.day_at(now_ms), now_ms)
        index = (now_ms - minute.start_ms) // PRINT_MS
        if index == self._levels.stagger:
            # The next minute's prints are computed at a moment of the symbol's own, not for all symbols at once.
            day, following = minute.day, (minute.number + 1) * MINUTE_MS
            if following >= day.traded_ms:
                day, following = self._calendar.next_day(day.number), 0
            self._load(day, day.instant_ms(following))
        return minute, index

    def _load(self, day: TradingDay, instant_ms: int) -> Minute:
        if day.number < ORIGIN_DAY:
            raise NoPrice(self._instrument.name, "1990-01-01")
        number = day.elapsed_ms(instant_ms) // MINUTE_MS
        block = self._levels.prints(day.number - ORIGIN_DAY, number)
        row = number - block.first
        start_ms = day.instant_ms(number * MINUTE_MS)
        return Minute(start_ms, day, number, *(column[row] for column in block[1:]))

    def _part_at(self, resolution: str, minute: Minute) -> Part:
        """Return what the bar that holds `minute` has of the minutes and days before it."""
        part = self._parts.get(resolution)
        if part is not None and part.known_ms == minute.start_ms:
            return part
        if resolution in MINUTES and minute.place % MINUTES[resolution] == 0:
            part = Part(minute.start_ms, minute.start_ms, 0, 0, 0, -1)
        elif part is not None and part.known_ms == minute.start_ms - MINUTE_MS and minute.number:
            part = self._longer(part, minute)
        else:
            part = self._closed_part(resolution, minute)
        self._parts[resolution] = part
        return part

    def _longer(self, part: Part, minute: Minute) -> Part:
        """Return a part with the minute before `minute` added."""
        if self._before[0] != minute.start_ms:
            day = minute.day.number - ORIGIN_DAY
            self._before = minute.start_ms, self._levels.bars(1, day, day + 1)[:, minute.number - 1].tolist()
        open_, high, low, _, volume = self._before[1]
        if part.volume < 0:
            return Part(minute.start_ms, part.time_ms, open_, high, low, volume)
        return Part(
            minute.start_ms, part.time_ms, part.open, max(part.high, high), min(part.low, low), part.volume + volume
        )

    def _closed_part(self, resolution: str, minute: Minute) -> Part:
        """Join the minutes and days of the bar that are over before `minute`."""
        day = minute.day.number - ORIGIN_DAY
        today = self._levels.bars(1, day, day + 1)[:, : minute.number]
        if resolution in MINUTES:
            over = minute.place % MINUTES[resolution]
            time_ms, bars = minute.start_ms - over * MINUTE_MS, today[:, minute.number - over :]
        else:
            begin = period_start(resolution, period_of(resolution, minute.day.number))
            days, before = self._trading_days(max(begin, ORIGIN_DAY), minute.day.number)
            time_ms = (int(days[0]) if len(days) else minute.day.number) * DAY_MS
            bars = np.concatenate((before, today), axis=1)
        if not bars.shape[1]:
            return Part(minute.start_ms, time_ms, 0, 0, 0, -1)
        high, low, volume = int(bars[HIGH].max()), int(bars[LOW].min()), int(bars[VOLUME].sum())
        return Part(minute.start_ms, time_ms, int(bars[OPEN, 0]), high, low, volume)

    def prepare(self, question: Question) -> Iterator[None]:
        """Compute the blocks that `last_bars` needs; yields after each one that was not there."""
        _, resolution, count, to_ms, now_ms = question
        if now_ms < self._origin_ms:
            return
        computed = self._levels.computed()
        limit = min(to_ms, self.forming_bar(resolution, now_ms).time_ms)
        yield
        first = max(self._first_day(resolution, count, limit), ORIGIN_DAY)
        minutes = MINUTES.get(resolution)
        last = self._calendar.day_at(max(limit - 1, self._origin_ms)).number if minutes else limit // DAY_MS
        level = next((child for child in STAGES if minutes % child == 0), None) if minutes else None
        for day in range(first - ORIGIN_DAY, last - ORIGIN_DAY + 1, STAGES[level].block_days if level else BLOCK_DAYS):
            if (now_computed := self._levels.computed()) != computed:
                computed = now_computed
                yield
            if level:
                self._levels.bars(level, day, day + 1)
            else:
                self._levels.days(day, day + 1)

    def _first_day(self, resolution: str, wanted: int, limit_ms: int) -> int:
        """Return a day such that at least `wanted` bars lie between it and `limit_ms`, where history is long enough."""
        if resolution in MINUTES:
            last = self._calendar.day_at(max(limit_ms - 1, self._origin_ms)).number
        else:
            last = (limit_ms - 1) // DAY_MS + 1
        span = 16
        while True:
            first = max(last - span, ORIGIN_DAY)
            behind = np.cumsum(self._bars_begun(resolution, first, max(last, first))[::-1])
            found = int(np.searchsorted(behind, wanted))
            if found < len(behind):
                day = last - found - 1
                return day if resolution in MINUTES else period_start(resolution, period_of(resolution, day))
            if first == ORIGIN_DAY:
                return first
            span *= 4

    def _bars_begun(self, resolution: str, first: int, last: int) -> Ints:
        """Return for each date from `first` to before `last` how many bars begin on it."""
        if resolution in MINUTES:
            found: Ints = -(-self._calendar.spans(first, last).minutes // MINUTES[resolution]).sum(axis=1)
            return found
        days = np.arange(first, last, dtype=np.int64)
        begun = self._calendar.are_trading(days).astype(np.int64)
        trading = np.flatnonzero(begun)
        begun[trading] = np.diff(periods_of(resolution, days[trading]), prepend=-1) != 0
        return begun

    def _closed(self, resolution: str, first: int, limit_ms: int) -> tuple[Ints, Ints, Ints]:
        """Return the bars from the day `first` on to the one before `limit_ms`, and maybe some after it, unjoined.

        Returns:
            The times of the bars, where each begins in the columns, and the columns of what they are made of.
        """
        first = max(first, ORIGIN_DAY)
        if resolution in MINUTES:
            return self._intraday(MINUTES[resolution], first, limit_ms)
        end = max(first, period_start(resolution, period_of(resolution, (limit_ms - 1) // DAY_MS) + 1))
        days, bars = self._trading_days(first, end)
        starts = np.flatnonzero(np.diff(periods_of(resolution, days), prepend=-1))
        return days[starts] * DAY_MS, starts, bars

    def _trading_days(self, first: int, end: int) -> tuple[Ints, Ints]:
        """Return the numbers and the bars of the trading days from `first` to before `end`."""
        days = np.arange(first, end, dtype=np.int64)
        bars, is_trading = self._levels.days(first - ORIGIN_DAY, end - ORIGIN_DAY), self._calendar.are_trading(days)
        return (days, bars) if is_trading.all() else (days[is_trading], bars[:, is_trading])

    def _intraday(self, minutes: int, first: int, limit_ms: int) -> tuple[Ints, Ints, Ints]:
        """Return what `_closed` does: whole days, the one that holds `limit_ms` with its future."""
        last = max(self._calendar.day_at(max(limit_ms - 1, self._origin_ms)).number + 1, first)
        opens, closes = self._calendar.spans(first, last).traded()
        lengths = (closes - opens) // MINUTE_MS
        level = next(child for child in STAGES if minutes % child == 0)
        starts, places = runs(-(-lengths // level), minutes // level)
        times = np.repeat(opens, -(-lengths // minutes)) + places * (minutes * MINUTE_MS)
        return times, starts, self._levels.bars(level, first - ORIGIN_DAY, last - ORIGIN_DAY)

    def _columns(self, times: Ints, starts: Ints, bars: Ints, kept: slice, forming: BarRow | None) -> BarColumns:
        """Join the bars that are kept and return them in price units, the forming one behind the closed ones.

        `kept` ends at or before the forming bar: nothing after `now` goes on from here.
        """
        edges = np.append(starts, bars.shape[1])[kept.start : kept.stop + 1]
        joined = aggregated(bars[:, edges[0] : edges[-1]], edges[:-1] - edges[0])
        columns = (times[kept], *(joined[:VOLUME] * self._tick), joined[VOLUME])
        if forming is None:
            return BarColumns(*columns)
        return BarColumns(*(np.append(column, value) for column, value in zip(columns, forming, strict=True)))
