"""The header of a recording: the settings that decide about events, the catalogue, and the state at the beginning.

`server/world.py` makes it from a world, `replay.py` makes the settings and the state of a world from it.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from engine.faults import FaultState
from engine.models.market.instruments import Instrument
from server import VERSION
from server.recording.lines import FORMAT, BadRecording, Header, plain
from server.settings import Settings
from server.storage import snapshots
from server.storage.recovery import Recovered, ReplayedState

DECIDING = ("speed", "fill_model", "execution_delay", "modules", "feed", "sessions")
"""The settings that decide about events, besides the seed; those that were given are in the header. Paths and tokens
are not in a recording."""


class WorldStart(NamedTuple):
    """A world at its beginning.

    Attributes:
        begin_ms: Market time, epoch milliseconds.
        state: Broker and scenarios.
        is_copy: Whether the state is that of another world.
        faults: The faults of that world; None without any.
    """

    begin_ms: int
    state: ReplayedState
    is_copy: bool
    faults: FaultState | None


def header_of(settings: Settings, instruments: Mapping[str, Instrument], start: WorldStart) -> dict[str, Any]:
    """Return the header of a world with these settings and this catalogue."""
    state = start.state
    is_new = not state.broker.accounts and not state.scenarios
    return {
        "recording": FORMAT,
        "program": VERSION,
        "seed": settings.seed,
        "catalogue": catalogue_hash(instruments),
        "settings": settings.model_dump(mode="json", include=set(DECIDING), exclude_unset=True),
        "begin": start.begin_ms,
        "copy": start.is_copy,
        "state": None if is_new else _stored(start, instruments),
    }


def catalogue_hash(instruments: Mapping[str, Instrument]) -> str:
    """Return a hash of all fields of all instruments."""
    digest = sha256()
    for instrument in instruments.values():
        digest.update(instrument.model_dump_json().encode())
    return digest.hexdigest()[:32]


def settings_of(header: Header, given: Settings) -> Settings:
    """Return the settings of a world that replays a recording.

    Args:
        header: The header of the recording.
        given: Settings of the command line: where to listen, and the files of instruments and prices.

    Raises:
        BadRecording: This program has no such settings.
    """
    values = given.model_dump(exclude_unset=True) | header.settings | {"seed": header.seed}
    try:
        return Settings.model_validate(values | {"ephemeral": True, "control": True, "record": True, "start": None})
    except ValueError as error:
        raise BadRecording(f"line 1: the settings cannot be used by this program: {error}") from None


def _stored(start: WorldStart, instruments: Mapping[str, Instrument]) -> dict[str, Any]:
    contents = snapshots.Contents(start.state.broker, start.state.scenarios)
    data = b64encode(snapshots.packed(contents)).decode()
    faults = start.faults and {
        "numbered": start.faults.numbered,
        "rules": [one._asdict() | {"fault": plain(one.fault)} for one in start.faults.rules],
    }
    return {"program": snapshots.fingerprint(instruments), "data": data, "faults": faults}


def with_state(recovered: Recovered, header: Header, instruments: Mapping[str, Instrument]) -> Recovered:
    """Return empty storage with the state of a header. Raises: BadRecording when this program cannot read it."""
    if header.state is None:
        return recovered
    if header.state.program != snapshots.fingerprint(instruments):
        raise BadRecording("line 1: the recording begins in a state that only the program that wrote it can read")
    try:
        contents = snapshots.unpacked(b64decode(header.state.data, validate=True), instruments)
    except (snapshots.BadSnapshot, ValueError) as error:
        raise BadRecording(f"line 1: the state cannot be read: {error}") from None
    state = replace(recovered.state, broker=contents.broker, scenarios=contents.scenarios)
    return replace(recovered, state=state)
