"""Reading a user's CSV file of bars: in blocks, with a report of every row that cannot be used, by line.

A file has the header `time,open,high,low,close,volume`. Times are epoch seconds, epoch milliseconds (above 1e11), or
ISO 8601 in UTC; prices lie on the instrument's tick grid. No row is repaired: a row that breaks a rule is left out and
reported, and leaves a gap. Called by csv_rows.py.
"""

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from engine.market.bars import MILLISECONDS_ABOVE
from engine.models.market.arrays import Bools, Floats, Ints
from engine.models.market.instruments import ABSOLUTE_TOLERANCE, MAX_UNITS, RELATIVE_TOLERANCE, Instrument

HEADER = b"time,open,high,low,close,volume"
COLUMNS = 6
BLOCK_BYTES = 2 << 20
"""Bytes that are parsed at once: enough for numpy to be fast, few enough to need little memory."""


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
        path = self._path
        try:
            with cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as file:
                header = file.readline().removeprefix(b"\xef\xbb\xbf").strip().lower()
                if header.replace(b" ", b"") != HEADER:
                    raise ValueError(f"{path}:1: the header is not {HEADER.decode()}")
                for first_line, block in _blocks(file):
                    self._check(*self._parse(block, first_line))
        except (OSError, EOFError) as error:
            raise ValueError(f"{path}: cannot be read: {error}") from None
        self._faults.sort()
        count = sum(len(block[-1]) for block in self._blocks)
        if not count:
            reason = f": line {self._faults[0].line}: {self._faults[0].reason}" if self._faults else ""
            raise ValueError(f"{path}: has no usable row{reason}")
        rows = np.empty((COLUMNS + 1, count), dtype=np.int64)
        for row in reversed(rows):
            # The columns of all blocks are released one after the other: a file needs its memory once.
            np.concatenate([block.pop() for block in self._blocks], out=row)
        return Table(rows[:COLUMNS], rows[COLUMNS], self._faults)

    def _parse(self, block: bytes, first_line: int) -> tuple[Floats, Ints]:
        """Return the rows of a block as floats of shape (n, 6), times in milliseconds, and their lines."""
        count = block.count(b"\n")
        rows = _parsed_block(block)
        if rows is not None and rows.shape == (count, COLUMNS):
            lines = np.arange(first_line, first_line + count)
        else:
            # Some line has a fault: parse line by line to find it.
            found = [
                (number, row)
                for number, text in enumerate(block.split(b"\n")[:count], first_line)
                if (row := self._parse_line(text, number)) is not None
            ]
            rows = np.array([row for _, row in found], dtype=np.float64).reshape(-1, COLUMNS)
            lines = np.array([number for number, _ in found], dtype=np.int64)
        times = rows[:, 0]
        rows[:, 0] = np.where(times > MILLISECONDS_ABOVE, times, times * 1000.0)
        return rows, lines

    def _parse_line(self, text: bytes, number: int) -> list[float] | None:
        fields = text.decode("utf-8", "replace").strip().split(",")
        if len(fields) != COLUMNS:
            reason = f"has {len(fields)} columns instead of {COLUMNS}" if fields != [""] else "is empty"
            self._faults.append(Fault(number, reason))
            return None
        try:
            row = [_time(fields[0])]
        except ValueError:
            self._faults.append(Fault(number, f"time {fields[0]!r} is neither a number nor ISO 8601 in UTC"))
            return None
        for name, field in zip(HEADER.decode().split(",")[1:], fields[1:], strict=True):
            try:
                row.append(float(field))
            except ValueError:
                self._faults.append(Fault(number, f"{name} {field!r} is not a number"))
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
            self._report(lines[broken & ~bad], reason)
            bad |= broken
        self._keep(whole[~bad], lines[~bad])

    def _keep(self, rows: Ints, lines: Ints) -> None:
        """Keep the rows whose time is after every earlier row."""
        times = rows[:, 0]
        is_late = times <= np.maximum.accumulate(np.concatenate(([self._newest_ms], times)))[:-1]
        self._report(lines[is_late], "time is not after that of the rows before")
        kept = rows[~is_late]
        self._blocks.append([*(np.ascontiguousarray(column) for column in kept.T), lines[~is_late]])
        if len(kept):
            self._newest_ms = int(kept[-1, 0])

    def _are_off_grid(self, prices: Ints, off: Bools) -> Bools:
        on_grid = self._instrument.grid.contains(prices.reshape(-1)).reshape(prices.shape)
        return np.asarray(np.any(off | ~on_grid, axis=1), dtype=np.bool_)

    def _report(self, lines: Ints, reason: str) -> None:
        self._faults += [Fault(line, reason) for line in lines.tolist()]


def _blocks(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield blocks of whole lines, each with the number of its first line."""
    line, rest = 2, b""
    while data := file.read(BLOCK_BYTES):
        data = rest + data
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        if end:
            yield line, data[:end]
            line += data.count(b"\n", 0, end)
    if rest.strip():
        yield line, rest + b"\n"


def _parsed_block(block: bytes) -> Floats | None:
    """Return the rows of a block, None when a line cannot be parsed."""
    try:
        if block[4:5] != b"-":
            return np.loadtxt(io.BytesIO(block), delimiter=",", comments=None, ndmin=2)
        lines = block.split(b"\n")[:-1]
        stamps = [line.partition(b",")[0] for line in lines]
        times = np.array([stamp.removesuffix(b"Z").decode("ascii") for stamp in stamps], dtype="datetime64[ms]")
        values = np.loadtxt(io.BytesIO(block), delimiter=",", comments=None, ndmin=2, usecols=range(1, COLUMNS))
        if any(line.count(b",") != COLUMNS - 1 for line in lines):
            return None
        return np.column_stack((times.astype(np.int64).astype(np.float64), values))
    except ValueError:
        return None


def _time(text: str) -> float:
    """Return a time in seconds or milliseconds as it is, ISO 8601 in UTC as milliseconds. Raises: ValueError."""
    try:
        return float(text)
    except ValueError:
        time = datetime.fromisoformat(text)
        offset = time.utcoffset()
        if offset is not None and offset.total_seconds():
            raise ValueError(text) from None
        return time.replace(tzinfo=UTC).timestamp() * 1000
