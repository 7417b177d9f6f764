"""The bars in a user's file: their length, their trading days, and the gaps between them.

The length of the bars is the shortest usual distance of two rows, unless the name of the file gives it. A row of a day
has its date at 00:00 UTC, as in TradingView's daily bars, or any instant of the trading day; each row may be another
case. Called by replay.py; the file itself is read by csv_file.py.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.market.feeds.csv_file import Fault, Table, TableReader
from engine.market.feeds.csv_folder import SymbolFile, is_usable
from engine.market.feeds.csv_values import iso_time
from engine.market.feeds.stored_bars import TIME, StoredBars
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar
from engine.models.market.arrays import Ints
from engine.models.market.instruments import RESOLUTION_MINUTES, Instrument

USUAL_SHARE = 100
"""A distance between two rows is usual when at least one in this number of rows has it."""

HOUR_MS = 60 * MINUTE_MS
NAMED_FAULTS, NAMED_GAPS = 20, 10
"""Maximum of the rows and of the gaps that a report lists; the others are counted."""


class UnusableFile(ValueError):
    """A file was read and cannot be used; `report` has the lines of the report about it and about earlier files."""

    def __init__(self, message: str, report: list[str]) -> None:
        super().__init__(message)
        self.report = report


class Loaded(NamedTuple):
    """The bars of a file, and the lines of the report about it."""

    bars: StoredBars
    report: list[str]


def load(file: SymbolFile, instrument: Instrument, calendar: Calendar) -> Loaded:
    """Read one file. Raises: ValueError."""
    path = file.path
    table = TableReader(path, instrument).read()
    try:
        _check_has_rows(table)
        step_ms = _step_of(table.times) if file.step_ms is None else file.step_ms
        table = _daily_rows(table, calendar) if step_ms == DAY_MS else _rows_in_sessions(table, step_ms, calendar)
        _check_has_rows(table)
    except ValueError as error:
        raise UnusableFile(f"{path}: {error}", _notes(path, table)) from None
    bars = StoredBars(table.columns, step_ms, calendar)
    for resolution in bars.resolutions:
        bars.groups(resolution)  # computed and cached at the start, so that requests are fast
    return Loaded(bars, [*_notes(path, table), *_gaps(path, table, step_ms, calendar)])


def _check_has_rows(table: Table) -> None:
    """Raises: ValueError when no row is usable."""
    if not len(table.lines):
        reason = f": line {table.faults[0].line}: {table.faults[0].reason}" if table.faults else ""
        raise ValueError(f"has no usable row{reason}")


def _step_of(times: Ints) -> int:
    """Return the length of a file's bars: the shortest usual distance of two rows. Raises: ValueError."""
    dates = times[times // DAY_MS * DAY_MS == times]
    if len(dates) * 2 > len(times):
        times = dates  # a daily file, also when some rows have a time of day
    distances, counts = np.unique(np.diff(times), return_counts=True)
    distances, counts = distances[distances > 0], counts[distances > 0]
    if not len(distances):
        raise ValueError("has one usable row; at least two are needed to find the length of its bars")
    usual = counts >= max(2, len(times) // USUAL_SHARE)
    step_ms = int(distances[usual][0] if usual.any() else distances[0])
    if abs(step_ms - DAY_MS) <= HOUR_MS:
        return DAY_MS  # a day is an hour shorter or longer when the clocks change
    if not is_usable(step_ms):
        served = ", ".join(RESOLUTION_MINUTES)
        raise ValueError(
            f"rows are {step_ms / 1000:g} seconds apart; bars of {served} or more minutes, of a day, or of a whole "
            "part of a minute, can be replayed"
        )
    return step_ms


def _rows_in_sessions(table: Table, step_ms: int, calendar: Calendar) -> Table:
    """Leave out the rows outside the sessions, and those whose time is not the start of a bar."""
    times = table.columns[TIME]
    first = max(calendar.day_at(int(times[0])).number - 1, 0)
    spans = calendar.spans(first, calendar.day_at(int(times[-1])).number + 1).traded()
    opens, closes = (np.repeat(edges, spans.counts(times)) for edges in spans)
    is_outside = (times >= closes) | (times < opens)
    since_open = times - opens
    is_off = (since_open // step_ms * step_ms != since_open) & ~is_outside
    kept = ~(is_outside | is_off)
    if kept.all():
        return table
    faults = _faults_at(table.lines[is_outside], "is outside the trading session")
    faults += _faults_at(table.lines[is_off], f"time is not on the grid of {step_ms / 1000:g} s")
    return table._replace(columns=table.columns[:, kept], lines=table.lines[kept], faults=sorted(table.faults + faults))


def _daily_rows(table: Table, calendar: Calendar) -> Table:
    """Set the time of each row to the open of its trading day; leave out other dates and second rows of a day."""
    times = table.columns[TIME]
    days = times // DAY_MS
    with_time = np.flatnonzero(times % DAY_MS)
    days[with_time] = [calendar.date_of(instant_ms) for instant_ms in times[with_time].tolist()]
    is_trading = calendar.are_trading(days)
    newest = np.maximum.accumulate(np.where(is_trading, days, -1))
    is_again = is_trading & (days <= np.concatenate(([-1], newest[:-1])))
    faults = _faults_at(table.lines[~is_trading], "is of a date without trading")
    faults += _faults_at(table.lines[is_again], "is of the same day as a row before")
    kept = is_trading & ~is_again
    columns, days = table.columns[:, kept], days[kept]
    if len(days):
        columns[TIME] = calendar.edges(int(days[0]), int(days[-1]) + 1).starts[days - days[0]]
    return table._replace(columns=columns, lines=table.lines[kept], faults=sorted(table.faults + faults))


def _faults_at(lines: Ints, reason: str) -> list[Fault]:
    """Return the faults of several lines with the same reason."""
    return [Fault(line, reason) for line in lines.tolist()]


def _notes(path: Path, table: Table) -> list[str]:
    """Return the report of how a file was read, and of the rows that are left out."""
    notes = [f"{path}: {note}" for note in table.notes]
    lines = [f"{path}:{line}: {reason}; left out" for line, reason in table.faults[:NAMED_FAULTS]]
    rest = Counter(fault.reason for fault in table.faults[NAMED_FAULTS:])
    return notes + lines + [f"{path}: {count} more lines left out: {reason}" for reason, count in rest.most_common()]


def _gaps(path: Path, table: Table, step_ms: int, calendar: Calendar) -> list[str]:
    """Return the report of the trading times without rows."""
    times = table.columns[TIME]
    first, last = (calendar.day_at(int(times[place])).number for place in (0, -1))
    if step_ms == DAY_MS:
        spans = calendar.edges(first, last + 1)
        steps = (spans.ends > spans.starts).astype(np.int64)
    else:
        spans = calendar.spans(first, last + 1).traded()
        steps = -(-(spans.ends - spans.starts) // step_ms)
    opens, numbers = (np.repeat(one, spans.counts(times)) for one in (spans.starts, np.cumsum(steps) - steps))
    number = numbers + (times - opens) // step_ms
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
