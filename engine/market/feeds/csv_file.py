"""Reading a user's CSV file of bars: in blocks, with a report of every row that cannot be used, by line.

A file has the header `time,open,high,low,close,volume`. Times are epoch seconds, epoch milliseconds (above 1e11), or
ISO 8601 in UTC; prices lie on the instrument's tick grid. No row is repaired: a row that breaks a rule is left out and
reported, and leaves a gap. Called by csv_rows.py.
"""

import gzip
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from engine.market.bars import MILLISECONDS_ABOVE
from engine.models.market.arrays import Bools, Floats, Ints
from engine.models.market.instruments import ABSOLUTE_TOLERANCE, MAX_UNITS, RELATIVE_TOLERANCE, Instrument

HEADER = "time,open,high,low,close,volume"
NAMES = HEADER.split(",")
COLUMNS = len(NAMES)
BLOCK_LINES = 32768
"""Lines that are parsed at once: enough for numpy to be fast, few enough to need little memory."""


class Fault(NamedTuple):
    """A line that is left out, numbered from 1, and the reason."""

    line: int
    reason: str


class Table(NamedTuple):
    """The usable rows of a file.

    Attributes:
        columns: Array of shape (6, n): time (epoch milliseconds), open, high, low, close (price units), volume
            (quantity units).
        lines: Line number of each row.
        faults: Lines that are left out, ascending.
    """

    columns: Ints
    lines: Ints
    faults: list[Fault]


