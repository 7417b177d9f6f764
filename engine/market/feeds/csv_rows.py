"""The bars in a user's file: their length, their trading days, and the gaps between them.

The length of the bars is the shortest usual distance of two rows, unless the name of the file gives it: `AAPL.1D.csv`.
A row of a day has its date at 00:00 UTC, as in TradingView's daily bars, or any instant of the trading day. Called by
replay.py; the file itself is read by csv_file.py.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.market.feeds.csv_file import Fault, Table, TableReader, faults_at
from engine.market.feeds.stored_bars import TIME, StoredBars
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar
from engine.models.market.arrays import Ints
from engine.models.market.bars import served_resolution
from engine.models.market.instruments import RESOLUTION_MINUTES, Instrument

PRINTS_PER_BAR = 4

SUFFIXES = (".csv", ".csv.gz")
USUAL_SHARE = 100
"""A distance between two rows is usual when at least one in this number of rows has it."""

HOUR_MS = 60 * MINUTE_MS
MAX_STEP_MS = max(RESOLUTION_MINUTES.values()) * MINUTE_MS
"""Bars of a file up to this length need a served resolution, or a length that divides a minute."""

NAMED_FAULTS, NAMED_GAPS = 20, 10
"""Maximum of the rows and of the gaps that a report lists; the others are counted."""


class SymbolFile(NamedTuple):
    """A file and the length of its bars in its name, None when the name has none."""

    path: Path
    step_ms: int | None


class Loaded(NamedTuple):
    """The bars of a file, and the lines of the report about it."""

    bars: StoredBars
    report: list[str]


def symbol_files(folder: Path, instruments: Mapping[str, Instrument]) -> dict[str, SymbolFile]:
    """Return the files of a folder by symbol, in the order of the catalogue. Raises: ValueError."""
    found: dict[str, SymbolFile] = {}
    names = {name.upper(): name for name in instruments}
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))
    except OSError as error:
        raise ValueError(f"{folder}: cannot be read: {error.strerror}") from None
    for path in paths:
        stem, declared = path.name.removesuffix(".gz").removesuffix(".csv").upper(), ""
        if stem not in names:
            stem, _, declared = stem.rpartition(".")
        symbol, step_ms = names.get(stem), _step_in_name(declared)
        if symbol is None or (declared and step_ms is None):
            raise ValueError(f"{path}: the catalogue has no instrument of this name")
        if symbol in found:
            raise ValueError(f"{path}: {found[symbol].path.name} is of the same instrument")
        found[symbol] = SymbolFile(path, step_ms)
    if not found:
        raise ValueError(f"{folder}: holds no file such as {next(iter(instruments))}.csv")
    return {symbol: found[symbol] for symbol in instruments if symbol in found}


def load(file: SymbolFile, instrument: Instrument, calendar: Calendar) -> Loaded:
    """Read one file. Raises: ValueError."""
    path = file.path
    table = TableReader(path, instrument).read()
    step_ms = _step_of(path, table.columns[TIME]) if file.step_ms is None else file.step_ms
    table = _daily_rows(table, calendar) if step_ms == DAY_MS else _rows_in_sessions(table, step_ms, calendar)
    if not len(table.lines):
        raise ValueError(f"{path}: has no usable row: line {table.faults[0].line}: {table.faults[0].reason}")
    bars = StoredBars(table.columns, step_ms, calendar)
    for resolution in bars.resolutions:
        bars.groups(resolution)  # computed and cached at the start, so that requests are fast
    return Loaded(bars, [*_faults(path, table.faults), *_gaps(path, table, step_ms, calendar)])


def iso_time(instant_ms: int) -> str:
    """Return an instant in ISO 8601, in UTC and whole seconds."""
    return f"{datetime.fromtimestamp(instant_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _step_in_name(text: str) -> int | None:
    """Return the length of bars in a file's name: minutes or a day; None when it is neither."""
    if served_resolution(text) == "1D":
        return DAY_MS
    step_ms = int(text) * MINUTE_MS if text.isascii() and text.isdigit() else 0
    return step_ms if _is_usable(step_ms) else None


def _is_usable(step_ms: int) -> bool:
    """Whether bars of a length can be replayed."""
    if step_ms > MAX_STEP_MS:
        return step_ms == DAY_MS or (step_ms < DAY_MS and step_ms % MINUTE_MS == 0)
    is_part = step_ms >= 1000 and MINUTE_MS % step_ms == 0 and step_ms % PRINTS_PER_BAR == 0
    return is_part or step_ms in {minutes * MINUTE_MS for minutes in RESOLUTION_MINUTES.values()}


