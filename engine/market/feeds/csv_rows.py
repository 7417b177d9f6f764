"""What the rows of a user's file are, and where they lie in time: their length, their trading days, their gaps.

Rows are as long as the shortest distance of two of them that is no accident, unless the file's name says how long:
`AAPL.1D.csv`. Rows of days carry the date at 00:00 UTC, as TradingView's do, or any instant of the day.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.market.bars import MINUTES
from engine.market.feeds.csv_file import Table, read_table
from engine.market.feeds.series import TIME, Series
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar, Ints
from engine.models.market.bars import served_resolution
from engine.models.market.instruments import Instrument

SUFFIXES = (".csv", ".csv.gz")
RARE = 100
"""A distance that fewer than one row of so many has is an accident."""

HOUR_MS = 60 * MINUTE_MS
PRINTS = 4
LONGEST_STEP_MS = max(MINUTES.values()) * MINUTE_MS
"""Up to here a row is as long as a bar that is served, or a part of a minute."""

NAMED_FAULTS, NAMED_GAPS = 20, 10
"""Lines of a report that name one row or gap each; the others are counted."""


class File(NamedTuple):
    """A file of rows, and how long its name says they are, None where it does not."""

    path: Path
    step_ms: int | None


class Loaded(NamedTuple):
    """A file's rows, and what had to be said about it, line by line."""

    series: Series
    report: list[str]


def files_of(folder: Path, instruments: Mapping[str, Instrument]) -> dict[str, File]:
    """Return the files of a folder by symbol, in the order of the catalogue. Raises: ValueError."""
    found: dict[str, File] = {}
    names = {name.upper(): name for name in instruments}
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))
    except OSError as error:
        raise ValueError(f"{folder}: cannot be read: {error.strerror}") from None
    for path in paths:
        stem, declared = path.name.removesuffix(".gz").removesuffix(".csv").upper(), ""
        if stem not in names:
            stem, _, declared = stem.rpartition(".")
        symbol, step_ms = names.get(stem), _declared(declared)
        if symbol is None or (declared and step_ms is None):
            raise ValueError(f"{path}: the catalogue has no instrument of this name")
        if symbol in found:
            raise ValueError(f"{path}: {found[symbol].path.name} is of the same instrument")
        found[symbol] = File(path, step_ms)
    if not found:
        raise ValueError(f"{folder}: holds no file such as {next(iter(instruments))}.csv")
    return {symbol: found[symbol] for symbol in instruments if symbol in found}


def load(file: File, instrument: Instrument, calendar: Calendar) -> Loaded:
    """Read one file. Raises: ValueError."""
    path = file.path
    table = read_table(path, instrument)
    step_ms = _step_of(path, table.columns[TIME]) if file.step_ms is None else file.step_ms
    table = _on_days(table, calendar) if step_ms == DAY_MS else _placed(table, step_ms, calendar)
    if not len(table.lines):
        raise ValueError(f"{path}: has no usable row: line {table.faults[0][0]}: {table.faults[0][1]}")
    series = Series(table.columns, step_ms, calendar)
    for resolution in series.resolutions:
        series.index(resolution)
    return Loaded(series, [*_faults(path, table.faults), *_gaps(path, table, step_ms, calendar)])


def written(instant_ms: int) -> str:
    """Write an instant for people."""
    return f"{datetime.fromtimestamp(instant_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _declared(text: str) -> int | None:
    """Return the length of rows that a name speaks of: minutes, or a day; None for anything else."""
    if served_resolution(text) == "1D":
        return DAY_MS
    step_ms = int(text) * MINUTE_MS if text.isascii() and text.isdigit() else 0
    return step_ms if _is_usable(step_ms) else None


def _is_usable(step_ms: int) -> bool:
    """Whether rows of a length can be replayed."""
    if step_ms > LONGEST_STEP_MS:
        return step_ms == DAY_MS or (step_ms < DAY_MS and step_ms % MINUTE_MS == 0)
    is_part = step_ms >= 1000 and MINUTE_MS % step_ms == 0 and step_ms % PRINTS == 0
    return is_part or step_ms in {minutes * MINUTE_MS for minutes in MINUTES.values()}