class TableReader:
    """Reads one file block by block; it is unpacked when its name ends with .gz."""

    def __init__(self, path: Path, instrument: Instrument) -> None:
        self._path = path
        self._instrument = instrument
        self._scales = [1.0] + [float(instrument.pricescale)] * 4 + [float(instrument.qty_scale)]
        self._blocks: list[list[Ints]] = []
        self._faults: list[Fault] = []
        self._newest_ms = -1

    def read(self) -> Table:
        """Read the file. Raises: ValueError when it cannot be read, or has no header or no usable row."""
        path, first_line = self._path, 2
        open_text = gzip.open if path.suffix == ".gz" else open
        try:
            with cast(IO[str], open_text(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n")) as file:
                if file.readline().strip().lower().replace(" ", "") != HEADER:
                    raise ValueError(f"{path}:1: the header is not {HEADER}")
                while block := list(islice(file, BLOCK_LINES)):
                    self._check(*self._parse(block, first_line))
                    first_line += len(block)
        except (OSError, EOFError) as error:
            raise ValueError(f"{path}: cannot be read: {error}") from None
        self._faults.sort()
        count = sum(len(block[-1]) for block in self._blocks)
        if not count:
            reason = f": line {self._faults[0].line}: {self._faults[0].reason}" if self._faults else ""
            raise ValueError(f"{path}: has no usable row{reason}")
        rows = np.empty((COLUMNS + 1, count), dtype=np.int64)
        for row in reversed(rows):
            # Columns are joined and released one after the other, so that the rows are not in memory twice.
            np.concatenate([block.pop() for block in self._blocks], out=row)
        return Table(rows[:COLUMNS], rows[COLUMNS], self._faults)

    def _parse(self, block: list[str], first_line: int) -> tuple[Floats, Ints]:
        """Return the rows of a block as floats of shape (n, 6), times in milliseconds, and their lines."""
        lines = np.arange(first_line, first_line + len(block))
        try:
            rows = _parsed(block)
            has_faults = rows.shape != (len(block), COLUMNS)
        except ValueError:
            has_faults = True
        if has_faults:
            parsed = [self._parse_line(text, number) for number, text in enumerate(block, first_line)]
            lines = lines[[row is not None for row in parsed]]
            rows = np.array([row for row in parsed if row is not None], dtype=np.float64).reshape(-1, COLUMNS)
        times = rows[:, 0]
        rows[:, 0] = np.where(times > MILLISECONDS_ABOVE, times, times * 1000.0)
        return rows, lines

    def _parse_line(self, text: str, number: int) -> list[float] | None:
        fields = text.strip().split(",")
        row: list[float] = []
        try:
            if len(fields) != COLUMNS:
                raise ValueError(f"has {len(fields)} columns instead of {COLUMNS}" if fields != [""] else "is empty")
            for name, field in zip(NAMES, fields, strict=True):
                row.append(_number(name, field))
        except ValueError as error:
            if text.endswith("\n") or text.strip():  # blanks after the last line end are ignored
                self._faults.append(Fault(number, str(error)))
            return None
        return row

    def _check(self, rows: Floats, lines: Ints) -> None:
        """Keep the rows that obey every rule; report the others."""
        finite = np.asarray(np.isfinite(rows).all(axis=1), dtype=np.bool_)
        scaled = np.where(finite.reshape(-1, 1), rows, 0.0) * self._scales
        units = np.rint(scaled)
        off = np.abs(scaled - units) > np.maximum(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * np.abs(units))
        whole = np.clip(units, -MAX_UNITS, MAX_UNITS).astype(np.int64)
        _, open_, high, low, close, volume = whole.T
        tick = self._instrument.tick_text
        rules = [
            ("a value is not finite", ~finite),
            ("a value is beyond 1e15", (np.abs(units) > MAX_UNITS).any(axis=1)),
            ("time is not a whole number of milliseconds", off[:, 0]),
            ("a price is not above 0", (whole[:, 1:5] <= 0).any(axis=1)),
            ("volume is below 0", volume < 0),
            (f"a price is not a multiple of the tick {tick}", self._are_off_grid(whole[:, 1:5], off[:, 1:5])),
            ("high is below open, close or low", (high < np.maximum(open_, close)) | (high < low)),
            ("low is above open or close", low > np.minimum(open_, close)),
        ]
        bad = np.zeros(len(rows), dtype=np.bool_)
        for reason, broken in rules:
            self._faults += faults_at(lines[broken & ~bad], reason)
            bad |= broken
        self._keep(whole[~bad], lines[~bad])

    def _keep(self, rows: Ints, lines: Ints) -> None:
        """Keep the rows whose time is after every earlier row."""
        times = rows[:, 0]
        is_late = times <= np.maximum.accumulate(np.concatenate(([self._newest_ms], times)))[:-1]
        self._faults += faults_at(lines[is_late], "time is not after that of the rows before")
        kept = rows[~is_late]
        self._blocks.append([*(np.ascontiguousarray(column) for column in kept.T), lines[~is_late]])
        if len(kept):
            self._newest_ms = int(kept[-1, 0])

    def _are_off_grid(self, prices: Ints, off: Bools) -> Bools:
        on_grid = self._instrument.grid.contains(prices.reshape(-1)).reshape(prices.shape)
        return np.asarray(np.any(off | ~on_grid, axis=1), dtype=np.bool_)


def faults_at(lines: Ints, reason: str) -> list[Fault]:
    """Return the faults of several lines with the same reason."""
    return [Fault(line, reason) for line in lines.tolist()]


def _parsed(block: list[str]) -> Floats:
    """Return the columns of lines; times of ISO 8601 are in milliseconds. Raises: ValueError."""
    read = partial(np.loadtxt, delimiter=",", comments=None, ndmin=2)
    if block[0][4:5] != "-":
        return read(block)
    stamps, values = zip(*(line.split(",", 1) for line in block), strict=True)
    times = np.array([stamp.removesuffix("Z") for stamp in stamps], dtype="datetime64[ms]").astype(np.int64)
    return np.column_stack((times.astype(np.float64), read(values)))


def _number(name: str, text: str) -> float:
    """Return a field of a row. Raises: ValueError with the reason."""
    try:
        return float(text)
    except ValueError:
        if name != "time":
            raise ValueError(f"{name} {text!r} is not a number") from None
    try:
        return _iso_time(text)
    except ValueError:
        raise ValueError(f"time {text!r} is neither a number nor ISO 8601 in UTC") from None


def _iso_time(text: str) -> float:
    """Return a time of ISO 8601 in UTC in milliseconds. Raises: ValueError."""
    time = datetime.fromisoformat(text)
    if time.utcoffset():
        raise ValueError(text)
    return time.replace(tzinfo=UTC).timestamp() * 1000
