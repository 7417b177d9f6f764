"""Reading a user's CSV file of bars: in blocks, with a report of every row that cannot be used, by line.

Columns, separator and decimal sign are those of csv_layout.py, times and numbers those of csv_values.py; prices lie on
the instrument's tick grid. No row is repaired: a row that breaks a rule is left out and reported, and leaves a gap.
Called by csv_rows.py.
"""

import codecs
import csv
import gzip
from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from engine.market.feeds.csv_layout import CLOCK, COLUMNS, PRICES, Layout, layout_of
from engine.market.feeds.csv_texts import Fields, Group
from engine.market.feeds.csv_values import END_MS, read_clocks, read_numbers, read_times
from engine.models.market.arrays import Bools, Floats, Ints
from engine.models.market.instruments import ABSOLUTE_TOLERANCE, MAX_UNITS, RELATIVE_TOLERANCE, Instrument

BLOCK_BYTES = 1 << 19
"""Bytes that are parsed at once: enough for numpy to be fast, few enough to need little memory."""

LAYOUT_LINES = 1000
"""First lines of a file, from which its layout is decided."""


class Fault(NamedTuple):
    """A line that is left out, numbered from 1, and the reason."""

    line: int
    reason: str


class Table(NamedTuple):
    """The usable rows of a file, in ascending order of time.

    Attributes:
        columns: Array of shape (6, n): time (epoch milliseconds), open, high, low, close (price units), volume
            (quantity units).
        lines: Line number of each row.
        times: Times of these rows and of the rows whose only faults are in other columns, ascending.
        faults: Lines that are left out, ascending.
        notes: What was taken for what, in words.
    """

    columns: Ints
    lines: Ints
    times: Ints
    faults: list[Fault]
    notes: list[str]


