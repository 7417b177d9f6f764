"""The table of the control addresses, which exist only with `--control`.

`routes.py` adds them to the addresses of the server, and `server/specs/openapi.py` describes them.
"""

from dataclasses import replace

from engine.models.common import SuccessResponse
from engine.models.control.clock import ClockAdvance, ClockChange, ClockState
from engine.models.control.faults import Fault, FaultList, FaultRequest
from engine.models.control.requests import ClientReport, ReportQuery, RequestRecord, RequestsQuery
from engine.models.control.worlds import World, WorldCreate, WorldDeleted, WorldFork, WorldSnapshot
from handlers.control import clock, faults, recording, requests, worlds
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
    at("/faults", faults.FaultsHandler,
       GET=Operation("getFaults", "List the faults in their order", Fault, is_list=True),
       PUT=Operation("replaceFaults", "Replace the list of faults", Fault, FaultList, is_list=True),
       POST=Operation("addFault", "Add a fault at the end of the list", Fault, FaultRequest)),
    at("/faults/reset", faults.ResetFaultsHandler,
       POST=Operation("resetFaults", "Set the counts of all faults to zero", SuccessResponse)),
    at("/faults/{faultId}", faults.FaultHandler,
       GET=Operation("getFault", "Show a fault and its counts", Fault),
       DELETE=Operation("removeFault", "Remove a fault", Fault)),
    at("/requests", requests.RequestsHandler,
       GET=Operation("getRequests", "List what clients sent", RequestRecord, query=RequestsQuery, is_list=True)),
    at("/report", requests.ReportHandler,
       GET=Operation("getReport", "Report how a client behaved", ClientReport, query=ReportQuery)),
    at("/recording", recording.RecordingHandler,
       GET=Operation("getRecording", "Download the recording of the world", str, media_type=recording.MEDIA_TYPE)),
]
# fmt: on


def control_addresses() -> list[Address]:
    """Return every control address."""
    return [replace(one, module=CONTROL) for one in TABLE]
