"""Worlds: each has its own addresses, state and end, and nothing of one reaches another."""

import asyncio
import gc
import json
import weakref
from typing import Any

import pytest

from engine.errors import Missing
from engine.models.control.worlds import WorldFork
from tests.conftest import Connect, OpenStream, StartLive
from tests.live import Live

ORDER = {"symbol": "BTCUSD", "type": 2, "side": 1, "qty": 1}
QUOTES = {"symbols": ["BTCUSD"], "fastSymbols": ["AAPL"]}


async def made(server: Live, **fields: Any) -> Any:
    """Make a world; return the answer."""
    reply = await server.fetch("POST", "/worlds", fields)
    assert reply.code == 201, reply.body
    return json.loads(reply.body)


async def in_world(server: Live, world: Any, method: str, path: str, body: Any = None) -> Any:
    """Send a request to a world; return status and decoded answer."""
    url = world["urls"]["api"] + path
    data = None if body is None else json.dumps(body)
    headers = {"Content-Type": "application/json", "Prefer": "wait=60"}
    reply = await server.http.fetch(url, method=method, body=data, headers=headers, raise_error=False)
    return reply.code, json.loads(reply.body)


async def test_a_world_has_its_own_clock_accounts_and_orders(live: StartLive) -> None:
    server = await live(control=True)
    start = server.clock.start_ms - 86_400_000
    world = await made(server, name="first", seed=7, start=start, mode="paused", accounts=[{"id": "ALICE"}])
    assert (world["id"], world["seed"], world["clock"]["now"], world["clock"]["mode"]) == ("w-1", 7, start, "paused")
    assert [one["id"] for one in world["accounts"]] == ["DEMO-ACCOUNT", "ALICE"]
    assert await in_world(server, world, "POST", "/broker/orders?accountId=ALICE", ORDER) == (
        200,
        {"orderId": "ORDER-1"},
    )
    assert (await in_world(server, world, "POST", "/clock/advance", {"by": 5000}))[1]["now"] == start + 5000
    assert len((await in_world(server, world, "GET", "/broker/executions?accountId=ALICE"))[1]) == 1
    assert await server.call("GET", "/broker/executions") == []
    assert (await server.call("GET", "/clock"))["now"] == server.clock.start_ms
    assert [one["id"] for one in await server.call("GET", "/worlds")] == ["w-1"]


