"""Units of the stored integers: the scales of each instrument, kept beside the events.

Prices, quantities and money are stored as integers, so a catalogue with other scales for AAPL would read other prices
from the same history. Such a catalogue is refused. The scales of an instrument that no event names may change, and a
journal without stored scales takes those of the first catalogue that reads it. recovery.py calls this at the start.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import orjson

from engine.models.market.instruments import Instrument
from server.storage.data_directory import StorageError, damaged
from server.storage.schema import get_meta, put_meta


class Scales(NamedTuple):
    """Price units in one unit of the currency, quantity units in one, currency units of a point."""

    price: int
    quantity: int
    point: int


NAMES = ("price units", "quantity units", "point value")


def scales_of(instruments: Mapping[str, Instrument]) -> dict[str, Scales]:
    """Return the scales of a catalogue by instrument."""
    return {name: Scales(one.pricescale, one.qty_scale, one.point_value) for name, one in instruments.items()}


def read(connection: sqlite3.Connection, path: Path) -> dict[str, Scales]:
    """Return the scales that a journal was written in, by instrument. Raises: StorageError."""
    text = get_meta(connection, "scales")
    try:
        return {} if text is None else {name: Scales(*map(int, one)) for name, one in orjson.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        raise damaged(path, "has damaged scales") from None


def check(connection: sqlite3.Connection, instruments: Mapping[str, Instrument], path: Path) -> None:
    """Compare a catalogue with the scales that the events were written in. Raises: StorageError."""
    known = read(connection, path)
    for name, wanted in scales_of(instruments).items():
        stored = known.get(name, wanted)
        if stored == wanted:
            continue
        named = connection.execute("SELECT 1 FROM events WHERE instr(body, ?) LIMIT 1", (orjson.dumps(name),))
        if named.fetchone() is not None:
            parts = zip(NAMES, stored, wanted, strict=True)
            text = ", ".join(f"{part} {old} there and {new} here" for part, old, new in parts if old != new)
            raise StorageError(
                f"{path}: {name} was stored in other units than this catalogue's: {text}; nothing was changed. "
                "Run with the --instruments that wrote it, or with another --data-dir"
            )


def keep(connection: sqlite3.Connection, instruments: Mapping[str, Instrument], path: Path) -> None:
    """Store the scales of a catalogue that was checked. Instruments that it lacks keep theirs. Raises: StorageError."""
    stored = read(connection, path)
    wanted = stored | scales_of(instruments)
    if wanted != stored:
        text = orjson.dumps({name: list(scales) for name, scales in wanted.items()}).decode()
        put_meta(connection, "scales", text)
