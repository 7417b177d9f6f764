"""What the whole numbers in the events mean: the scales of each instrument, kept beside the events.

Prices, quantities and money are stored as integers, so a catalogue that counts AAPL in other units would make other
prices of the same history. Such a catalogue is refused. An instrument that no event names may change as it likes, and
a journal from before scales were kept takes those of the first catalogue that reads it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from engine.models.market.instruments import Instrument
from server.storage.data_directory import StorageError, damaged

Scales = dict[str, list[int]]
"""By instrument: price units in one unit of its currency, quantity units in one, currency units of a point."""

NAMES = ("price units", "quantity units", "point value")


def scales_of(instruments: Mapping[str, Instrument]) -> Scales:
    """Return the scales of a catalogue."""
    return {name: [one.pricescale, one.qty_scale, one.point_value] for name, one in instruments.items()}


def read(connection: sqlite3.Connection, path: Path) -> Scales:
    """Return the scales that a journal was written in, as far as they are known. Raises: StorageError."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'scales'").fetchone()
    try:
        found: Scales = {} if row is None else orjson.loads(row[0])
        return {name: [int(one) for one in scales] for name, scales in found.items()}
    except (ValueError, TypeError, AttributeError):
        raise damaged(path, "has damaged scales") from None


def check(connection: sqlite3.Connection, instruments: Mapping[str, Instrument], path: Path) -> None:
    """Hold a catalogue against what the events were written in. Raises: StorageError."""
    for name, then, now in changed(read(connection, path), scales_of(instruments)):
        if is_named(connection, name):
            parts = zip(NAMES, then, now, strict=True)
            told = ", ".join(f"{part} {old} there and {new} here" for part, old, new in parts if old != new)
            raise StorageError(
                f"{path}: {name} was stored in other units than this catalogue's: {told}; nothing was changed. "
                "Run with the --instruments that wrote it, or with another --data-dir"
            )


def merged(connection: sqlite3.Connection, instruments: Mapping[str, Instrument], path: Path) -> Scales | None:
    """Return what is to be kept with a catalogue that was checked, None when it is there already. Raises: StorageError.

    Names that the catalogue lacks keep theirs.
    """
    known = read(connection, path)
    wanted = known | scales_of(instruments)
    return None if wanted == known else wanted


def keep(connection: sqlite3.Connection, wanted: Scales) -> None:
    """Write scales down. The file is another then: its seal has to be broken before."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('scales', ?)", (orjson.dumps(wanted).decode(),))


def changed(known: Scales, wanted: Scales) -> Iterator[tuple[str, list[int], list[int]]]:
    """Yield the instruments whose scales are others, with those before and those now."""
    for name, now in wanted.items():
        then = known.get(name, now)
        if then != now:
            yield name, then, now


def is_named(connection: sqlite3.Connection, name: str) -> bool:
    """Whether an event names an instrument; asked only when its scales changed, for it looks at all of them."""
    quoted = orjson.dumps(name)
    return connection.execute("SELECT 1 FROM events WHERE instr(body, ?) LIMIT 1", (quoted,)).fetchone() is not None
