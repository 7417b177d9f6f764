"""The replay feed: the user's CSV files, one per symbol, as if they were happening now.

What lies before the clock is history. Inside a row's bar the price takes four prints, a quarter of the time of trading
and of the volume each: open, the extreme nearer to it, the other one, close (the high first when both are as near).
Between rows, in a gap, the last price stands. Bid and ask straddle the price by the catalogue's spread; the book is
synthetic. What a file's rows are and where they lie is found out in `rows`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.market.depth import ladder
from engine.market.feeds import random_source
from engine.market.feeds.csv_rows import files_of, load, written
from engine.market.feeds.feed import MAX_PASSED, NoPrice, Question
from engine.market.feeds.series import NO_BARS, TIME, Known, Series
from engine.market.sessions import DAY_MS, Calendar, TradingDay
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Print, Quote

PRINTS = 4


class Span(NamedTuple):
    """The time of a row's bar: a stretch of one span of trading, or a whole day with its breaks."""

    day: TradingDay
    start_ms: int
    length_ms: int

    def elapsed(self, instant_ms: int) -> int:
        """Return for how long it has been traded at an instant, its length from its end on."""
        return min(self.day.elapsed_ms(instant_ms) - self.day.elapsed_ms(self.start_ms), self.length_ms)

    def instant(self, elapsed_ms: int) -> int:
        """Return the instant at which it has been traded for so long; at its whole length, its end."""
        if elapsed_ms == self.length_ms:
            return self.instant(elapsed_ms - 1) + 1
        return self.day.instant_ms(self.day.elapsed_ms(self.start_ms) + elapsed_ms)


