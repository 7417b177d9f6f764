"""The parts of a simulation that control handlers use; `server/world.py` makes them.

Read `clock.py` next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.faults import FaultTable
from engine.models.control.clock import ClockAdvance, ClockChange
from engine.topics import Payload
from handlers.activity import Activity
from handlers.stream.connection_faults import ConnectionFaults


class Worlds(Protocol):
    """The worlds of the process."""

    def listed(self) -> Sequence[Payload]:
        """Return the worlds that callers made as World, oldest first."""


class ClockControl(Protocol):
    """The clock of a world."""

    def state(self) -> Payload:
        """Return the clock as ClockState."""

    def change(self, change: ClockChange) -> None:
        """Change mode and speed. Raises: Denied CLOCK_ADVANCING; Unavailable."""

    def advance(self, request: ClockAdvance) -> None:
        """Begin to move the clock forward. Raises: Denied CLOCK_ADVANCING, CLOCK_TARGET, UNKNOWN_SYMBOL."""

    async def wait(self, seconds: float) -> bool:
        """Wait until an advance is over, at most so long. Returns whether it is over."""


@dataclass(frozen=True, slots=True)
class Control:
    """Control of one world, and the worlds of its process.

    Attributes:
        faults: The rules of failure.
        sockets: The open sockets, which rules may cut.
        activity: What clients sent.
    """

    clock: ClockControl
    worlds: Worlds
    faults: FaultTable
    sockets: ConnectionFaults
    activity: Activity