def _step_of(path: Path, times: Ints) -> int:
    """Return the length of a file's bars: the shortest distance of two rows that is no accident."""
    if len(times) < 2:
        raise ValueError(f"{path}: has one usable row; the length of its bars shows from two on")
    distances, counts = np.unique(np.diff(times), return_counts=True)
    usual = counts >= max(2, len(times) // RARE)
    step_ms = int(distances[usual][0] if usual.any() else distances[0])
    if abs(step_ms - DAY_MS) <= HOUR_MS:
        return DAY_MS  # where the clocks change, days are an hour shorter or longer
    if not _is_usable(step_ms):
        served = ", ".join(MINUTES)
        raise ValueError(
            f"{path}: rows are {step_ms / 1000:g} seconds apart; bars of {served} or more minutes, of a day, or of a "
            "whole part of a minute, can be replayed"
        )
    return step_ms


def _placed(table: Table, step_ms: int, calendar: Calendar) -> Table:
    """Leave out the rows that lie outside the sessions or off the grid of their bars."""
    times = table.columns[TIME]
    first = max(calendar.day_at(int(times[0])).number - 1, 0)
    starts, ends = calendar.spans(first, calendar.day_at(int(times[-1])).number + 1).traded()
    place = np.maximum(np.searchsorted(starts, times, "right") - 1, 0)
    is_outside = (times >= ends[place]) | (times < starts[place])
    is_off = ((times - starts[place]) % step_ms != 0) & ~is_outside
    kept = ~(is_outside | is_off)
    if kept.all():
        return table
    faults = [(int(line), "is outside the trading session") for line in table.lines[is_outside]]
    faults += [(int(line), f"time is not on the grid of {step_ms / 1000:g} s") for line in table.lines[is_off]]
    return Table([column[kept] for column in table.columns], table.lines[kept], sorted(table.faults + faults))


def _on_days(table: Table, calendar: Calendar) -> Table:
    """Let each row of a day begin when its trading day does; leave out those of other dates."""
    times = table.columns[TIME]
    if (times % DAY_MS == 0).all():
        days = times // DAY_MS
    else:
        days = np.array([calendar.date_of(instant_ms) for instant_ms in times.tolist()], dtype=np.int64)
    is_trading = calendar.are_trading(days)
    newest = np.maximum.accumulate(np.where(is_trading, days, -1))
    is_again = is_trading & (days <= np.concatenate(([-1], newest[:-1])))
    faults = [(int(line), "is of a date without trading") for line in table.lines[~is_trading]]
    faults += [(int(line), "is of the same day as a row before") for line in table.lines[is_again]]
    kept = is_trading & ~is_again
    if kept.any():
        days = days[kept]
        first = int(days[0])
        starts = calendar.edges(first, int(days[-1]) + 1).starts[days - first]
    else:
        starts = times[kept]
    columns = [starts, *(column[kept] for column in table.columns[1:])]
    return Table(columns, table.lines[kept], sorted(table.faults + faults))


def _faults(path: Path, faults: list[tuple[int, str]]) -> list[str]:
    lines = [f"{path}:{line}: {reason}; left out" for line, reason in faults[:NAMED_FAULTS]]
    rest = Counter(reason for _, reason in faults[NAMED_FAULTS:])
    return lines + [f"{path}: {count} more lines left out: {reason}" for reason, count in rest.most_common()]


def _gaps(path: Path, table: Table, step_ms: int, calendar: Calendar) -> list[str]:
    """Report where trading time has no rows."""
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
        f"{path}:{int(table.lines[gap]) + 1}: {int(missing[gap])} bars are missing after {written(int(times[gap]))}"
        for gap in gaps[:NAMED_GAPS].tolist()
    ]
    if len(gaps) > NAMED_GAPS:
        rest = gaps[NAMED_GAPS:]
        lines.append(f"{path}: {len(rest)} more gaps, {int(missing[rest].sum())} bars missing in them")
    return lines
