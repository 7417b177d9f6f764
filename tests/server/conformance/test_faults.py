"""The kit finds each planted fault, and none in the server."""

import asyncio

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from server.conformance.checker import Checker, Conversation
from server.conformance.rules import RULES
from server.conformance.script import PARTS, Plan, check_broker
from tests.server.conformance.faults import LIVE, RECORDED, ROWS, Fault
from tests.server.conformance.planting import Change, Link
from tests.server.conformance.proxy import Recording, make_proxy
from tests.server.program import ServerProcess

CONFIRM_S = 20.0
SHORT_CONFIRM_S = 0.3
"""For planted faults, many of which lose the update that the script waits for."""

INSTRUMENT = {
    "minTick": 0.01,
    "qty": {"step": 1.0},
    "bigPointValue": 1.0,
    "currency": "USD",
}


async def checked(
    server: ServerProcess, change: Change, parts: tuple[str, ...], confirm_s: float
) -> tuple[Checker, Recording]:
    """Run parts of the script through a proxy; returns the verdicts and the messages of the server."""
    recording: Recording = []
    listener = HTTPServer(make_proxy(server.address.removeprefix("http://"), change, recording))
    socket, port = bind_unused_port()
    listener.add_socket(socket)
    try:
        plan = Plan(f"http://127.0.0.1:{port}", parts=parts, confirm_s=confirm_s)
        return await check_broker(plan), recording
    finally:
        listener.stop()
        await listener.close_all_connections()


@pytest.fixture(scope="module")
def recordings(server: ServerProcess) -> dict[str, Recording]:
    """The messages of a whole session, by part of the script; the session breaks no rule."""

    def record(part: str) -> Recording:
        checker, recording = asyncio.run(checked(server, Change(), (part,), CONFIRM_S))
        assert list(checker.violations) == []
        return recording

    return {part: record(part) for part in PARTS if part != ROWS}


def replayed(recording: Recording, change: Change) -> Checker:
    """Return the verdicts on recorded messages with a change."""
    checker = Checker()
    checker.instruments["AAPL"] = INSTRUMENT
    for number, messages in enumerate(recording):
        conversation, link = Conversation(checker, f"recorded {number}"), Link()
        for message in messages:
            for one in change.passed(link, message):
                conversation.receive(one)
            if message["type"] == "notifications.subscribe.response":
                conversation.settle()
    return checker


def test_every_rule_has_a_planted_fault() -> None:
    assert len(LIVE) >= 30
    assert {fault.rule for fault in (*LIVE, *RECORDED)} == set(RULES)


@pytest.mark.parametrize("fault", LIVE, ids=lambda fault: fault.id)
async def test_the_script_finds_a_fault_that_a_proxy_plants(fault: Fault, server: ServerProcess) -> None:
    checker, _ = await checked(server, fault.change, (fault.part,), SHORT_CONFIRM_S)
    assert checker.broken[fault.rule], list(checker.violations)


@pytest.mark.parametrize("fault", RECORDED, ids=lambda fault: fault.id)
def test_the_checker_finds_a_fault_in_recorded_messages(fault: Fault, recordings: dict[str, Recording]) -> None:
    checker = replayed(recordings[fault.part], fault.change)
    assert checker.broken[fault.rule], list(checker.violations)


def test_recorded_messages_break_no_rule(recordings: dict[str, Recording]) -> None:
    for recording in recordings.values():
        assert list(replayed(recording, Change()).violations) == []
