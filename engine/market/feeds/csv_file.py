"""Read a user's CSV file of bars: in bulk, and yet every row that cannot be used is reported by its line.

A file has the header `time,open,high,low,close,volume`. Times are epoch seconds, epoch milliseconds (above 1e11), or
ISO 8601 in UTC; prices lie on the instrument's tick grid. Nothing is repaired and nothing is guessed: a row that is
wrong is left out and reported; the gap that it leaves is one like any other.
"""

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from engine.market.sessions import Ints
from engine.models.market.instruments import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE, Instrument

HEADER = b"time,open,high,low,close,volume"
COLUMNS = 6
BLOCK_BYTES = 2 << 20
"""Bytes that are parsed at once: enough for numpy to be quick, few enough to need little memory."""

MILLISECONDS_ABOVE = 10**11
GREATEST = 10**15

Floats = NDArray[np.float64]


class Table(NamedTuple):
    """The usable rows of a file.

    Attributes:
        columns: Time (epoch milliseconds), open, high, low, close (price units), volume (quantity units).
        lines: The line that each row is on, from 1.
        faults: Lines that were left out, with the reason.
    """

    columns: list[Ints]
    lines: Ints
    faults: list[tuple[int, str]]


def read_table(path: Path, instrument: Instrument) -> Table:
    """Read a file, unpacking it where its name ends with .gz.

    Raises:
        ValueError: The file cannot be read, has no header or not one usable row.
    """
    parts: list[list[Ints]] = [[] for _ in range(COLUMNS + 1)]
    faults: list[tuple[int, str]] = []
    newest_ms = -1
    try:
        with cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as file:
            header = file.readline().removeprefix(b"\xef\xbb\xbf").strip().lower()
            if header.replace(b" ", b"") != HEADER:
                raise ValueError(f"{path}:1: the header is not {HEADER.decode()}")
            for first_line, block in _blocks(file):
                rows, lines = _parsed(block, first_line, faults)
                good = _checked(rows, lines, instrument, newest_ms, faults)
                for part, column in zip(parts, (*good.columns, good.lines), strict=True):
                    part.append(column)
                if len(good.lines):
                    newest_ms = int(good.columns[0][-1])
    except (OSError, EOFError) as error:
        raise ValueError(f"{path}: cannot be read: {error}") from None
    faults.sort()
    if not sum(len(column) for column in parts[0]):
        reason = f": line {faults[0][0]}: {faults[0][1]}" if faults else ""
        raise ValueError(f"{path}: has no usable row{reason}")
    columns: list[Ints] = []
    for index in range(COLUMNS + 1):
        columns.append(np.concatenate(parts[index]))
        parts[index] = []
    return Table(columns[:COLUMNS], columns[COLUMNS], faults)


