"""Subscriptions at an edge: the response comes when the edge has what it contains, and each update comes once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from handlers.admission import Admission
from server.bus.messages import ClockReading, CommitMessage
from server.bus.record import CoreRecord
from server.edge.app import Edge, EdgeParts, make_edge
from server.edge.clock import EdgeClock
from server.settings import Settings
from server.storage.commits import Position
from tests.conftest import Connect, Serve
from tests.live import Inbox, Stream
from tests.server.edge.scripted_core import EPOCH, ScriptedCore, make_market, topic_of
from tests.support import MONDAY_MORNING_MS

ORDERS, ACCOUNT = "orders:A", {"accountId": "A"}


class EdgeOfTest:
    """An edge in this process, behind a scripted core."""

    def __init__(self, edge: Edge, core: ScriptedCore, open_stream: Callable[[], Awaitable[Stream]]) -> None:
        self.edge = edge
        self.core = core
        self.stream = open_stream

    async def receive(self, message: CommitMessage, bus_seq: int | None = None) -> None:
        """Let the edge receive a message, by default the core's last one."""
        await self.edge.replica.receive(self.core.bus_seq if bus_seq is None else bus_seq, message)


StartEdge = Callable[..., Awaitable[EdgeOfTest]]


@pytest.fixture
def start_edge(serve: Serve, connect: Connect) -> StartEdge:
    """Starts an edge: `edge = await start_edge(resume_updates=2)`."""

    async def start(**settings: Any) -> EdgeOfTest:
        core, market = ScriptedCore(), make_market()
        record = CoreRecord("http://127.0.0.1:1", "1", EPOCH, Position(0, 0), 0, (), {}, False, None, ())

        async def read_record() -> CoreRecord:
            return record

        chosen = Settings(role="edge", bus=("nats://127.0.0.1:1",), debug=True, **settings)
        clock = EdgeClock(ClockReading(MONDAY_MORNING_MS, 0, 0.0))
        edge = make_edge(EdgeParts(chosen, market, clock, Admission(), record, read_record, core), lambda: None)
        address = await serve(edge.site)

        async def open_stream() -> Stream:
            inbox: Inbox = asyncio.Queue()
            stream = Stream(await connect(f"ws://{address}/api/v1/ws", on_message_callback=inbox.put_nowait), inbox)
            stream.is_held = False  # the updates of this core are not those of a broker
            return stream

        return EdgeOfTest(edge, core, open_stream)

    return start


async def numbers(client: Stream, count: int) -> list[int]:
    """Return the numbers of the next updates."""
    return [(await client.receive())["payload"]["seq"] for _ in range(count)]


async def test_a_client_that_is_ahead_of_the_edge_waits_for_it(start_edge: StartEdge) -> None:
    edge = await start_edge()
    await edge.receive(edge.core.commit(ORDERS))
    first = await edge.stream()
    assert (await first.ask("orders.subscribe", ACCOUNT))["payload"]["seq"] == 1
    newest = edge.core.commit(ORDERS)
    client = await edge.stream()
    await client.send({"type": "orders.subscribe", "payload": ACCOUNT, "recover": {"epoch": EPOCH, "seq": 2}})
    await client.send({"type": "hello"})
    await edge.receive(newest)
    answers = [await client.receive() for _ in range(2)]
    assert [one["type"] for one in answers] == ["orders.subscribe.response", "welcome"]
    assert (answers[0]["payload"]["recovered"], answers[0]["payload"]["seq"]) == (True, 2)
    await edge.receive(edge.core.commit(ORDERS))
    assert (await numbers(client, 1), await numbers(first, 2)) == ([3], [2, 3])


async def test_updates_between_a_snapshot_and_its_response_follow_it(start_edge: StartEdge) -> None:
    edge = await start_edge()
    await edge.receive(edge.core.commit(ORDERS, ORDERS))
    edge.core.may_reply.clear()
    client = await edge.stream()
    await client.send({"type": "orders.subscribe", "payload": ACCOUNT, "snapshot": True})
    while not edge.core.asked:
        await asyncio.sleep(0)
    await edge.receive(edge.core.commit(ORDERS, ORDERS))
    edge.core.may_reply.set()
    response = (await client.receive())["payload"]
    assert (response["seq"], response["snapshot"]) == (2, [{"n": 1}, {"n": 2}])
    assert await numbers(client, 2) == [3, 4]


async def test_updates_that_are_not_in_memory_come_from_the_core(start_edge: StartEdge) -> None:
    edge = await start_edge(resume_updates=2)
    for _ in range(8):
        await edge.receive(edge.core.commit(ORDERS))
    client = await edge.stream()
    resume = {"epoch": EPOCH, "seq": 1}
    response = (await client.ask("orders.subscribe", ACCOUNT, recover=resume))["payload"]
    assert (response["recovered"], response["seq"]) == (True, 1)
    assert await numbers(client, 7) == [*range(2, 9)]
    assert ("updates", ORDERS) in edge.core.asked


@pytest.mark.parametrize("reason", ["another epoch", "not stored any more"])
async def test_a_client_that_cannot_resume_gets_the_state(reason: str, start_edge: StartEdge) -> None:
    edge = await start_edge(resume_updates=2)
    for _ in range(8):
        await edge.receive(edge.core.commit(ORDERS))
    edge.core.first_stored[ORDERS] = 5
    client = await edge.stream()
    resume = {"epoch": "other" if reason == "another epoch" else EPOCH, "seq": 1}
    response = (await client.ask("orders.subscribe", ACCOUNT, recover=resume, snapshot=True))["payload"]
    assert (response["recovered"], response["seq"], len(response["snapshot"])) == (False, 8, 8)
    await edge.receive(edge.core.commit(ORDERS))
    assert await numbers(client, 1) == [9]


async def test_a_second_subscription_needs_no_request(start_edge: StartEdge) -> None:
    edge = await start_edge()
    for _ in range(2):
        assert (await (await edge.stream()).ask("orders.subscribe", ACCOUNT))["payload"]["seq"] == 0
    assert edge.core.asked == [("snapshot", topic_of().text)]


async def test_a_refusal_of_the_core_is_the_response(start_edge: StartEdge) -> None:
    edge = await start_edge()
    edge.core.refused = topic_of().text
    client = await edge.stream()
    response = (await client.ask("orders.subscribe", ACCOUNT))["payload"]
    assert (response["status"], response["message"]) == ("error", "account A does not exist")
    edge.core.refused = ""
    assert (await client.ask("orders.subscribe", ACCOUNT))["payload"]["status"] == "ok"


async def test_an_opened_account_ends_the_subscriptions_to_its_name_as_an_alias(start_edge: StartEdge) -> None:
    edge = await start_edge()
    edge.core.channels["A"] = "DEMO-ACCOUNT"
    client = await edge.stream()
    await client.ask("orders.subscribe", ACCOUNT)
    message = edge.core.commit("orders:DEMO-ACCOUNT")
    await edge.receive(CommitMessage(EPOCH, message.txn, message.after, message.updates, (), ("A",)))
    assert await numbers(client, 1) == [1]
    assert await client.closed() == 4010
