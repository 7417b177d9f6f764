"""A core on a real NATS server: its registration, its answers to edges, states, ticks, health and metrics."""

import asyncio
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from engine.market.instruments import DEFAULT_FILE
from server.bus.messages import InterestMessage, StatesMessage, TicksMessage
from server.bus.names import CATALOGUE_KEY, INTEREST_AGE_S
from server.bus.queries import BusError
from tests.live import WAIT_S, Live
from tests.nats_server import NatsServer, needs_nats
from tests.server.bus.conftest import OpenReader, StartCore
from tests.server.bus.reader import Reader, connected

pytestmark = needs_nats

ROOT = Path(__file__).parents[3]
ORDERS, EQUITY = "orders:DEMO-ACCOUNT", "equity:DEMO-ACCOUNT"
ORDERS_TOPIC = 'orders:{"accountId":"DEMO-ACCOUNT"}'


async def received(queue: "asyncio.Queue[bytes]") -> bytes:
    """The next message of a subject."""
    return await asyncio.wait_for(queue.get(), WAIT_S)


async def states_until(queue: "asyncio.Queue[bytes]", channels: set[str]) -> StatesMessage:
    """The next message with the states of exactly these channels."""
    async with asyncio.timeout(WAIT_S):
        while True:
            message = StatesMessage.decode(await queue.get())
            if message.states.keys() == channels:
                return message


async def refusal(edge: Reader, topic: str) -> str:
    """The code of the error in answer to a request for a snapshot."""
    with pytest.raises(BusError) as raised:
        await edge.snapshot(topic)
    return raised.value.code


def bus_metrics(text: str) -> dict[str, float]:
    """The values of the metrics of the bus."""
    rows = (line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("trading_bus_"))
    return {name.removeprefix("trading_bus_"): float(value) for name, value in rows}


async def test_an_edge_finds_the_core_and_everything_to_compose_its_market(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats, seed=7, bus_name="registered", instruments=DEFAULT_FILE)
    await server.call("POST", "/datafeed/scenarios", {"symbol": "AAPL", "kind": "shock", "factor": 2.0})
    await connected(server)
    edge = await reader(shared_nats, server)
    assert await edge.history("registered") == edge.names.history
    async with asyncio.timeout(WAIT_S):
        while not (record := await edge.record()).scenarios:
            """It is written again."""
    assert record.address == f"http://{server.address}"
    assert record.epoch == edge.names.history
    assert record.market["seed"] == 7
    assert record.market["feed"] == "synthetic"
    assert [one.scenario_id for one in record.scenarios] == ["SCENARIO-1"]
    assert await edge.value(edge.names.bucket, CATALOGUE_KEY) == DEFAULT_FILE.read_bytes()


async def test_missed_updates_are_answered_all_or_nothing(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats)
    ids = [await server.place() for _ in range(3)]
    await connected(server)
    edge = await reader(shared_nats, server)
    reply = await edge.updates(ORDERS, 1)
    assert reply.seq == 3
    assert reply.updates is not None
    assert [orjson.loads(body)["id"] for body in reply.updates] == ids[1:]
    assert (await edge.updates(ORDERS, 3)).updates == []
    assert (await edge.updates(ORDERS, 4)).updates is None
    assert (await edge.updates("orders:NOBODY", 0)).updates == []


async def test_a_snapshot_names_the_message_that_it_contains(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader, tmp_path: Path
) -> None:
    server = await core(shared_nats, ephemeral=False, data_dir=tmp_path)
    await connected(server)
    edge = await reader(shared_nats, server)
    placing = [asyncio.ensure_future(server.place()) for _ in range(5)]
    replies = [await edge.snapshot(ORDERS_TOPIC) for _ in range(5)]
    await asyncio.gather(*placing)
    await edge.read()
    for reply in replies:
        contained = [one for message in edge.messages[: reply.bus_seq] for one in message.updates]
        last = max((one.first_seq + len(one.bodies) - 1 for one in contained if one.channel == ORDERS), default=0)
        assert len(reply.snapshot) == reply.seq <= last
        assert (reply.channel, reply.epoch) == (ORDERS, edge.names.history)
    assert (await edge.snapshot(ORDERS_TOPIC, has_state=False)).snapshot is None


