"""Snapshots: the state after an event, so that a start replays only the events behind it. They are a cache.

A snapshot is usable when its hash is right, when its event is in the journal, and when the same program made it: the
state has the shape of the code, so another version replays the events. Reading a snapshot creates objects of the
engine's classes and of a short list of others. recovery.py reads them, service.py and admin.py write them.
"""

import hashlib
import io
import logging
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pydantic

import engine
from engine.broker.broker import Broker
from engine.market.scenarios import Scenarios
from engine.models.market.instruments import Instrument
from server.storage.data_directory import Head, sync_path

log = logging.getLogger("trading.snapshots")

KEPT_FILES = 2
MAGIC = "trading-snapshot"
CATALOGUE = ""
"""Written in the place of the whole catalogue; a single instrument is written as its name."""

OTHER_CLASSES = {
    "collections": ("deque", "OrderedDict", "defaultdict"),
    "builtins": ("set", "frozenset", "object"),
    "decimal": ("Decimal",),
    "copyreg": ("_reconstructor",),
}
"""By module: the classes in the state that are not the engine's."""


class Contents(NamedTuple):
    """The state in a snapshot."""

    broker: Broker
    scenarios: Scenarios


class BadSnapshot(Exception):
    """The snapshot cannot be used; the reason is for the log."""


class SnapshotFile(NamedTuple):
    """A snapshot file according to its first line: the last event, and the hash of the rest."""

    path: Path
    head: Head
    digest: str


class _Writer(pickle.Pickler):
    """Writes instruments as their names, because they belong to the catalogue."""

    def persistent_id(self, value: Any) -> str | None:
        if isinstance(value, Instrument):
            return value.name
        is_catalogue = type(value) is dict and value and all(isinstance(item, Instrument) for item in value.values())
        return CATALOGUE if is_catalogue else None


class _Reader(pickle.Unpickler):
    """Creates objects of the engine's classes and of `OTHER_CLASSES` only, whatever the file says."""

    def __init__(self, file: io.BytesIO, instruments: Mapping[str, Instrument]) -> None:
        super().__init__(file)
        self._instruments = instruments

    def persistent_load(self, name: Any) -> Any:
        return self._instruments if name == CATALOGUE else self._instruments[name]

    def find_class(self, module: str, name: str) -> Any:
        if name in OTHER_CLASSES.get(module, ()):
            return super().find_class(module, name)
        if module.startswith("engine.") and isinstance(found := super().find_class(module, name), type):
            return found
        raise BadSnapshot(f"it holds {module}.{name}")


def fingerprint(instruments: Mapping[str, Instrument]) -> str:
    """Return a hash of everything that a snapshot depends on: engine source, Python, pydantic, catalogue."""
    digest = hashlib.sha256(_program_hash().encode())
    for instrument in instruments.values():
        digest.update(repr(instrument).encode())
    return digest.hexdigest()[:32]


@cache
def _program_hash() -> str:
    digest = hashlib.sha256(f"{sys.version} {pydantic.VERSION}".encode())
    for path in sorted(Path(engine.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Buffer(io.BytesIO):
    """A file in memory that calls `on_progress` whenever some 64 KiB of a pickle are written."""

    def __init__(self, on_progress: Callable[[], None]) -> None:
        super().__init__()
        self._on_progress = on_progress

    def write(self, data: Any) -> int:
        self._on_progress()
        return super().write(data)


def packed(contents: Contents) -> bytes:
    """Return a state as bytes that `unpacked` reads."""
    buffer = io.BytesIO()
    _Writer(buffer, protocol=5).dump(tuple(contents))
    return buffer.getvalue()


def unpacked(data: bytes, instruments: Mapping[str, Instrument]) -> Contents:
    """Return the state in the bytes of `packed`. Raises: BadSnapshot."""
    try:
        contents = Contents(*_Reader(io.BytesIO(data), instruments).load())
    except (pickle.UnpicklingError, AttributeError, KeyError, TypeError, ValueError, EOFError, IndexError) as error:
        raise BadSnapshot(repr(error)) from None
    if not (isinstance(contents.broker, Broker) and isinstance(contents.scenarios, Scenarios)):
        raise BadSnapshot("it holds no broker and scenarios")
    return contents


def write(
    folder: Path,
    head: Head,
    contents: Contents,
    instruments: Mapping[str, Instrument],
    on_progress: Callable[[], None] = lambda: None,
) -> Path:
    """Write the state after the event `head`, durably, and delete all but the newest snapshots.

    `on_progress` is called after every part of the work.

    Raises:
        OSError: it cannot be written.
        pickle.PicklingError, TypeError: the state holds an object that cannot be written.
    """
    buffer = _Buffer(on_progress)
    _Writer(buffer, protocol=5).dump(tuple(contents))
    data = buffer.getvalue()
    first = f"{MAGIC} {head.seq} {head.crc} {fingerprint(instruments)} {hashlib.sha256(data).hexdigest()}\n"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{head.seq:015d}.snapshot"
    draft = path.with_suffix(".new")
    draft.write_bytes(first.encode("ascii") + data)
    on_progress()
    sync_path(draft)
    on_progress()
    draft.rename(path)
    sync_path(folder)
    files = sorted(folder.glob("*.snapshot"))
    end = files.index(path) + 1
    # Snapshots of later events belong to a history that a restore replaced; they would be kept instead of this one.
    for file in (*files[end:], *files[: max(end - KEPT_FILES, 0)]):
        file.unlink(missing_ok=True)
    return path


def newest(folder: Path, instruments: Mapping[str, Instrument]) -> Iterator[SnapshotFile]:
    """Yield the snapshots that this program made with this catalogue, newest first."""
    expected = fingerprint(instruments)
    for path in sorted(folder.glob("*.snapshot"), reverse=True):
        try:
            with path.open("rb") as stream:
                magic, seq, crc, made_by, digest = stream.readline(300).decode("ascii").split()
            file = SnapshotFile(path, Head(int(seq), int(crc)), digest)
        except (OSError, ValueError):
            log.warning("snapshot ignored path=%s: its first line is damaged", path.name)
            continue
        if magic == MAGIC and made_by == expected:
            yield file


def load(file: SnapshotFile, instruments: Mapping[str, Instrument]) -> Contents:
    """Read a snapshot. Raises: BadSnapshot."""
    try:
        data = file.path.read_bytes().partition(b"\n")[2]
    except OSError as error:
        raise BadSnapshot(repr(error)) from None
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise BadSnapshot("its hash is another")
    return unpacked(data, instruments)