class TableReader:
    """Reads one file block by block; it is unpacked when its name ends with .gz."""

    def __init__(self, path: Path, instrument: Instrument) -> None:
        self._path = path
        self._instrument = instrument
        self._scales = {"volume": instrument.qty_scale} | dict.fromkeys(PRICES, instrument.pricescale)
        self._blocks: list[list[Ints]] = []
        self._other_times: list[Ints] = []
        self._faults: dict[int, str] = {}

    def read(self) -> Table:
        """Read the file. Raises: ValueError when the file or its columns cannot be read."""
        layout, next_line = None, 1
        try:
            for block in _blocks(self._path):
                if layout is None:
                    layout = self._layout(block)
                if layout.has_header and next_line == 1:
                    block, next_line = block.partition(b"\n")[2], 2
                fields = Fields(block, layout.separator.encode(), layout.width)
                self._check(*self._values(fields, layout, next_line))
                next_line += len(fields.counts)
        except (OSError, EOFError, csv.Error) as error:
            raise ValueError(f"{self._path}: cannot be read: {error}") from None
        return self._table(layout or self._layout(b""))

    def _layout(self, block: bytes) -> Layout:
        """Return the layout of the file that begins with a block. Raises: ValueError."""
        try:
            return layout_of(block.decode(errors="replace").splitlines()[:LAYOUT_LINES])
        except ValueError as error:
            raise ValueError(f"{self._path}:1: {error}") from None

    def _values(self, fields: Fields, layout: Layout, first_line: int) -> tuple[list[Ints | Floats], Ints]:
        """Return the columns of a block, in units, and its lines; a field that cannot be read is not a number."""
        for row in np.flatnonzero(~fields.is_whole).tolist():
            reason = f"has {fields.counts[row]} columns instead of {layout.width}"
            self._faults[first_line + row] = "is empty" if fields.is_empty[row] else reason
        lines = first_line + np.flatnonzero(fields.is_whole)
        values = [self._column(fields, lines, layout, name) for name in layout.columns]
        if CLOCK in layout.columns:
            values[0] = values[0] + values.pop()
        return values, lines

    def _column(self, fields: Fields, lines: Ints, layout: Layout, name: str) -> Ints | Floats:
        found = [(group.rows, self._read(group, lines, layout, name)) for group in fields.groups(layout.columns[name])]
        if len(found) == 1:
            return found[0][1]
        column: Ints | Floats = np.empty(len(lines), np.result_type(np.int64, *(values for _, values in found)))
        for rows, values in found:
            column[rows] = values
        return column

    def _read(self, group: Group, lines: Ints, layout: Layout, name: str) -> Ints | Floats:
        """Return the values of some rows of a column; report those without a value."""
        if name == "time":
            values, reason = read_times(group, layout.is_day_first)
        elif name == CLOCK:
            values, reason = read_clocks(group)
        else:
            values, reason = read_numbers(group, layout.decimal, self._scales[name])
        is_unread = np.isnan(values)
        if is_unread.any():
            for row, text in zip(group.rows[is_unread].tolist(), group.texts(is_unread), strict=True):
                self._faults.setdefault(int(lines[row]), f"{name} {text!r} {reason}")
        return values

    def _check(self, values: list[Ints | Floats], lines: Ints) -> None:
        """Keep the rows that obey every rule; report the others."""
        is_unread = np.isnan(sum(values))
        if is_unread.any():
            self._keep_times(values[0][is_unread])
            values, lines = [column[~is_unread] for column in values], lines[~is_unread]
        whole, off, large = zip(*map(_whole_units, values), strict=True)
        time, open_, high, low, close, volume = whole
        grid = self._instrument.grid
        rules = [
            ("a value is beyond 1e15", _any(large)),
            ("time is not a whole number of milliseconds", off[0]),
            ("time is not from 1970 to 2199", (time < 0) | (time >= END_MS)),
            ("a price is not above 0", _any(column <= 0 for column in whole[1:5])),
            ("volume is below 0", volume < 0),
            (
                f"a price is not a multiple of the tick {self._instrument.tick_text}",
                _any((*off[1:5], *(~grid.contains(column) for column in whole[1:5]))),
            ),
            ("high is below open, close or low", (high < np.maximum(open_, close)) | (high < low)),
            ("low is above open or close", low > np.minimum(open_, close)),
        ]
        bad = np.zeros(len(lines), dtype=np.bool_)
        for reason, broken in rules:
            if broken.any():
                self._faults |= dict.fromkeys(lines[broken & ~bad].tolist(), reason)
                bad |= broken
        if bad.any():
            self._keep_times(values[0][bad])
        self._blocks.append([column[~bad] for column in (*whole, lines)] if bad.any() else [*whole, lines])

    def _keep_times(self, times: Ints | Floats) -> None:
        """Keep the times of rows that are left out, where these are good."""
        is_good = (times >= 0) & (times < END_MS) & (times == np.rint(times))
        self._other_times.append(times[is_good].astype(np.int64))

    def _table(self, layout: Layout) -> Table:
        """Return the rows of all blocks whose time is after every earlier row."""
        notes = [layout.summary] if layout.summary else []
        rows = np.empty((len(COLUMNS) + 1, sum(len(block[-1]) for block in self._blocks)), dtype=np.int64)
        for row in reversed(rows):
            # Columns are joined and released one after the other, so that the rows are not in memory twice.
            np.concatenate([block.pop() for block in self._blocks], out=row)
        steps = np.diff(rows[0])
        if np.count_nonzero(steps < 0) * 2 > len(steps):
            notes.append("rows are in descending order of time; they are read from the last to the first")
            rows, steps = rows[:, ::-1], -steps[::-1]
        if (steps <= 0).any():
            is_late = np.concatenate(([False], rows[0, 1:] <= np.maximum.accumulate(rows[0])[:-1]))
            self._faults |= dict.fromkeys(rows[-1, is_late].tolist(), "time is not after that of the rows before")
            rows = rows[:, ~is_late]
        times = np.sort(np.concatenate([rows[0], *self._other_times])) if self._other_times else rows[0]
        return Table(rows[:-1], rows[-1], times, [Fault(*one) for one in sorted(self._faults.items())], notes)


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file in UTF-8, or in UTF-16 with a byte order mark; the last line has an end too."""
    with cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as file:
        rest = file.read(BLOCK_BYTES).removeprefix(codecs.BOM_UTF8)
        if rest.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            rest = (rest + file.read()).decode("utf-16").encode()
        while rest:
            lines, end, rest = rest.rpartition(b"\n")
            if end:
                yield lines + end
            data = file.read(BLOCK_BYTES)
            if not data:
                break
            rest += data
    if rest.strip():
        yield rest + b"\n"


def _whole_units(values: Ints | Floats) -> tuple[Ints, Bools, Bools]:
    """Return the whole numbers next to values, which values are apart from them, and which are too large."""
    if values.dtype == np.int64:
        none = np.zeros(len(values), dtype=np.bool_)
        return cast(Ints, values), none, none
    units = np.rint(values)
    is_apart = np.abs(values - units) > np.maximum(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * np.abs(units))
    is_large = np.abs(units) > MAX_UNITS
    return np.where(is_large, 0, units).astype(np.int64), is_apart, is_large


def _any(conditions: Iterable[Bools]) -> Bools:
    """Return where at least one condition holds."""
    return reduce(np.logical_or, conditions)