async def test_topics_have_the_names_and_epochs_of_their_accounts(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats)
    await connected(server)
    edge = await reader(shared_nats, server)
    history = edge.names.history
    alias = await edge.snapshot('orders:{"accountId":"NOBODY"}')
    assert (alias.channel, alias.epoch) == (ORDERS, f"{history}@DEMO-ACCOUNT")
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {})
    assert (await edge.snapshot(ORDERS_TOPIC)).epoch == f"{history}.1"
    status = await edge.snapshot('broker-connection:{"accountId":"DEMO-ACCOUNT"}')
    assert (status.seq, status.snapshot["status"]) == (1, 1)
    assert await refusal(edge, 'quotes:{"symbols":5}') == "BAD_REQUEST"
    assert await refusal(edge, "nothing:{}") == "BAD_REQUEST"
    assert await refusal(edge, 'depth:{"symbol":"NONE"}') == "UNKNOWN_SYMBOL"


async def test_states_that_an_edge_wants_are_sent_and_repeated(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats)
    await connected(server)
    edge = await reader(shared_nats, server)
    states = await edge.listen(edge.names.states)
    assert StatesMessage.decode(await received(states)).states == {}
    interest = InterestMessage("edge-1", [EQUITY, ORDERS]).encode()
    await edge.client.publish(edge.names.interest, interest)
    await edge.snapshot(ORDERS_TOPIC)  # the core has read the interest, which came before
    await server.place(qty=100)
    sent = await states_until(states, {EQUITY})
    assert sent.clock.market_ms == server.clock.now_ms()
    again = await states_until(states, {EQUITY})
    assert again.states == sent.states
    server.clock.advance(round(1000 * INTEREST_AGE_S) + 1000)
    await states_until(states, set())


async def test_a_changed_clock_is_in_the_stream_and_in_the_states(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats, control=True)
    await connected(server)
    edge = await reader(shared_nats, server)
    states = await edge.listen(edge.names.states)
    await server.call("PUT", "/clock", {"mode": "paused"})
    await connected(server)
    await edge.read()
    assert [orjson.loads(body)["mode"] for body in edge.received["clock:{}"]] == ["paused"]
    async with asyncio.timeout(WAIT_S):
        while (clock := StatesMessage.decode(await states.get()).clock).speed:
            """An earlier message."""
    assert clock.market_ms == server.clock.now_ms()


async def test_ticks_of_an_external_feed_are_numbered_and_the_newest_repeated(
    shared_nats: NatsServer, core: StartCore, reader: OpenReader
) -> None:
    server = await core(shared_nats, feed="external")
    await connected(server)
    edge = await reader(shared_nats, server)
    ticks = await edge.listen(edge.names.ticks)
    sent = [{"symbol": "AAPL", "time": server.clock.now_ms(), "price": price, "size": 1} for price in (190.0, 191.0)]
    await server.call("POST", "/datafeed/ticks", {"ticks": sent})
    first = TicksMessage.decode(await received(ticks))
    assert [one.tick for one in first.ticks] == sent
    assert first.ticks[1].number == first.ticks[0].number + 1
    assert TicksMessage.decode(await received(ticks)).ticks == first.ticks[1:]


async def test_health_and_metrics_tell_of_the_bus(nats: NatsServer, core: StartCore, reader: OpenReader) -> None:
    server = await core(nats)
    await server.place()
    await connected(server)
    edge = await reader(nats, server)
    await edge.snapshot(ORDERS_TOPIC)
    health = (await server.call("GET", "/health"))["bus"]
    assert health == {"role": "core", "status": "connected", "lag": 0, "lag_ms": 0, "core": None}
    values = bus_metrics(await metrics(server))
    assert values["connected"] == 1
    assert values["published_total"] == values["acknowledged_total"] > 0
    assert values['requests_total{kind="snapshot"}'] == 1
    nats.kill()
    await server.place()
    health = (await server.call("GET", "/health"))["bus"]
    assert health["lag"] > 0


async def metrics(server: Live) -> str:
    """The text of `/metrics`."""
    response = await server.http.fetch(f"http://{server.address}/metrics")
    return response.body.decode()


def test_without_bus_nats_is_not_imported() -> None:
    code = """
import sys
import server.main
from server.app import make_server
from server.settings import Settings
make_server(Settings(ephemeral=True))
print([name for name in sys.modules if name.partition(".")[0] == "nats"])
"""
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True, timeout=WAIT_S) == "[]\n"
