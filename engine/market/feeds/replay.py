"""The replay feed: bars of the user's CSV files, one file per symbol, replayed by the clock.

Rows before the market time are history. A bar has four prints, each a quarter of its trading time and volume: open, the
nearer extreme, the other extreme, close; the high comes first when both are equally near. In a gap between rows the
last price holds. Bid and ask have the catalogue's spread; the order book is synthetic. Read next: csv_folder.py.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.market.feeds.csv_folder import PRINTS_PER_BAR, symbol_files
from engine.market.feeds.csv_rows import UnusableFile, load
from engine.market.feeds.csv_values import iso_time
from engine.market.feeds.feed import Feed, NoPrice
from engine.market.feeds.stored_bars import TIME, VOLUME, NewestRow, StoredBars, StoredBarsFeed
from engine.market.feeds.synthetic.philox import key_of
from engine.market.sessions import DAY_MS, Calendar, TradingDay
from engine.models.market.bars import BarRow
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Print, Quote

MAX_PRINTS = 256
"""Prints between two ticks against which orders are matched; the newest are kept."""


class LastPrint(NamedTuple):
    """The newest print at an instant: its row, the prints of that row so far, and the trading time of the row."""

    row: int
    prints: int
    span: TradingDay


class ReplayInstrument(StoredBarsFeed):
    """The feed of one file; `begin_ms` is the time of its first row."""

    has_bid_ask = False

    def __init__(self, instrument: Instrument, calendar: Calendar, depth_key: int, bars: StoredBars) -> None:
        super().__init__(instrument, calendar, depth_key)
        self.begin_ms = int(bars.columns[TIME, 0])
        self.resolutions = bars.resolutions
        self._bars = bars
        self._has_volume = bool(bars.columns[VOLUME].any())

    def overdue_ms(self, now_ms: int) -> int | None:
        """Return the trading time since the end of the newest row; None inside a row."""
        span = self._span(int(self._bars.columns[TIME, self._row_at(now_ms)]))
        overdue_ms = self.calendar.last_traded_ms(now_ms) - span.end_ms
        return overdue_ms if overdue_ms >= 0 else None

    def quote(self, now_ms: int) -> Quote:
        """Return the quote at the newest print. Raises: NoPrice before the first row."""
        row, prints, span = self._print_at(now_ms)
        last = path_of(self._bars.row(row))[prints - 1]
        grid, spread = self.instrument.grid, self.instrument.spread_ticks
        place = grid.place(last)
        bid = max(place - spread // 2, 1)
        bid_price, ask_price = grid.price(bid), grid.price(max(place, bid + spread))
        size = self.instrument.displayed_units
        return Quote(self.instrument.name, print_ms(span, prints - 1), bid_price, ask_price, last, size, size)

    def prints_between(self, since_ms: int, until_ms: int) -> Sequence[Print]:
        """Return the prints after `since_ms` up to `until_ms`, the newest `MAX_PRINTS`; orders trade on these only."""
        found: list[Print] = []
        row, oldest = self._row_at(until_ms), max(self._row_at(since_ms), 0)
        while row >= oldest and len(found) < MAX_PRINTS:
            found += reversed(self._prints_of(self._bars.row(row), since_ms, until_ms))
            row -= 1
        return found[MAX_PRINTS - 1 :: -1]

    def stored_bars(self, now_ms: int) -> tuple[StoredBars, NewestRow]:
        """Return the rows and the newest row, up to its newest print."""
        row, prints, _ = self._print_at(now_ms)
        return self._bars, NewestRow(row, partial_of(self._bars.row(row), prints))

    def _prints_of(self, bar: BarRow, since_ms: int, until_ms: int) -> list[Print]:
        """Return the prints of one bar within a range of time; the first print of a bar has no previous price."""
        path, span = path_of(bar), self._span(bar.time_ms)
        size = print_size(bar.volume, self.instrument) if self._has_volume else self.instrument.displayed_units
        found = []
        for number, price in enumerate(path):
            time_ms = print_ms(span, number)
            if since_ms < time_ms <= until_ms:
                quote = Quote(self.instrument.name, time_ms, price, price, price, size, size)
                found.append(Print(quote, path[number - 1] if number else None, is_past=True, is_bar=True))
        return found

    def _print_at(self, now_ms: int) -> LastPrint:
        now_ms = self.calendar.last_traded_ms(now_ms)
        row = self._row_at(now_ms)
        if row < 0:
            raise NoPrice(self.instrument.name, iso_time(self.begin_ms))
        span = self._span(int(self._bars.columns[TIME, row]))
        prints = min(span.elapsed_ms(now_ms) * PRINTS_PER_BAR // span.traded_ms + 1, PRINTS_PER_BAR)
        return LastPrint(row, prints, span)

    def _row_at(self, now_ms: int) -> int:
        return int(np.searchsorted(self._bars.columns[TIME], now_ms, "right")) - 1

    def _span(self, start_ms: int) -> TradingDay:
        """Return the trading time of a row: up to its length, the next break or the close; a whole day has breaks."""
        day = self.calendar.day_at(start_ms)
        if self._bars.step_ms == DAY_MS:
            return day
        end_ms = min(start_ms + self._bars.step_ms, day.span_at(start_ms)[1])
        return TradingDay(day.number, start_ms, end_ms, ((start_ms, end_ms),))


class ReplayFeed(Feed):
    """The feed of a folder with a file for some of the instruments.

    The seed is that of the synthetic order book.

    Attributes:
        symbols: The instruments that have a file, in the order of the catalogue.
        begin_ms: The first instant at which all of them have a price.
        report: How files were read that are not plain; rows that were left out, and gaps, each with file and line.

    Raises:
        UnusableFile: The rows of a file cannot be used; one line that names it, and the report up to it.
        ValueError: There is no file, or a file cannot be read or has no instrument; one line that names it.
    """

    kind = "replay"

    def __init__(
        self, instruments: Mapping[str, Instrument], folder: Path, calendars: Mapping[str, Calendar], seed: int = 0
    ) -> None:
        feeds: dict[str, ReplayInstrument] = {}
        self.report: list[str] = []
        for symbol, file in symbol_files(folder, instruments).items():
            instrument, calendar = instruments[symbol], calendars[symbol]
            try:
                bars, report = load(file, instrument, calendar)
            except UnusableFile as error:
                raise UnusableFile(str(error), self.report + error.report) from None
            feeds[symbol] = ReplayInstrument(instrument, calendar, key_of(seed, symbol), bars)
            self.report += report
        super().__init__(feeds)
        self.symbols = tuple(feeds)
        self.begin_ms = max(one.begin_ms for one in feeds.values())


def print_ms(span: TradingDay, number: int) -> int:
    """Return the instant of a print, numbered from 0, in the trading time of a bar."""
    return span.instant_ms(number * span.traded_ms // PRINTS_PER_BAR)


def path_of(bar: BarRow) -> tuple[int, int, int, int]:
    """Return the four prints of a bar. Source: nautilus_trader's bar execution; the high comes first in a tie."""
    is_high_first = bar.high - bar.open <= bar.open - bar.low
    extremes = (bar.high, bar.low) if is_high_first else (bar.low, bar.high)
    return bar.open, *extremes, bar.close


def print_size(volume: int, instrument: Instrument) -> int | None:
    """Return the size of one print of a bar: a quarter of its volume in whole steps, at least one step.

    The prints of a bar in which nothing was traded have size 0. None is unlimited, for instruments without a displayed
    size.
    """
    if instrument.displayed_units is None:
        return None
    if not volume:
        return 0
    return max(volume // PRINTS_PER_BAR // instrument.qty_step, 1) * instrument.qty_step


def partial_of(bar: BarRow, prints: int) -> BarRow:
    """Return a bar after its first one to four prints."""
    path = path_of(bar)[:prints]
    return BarRow(bar.time_ms, bar.open, max(path), min(path), path[-1], bar.volume * prints // PRINTS_PER_BAR)
