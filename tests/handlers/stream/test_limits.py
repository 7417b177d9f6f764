"""What a client may not do, how long it lives, and that a slow one hurts nobody."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from engine.models.broker.orders import PreOrder
from handlers.stream.frames import CLOSE, CONTINUATION, PING, PONG, TEXT
from handlers.stream.limits import StreamLimits
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.live import ACCOUNT, Live
from tests.properties import share
from tests.raw import RawClient, client_frame
from tests.support import WAIT_S

READERS = share(1000)
NONSENSE = client_frame(TEXT, b'{"type":"nonsense"}')


def trade(server: Live, count: int = 1) -> None:
    """Let orders fill without waiting for anything."""
    services = server.server.services
    for _ in range(count):
        order = PreOrder.model_validate({"symbol": "AAPL", "type": 2, "side": 1, "qty": 1})
        services.publisher.submit(services.engine.place_order(None, order).result)


async def pass_time(server: Live, seconds: float) -> None:
    """Let monotonic time pass and look after the connections, quarter second by quarter second."""
    for _ in range(round(seconds * 4)):
        server.clock.advance(250)
        server.server.services.hub.keepalive.sweep()
        await asyncio.sleep(0)


# Breaking the protocol


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x01x", 1002),
        (client_frame(0x3, b"x"), 1002),
        (client_frame(PING, b"x" * 126), 1002),
        (client_frame(TEXT, b"\xff\xfe"), 1007),
        (client_frame(TEXT, b"x" * 17_000), 1009),
        (client_frame(TEXT, b"x" * 16_000, first=0) + client_frame(0, b"x" * 1000), 1009),
        (client_frame(CLOSE, b"\x03"), 1002),
        (client_frame(CLOSE, b"\x03\xe8bye"), 1000),
        (client_frame(CLOSE, b"\x0f\xa0"), 4000),
    ],
)
async def test_the_close_frame_says_why(data: bytes, code: int, live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    await client.subscribe("orders", ACCOUNT)
    await client.send(data)
    assert (await client.frame()).code == code
    assert server.server.services.hub.counts() == (0, 0)


async def test_a_fault_of_ours_ends_the_connection_that_met_it_and_no_other(
    live: StartLive, raw: OpenRaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    unlucky, other = await raw(server), await raw(server)

    def fail(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(server.server.services.engine.__class__, "topic", fail)
    await unlucky.say({"type": "orders.subscribe", "payload": ACCOUNT})
    assert (await unlucky.frame()).code == 1011
    monkeypatch.undo()
    assert (await other.subscribe("orders", ACCOUNT))["status"] == "ok"


# Too much


async def test_a_flood_is_warned_and_then_cut(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    hello = client_frame(TEXT, b'{"type":"hello"}')
    await client.send(hello * 330)
    frames = await client.rest()
    assert [frame.opcode for frame in frames[:320]] == [TEXT] * 320
    assert all(b"welcome" in frame.data for frame in frames[:300])
    assert all(b"RATE_LIMIT" in frame.data for frame in frames[300:320])
    assert frames[-1].code == 4013


async def test_what_a_client_may_say_grows_again_with_time(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    hello = client_frame(TEXT, b'{"type":"hello"}')
    for count in (300, 20, 20):
        await client.send(hello * count)
        for _ in range(count):
            assert (await client.message())["type"] == "welcome"
        server.clock.advance(1000)


@pytest.mark.parametrize(
    "flood",
    [client_frame(PING), client_frame(PONG), client_frame(TEXT, first=0) + client_frame(CONTINUATION, first=0) * 400],
    ids=["pings", "unasked pongs", "empty pieces"],
)
async def test_a_flood_of_other_frames_is_cut(flood: bytes, live: StartLive, raw: OpenRaw) -> None:
    client = await raw(await live())
    await client.send(flood * (400 if len(flood) < 100 else 1))
    assert (await client.rest())[-1].code == 4013


async def test_twenty_malformed_messages_in_a_row_are_too_many(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    for count, after in ((19, True), (20, False)):
        await client.send(NONSENSE * count)
        for _ in range(count):
            assert (await client.message())["type"] == "error"
        if after:
            await client.subscribe("orders", ACCOUNT)
    assert (await client.frame()).code == 4501


async def test_topics_beyond_the_limit_are_refused_one_by_one_and_at_last_cost_the_connection(
    live: StartLive, raw: OpenRaw
) -> None:
    server = await live(limits=StreamLimits(topics=3, refused_topics=5, message_burst=1000))
    client = await raw(server)
    statuses = [(await client.subscribe("orders", {"accountId": f"A{number}"}))["status"] for number in range(8)]
    assert statuses == ["ok"] * 3 + ["error"] * 5
    assert server.server.services.hub.counts() == (3, 3)
    assert (await client.subscribe("orders", {"accountId": "A0"}))["status"] == "ok"
    assert (await client.subscribe("orders", {"accountId": "A9"}))["status"] == "error"
    assert (await client.frame()).code == 4505
    assert server.server.services.hub.counts() == (0, 0)


async def test_two_hundred_and_fifty_six_topics_are_held(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    replies = [await client.subscribe("orders", {"accountId": f"A{number}"}) for number in range(258)]
    assert [reply["status"] for reply in replies] == ["ok"] * 256 + ["error"] * 2


async def test_more_connections_than_there_is_room_for_are_sent_away(live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(connections=2))
    clients = [await raw(server) for _ in range(3)]
    assert (await clients[2].frame()).code == 1013
    assert (await clients[0].subscribe("orders", ACCOUNT))["status"] == "ok"


# Life


async def test_a_silent_greeted_client_hears_a_heartbeat_every_five_seconds(
    live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    greeted, plain = await stream(server), await stream(server)
    await greeted.ask("hello", {})
    await pass_time(server, 4.5)
    assert await greeted.drained() == []
    await pass_time(server, 4.5)
    assert await greeted.drained() == []
    await pass_time(server, 11)
    beats = await greeted.drained()
    assert [beat["type"] for beat in beats] == ["heartbeat", "heartbeat"]
    assert beats[-1]["payload"]["serverTime"] <= server.clock.now_ms()
    assert await plain.drained() == []


async def test_a_client_that_hears_updates_needs_no_heartbeat(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    await client.ask("hello", {})
    await client.subscribe("orders")
    for _ in range(4):
        await pass_time(server, 3)
        trade(server)
    assert {message["type"] for message in await client.drained()} == {"orders.update"}


async def test_a_client_that_answers_pings_is_never_cut_for_being_silent(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    for _ in range(10):
        await pass_time(server, 19)
        await client.ask("nonsense")
    assert server.server.services.hub.counters.closed == {}


async def test_no_pong_within_twenty_seconds_ends_the_connection(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    await pass_time(server, 20.5)
    assert (await client.frame()).opcode == PING
    await pass_time(server, 19)
    assert server.server.services.hub.connections
    await pass_time(server, 1)
    assert (await client.frame()).code == 4012


async def test_a_connection_ends_at_its_age_with_notice(live: StartLive, stream: OpenStream) -> None:
    server = await live(limits=StreamLimits(ping_s=1e6, silence_s=1e6, age_spread=0.0))
    greeted, plain = await stream(server), await stream(server)
    await greeted.ask("hello", {})
    server.clock.advance(86_400_000 - 61_000)
    await pass_time(server, 0.5)
    assert await greeted.drained() == []
    await pass_time(server, 1)
    notice = await greeted.receive()
    assert (notice["type"], notice["payload"]["inMs"] <= 60_000) == ("notice", True)
    await pass_time(server, 60)
    assert (await greeted.closed(), await plain.closed()) == (4005, 4005)


async def test_ages_are_spread(live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(age_s=1000.0, ping_s=1e6))
    for _ in range(20):
        await raw(server)
    open_after = {}
    for age_s in (949, 1000, 1051):
        server.clock.advance(age_s * 1000 - server.clock.now_ms() + server.clock.start_ms)
        server.server.services.hub.keepalive.sweep()
        open_after[age_s] = len(server.server.services.hub.connections)
    assert (open_after[949], open_after[1051]) == (20, 0)
    assert 0 < open_after[1000] < 20


# Slow clients


async def test_a_slow_reader_gets_every_exact_update_and_the_newest_state(live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(backlog_frames=5000, backlog_bytes=1 << 24))
    client = await raw(server, window=4096)
    for route in ("orders", "equity", "executions"):
        await client.subscribe(route, ACCOUNT)
    trade(server, 900)
    hub = server.server.services.hub
    seen: dict[str, list[int]] = {"orders": [], "equity": [], "executions": []}
    while seen["orders"][-1:] != [900] or seen["equity"][-1:] != [900]:
        message = await client.message()
        seen[message["type"].removesuffix(".update")].append(message["payload"]["seq"])
    assert seen["orders"] == seen["executions"] == list(range(1, 901))
    assert seen["equity"] == sorted(seen["equity"])
    assert len(seen["equity"]) == 900 - hub.counters.conflated < 900


@pytest.mark.parametrize(
    ("route", "payload"), [("quotes", {"fast_symbols": ["AAPL", "MSFT"]}), ("depth", {"symbol": "AAPL"})]
)
async def test_a_client_that_stops_reading_conflated_topics_costs_one_slot_per_state(
    route: str, payload: dict[str, Any], live: StartLive, raw: OpenRaw
) -> None:
    server = await live()
    client = await raw(server, window=4096)
    await client.subscribe(route, payload)
    (connection,) = server.server.services.hub.connections
    (topic,) = server.server.services.hub.topics(route)
    for _ in range(3000):
        server.server.services.engine.joined(topic, is_first=False)  # others come
        server.step()
        if connection.send_queue is not None and server.server.services.hub.counters.conflated > 100:
            break
        await asyncio.sleep(0)
    assert connection.send_queue is not None
    assert 0 < connection.send_queue.state_bytes < 10_000
    assert connection.is_open


@pytest.mark.parametrize("bound", [{"backlog_frames": 50}, {"backlog_bytes": 20_000}])
async def test_beyond_its_bound_a_client_is_cut_and_dropped(
    bound: dict[str, int], live: StartLive, raw: OpenRaw
) -> None:
    server = await live(limits=replace(StreamLimits(drop_s=0.05), **bound))
    hub = server.server.services.hub
    client = await raw(server, window=4096)
    await client.subscribe("orders", ACCOUNT)
    while hub.connections:
        trade(server)
        await asyncio.sleep(0)
    assert hub.counts() == (0, 0)
    assert hub.counters.closed[4008] == 1
    await asyncio.wait_for(hub.wait_closed(), WAIT_S)
    frames = await client.rest()
    assert all(frame.opcode == TEXT for frame in frames)


async def test_a_reader_that_wakes_in_time_hears_why_it_was_cut(live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(backlog_frames=50))
    hub = server.server.services.hub
    client = await raw(server, window=4096)
    await client.subscribe("orders", ACCOUNT)
    while hub.connections:
        trade(server)
        await asyncio.sleep(0)
    assert (await client.rest())[-1].code == 4008


async def test_readers_are_served_while_some_of_them_stop(live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(backlog_frames=40, send_buffer_bytes=4096, drop_s=0.05))
    hub = server.server.services.hub
    clients = [await raw(server, window=4096) for _ in range(READERS)]
    for client in clients:
        await client.subscribe("orders", ACCOUNT)
    deaf, reading = clients[: READERS // 50], clients[READERS // 50 :]
    last = dict.fromkeys(reading, 0)
    while hub.counters.closed[4008] < len(deaf):
        trade(server, 5)
        while hub.pending_sends:
            await asyncio.sleep(0)
        for client in reading:
            for _ in range(5):
                await take(client, last)
        assert all(each.send_queue.exact_frames <= 41 for each in hub.connections if each.send_queue is not None)
    while len(hub.connections) > len(reading):
        await asyncio.sleep(0)
    total = (await (await raw(server)).subscribe("orders", ACCOUNT))["seq"]
    for client in reading:
        while last[client] < total:
            await take(client, last)
    assert hub.counters.closed == {4008: len(deaf)}
    assert len(hub.connections) == len(reading) + 1


async def take(client: RawClient, last: dict[RawClient, int]) -> None:
    """Read one update of a client; the next number has to be the next one."""
    message = await client.message()
    assert message["payload"]["seq"] == last[client] + 1
    last[client] += 1


async def test_metrics_count_what_happened(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    hub = server.server.services.hub
    first, second = await stream(server), await stream(server)
    for client in (first, second):
        await client.subscribe("orders")
    trade(server, 3)
    bytes_of_one = len(str(await first.drained()))
    assert (hub.counters.accepted, hub.counters.frames, hub.counters.publications) == (2, 6, 3)
    assert hub.counters.bytes > bytes_of_one
    assert (len(hub.connections), hub.counts()) == (2, (1, 2))


def test_the_limits_that_are_shown_are_those_that_hold() -> None:
    shown = StreamLimits(topics=7, message_bytes=99).shown()
    assert (shown["topics"], shown["messageBytes"], shown["maxAgeMs"]) == (7, 99, 86_400_000)
