"""The replay feed: the user's CSV files, one per symbol, as if they were happening now.

What lies before the clock is history. Inside a row's bar the price takes four prints, a quarter of the time and of the
volume each: open, the extreme nearer to it, the other one, close (the high first when both are as near). Between rows,
in a gap, the last price stands. Bid and ask straddle the price by the catalogue's spread; the book is synthetic.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.datafeed import draws
from engine.datafeed.bars import MINUTES
from engine.datafeed.csvfile import Table, read_table
from engine.datafeed.depth import ladder
from engine.datafeed.feed import MAX_PASSED, NoPrice, Question
from engine.datafeed.series import NO_BARS, TIME, Known, Series
from engine.datafeed.sessions import MINUTE_MS, Calendar, Ints
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import DayStats, Print, Quote

PRINTS = 4
SUFFIXES = (".csv", ".csv.gz")
RARE = 100
"""A distance that fewer than one row of so many has is an accident."""

NAMED_FAULTS, NAMED_GAPS = 20, 10
"""Lines of a report that name one row or gap each; the others are counted."""


class Loaded(NamedTuple):
    """A file's rows, and what had to be said about it, line by line."""

    series: Series
    report: list[str]


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
        for symbol, path in _files(folder, instruments).items():
            loaded = load(path, instruments[symbol], calendars[symbol])
            self._series[symbol] = loaded.series
            self.report += loaded.report
        self._keys = {symbol: draws.key_of(seed, symbol) for symbol in self._series}
        self.symbols = tuple(self._series)
        self.begin_ms = max(int(one.columns[TIME][0]) for one in self._series.values())

    def resolutions(self, symbol: str) -> Sequence[str]:
        """Return the resolutions that the file's rows can be joined to."""
        return self._series[symbol].resolutions

    def overdue_ms(self, symbol: str, now_ms: int) -> int | None:
        """Return for how long the file has had no row, None while it has one."""
        series = self._series[symbol]
        end_ms = int(series.columns[TIME][self._row_at(series, now_ms)]) + series.step_ms
        overdue = self._calendars[symbol].known(now_ms) - end_ms
        return overdue if overdue >= 0 else None

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at the newest print. Raises: NoPrice before the first row."""
        series, instrument = self._series[symbol], self._instruments[symbol]
        row, prints = self._print_at(series, symbol, now_ms)
        time_ms = int(series.columns[TIME][row]) + (prints - 1) * series.step_ms // PRINTS
        last = path_of(series.row(row))[prints - 1]
        tick, spread = instrument.minmov, instrument.spread_ticks
        bid = max(tick, last - spread // 2 * tick)
        size = instrument.displayed_units
        return Quote(symbol, time_ms, bid, max(last, bid + spread * tick), last, size, size)

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
        instrument, path, step_ms = self._instruments[symbol], path_of(bar), self._series[symbol].step_ms
        size = share_of(bar.volume, instrument)
        found = []
        for number, price in enumerate(path):
            time_ms = bar.time_ms + number * step_ms // PRINTS
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
        row, prints = self._print_at(series, symbol, now_ms)
        return Known(row, partial_of(series.row(row), prints))

    def _print_at(self, series: Series, symbol: str, now_ms: int) -> tuple[int, int]:
        """Return the newest row and how many of its prints have happened."""
        row = self._row_at(series, now_ms)
        if row < 0:
            raise NoPrice(symbol, _text(int(series.columns[TIME][0])))
        since = now_ms - int(series.columns[TIME][row])
        return row, min(since * PRINTS // series.step_ms + 1, PRINTS)

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


def load(path: Path, instrument: Instrument, calendar: Calendar) -> Loaded:
    """Read one file. Raises: ValueError."""
    table = read_table(path, instrument)
    step_ms = _step_of(path, table.columns[TIME])
    table = _placed(table, step_ms, calendar)
    if not len(table.lines):
        raise ValueError(f"{path}: has no usable row: line {table.faults[0][0]}: {table.faults[0][1]}")
    series = Series(table.columns, step_ms, calendar)
    for resolution in series.resolutions:
        series.index(resolution)
    return Loaded(series, [*_faults(path, table.faults), *_gaps(path, table, step_ms, calendar)])


def _files(folder: Path, instruments: Mapping[str, Instrument]) -> dict[str, Path]:
    """Return the files of a folder by symbol, in the order of the catalogue."""
    found: dict[str, Path] = {}
    names = {name.upper(): name for name in instruments}
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))
    except OSError as error:
        raise ValueError(f"{folder}: cannot be read: {error.strerror}") from None
    for path in paths:
        symbol = names.get(path.name.removesuffix(".gz").removesuffix(".csv").upper())
        if symbol is None:
            raise ValueError(f"{path}: the catalogue has no instrument of this name")
        if symbol in found:
            raise ValueError(f"{path}: {found[symbol].name} is of the same instrument")
        found[symbol] = path
    if not found:
        raise ValueError(f"{folder}: holds no file such as {next(iter(instruments))}.csv")
    return {symbol: found[symbol] for symbol in instruments if symbol in found}


def _step_of(path: Path, times: Ints) -> int:
    """Return the length of a file's bars: the shortest distance of two rows that is no accident."""
    if len(times) < 2:
        raise ValueError(f"{path}: has one usable row; the length of its bars shows from two on")
    distances, counts = np.unique(np.diff(times), return_counts=True)
    usual = counts >= max(2, len(times) // RARE)
    step_ms = int(distances[usual][0] if usual.any() else distances[0])
    is_part = step_ms >= 1000 and MINUTE_MS % step_ms == 0 and step_ms % PRINTS == 0
    if not is_part and step_ms not in {minutes * MINUTE_MS for minutes in MINUTES.values()}:
        served = ", ".join(one for one in RESOLUTIONS if one in MINUTES)
        raise ValueError(
            f"{path}: rows are {step_ms / 1000:g} seconds apart; bars of {served} minutes, "
            "or of a whole part of a minute, can be replayed"
        )
    return step_ms


def _placed(table: Table, step_ms: int, calendar: Calendar) -> Table:
    """Leave out the rows that lie outside the sessions or off the grid of their bars."""
    times = table.columns[TIME]
    first = max(calendar.day_at(int(times[0])).number - 1, 0)
    starts, ends = calendar.edges(first, calendar.day_at(int(times[-1])).number + 1)
    trading = np.flatnonzero(ends > starts)
    place = trading[np.maximum(np.searchsorted(starts[trading], times, "right") - 1, 0)]
    is_outside = (times >= ends[place]) | (times < starts[place])
    is_off = ((times - starts[place]) % step_ms != 0) & ~is_outside
    kept = ~(is_outside | is_off)
    if kept.all():
        return table
    faults = [(int(line), "is outside the trading session") for line in table.lines[is_outside]]
    faults += [(int(line), f"time is not on the grid of {step_ms / 1000:g} s") for line in table.lines[is_off]]
    return Table([column[kept] for column in table.columns], table.lines[kept], sorted(table.faults + faults))


def _faults(path: Path, faults: list[tuple[int, str]]) -> list[str]:
    lines = [f"{path}:{line}: {reason}; left out" for line, reason in faults[:NAMED_FAULTS]]
    rest = Counter(reason for _, reason in faults[NAMED_FAULTS:])
    return lines + [f"{path}: {count} more lines left out: {reason}" for reason, count in rest.most_common()]


def _gaps(path: Path, table: Table, step_ms: int, calendar: Calendar) -> list[str]:
    """Report where trading time has no rows."""
    times = table.columns[TIME]
    first, last = (calendar.day_at(int(times[place])).number for place in (0, -1))
    starts, ends = calendar.edges(first, last + 1)
    steps = -(-(ends - starts) // step_ms)
    place = np.searchsorted(starts, times, "right") - 1
    number = (np.cumsum(steps) - steps)[place] + (times - starts[place]) // step_ms
    missing = np.diff(number) - 1
    gaps = np.flatnonzero(missing)
    lines = [
        f"{path}:{int(table.lines[gap]) + 1}: {int(missing[gap])} bars are missing after {_text(int(times[gap]))}"
        for gap in gaps[:NAMED_GAPS].tolist()
    ]
    if len(gaps) > NAMED_GAPS:
        rest = gaps[NAMED_GAPS:]
        lines.append(f"{path}: {len(rest)} more gaps, {int(missing[rest].sum())} bars missing in them")
    return lines


def _text(instant_ms: int) -> str:
    return f"{datetime.fromtimestamp(instant_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
