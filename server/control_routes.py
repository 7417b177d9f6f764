"""The table of the control addresses, which exist only with `--control`.

`routes.py` adds them to the addresses of the server, and `server/specs/openapi.py` describes them.
"""

from dataclasses import replace

from engine.models.control.clock import ClockState
from engine.models.control.worlds import World
from handlers.control import clock, worlds
from server.operations import Address, Operation, at

MODULE = "control"

# The table has one operation on each line.
# fmt: off
CONTROL = [
    at("/worlds", worlds.WorldsHandler,
       GET=Operation("getWorlds", "List the worlds", World, is_list=True)),
    at("/clock", clock.ClockHandler,
       GET=Operation("getClock", "Show the clock of the world", ClockState)),
]
# fmt: on


def control_addresses() -> list[Address]:
    """Return every control address."""
    return [replace(one, module=MODULE) for one in CONTROL]
