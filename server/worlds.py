"""The worlds of one process: the main world at `/`, and those that callers made. One ticker steps all of them.

`app.py` makes the registry, `world.py` a world, and `handlers/control/worlds.py` the addresses.
"""

import logging
from collections.abc import Sequence

from engine.topics import Payload
from server.world import MAIN, World

log = logging.getLogger("trading.worlds")


class WorldRegistry:
    """Every world by its id. Implements `handlers.control.control.Worlds`."""

    def __init__(self) -> None:
        self._worlds: dict[str, World] = {}

    def add(self, world: World) -> None:
        """Add a world; from then on the ticker steps it."""
        self._worlds[world.id] = world

    def step(self) -> None:
        """Run one tick of each world that needs it. An error in one world is logged, and the others are stepped."""
        for world in tuple(self._worlds.values()):
            try:
                if world.needs_ticks():
                    world.step()
            except Exception:
                log.exception("tick failed world=%s", world.id)

    def needs_ticks(self) -> bool:
        """Whether a world needs ticks."""
        return any(world.needs_ticks() for world in self._worlds.values())

    def listed(self) -> Sequence[Payload]:
        """Return the worlds that callers made as World, oldest first."""
        return [{"id": one.id, "object": "world"} for one in self._worlds.values() if one.id != MAIN]