class ReplayFeed:
    """A `Feed` of the bars in files.

    Args:
        instruments: The catalogue, by canonical name; those with a file have prices.
        folder: Holds `SYMBOL.csv` or `SYMBOL.csv.gz`.
        calendars: Trading days by symbol.
        seed: Of the synthetic book.

    Attributes:
        symbols: The instruments that have a file.
        begin_ms: The first instant at which all of them have a price.
        report: What was left out, and gaps, each line with file and line.

    Raises:
        ValueError: A file cannot be used, belongs to no instrument, or there is none; one line that names it.
    """

    kind = "replay"

    def __init__(
        self, instruments: Mapping[str, Instrument], folder: Path, calendars: Mapping[str, Calendar], seed: int = 0
    ) -> None:
        self._instruments = instruments
        self._calendars = calendars
        self.report: list[str] = []
        self._series: dict[str, Series] = {}
        for symbol, file in files_of(folder, instruments).items():
            loaded = load(file, instruments[symbol], calendars[symbol])
            self._series[symbol] = loaded.series
            self.report += loaded.report
        self._keys = {symbol: random_source.key_of(seed, symbol) for symbol in self._series}
        self.symbols = tuple(self._series)
        self.begin_ms = max(int(one.columns[TIME][0]) for one in self._series.values())

    def resolutions(self, symbol: str) -> Sequence[str]:
        """Return the resolutions that the file's rows can be joined to."""
        return self._series[symbol].resolutions

    def overdue_ms(self, symbol: str, now_ms: int) -> int | None:
        """Return for how long the file has had no row, None while it has one."""
        series, calendar = self._series[symbol], self._calendars[symbol]
        span = span_of(int(series.columns[TIME][self._row_at(series, now_ms)]), series.step_ms, calendar)
        overdue = calendar.known(now_ms) - span.instant(span.length_ms)
        return overdue if overdue >= 0 else None

    def halted_since(self, symbol: str, now_ms: int) -> int | None:  # noqa: ARG002
        """Return None: scenarios happen to the synthetic market only."""
        return None

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at the newest print. Raises: NoPrice before the first row."""
        series, instrument = self._series[symbol], self._instruments[symbol]
        row, prints, span = self._print_at(series, symbol, now_ms)
        time_ms = span.instant((prints - 1) * span.length_ms // PRINTS)
        last = path_of(series.row(row))[prints - 1]
        grid, spread = instrument.grid, instrument.spread_ticks
        place = grid.place(last)
        bid = max(place - spread // 2, 1)
        size = instrument.displayed_units
        return Quote(symbol, time_ms, grid.price(bid), grid.price(max(place, bid + spread)), last, size, size)

    def passed(self, symbol: str, since_ms: int, until_ms: int) -> Sequence[Print]:
        """Return the prints that happened, the newest `MAX_PASSED`: whoever trades on bars trades on these alone."""
        series = self._series[symbol]
        found: list[Print] = []
        row, oldest = self._row_at(series, until_ms), max(self._row_at(series, since_ms), 0)
        while row >= oldest and len(found) < MAX_PASSED:
            found += reversed(self._prints_of(symbol, series.row(row), since_ms, until_ms))
            row -= 1
        return found[MAX_PASSED - 1 :: -1]

    def _prints_of(self, symbol: str, bar: BarRow, since_ms: int, until_ms: int) -> list[Print]:
        """Return the prints of one bar that lie in a span of time. The first one is a jump, however small."""
        instrument, path = self._instruments[symbol], path_of(bar)
        span = span_of(bar.time_ms, self._series[symbol].step_ms, self._calendars[symbol])
        size = share_of(bar.volume, instrument)
        found = []
        for number, price in enumerate(path):
            time_ms = span.instant(number * span.length_ms // PRINTS)
            if since_ms < time_ms <= until_ms:
                quote = Quote(symbol, time_ms, price, price, price, size, size)
                found.append(Print(quote, path[number - 1] if number else None, is_past=True, is_bar=True))
        return found

    def depth(self, symbol: str, now_ms: int) -> Depth:
        """Return the synthetic book around the quote. Raises: NoPrice before the first row."""
        return ladder(self._instruments[symbol], self.quote(symbol, now_ms), self._keys[symbol])

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day of the newest print. Raises: NoPrice before the first row."""
        return self._series[symbol].day_stats(self._known(symbol, now_ms))

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:
        """Return the bar of the newest print, up to it. Raises: NoPrice before the first row."""
        return self._series[symbol].forming_bar(resolution, self._known(symbol, now_ms))

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars that start in `[from_ms, to_ms)`, nothing after `now_ms`. The caller bounds the range."""
        series = self._series[symbol]
        if now_ms < series.columns[TIME][0]:
            return NO_BARS
        return series.bars(resolution, from_ms, to_ms, self._known(symbol, now_ms))

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`, fewer where the file begins."""
        series = self._series[symbol]
        if now_ms < series.columns[TIME][0]:
            return NO_BARS
        return series.last_bars(resolution, count, to_ms, self._known(symbol, now_ms))

    def prepare(self, question: Question) -> Iterator[None]:  # noqa: ARG002
        """Return nothing to do: the rows are joined by reference, and their indexes made when the file is read."""
        return iter(())

    def _known(self, symbol: str, now_ms: int) -> Known:
        series = self._series[symbol]
        row, prints, _ = self._print_at(series, symbol, now_ms)
        return Known(row, partial_of(series.row(row), prints))

    def _print_at(self, series: Series, symbol: str, now_ms: int) -> tuple[int, int, Span]:
        """Return the newest row, how many of its prints have happened, and its time."""
        now_ms = self._calendars[symbol].known(now_ms)
        row = self._row_at(series, now_ms)
        if row < 0:
            raise NoPrice(symbol, written(int(series.columns[TIME][0])))
        span = span_of(int(series.columns[TIME][row]), series.step_ms, self._calendars[symbol])
        return row, min(span.elapsed(now_ms) * PRINTS // span.length_ms + 1, PRINTS), span

    def _row_at(self, series: Series, now_ms: int) -> int:
        return int(np.searchsorted(series.columns[TIME], now_ms, "right")) - 1


def path_of(bar: BarRow) -> tuple[int, int, int, int]:
    """Return the four prints of a bar. Source: nautilus_trader's bar execution; a tie goes to the high."""
    is_high_first = bar.high - bar.open <= bar.open - bar.low
    extremes = (bar.high, bar.low) if is_high_first else (bar.low, bar.high)
    return bar.open, *extremes, bar.close


def share_of(volume: int, instrument: Instrument) -> int:
    """Return the size of one print, in whole steps: a quarter of the volume; 0, unlimited, where sizes do not matter.

    A bar without any volume says nothing of sizes: then the displayed size counts.
    """
    if not volume or not instrument.displayed_units:
        return instrument.displayed_units
    return max(volume // PRINTS // instrument.qty_step, 1) * instrument.qty_step


def partial_of(bar: BarRow, prints: int) -> BarRow:
    """Return a bar after some of its prints, one to four."""
    path = path_of(bar)[:prints]
    return BarRow(bar.time_ms, bar.open, max(path), min(path), path[-1], bar.volume * prints // PRINTS)


def span_of(start_ms: int, step_ms: int, calendar: Calendar) -> Span:
    """Return the time of the bar of a row: up to its length, to the next break, or to the close."""
    day = calendar.day_at(start_ms)
    if step_ms == DAY_MS:
        return Span(day, day.start_ms, day.traded_ms)
    return Span(day, start_ms, min(step_ms, day.span_at(start_ms)[1] - start_ms))
