"""The synthetic market of one instrument through its scenarios and its tick sizes: prices bent, nothing invented.

Every print is multiplied by the factor that holds at its instant and rounded to the tick grid; prints of a halt do not
happen. Both keep the order of prices, so a bar whose time knows one factor is bent as a whole, and only bars in whose
time something changes are made anew from what they consist of.
"""

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.market.bars import MINUTES, period_of, period_start
from engine.market.depth import ladder
from engine.market.feeds.feed import Question
from engine.market.feeds.instrument_feed import NO_BARS, Tape, bid_distance
from engine.market.feeds.quotes_between import passed_of
from engine.market.feeds.random_source import Ints
from engine.market.scenarios import Course
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Print, Quote

LONGEST_MS = {"1D": 26 * 60 * MINUTE_MS, "1W": 8 * DAY_MS, "1M": 33 * DAY_MS}
"""Upper bounds of the time that a bar of days takes."""


class Head(NamedTuple):
    """What a bar has of the time before a minute; no row where that is nothing."""

    start_ms: int
    end_ms: int
    row: BarRow | None


class Overlaid:
    """A tape through a course; the methods are those of `Tape`.

    Args:
        tape: The prices that are bent.
        instrument: Whose prices.
        calendar: Its trading days.
        course: How they are bent; another list of scenarios needs another one of these.
    """

    def __init__(self, tape: Tape, instrument: Instrument, calendar: Calendar, course: Course) -> None:
        self.tape = tape
        self._instrument = instrument
        self._grid = instrument.grid
        self._calendar = calendar
        self._course = course
        self._heads: dict[str, Head] = {}
        self._mixed: dict[tuple[str, int], BarRow | None] = {}
        self._previous: tuple[int, int] = (-1, 0)

    def halted_since(self, now_ms: int) -> int | None:
        """Return when the halt began that holds now, None without one."""
        return self._course.at(now_ms).halted_ms

    def resumed_ms(self, from_ms: int, to_ms: int) -> int | None:
        """Return when the last halt ended after `from_ms`, up to `to_ms`; None where none did."""
        return self._course.resumed_ms(from_ms, to_ms)

    def quote(self, now_ms: int) -> Quote:
        """Return the market at the print of `now_ms`."""
        look = self.tape.look(self._known(now_ms))
        number = self._course.number(look.time_ms)
        last, spread = self._bent(look.last, number), self._course.segments[number].spread_ticks
        place = self._grid.place(last)
        bid = max(place - bid_distance(spread, look.noise), 1)
        bid_price, ask_price = self._grid.price(bid), self._grid.price(max(bid + spread, place))
        return Quote(self._instrument.name, look.time_ms, bid_price, ask_price, last, *self.tape.sizes(look.noise))

    def passed(self, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return the quotes of the prints after `since_ms`, up to `until_ms`, as `Tape.passed` does."""
        return passed_of(self.quote, since_ms, until_ms)

    def depth(self, now_ms: int) -> Depth:
        """Return the book at the print of `now_ms`."""
        return ladder(self._instrument, self.quote(now_ms), self.tape.stagger)

    def day_stats(self, now_ms: int) -> DayStats:
        """Return the running trading day up to `now_ms`."""
        bar = self.forming_bar("1D", now_ms)
        if self._previous[0] != bar.time_ms:
            before = self.last_bars("1D", 1, bar.time_ms, now_ms)
            self._previous = bar.time_ms, int(before.close[-1]) if len(before.close) else bar.open
        return DayStats(bar.open, bar.high, bar.low, self._previous[1], bar.volume)

    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`."""
        return self._forming(resolution, self._known(now_ms))

    def bars(self, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars whose start lies in a range; its cost grows with the range."""
        known_ms = self._known(now_ms)
        return _result(self._bent_columns(resolution, self.tape.bars(resolution, from_ms, to_ms, known_ms), known_ms))

    def last_bars(self, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`."""
        return _result(self._gathered(Question(self._instrument.name, resolution, count, to_ms, now_ms)))

    def prepare(self, question: Question) -> Iterator[None]:
        """Do what `last_bars` would have to, in pieces of a few milliseconds."""
        yield from self._gathered(question)

    def _known(self, now_ms: int) -> int:
        """Return the newest instant of trading at or before `now_ms`."""
        known_ms = self._calendar.known(now_ms)
        while (halted_ms := self._course.at(known_ms).halted_ms) is not None:
            known_ms = self._calendar.known(halted_ms - 1)
        return known_ms

    def _bent(self, price: int, number: int) -> int:
        """Return a price as a segment has it."""
        return max(self._grid.nearest(price * self._course.segments[number].factor), int(self._course.floors[number]))

    def _bent_row(self, row: BarRow, number: int) -> BarRow:
        open_, high, low, close = (self._bent(price, number) for price in row[1:5])
        return BarRow(row.time_ms, open_, high, low, close, row.volume)

    def _forming(self, resolution: str, known_ms: int) -> BarRow:
        """Return the bar that holds an instant of trading, as it is then."""
        row = self.tape.forming_bar(resolution, known_ms)
        start_ms = int(self._starts(resolution, np.array([row.time_ms]))[0])
        number = self._course.number(known_ms)
        if self._course.number(start_ms) == number:
            return self._bent_row(row, number)
        minute_ms = known_ms - known_ms % MINUTE_MS
        head = self._heads.get(resolution)
        if head is None or (head.start_ms, head.end_ms) != (start_ms, minute_ms):
            head = self._heads[resolution] = Head(start_ms, minute_ms, self._made(start_ms, minute_ms))
        joined = _joined([head.row, self._made(max(start_ms, minute_ms), known_ms + 1)])
        assert joined is not None
        return joined._replace(time_ms=row.time_ms)

    def _made(self, from_ms: int, to_ms: int) -> BarRow | None:
        """Make one bar of all that is traded in a range, piece by piece; None where that is nothing."""
        if from_ms >= to_ms:
            return None
        rows = []
        for begin_ms, end_ms, number in self._course.pieces(from_ms, to_ms):
            row = self.tape.stretch(begin_ms, end_ms)
            rows.append(None if row is None else self._bent_row(row, number))
        return _joined(rows)

    def _gathered(self, question: Question) -> Generator[None, None, BarColumns]:
        """Collect the newest bars, further and further back: where trade was halted there are none."""
        symbol, resolution, missing, limit_ms, now_ms = question
        known_ms = self._known(now_ms)
        found = []
        while missing > 0:
            yield from self.tape.prepare(Question(symbol, resolution, missing, limit_ms, known_ms))
            base = self.tape.last_bars(resolution, missing, limit_ms, known_ms)
            if not len(base.time_ms):
                break
            bent = yield from self._bent_columns(resolution, base, known_ms)
            found.append(bent)
            missing -= len(bent.time_ms)
            limit_ms = self._limit_before(resolution, int(base.time_ms[0]))
        if not found:
            return NO_BARS
        return BarColumns(*(np.concatenate(parts) for parts in zip(*reversed(found), strict=True)))

    def _limit_before(self, resolution: str, time_ms: int) -> int:
        """Return an instant before which the bars lie that are before the one of `time_ms`, and not wholly halted."""
        halted_ms = self._course.at(time_ms - 1).halted_ms if resolution in MINUTES else None
        return time_ms if halted_ms is None else halted_ms

    def _bent_columns(self, resolution: str, base: BarColumns, known_ms: int) -> Generator[None, None, BarColumns]:
        """Bend bars that end at or before `known_ms`, the last one maybe forming; yields after each one made anew."""
        starts = self._starts(resolution, base.time_ms)
        length_ms = MINUTES[resolution] * MINUTE_MS if resolution in MINUTES else LONGEST_MS[resolution]
        first = self._course.numbers(starts)
        is_mixed = first != self._course.numbers(np.minimum(starts + length_ms, known_ms + 1) - 1)
        factors, floors = self._course.factors[first], self._course.floors[first]
        prices = [np.maximum(self._grid.nearest_of(column * factors), floors) for column in base[1:5]]
        columns = np.stack((base.time_ms, *prices, base.volume))
        is_there = ~self._course.are_halted[first] | is_mixed
        for place in np.flatnonzero(is_mixed).tolist():
            row = self._whole(resolution, int(base.time_ms[place]), int(starts[place]), known_ms)
            if row is None:
                is_there[place] = False
            else:
                columns[:, place] = row
            yield
        return BarColumns(*columns[:, is_there])

    def _whole(self, resolution: str, time_ms: int, start_ms: int, known_ms: int) -> BarRow | None:
        """Return a bar in whose time something changes, as it is at `known_ms`; None where nothing was traded."""
        end_ms = self._end(resolution, time_ms, start_ms)
        if known_ms < end_ms - 1:
            return self._forming(resolution, known_ms)
        if (resolution, time_ms) not in self._mixed:
            row = self._made(start_ms, end_ms)
            self._mixed[resolution, time_ms] = None if row is None else row._replace(time_ms=time_ms)
        return self._mixed[resolution, time_ms]

    def _starts(self, resolution: str, times: Ints) -> Ints:
        """Return the instants at which bars begin."""
        if resolution in MINUTES or not len(times):
            return times
        days = times // DAY_MS
        first = int(days[0])
        starts: Ints = self._calendar.edges(first, int(days[-1]) + 1).starts[days - first]
        return starts

    def _end(self, resolution: str, time_ms: int, start_ms: int) -> int:
        """Return the instant before which a bar ends."""
        if resolution in MINUTES:
            _, close_ms = self._calendar.day_at(start_ms).span_at(start_ms)
            return min(start_ms + MINUTES[resolution] * MINUTE_MS, close_ms)
        following = period_start(resolution, period_of(resolution, time_ms // DAY_MS) + 1)
        return self._calendar.next_day(following - 1).start_ms


def _joined(rows: list[BarRow | None]) -> BarRow | None:
    """Join bars in order of time; None where there are none."""
    present = [row for row in rows if row is not None]
    if not present:
        return None
    return BarRow(
        present[0].time_ms,
        present[0].open,
        max(row.high for row in present),
        min(row.low for row in present),
        present[-1].close,
        sum(row.volume for row in present),
    )


def _result(work: Generator[None, None, BarColumns]) -> BarColumns:
    """Do work that comes in pieces at once."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: BarColumns = done.value
            return found
