"""The parts of a simulation that control handlers use; `server/world.py` makes them.

Read `clock.py` next.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.faults import FaultTable, Rule
from engine.models.control.clock import ClockAdvance, ClockChange
from engine.models.control.faults import FaultRequest
from engine.models.control.worlds import WorldCreate, WorldFork
from engine.topics import Payload
from handlers.activity import Activity
from handlers.stream.connection_faults import ConnectionFaults


class Worlds(Protocol):
    """The worlds of the process."""

    def listed(self) -> Sequence[Payload]:
        """Return the worlds that callers made as World without `urls`, oldest first."""

    def shown(self, world_id: str) -> Payload:
        """Return a world as World without `urls`. Raises: Missing UNKNOWN_WORLD."""

    def create(self, request: WorldCreate) -> Payload:
        """Make a world; return it as World without `urls`. Raises: ApiError 429; Denied."""

    async def fork(self, world_id: str, request: WorldFork) -> Payload:
        """Make a second world in the state of a world. Raises: Missing UNKNOWN_WORLD; Denied CLOCK_ADVANCING."""

    async def snapshot(self, world_id: str) -> Payload:
        """Return a world as WorldSnapshot. Raises: Missing UNKNOWN_WORLD; Denied CLOCK_ADVANCING."""

    async def delete(self, world_id: str) -> None:
        """End a world: its sockets close with 1001, and nothing of it stays. Raises: Missing UNKNOWN_WORLD."""


class ClockControl(Protocol):
    """The clock of a world."""

    def state(self) -> Payload:
        """Return the clock as ClockState."""

    def change(self, change: ClockChange) -> None:
        """Change mode and speed. Raises: Denied CLOCK_ADVANCING; Unavailable."""

    def advance(self, request: ClockAdvance) -> None:
        """Begin to move the clock forward. Raises: Denied CLOCK_ADVANCING, CLOCK_TARGET, UNKNOWN_SYMBOL."""

    def catch_up(self) -> asyncio.Task[None] | None:
        """Begin to process the time for which the world had no ticks, in turns; returns None when there is none."""

    async def wait(self, seconds: float) -> bool:
        """Wait until an advance is over, at most so long. Returns whether it is over."""


class FaultChanges(Protocol):
    """The changes of the rules of failure: those of `FaultTable`, or a recorder in front of them."""

    def replace(self, faults: Iterable[FaultRequest]) -> None:
        """Replace the list. Raises: Denied FAULT."""

    def add(self, fault: FaultRequest) -> Rule:
        """Add a rule at the end of the list. Raises: Denied FAULT."""

    def remove(self, fault_id: str) -> Rule:
        """Remove a rule and return it. Raises: Missing FAULT."""

    def reset(self) -> None:
        """Set the counts of all rules to zero."""


class Recording(Protocol):
    """The recording of a world."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the lines of the recording so far, in parts."""


@dataclass(frozen=True, slots=True)
class Control:
    """Control of one world, and the worlds of its process.

    Attributes:
        faults: The rules of failure.
        sockets: The open sockets, which rules may cut.
        activity: What clients sent.
        fault_changes: Changes `faults`.
        recording: None for a world that is not recorded.
    """

    clock: ClockControl
    worlds: Worlds
    faults: FaultTable
    sockets: ConnectionFaults
    activity: Activity
    fault_changes: FaultChanges
    recording: Recording | None = None
