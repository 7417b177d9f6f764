"""The outbox on a real NATS server: every commit arrives once and in order, whatever is killed meanwhile."""

import os
import signal
from pathlib import Path

import orjson

from engine.models.broker.orders import PreOrder
from tests.live import Live
from tests.nats_server import NatsServer, needs_nats
from tests.server.bus.conftest import OpenReader, StartCore
from tests.server.bus.reader import CHANNELS, Reader, connected

pytestmark = needs_nats

ORDERS = "orders:DEMO-ACCOUNT"


def stored(server: Live) -> dict[str, list[bytes]]:
    """The updates of the default account in the journal."""
    archive = server.server.world.storage.archive
    return {channel: archive.updates(channel, 0, 10_000) or [] for channel in CHANNELS}


async def all_read(server: Live, edge: Reader) -> None:
    """Read everything that the core has stored, and compare it with the journal."""
    await connected(server)
    await edge.read()
    received = {channel: edge.received[channel] for channel in CHANNELS}
    assert {name: [*map(orjson.loads, bodies)] for name, bodies in received.items()} == {
        name: [*map(orjson.loads, bodies)] for name, bodies in stored(server).items()
    }


async def place_together(server: Live, count: int) -> None:
    """Place orders without a request for each; they are stored in few commits or in many."""
    services = server.server.services
    for _ in range(count):
        order = PreOrder.model_validate({"symbol": "AAPL", "type": 2, "side": 1, "qty": 1})
        services.publisher.submit(services.engine.place_order(None, order).result)
    settled = services.publisher.settled()
    if settled is not None:
        assert await settled


async def test_commits_arrive_once_and_in_the_order_of_publication(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats)
    await connected(server)
    edge = await reader(shared_nats, server)
    await server.place()
    await server.place()
    await all_read(server, edge)
    assert edge.losses == 0
    routes = [[one.channel.split(":")[0] for one in message.updates] for message in edge.messages]
    assert routes == [[], ["broker-connection"], *[["executions", "executions", "orders", "positions"]] * 2]
    assert edge.messages[1].opened == ["DEMO-ACCOUNT"]


async def test_a_killed_nats_server_costs_nothing(nats: NatsServer, core: StartCore, reader: OpenReader) -> None:
    server = await core(nats)
    await connected(server)
    edge = await reader(nats, server)
    for _ in range(2):
        await server.place()
        await edge.read()
        await server.place()
        nats.kill()
        for _ in range(3):
            await server.place()
        nats.start()
        await edge.connect()
        await server.place()
        await all_read(server, edge)
    assert len(edge.received[ORDERS]) == 12


async def test_a_core_starts_and_serves_without_a_nats_server(
    nats: NatsServer, core: StartCore, reader: OpenReader, tmp_path: Path
) -> None:
    nats.kill()
    server = await core(nats, ephemeral=False, data_dir=tmp_path)
    await server.place()
    health = await server.call("GET", "/health")
    assert (health["status"], health["bus"]["status"]) == ("ok", "away")
    assert health["bus"]["lag"] > 0
    nats.start()
    await connected(server)
    await all_read(server, await reader(nats, server))


async def test_a_core_that_starts_again_continues_behind_the_last_message(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader, tmp_path: Path
) -> None:
    first = await core(shared_nats, ephemeral=False, data_dir=tmp_path)
    await first.place()
    await connected(first)
    edge = await reader(shared_nats, first)
    await edge.read()
    await first.server.world.bus.close()
    await first.place()
    await first.server.storage.close()
    second = await core(shared_nats, ephemeral=False, data_dir=tmp_path)
    await second.place()
    await all_read(second, edge)
    assert edge.losses == 0
    assert len(edge.received[ORDERS]) == 3


async def test_commits_that_come_faster_than_the_bus_takes_them_are_read_from_the_journal(
    nats: NatsServer, core: StartCore, reader: OpenReader, tmp_path: Path
) -> None:
    server = await core(nats, ephemeral=False, data_dir=tmp_path)
    await connected(server)
    edge = await reader(nats, server)
    os.kill(nats.process_id, signal.SIGSTOP)
    for _ in range(300):
        await place_together(server, 1)
    os.kill(nats.process_id, signal.SIGCONT)
    await all_read(server, edge)
    assert edge.losses == 0
    assert len(edge.messages) < 302


async def test_a_commit_larger_than_a_message_arrives_in_parts(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader, tmp_path: Path
) -> None:
    server = await core(shared_nats, ephemeral=False, data_dir=tmp_path)
    await connected(server)
    edge = await reader(shared_nats, server)
    await place_together(server, 700)
    await all_read(server, edge)
    assert edge.losses == 0


async def test_resets_new_accounts_and_scenarios_are_in_the_messages(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats)
    await connected(server)
    edge = await reader(shared_nats, server)
    await server.call("POST", "/broker/accounts", {"id": "B", "name": "Second"})
    for _ in range(2):
        await server.call("POST", "/broker/accounts/B/reset", {})
    scenario = await server.call("POST", "/datafeed/scenarios", {"symbol": "AAPL", "kind": "halt"})
    await server.call("DELETE", f"/datafeed/scenarios/{scenario['id']}")
    await connected(server)
    await edge.read()
    assert [name for message in edge.messages for name in message.opened] == ["DEMO-ACCOUNT", "B"]
    assert [one for message in edge.messages for one in message.cleared] == [("B", 1), ("B", 2)]
    kinds = [type(event).__name__ for message in edge.messages for event in message.market]
    assert kinds == ["ScenarioAdded", "ScenarioEnded"]
