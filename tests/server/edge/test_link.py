"""The link to the core: lag, silence, and the state that clients are told."""

import pytest

from server.bus.messages import ClockReading, StatesMessage
from server.edge.link import Link
from server.storage.commits import Position
from tests.server.edge.scripted_core import EPOCH, ScriptedCore, make_replica
from tests.support import ManualClock

CONNECTED, CONNECTING = 1, 2


def heartbeat(row: int, bus_seq: int) -> StatesMessage:
    return StatesMessage(EPOCH, Position(row, row), bus_seq, ClockReading(0, 0, 1.0), {})


async def test_a_silent_core_is_told_to_clients_and_then_to_the_monitor() -> None:
    clock, (replica, _) = ManualClock(), make_replica(ScriptedCore())
    link = Link(clock, replica, lambda: "http://core")
    assert link.status["status"] == CONNECTING
    link.heard(heartbeat(0, 0))
    assert (link.status["status"], link.health().status) == (CONNECTED, "connected")
    clock.advance(3100)
    link.check()
    assert (link.status["status"], link.health().status, link.health().lag_ms) == (CONNECTING, "away", 3100)


@pytest.mark.parametrize(("behind_ms", "status"), [(4900, CONNECTED), (5100, CONNECTING)])
async def test_an_edge_that_stays_behind_is_not_connected(behind_ms: int, status: int) -> None:
    core, clock = ScriptedCore(), ManualClock()
    replica, _ = make_replica(core)
    await replica.receive(1, core.commit("orders:A"))
    link = Link(clock, replica, lambda: None)
    link.heard(heartbeat(3, 3))
    clock.advance(behind_ms)
    link.heard(heartbeat(3, 3))
    link.check()
    health = link.health()
    assert (link.status["status"], health.lag, health.lag_ms, health.status) == (status, 2, behind_ms, "catching-up")
