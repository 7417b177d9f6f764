"""The parts of a simulation that control handlers use; `server/world.py` makes them.

Read `clock.py` next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.topics import Payload


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
    """Control of one world, and the worlds of its process."""

    clock: ClockControl
    worlds: Worlds
