"""The table of the control addresses, which exist only with `--control`.

`routes.py` adds them to the addresses of the server, and `server/specs/openapi.py` describes them.
"""

from dataclasses import replace

from engine.models.control.clock import ClockAdvance, ClockChange, ClockState
from engine.models.control.worlds import World, WorldCreate, WorldDeleted, WorldFork, WorldSnapshot
from handlers.control import clock, worlds
from server.operations import Address, Operation, at

CONTROL = "control"
"""Module of the control addresses and topics."""

# The table has one operation on each line.
# fmt: off
TABLE = [
    at("/worlds", worlds.WorldsHandler,
       GET=Operation("getWorlds", "List the worlds that callers made", World, is_list=True),
       POST=Operation("createWorld", "Make a world", World, WorldCreate, status=201)),
    at("/worlds/{worldId}", worlds.WorldHandler,
       GET=Operation("getWorld", "Show a world", World),
       DELETE=Operation("deleteWorld", "Delete a world", WorldDeleted)),
    at("/worlds/{worldId}/fork", worlds.ForkHandler,
       POST=Operation("forkWorld", "Make a second world in the same state", World, WorldFork, status=201,
                      needs_body=False)),
    at("/worlds/{worldId}/snapshot", worlds.SnapshotHandler,
       GET=Operation("getWorldSnapshot", "Show a world as the body that makes it again", WorldSnapshot)),
    at("/clock", clock.ClockHandler,
       GET=Operation("getClock", "Show the clock of the world", ClockState),
       PUT=Operation("setClock", "Pause the clock, let it run, or change its speed", ClockState, ClockChange)),
    at("/clock/advance", clock.AdvanceHandler,
       POST=Operation("advanceClock", "Move the clock forward", ClockState, ClockAdvance, also=(202,))),
]
# fmt: on


def control_addresses() -> list[Address]:
    """Return every control address."""
    return [replace(one, module=CONTROL) for one in TABLE]