def _step_of(path: Path, times: Ints) -> int:
    """Return the length of a file's bars: the shortest usual distance of two rows. Raises: ValueError."""
    if len(times) < 2:
        raise ValueError(f"{path}: has one usable row; at least two are needed to find the length of its bars")
    distances, counts = np.unique(np.diff(times), return_counts=True)
    usual = counts >= max(2, len(times) // USUAL_SHARE)
    step_ms = int(distances[usual][0] if usual.any() else distances[0])
    if abs(step_ms - DAY_MS) <= HOUR_MS:
        return DAY_MS  # a day is an hour shorter or longer when the clocks change
    if not _is_usable(step_ms):
        served = ", ".join(RESOLUTION_MINUTES)
        raise ValueError(
            f"{path}: rows are {step_ms / 1000:g} seconds apart; bars of {served} or more minutes, of a day, or of a "
            "whole part of a minute, can be replayed"
        )
    return step_ms


def _rows_in_sessions(table: Table, step_ms: int, calendar: Calendar) -> Table:
    """Leave out the rows outside the sessions, and those whose time is not the start of a bar."""
    times = table.columns[TIME]
    first = max(calendar.day_at(int(times[0])).number - 1, 0)
    starts, ends = calendar.spans(first, calendar.day_at(int(times[-1])).number + 1).traded()
    place = np.maximum(np.searchsorted(starts, times, "right") - 1, 0)
    is_outside = (times >= ends[place]) | (times < starts[place])
    is_off = ((times - starts[place]) % step_ms != 0) & ~is_outside
    kept = ~(is_outside | is_off)
    if kept.all():
        return table
    faults = faults_at(table.lines[is_outside], "is outside the trading session")
    faults += faults_at(table.lines[is_off], f"time is not on the grid of {step_ms / 1000:g} s")
    return Table(table.columns[:, kept], table.lines[kept], sorted(table.faults + faults))


def _daily_rows(table: Table, calendar: Calendar) -> Table:
    """Set the time of each row to the open of its trading day; leave out other dates and second rows of a day."""
    times = table.columns[TIME]
    if (times % DAY_MS == 0).all():
        days = times // DAY_MS
    else:
        days = np.array([calendar.date_of(instant_ms) for instant_ms in times.tolist()], dtype=np.int64)
    is_trading = calendar.are_trading(days)
    newest = np.maximum.accumulate(np.where(is_trading, days, -1))
    is_again = is_trading & (days <= np.concatenate(([-1], newest[:-1])))
    faults = faults_at(table.lines[~is_trading], "is of a date without trading")
    faults += faults_at(table.lines[is_again], "is of the same day as a row before")
    kept = is_trading & ~is_again
    columns, days = table.columns[:, kept], days[kept]
    if len(days):
        columns[TIME] = calendar.edges(int(days[0]), int(days[-1]) + 1).starts[days - days[0]]
    return Table(columns, table.lines[kept], sorted(table.faults + faults))


def _faults(path: Path, faults: list[Fault]) -> list[str]:
    lines = [f"{path}:{line}: {reason}; left out" for line, reason in faults[:NAMED_FAULTS]]
    rest = Counter(fault.reason for fault in faults[NAMED_FAULTS:])
    return lines + [f"{path}: {count} more lines left out: {reason}" for reason, count in rest.most_common()]


def _gaps(path: Path, table: Table, step_ms: int, calendar: Calendar) -> list[str]:
    """Return the report of the trading times without rows."""
    times = table.columns[TIME]
    first, last = (calendar.day_at(int(times[place])).number for place in (0, -1))
    if step_ms == DAY_MS:
        starts, ends = calendar.edges(first, last + 1)
        steps = (ends > starts).astype(np.int64)
    else:
        starts, ends = calendar.spans(first, last + 1).traded()
        steps = -(-(ends - starts) // step_ms)
    place = np.searchsorted(starts, times, "right") - 1
    number = (np.cumsum(steps) - steps)[place] + (times - starts[place]) // step_ms
    missing = np.diff(number) - 1
    gaps = np.flatnonzero(missing)
    lines = [
        f"{path}:{int(table.lines[gap]) + 1}: {int(missing[gap])} bars are missing after {iso_time(int(times[gap]))}"
        for gap in gaps[:NAMED_GAPS].tolist()
    ]
    if len(gaps) > NAMED_GAPS:
        rest = gaps[NAMED_GAPS:]
        lines.append(f"{path}: {len(rest)} more gaps, {int(missing[rest].sum())} bars missing in them")
    return lines
