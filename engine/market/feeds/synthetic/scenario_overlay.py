"""The synthetic market of one instrument with scenarios and with tick sizes that differ by price.

Every print is multiplied by the shock factor of its instant and rounded to the tick grid; prints during a halt are left
out. Rounding keeps the order of prices, so a bar within one segment of the timeline is changed as a whole. Only a bar
that contains a change of the segment is recomputed from finer bars. The segments are those of
engine/market/scenarios.py.
"""

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from engine.market.bars import joined, period_of, period_start
from engine.market.feeds.feed import BarsRequest, InstrumentFeed
from engine.market.feeds.synthetic.instrument import ClosedPart, SyntheticInstrument, bid_distance, thinned_prints
from engine.market.feeds.synthetic.price_search import SearchSteps
from engine.market.scenarios import ScenarioTimeline
from engine.market.sessions import DAY_MS, MINUTE_MS
from engine.models.market.arrays import Ints
from engine.models.market.bars import NO_BARS, BarColumns, BarRow
from engine.models.market.instruments import RESOLUTION_MINUTES
from engine.models.market.quotes import NO_PRICE, NO_PRICE_LIMIT, Band, Print, Quote, QuoteBands

MAX_LENGTH_MS = {"1D": 26 * 60 * MINUTE_MS, "1W": 8 * DAY_MS, "1M": 33 * DAY_MS}
"""Upper bounds of the time from the start to the end of daily, weekly and monthly bars."""