def _blocks(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines in blocks, each with the number of its first line."""
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


def _parsed(block: bytes, first_line: int, faults: list[tuple[int, str]]) -> tuple[Floats, Ints]:
    """Return the rows of a block as floats of shape (n, 6), times in milliseconds, and their lines."""
    count = block.count(b"\n")
    rows = _in_bulk(block)
    if rows is not None and rows.shape == (count, COLUMNS):
        lines = np.arange(first_line, first_line + count)
    else:
        # Something is wrong somewhere: line by line, to say where.
        found = [
            (number, row)
            for number, text in enumerate(block.split(b"\n")[:count], first_line)
            if (row := _one_by_one(text, number, faults)) is not None
        ]
        rows = np.array([row for _, row in found], dtype=np.float64).reshape(-1, COLUMNS)
        lines = np.array([number for number, _ in found], dtype=np.int64)
    times = rows[:, 0]
    rows[:, 0] = np.where(times > MILLISECONDS_ABOVE, times, times * 1000.0)
    return rows, lines


def _in_bulk(block: bytes) -> Floats | None:
    """Parse a block of good lines; None when one of them is not."""
    try:
        if block[4:5] != b"-":
            return np.loadtxt(io.BytesIO(block), delimiter=",", comments=None, ndmin=2)
        stamps = [line.partition(b",")[0] for line in block.split(b"\n")[:-1]]
        times = np.array([stamp.removesuffix(b"Z").decode("ascii") for stamp in stamps], dtype="datetime64[ms]")
        values = np.loadtxt(io.BytesIO(block), delimiter=",", comments=None, ndmin=2, usecols=range(1, COLUMNS))
        if any(line.count(b",") != COLUMNS - 1 for line in block.split(b"\n")[:-1]):
            return None
        return np.column_stack((times.astype(np.int64).astype(np.float64), values))
    except ValueError:
        return None


def _one_by_one(text: bytes, number: int, faults: list[tuple[int, str]]) -> list[float] | None:
    fields = text.decode("utf-8", "replace").strip().split(",")
    if len(fields) != COLUMNS:
        faults.append((number, f"has {len(fields)} columns instead of {COLUMNS}" if fields != [""] else "is empty"))
        return None
    names = HEADER.decode().split(",")
    try:
        row = [_time(fields[0])]
    except ValueError:
        faults.append((number, f"time {fields[0]!r} is neither a number nor ISO 8601 in UTC"))
        return None
    for name, field in zip(names[1:], fields[1:], strict=True):
        try:
            row.append(float(field))
        except ValueError:
            faults.append((number, f"{name} {field!r} is not a number"))
            return None
    return row


def _time(text: str) -> float:
    """Read a time as a number of seconds or milliseconds, or ISO 8601 in UTC as milliseconds. Raises: ValueError."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        offset = moment.utcoffset()
        if offset is not None and offset.total_seconds():
            raise ValueError(text) from None
        return moment.replace(tzinfo=UTC).timestamp() * 1000


def _checked(rows: Floats, lines: Ints, instrument: Instrument, newest_ms: int, faults: list[tuple[int, str]]) -> Table:
    """Leave out the rows that break a rule, and report them."""
    finite = np.asarray(np.isfinite(rows).all(axis=1), dtype=np.bool_)
    rows = np.where(finite.reshape(-1, 1), rows, 0.0)
    scaled = rows * ([1.0] + [float(instrument.pricescale)] * 4 + [float(instrument.qty_scale)])
    units = np.rint(scaled)
    off = np.abs(scaled - units) > np.maximum(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * np.abs(units))
    whole = np.clip(units, -GREATEST, GREATEST).astype(np.int64)
    time, open_, high, low, close, volume = whole.T
    prices = whole[:, 1:5]
    rules = [
        ("a value is not finite", ~finite),
        ("a value is beyond 1e15", (np.abs(units) > GREATEST).any(axis=1)),
        ("time is not a whole number of milliseconds", off[:, 0]),
        ("a price is not above 0", (prices <= 0).any(axis=1)),
        ("volume is below 0", volume < 0),
        (f"a price is not a multiple of the tick {instrument.tick_text}", _off_grid(prices, off[:, 1:5], instrument)),
        ("high is below open, close or low", (high < np.maximum(open_, close)) | (high < low)),
        ("low is above open or close", low > np.minimum(open_, close)),
    ]
    bad = np.zeros(len(rows), dtype=np.bool_)
    for reason, broken in rules:
        faults += [(int(line), reason) for line in lines[broken & ~bad]]
        bad |= broken
    kept = np.flatnonzero(~bad)
    before = np.maximum.accumulate(np.concatenate(([newest_ms], time[kept])))[:-1]
    late = time[kept] <= before
    faults += [(int(line), "time is not after that of the rows before") for line in lines[kept[late]]]
    kept = kept[~late]
    return Table([np.ascontiguousarray(column) for column in whole[kept].T], lines[kept], [])


def _off_grid(prices: Ints, off: NDArray[np.bool_], instrument: Instrument) -> NDArray[np.bool_]:
    on_grid = instrument.grid.have(prices.reshape(-1)).reshape(prices.shape)
    found: NDArray[np.bool_] = np.any(off | ~on_grid, axis=1)
    return found