@pytest.mark.parametrize("name", ["page", "udf", "alpaca"])
async def test_every_dialect_is_below_the_address_of_a_world(live: StartLive, name: str) -> None:
    server = await live(control=True)
    world = await made(server, start=server.clock.start_ms - 86_400_000, mode="paused")
    path = {"page": "", "udf": "/time", "alpaca": "/v2/clock"}[name]
    reply = await server.http.fetch(world["urls"][name] + path)
    texts = {"page": "<title>Trading Pro", "udf": str(server.clock.start_ms // 1000 - 86_400), "alpaca": "2026-01-04T"}
    assert texts[name] in reply.body.decode()


async def test_a_deleted_world_closes_its_sockets_and_is_gone(live: StartLive, connect: Connect) -> None:
    server = await live(control=True)
    world = await made(server)
    socket = await connect(world["urls"]["ws"])
    await socket.write_message(json.dumps({"type": "clock.subscribe", "payload": {}}))
    assert json.loads(str(await socket.read_message()))["payload"]["status"] == "ok"
    assert await server.call("DELETE", "/worlds/w-1") == {"id": "w-1", "object": "world", "deleted": True}
    assert await asyncio.wait_for(socket.read_message(), 30) is None
    assert socket.close_code == 1001
    assert (await in_world(server, world, "GET", "/clock"))[0] == 404
    assert (await server.fetch("GET", "/worlds/w-1")).code == 404
    assert (await server.fetch("DELETE", "/worlds/w-1")).code == 404
    assert (await made(server))["id"] == "w-2"


async def test_a_deleted_world_is_freed_without_the_garbage_collector(live: StartLive, connect: Connect) -> None:
    server = await live(control=True)
    messages: dict[str, list[dict[str, Any]]] = {
        "ws": [
            {"type": f"{one}.subscribe", "payload": payload} for one, payload in (("orders", {}), ("quotes", QUOTES))
        ],
        "alpacaStream": [
            {"action": "auth", "key": "DEMO-ACCOUNT", "secret": "any"},
            {"action": "listen", "data": {"streams": ["trade_updates"]}},
        ],
    }
    world = await made(server, mode="paused")
    services = server.server.worlds.world(world["id"]).services
    parts = {"engine": services.engine, "market": services.engine.market, "hub": services.hub}
    references = {name: weakref.ref(part) for name, part in parts.items()}
    del services, parts
    sockets = []
    for name, sent in messages.items():
        sockets.append(await connect(world["urls"][name]))
        for message in sent:
            await sockets[-1].write_message(json.dumps(message))
            assert await sockets[-1].read_message() is not None
    await in_world(server, world, "POST", "/broker/orders", ORDER)
    await in_world(server, world, "POST", "/clock/advance", {"by": 3_600_000})
    gc.collect()
    gc.disable()
    try:
        await server.call("DELETE", f"/worlds/{world['id']}")
        for socket in sockets:
            while await asyncio.wait_for(socket.read_message(), 30) is not None:
                pass
        await server.call("GET", "/worlds")
        assert {name: one() for name, one in references.items()} == dict.fromkeys(references)
    finally:
        gc.enable()


async def test_beyond_the_limit_a_world_is_refused_until_one_is_over(live: StartLive) -> None:
    server = await live(control=True, worlds=1)
    await made(server, ttl=600)
    refused = await server.fetch("POST", "/worlds", {})
    assert (refused.code, refused.headers["Retry-After"]) == (429, "600")
    await server.call("DELETE", "/worlds/w-1")
    await made(server)


async def test_an_unused_world_ends_after_its_ttl(live: StartLive) -> None:
    server = await live(control=True)
    await made(server, ttl=600)
    server.clock.advance(599_000)
    await made(server, ttl=60)
    assert len(await server.call("GET", "/worlds")) == 2
    server.clock.advance(2_000)
    await made(server, ttl=60)
    assert [one["id"] for one in await server.call("GET", "/worlds")] == ["w-2", "w-3"]


async def test_without_control_no_world_has_an_address(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    reply = await server.http.fetch(f"http://{server.address}/w/w-1/api/v1/clock", raise_error=False)
    assert reply.code == 404
    await stream(server)


async def script(server: Live, world: Any, number: int) -> Any:
    """Trade in a world; return everything that its clients can see of it."""
    seen = []
    for turn in range(3):
        order = ORDER | {"side": 1 if (number + turn) % 3 else -1, "qty": 1 + turn}
        seen.append(await in_world(server, world, "POST", "/broker/orders", order))
        seen.append(await in_world(server, world, "POST", "/clock/advance", {"by": 60_000 * (number + 1)}))
    for path in ("/broker/executions", "/broker/orders", "/broker/positions", "/broker/account/state"):
        seen.append(await in_world(server, world, "GET", path))
    return seen


async def test_worlds_side_by_side_answer_like_each_alone(live: StartLive) -> None:
    server = await live(control=True)
    begin = {"start": server.clock.start_ms, "mode": "paused"}
    alone = []
    for number in range(4):
        world = await made(server, seed=number, **begin)
        alone.append(await script(server, world, number))
        await server.call("DELETE", f"/worlds/{world['id']}")
    worlds = [await made(server, seed=number, **begin) for number in range(4)]
    stormy = await made(server, seed=9, **begin)
    fault = {"stage": "request", "match": {"path": "*/broker/*"}, "do": {"status": {"code": 503}}}
    assert (await in_world(server, stormy, "POST", "/faults", fault))[0] in (200, 201)
    scripts = [script(server, world, number) for number, world in enumerate([*worlds, stormy])]
    *together, storm = await asyncio.gather(*scripts)
    assert together == alone
    assert [status for status, _ in storm].count(503) == 7


@pytest.mark.parametrize("way", ["fork", "snapshot"])
async def test_a_copy_of_a_world_has_the_same_future(live: StartLive, way: str) -> None:
    server = await live(control=True)
    first = await made(server, seed=3, start=server.clock.start_ms, mode="paused")
    await in_world(server, first, "POST", "/broker/orders", ORDER | {"trailingStopPips": 500, "stopType": 1})
    halt = {"symbol": "BTCUSD", "kind": "halt", "end": server.clock.start_ms + 400_000}
    assert (await in_world(server, first, "POST", "/datafeed/scenarios", halt))[0] == 200
    await in_world(server, first, "POST", "/clock/advance", {"by": 300_000})
    if way == "fork":
        reply = await server.fetch("POST", f"/worlds/{first['id']}/fork", {"name": "copy"})
        assert reply.code == 201
        second = json.loads(reply.body)
    else:
        second = await made(server, **await server.call("GET", f"/worlds/{first['id']}/snapshot"))
    before = [await in_world(server, one, "GET", "/broker/orders") for one in (first, second)]
    assert before[0] == before[1]
    seen = [await script(server, one, 1) for one in (first, second)]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("way", ["fork", "snapshot"])
async def test_a_copy_waits_until_the_time_without_ticks_is_processed_in_turns(live: StartLive, way: str) -> None:
    server = await live(control=True)
    first = await made(server, seed=3, start=server.clock.start_ms, speed=1000.0)
    await in_world(server, first, "POST", "/broker/orders", ORDER | {"trailingStopPips": 500, "stopType": 1})
    server.clock.advance(5 * 86_400)
    worlds = server.server.worlds
    copying = asyncio.create_task(worlds.fork("w-1", WorldFork()) if way == "fork" else worlds.snapshot("w-1"))
    await asyncio.sleep(0)
    assert not copying.done()
    copy = await copying
    second = {"urls": {"api": f"http://{server.address}/w/w-2/api/v1"}} if way == "fork" else await made(server, **copy)
    found = [await in_world(server, one, "GET", "/broker/executions") for one in (first, second)]
    assert len(found[0][1]) == 2
    assert found[0] == found[1]


@pytest.mark.parametrize("way", ["fork", "snapshot"])
async def test_a_copy_of_a_world_that_is_deleted_meanwhile_is_refused(live: StartLive, way: str) -> None:
    server = await live(control=True)
    first = await made(server, start=server.clock.start_ms, speed=1000.0)
    await in_world(server, first, "POST", "/broker/orders", ORDER)
    server.clock.advance(86_400)
    worlds = server.server.worlds
    copying = asyncio.create_task(worlds.fork("w-1", WorldFork()) if way == "fork" else worlds.snapshot("w-1"))
    await asyncio.sleep(0)
    await worlds.delete("w-1")
    with pytest.raises(Missing):
        await copying
    assert await server.call("GET", "/worlds") == []


@pytest.mark.parametrize("change", [{"program": "another"}, {"state": "AAAA"}, {"state": "eJwDAAAAAAE="}])
async def test_a_snapshot_that_cannot_be_used_is_refused(live: StartLive, change: dict[str, str]) -> None:
    server = await live(control=True)
    await made(server, mode="paused")
    snapshot = await server.call("GET", "/worlds/w-1/snapshot")
    assert (await server.fetch("POST", "/worlds", snapshot | change)).code == 400
