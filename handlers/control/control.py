"""The parts of a simulation that control handlers use; `server/world.py` makes them.

Read `clock.py` next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.faults import FaultTable
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
