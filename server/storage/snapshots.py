"""Snapshots: the state after some event, so that a start replays the tail only. They are a cache.

A snapshot is good when its hash is, when the row it stands behind is in the journal, and when it was made by this very
program: state has whatever shape the code gives it, so any other code starts from the events, which never change shape
unnoticed. Reading one makes objects of the engine's own classes and of nothing else.
"""

import hashlib
import io
import logging
import pickle
import sys
from collections.abc import Iterator, Mapping
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

KEPT = 2
MAGIC = "trading-snapshot"
CATALOGUE = ""
"""Stands for the whole catalogue where a single instrument's name stands for that instrument."""

STRANGERS = frozenset(
    (
        ("collections", "deque"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("builtins", "object"),
        ("decimal", "Decimal"),
        ("copyreg", "_reconstructor"),
    )
)
"""What state is made of besides the engine's own classes."""


class Kept(NamedTuple):
    """What a snapshot holds."""

    broker: Broker
    scenarios: Scenarios


class BadSnapshot(Exception):
    """A file that is no snapshot to start from; the reason is for the log."""


class Found(NamedTuple):
    """A snapshot file whose first line is right: after which event, made by which program, and its hash."""

    path: Path
    head: Head
    fingerprint: str
    digest: str


class _Writer(pickle.Pickler):
    """Writes instruments as their names: they belong to the catalogue, not to the state."""

    def persistent_id(self, value: Any) -> str | None:
        if isinstance(value, Instrument):
            return value.name
        is_catalogue = type(value) is dict and value and all(isinstance(item, Instrument) for item in value.values())
        return CATALOGUE if is_catalogue else None


class _Reader(pickle.Unpickler):
    """Makes the engine's objects only, whatever the file says."""

    def __init__(self, file: io.BytesIO, instruments: Mapping[str, Instrument]) -> None:
        super().__init__(file)
        self._instruments = instruments

    def persistent_load(self, name: Any) -> Any:
        return self._instruments if name == CATALOGUE else self._instruments[name]

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("engine.") or (module, name) in STRANGERS:
            found = super().find_class(module, name)
            if isinstance(found, type) or (module, name) in STRANGERS:
                return found
        raise BadSnapshot(f"it holds {module}.{name}")


def fingerprint(instruments: Mapping[str, Instrument]) -> str:
    """Return what a snapshot depends on: the engine's source, its interpreter and models, and the catalogue."""
    digest = hashlib.sha256(_program().encode())
    for instrument in instruments.values():
        digest.update(repr(instrument).encode())
    return digest.hexdigest()[:32]


@cache
def _program() -> str:
    root = Path(engine.__file__).parent
    digest = hashlib.sha256(f"{sys.version} {pydantic.VERSION}".encode())
    for path in sorted(root.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write(folder: Path, head: Head, kept: Kept, instruments: Mapping[str, Instrument]) -> Path:
    """Write the state after an event, durably, and forget all but the newest snapshots.

    Args:
        folder: Where snapshots lie.
        head: The last event that the state holds.
        kept: The state.
        instruments: The catalogue by name.

    Raises:
        OSError: it cannot be written.
        pickle.PicklingError, TypeError: the state holds something that has no place in it.
    """
    buffer = io.BytesIO()
    _Writer(buffer, protocol=5).dump(tuple(kept))
    data = buffer.getvalue()
    first = f"{MAGIC} {head.seq} {head.crc} {fingerprint(instruments)} {hashlib.sha256(data).hexdigest()}\n"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{head.seq:015d}.snapshot"
    draft = path.with_suffix(".new")
    draft.write_bytes(first.encode("ascii") + data)
    sync_path(draft)
    draft.rename(path)
    sync_path(folder)
    # Behind the journal's end lie those of a history that a restore replaced: they would be kept instead of this one.
    ahead, behind = list[Path](), list[Path]()
    for other in sorted(folder.glob("*.snapshot")):
        (ahead if other.name > path.name else behind).append(other)
    for old in (*ahead, *behind[:-KEPT]):
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path, instruments: Mapping[str, Instrument]) -> Iterator[Found]:
    """Yield the snapshots that this program made, newest first; the others are of no use to it."""
    expected = fingerprint(instruments)
    for path in sorted(folder.glob("*.snapshot"), reverse=True):
        try:
            with path.open("rb") as file:
                magic, seq, crc, made_by, digest = file.readline(300).decode("ascii").split()
            found = Found(path, Head(int(seq), int(crc)), made_by, digest)
        except (OSError, ValueError):
            log.warning("snapshot ignored path=%s: its first line is damaged", path.name)
            continue
        if magic == MAGIC and made_by == expected:
            yield found


def load(found: Found, instruments: Mapping[str, Instrument]) -> Kept:
    """Read a snapshot. Raises: BadSnapshot."""
    try:
        data = found.path.read_bytes().partition(b"\n")[2]
    except OSError as error:
        raise BadSnapshot(str(error)) from None
    if hashlib.sha256(data).hexdigest() != found.digest:
        raise BadSnapshot("its hash is another")
    try:
        kept = Kept(*_Reader(io.BytesIO(data), instruments).load())
    except (pickle.UnpicklingError, AttributeError, KeyError, TypeError, ValueError, EOFError) as error:
        raise BadSnapshot(repr(error)) from None
    if not (isinstance(kept.broker, Broker) and isinstance(kept.scenarios, Scenarios)):
        raise BadSnapshot("it holds no broker and scenarios")
    return kept