class ScenarioOverlay(InstrumentFeed):
    """The feed of one instrument with scenarios.

    Recomputed bars are cached: at most one per resolution and change of a segment, so their number is bounded by the
    number of scenarios of a symbol. When the scenarios change, a new overlay is needed.
    """

    def __init__(self, plain: SyntheticInstrument, timeline: ScenarioTimeline) -> None:
        super().__init__(plain.instrument, plain.calendar, plain.depth_key)
        self._plain = plain
        self._timeline = timeline
        self._grid = plain.instrument.grid
        self._closed_parts: dict[str, ClosedPart] = {}
        self._remade: dict[tuple[str, int], BarRow | None] = {}

    def halted_since(self, now_ms: int) -> int | None:
        """Return the begin of the halt at `now_ms`; None while there is trading."""
        return self._timeline.segment_at(now_ms).halted_ms

    def resumed_ms(self, from_ms: int, to_ms: int) -> int | None:
        """Return the end of the last halt that ended after `from_ms`, up to `to_ms`; None without one."""
        return self._timeline.resumed_ms(from_ms, to_ms)

    def quote(self, now_ms: int) -> Quote:
        """Return the quote at the print of `now_ms`. Raises: NoPrice before 1990."""
        time_ms, plain_last, noise = self._plain.print_at(self._last_traded_ms(now_ms))
        number = self._timeline.number(time_ms)
        last, spread = self._changed(plain_last, number), self._timeline.segments[number].spread_ticks
        place = self._grid.place(last)
        bid = max(place - bid_distance(spread, noise), 1)
        bid_price, ask_price = self._grid.price(bid), self._grid.price(max(bid + spread, place))
        return Quote(self.instrument.name, time_ms, bid_price, ask_price, last, *self._plain.sizes(noise))

    def prepare_quote(self, now_ms: int) -> Iterator[None]:
        """Compute the blocks that `quote` needs; yield after each block."""
        return self._plain.prepare_quote(self._last_traded_ms(now_ms))

    def prints_between(self, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return the prints after `since_ms` up to `until_ms`, thinned evenly."""
        return thinned_prints(self.quote, since_ms, until_ms)

    def first_outside(self, begin_ms: int, end_ms: int, bands: QuoteBands) -> SearchSteps:
        """Search for the first print that may have a price outside of its band; see `Market.first_outside`."""
        for begin, end, number in self._timeline.traded_parts(begin_ms, end_ms):
            found = yield from self._plain.search.first_outside(begin, end, self._plain_band(bands, number))
            if found is not None:
                return found
            yield end
        return None

    def _plain_band(self, bands: QuoteBands, number: int) -> Band:
        """Return a band of plain last prices; while they stay inside it, the quotes of a segment stay inside `bands`.

        Bid and ask have almost the same distance from every last price, so the band is a few ticks too narrow at most.
        """
        segment, lowest = self._timeline.segments[number], int(self._timeline.lowest_prices[number])
        spread, ticks = segment.spread_ticks, [one.tick for one in self._grid.bands]
        least, most = bid_distance(spread, 0), bid_distance(spread, 0xFFFF)
        smallest, largest = min(ticks), max(ticks)
        low = max(bands.bid.low + most * largest, bands.ask.low - (spread - most) * smallest, bands.last.low)
        high = min(bands.bid.high + least * smallest, bands.ask.high - (spread - least) * largest, bands.last.high)
        # A price is rounded to the grid after the factor, by less than a tick.
        low, high = low + largest, high - largest
        if not low < high or lowest >= high:
            return NO_PRICE
        edges = (int(low / segment.factor) + 1, int(high / segment.factor) - 1)
        return Band(*(max(-NO_PRICE_LIMIT, min(NO_PRICE_LIMIT, edge)) for edge in edges))

    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that contains `now_ms`, as it is at `now_ms`. Raises: NoPrice before 1990."""
        return self._forming(resolution, self._last_traded_ms(now_ms))

    def last_bars(self, request: BarsRequest) -> BarColumns:
        """Return the requested bars; fewer at the beginning of history."""
        pages: list[BarColumns] = []
        for _ in self._load_pages(request, pages):
            pass
        return BarColumns(*(np.concatenate(parts) for parts in zip(NO_BARS, *reversed(pages), strict=True)))

    def prepare(self, request: BarsRequest) -> Iterator[None]:
        """Do the work of `last_bars`, in parts of a few milliseconds."""
        return self._load_pages(request, [])

    def _last_traded_ms(self, now_ms: int) -> int:
        """Return the last instant of trading at or before `now_ms`, halts included."""
        traded_ms = self.calendar.last_traded_ms(now_ms)
        while (halted_ms := self._timeline.segment_at(traded_ms).halted_ms) is not None:
            traded_ms = self.calendar.last_traded_ms(halted_ms - 1)
        return traded_ms

    def _changed(self, price: int, number: int) -> int:
        """Return a price in a segment."""
        nearest = self._grid.nearest(price * self._timeline.segments[number].factor)
        return max(nearest, int(self._timeline.lowest_prices[number]))

    def _changed_row(self, row: BarRow, number: int) -> BarRow:
        open_, high, low, close = (self._changed(price, number) for price in row[1:5])
        return BarRow(row.time_ms, open_, high, low, close, row.volume)

    def _forming(self, resolution: str, traded_ms: int) -> BarRow:
        """Return the bar that contains an instant of trading, as it is then."""
        row = self._plain.forming_bar(resolution, traded_ms)
        start_ms = int(self._starts(resolution, np.array([row.time_ms]))[0])
        number = self._timeline.number(traded_ms)
        if self._timeline.number(start_ms) == number:
            return self._changed_row(row, number)
        minute_ms = traded_ms - traded_ms % MINUTE_MS
        part = self._closed_parts.get(resolution)
        if part is None or (part.end_ms, part.time_ms) != (minute_ms, row.time_ms):
            part = ClosedPart(minute_ms, row.time_ms, self._bar_between(start_ms, minute_ms))
            self._closed_parts[resolution] = part
        current = self._bar_between(max(start_ms, minute_ms), traded_ms + 1)
        assert current is not None
        return joined(part.row, current)._replace(time_ms=row.time_ms)

    def _bar_between(self, from_ms: int, to_ms: int) -> BarRow | None:
        """Return all trading in a range as one bar, None without any."""
        if from_ms >= to_ms:
            return None
        bar: BarRow | None = None
        for begin_ms, end_ms, number in self._timeline.traded_parts(from_ms, to_ms):
            part = self._plain.bar_between(begin_ms, end_ms)
            if part is not None:
                bar = joined(bar, self._changed_row(part, number))
        return bar

    def _load_pages(self, request: BarsRequest, pages: list[BarColumns]) -> Iterator[None]:
        """Append the requested bars to `pages`, the newest page first; halts have no bars."""
        resolution, missing, limit_ms, now_ms = request
        traded_ms = self._last_traded_ms(now_ms)
        while missing > 0:
            page = BarsRequest(resolution, missing, limit_ms, traded_ms)
            yield from self._plain.prepare(page)
            plain = self._plain.last_bars(page)
            if not len(plain.time_ms):
                break
            columns = yield from self._changed_columns(resolution, plain, traded_ms)
            pages.append(columns)
            missing -= len(columns.time_ms)
            limit_ms = self._limit_before(resolution, int(plain.time_ms[0]))

    def _limit_before(self, resolution: str, time_ms: int) -> int:
        """Return the limit of the page before a bar; minutes inside a halt are skipped."""
        is_intraday = resolution in RESOLUTION_MINUTES
        halted_ms = self._timeline.segment_at(time_ms - 1).halted_ms if is_intraday else None
        return time_ms if halted_ms is None else halted_ms

    def _changed_columns(self, resolution: str, plain: BarColumns, traded_ms: int) -> Generator[None, None, BarColumns]:
        """Return bars that end at or before `traded_ms`, the last maybe forming; yield after each recomputed bar."""
        timeline, starts = self._timeline, self._starts(resolution, plain.time_ms)
        minutes = RESOLUTION_MINUTES.get(resolution)
        length_ms = MAX_LENGTH_MS[resolution] if minutes is None else minutes * MINUTE_MS
        first = timeline.numbers(starts)
        is_mixed = first != timeline.numbers(np.minimum(starts + length_ms, traded_ms + 1) - 1)
        factors, lowest = timeline.factors[first], timeline.lowest_prices[first]
        prices = [np.maximum(self._grid.nearest_of(column * factors), lowest) for column in plain[1:5]]
        columns = np.stack((plain.time_ms, *prices, plain.volume))
        has_trading = ~timeline.are_halted[first] | is_mixed
        for place in np.flatnonzero(is_mixed).tolist():
            row = self._mixed_bar(resolution, int(plain.time_ms[place]), int(starts[place]), traded_ms)
            if row is None:
                has_trading[place] = False
            else:
                columns[:, place] = row
            yield
        return BarColumns(*columns[:, has_trading])

    def _mixed_bar(self, resolution: str, time_ms: int, start_ms: int, traded_ms: int) -> BarRow | None:
        """Return a bar that contains a change of the segment, as it is at `traded_ms`; None without any trading."""
        end_ms = self._end_ms(resolution, time_ms, start_ms)
        if traded_ms < end_ms - 1:
            return self._forming(resolution, traded_ms)
        if (resolution, time_ms) not in self._remade:
            row = self._bar_between(start_ms, end_ms)
            self._remade[resolution, time_ms] = None if row is None else row._replace(time_ms=time_ms)
        return self._remade[resolution, time_ms]

    def _starts(self, resolution: str, times: Ints) -> Ints:
        """Return the instants at which bars begin."""
        if resolution in RESOLUTION_MINUTES or not len(times):
            return times
        days = times // DAY_MS
        first = int(days[0])
        starts: Ints = self.calendar.edges(first, int(days[-1]) + 1).starts[days - first]
        return starts

    def _end_ms(self, resolution: str, time_ms: int, start_ms: int) -> int:
        """Return the instant at which a bar ends, exclusive."""
        minutes = RESOLUTION_MINUTES.get(resolution)
        if minutes is not None:
            _, close_ms = self.calendar.day_at(start_ms).span_at(start_ms)
            return min(start_ms + minutes * MINUTE_MS, close_ms)
        next_period = period_start(resolution, period_of(resolution, time_ms // DAY_MS) + 1)
        return self.calendar.next_day(next_period - 1).start_ms
