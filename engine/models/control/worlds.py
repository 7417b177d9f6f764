"""A world: a market, a broker, a stream, a journal and a clock of its own, at an address of its own."""

from typing import Annotated, Literal

from pydantic import Field, Strict

from engine.models.broker.account import AccountCreate, AccountInfo
from engine.models.common import WHOLE, Text, TimeMs, WireModel
from engine.models.control.clock import ClockMode, ClockState, Speed

FIRST_START_MS = 662_688_000_000
"""1991-01-01: synthetic history begins a year earlier."""

MAX_STATE = 16 * 1024 * 1024
"""Longest state of a snapshot, in characters."""

Ttl = Annotated[int, Strict(), Field(ge=1, le=86_400), WHOLE]
Seed = Annotated[int, Strict(), Field(ge=0, le=2**53 - 1), WHOLE]


class WorldCreate(WireModel):
    """A new world; what is absent or null is as in the server's settings.

    `start` is its market time, epoch milliseconds. `ttl` is the seconds after its last use when it is deleted.
    `program` and `state` are those of a snapshot: a snapshot is the body that makes the world again.
    """

    name: Text | None = None
    seed: Seed | None = None
    start: Annotated[int, Strict(), Field(ge=FIRST_START_MS, le=int(1e14)), WHOLE] | None = None
    mode: ClockMode = "running"
    speed: Speed = 1.0
    fillModel: Literal["market", "simulator"] | None = None
    accounts: Annotated[list[AccountCreate], Field(max_length=100)] = []
    ttl: Ttl = 3600
    program: Annotated[str, Field(strict=True, max_length=64)] | None = None
    state: Annotated[str, Field(strict=True, max_length=MAX_STATE)] | None = None


class WorldFork(WireModel):
    """A copy of a world, with a name and a `ttl` of its own."""

    name: Text | None = None
    ttl: Ttl = 3600


class WorldSnapshot(WireModel):
    """A world in one file: the body of a later `POST /worlds`, in this process or another one of the same version.

    `program` names the version and the catalogue. `state` is compressed and in base64.
    """

    name: str | None
    seed: int
    start: TimeMs
    mode: ClockMode
    speed: float
    fillModel: Literal["market", "simulator"]
    ttl: int
    program: str
    state: str


class WorldUrls(WireModel):
    """Addresses of a world: its page, API and stream, the UDF protocol, and the three bases of the Alpaca dialect."""

    page: str
    api: str
    ws: str
    udf: str
    alpaca: str
    alpacaStream: str
    alpacaData: str


class World(WireModel):
    """A world that a caller made; `created` and `deletesAfter` are real time, the latter as long as nobody uses it."""

    id: str
    object: Literal["world"]
    name: str | None
    status: Literal["ready"]
    created: TimeMs
    deletesAfter: TimeMs
    seed: int
    clock: ClockState
    accounts: list[AccountInfo]
    urls: WorldUrls


class WorldDeleted(WireModel):
    """Answer to the deletion of a world."""

    id: str
    object: Literal["world"]
    deleted: bool
