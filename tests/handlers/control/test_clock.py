"""The clock of a world over REST and as a topic: pause, speed, advance, and commands meanwhile."""

import json
from typing import Any

import pytest

from engine.errors import Denied
from engine.models.control.clock import ClockAdvance, ClockChange
from tests.conftest import OpenStream, StartLive
from tests.live import Live

ORDER = {"symbol": "BTCUSD", "type": 1, "side": 1, "qty": 1}
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


async def paused(live: StartLive, **settings: Any) -> Live:
    """Return a server whose clock is paused."""
    server = await live(control=True, **settings)
    await server.call("PUT", "/clock", {"mode": "paused"})
    return server


async def advance(server: Live, **target: Any) -> Any:
    """Move the clock forward and wait for it."""
    reply = await server.fetch("POST", "/clock/advance", target, headers={"Prefer": "wait=60"})
    assert reply.code == 200, reply.body
    return await server.call("GET", "/clock")


async def test_a_paused_clock_stands_and_a_running_one_has_its_speed(live: StartLive) -> None:
    server = await live(control=True)
    began = (await server.call("GET", "/clock"))["now"]
    server.clock.advance(1000)
    assert (await server.call("PUT", "/clock", {"speed": 10.0}))["now"] == began + 1000
    server.clock.advance(1000)
    assert (await server.call("PUT", "/clock", {"mode": "paused"}))["now"] == began + 11_000
    server.clock.advance(1000)
    state = await server.call("GET", "/clock")
    assert state == {
        "object": "clock",
        "now": began + 11_000,
        "mode": "paused",
        "speed": 10.0,
        "status": "ready",
        "target": None,
    }


async def test_health_tells_the_speed_of_the_moment(live: StartLive) -> None:
    server = await live(control=True)
    await server.call("PUT", "/clock", {"speed": 10})
    running = (await server.call("GET", "/health"))["clock"]["speed"]
    await server.call("PUT", "/clock", {"mode": "paused"})
    assert (running, (await server.call("GET", "/health"))["clock"]["speed"]) == (10, 0)


async def test_a_request_sees_the_events_of_the_time_without_ticks(live: StartLive) -> None:
    server = await live(control=True)
    await server.call("PUT", "/clock", {"speed": 1000.0})
    last = (await server.call("POST", "/datafeed/quotes", {"symbols": ["BTCUSD"]}))[0]["v"]["lp"]
    await server.call("POST", "/broker/orders", {**ORDER, "limitPrice": round(last * 0.997, 2)})
    server.clock.advance(5 * DAY_MS // 1000)
    assert len(await server.call("GET", "/broker/executions")) == 1
    assert (await server.call("GET", "/clock"))["now"] >= server.clock.start_ms + 5 * DAY_MS


async def test_an_advance_ends_where_it_is_asked_to(live: StartLive) -> None:
    server = await paused(live, sessions="exchange")
    began = server.clock.start_ms
    assert (await advance(server, by=90_500))["now"] == began + 90_500
    assert (await advance(server, to=began + 100_000))["now"] == began + 100_000
    targets = [
        ({"until": "bar", "symbol": "AAPL", "resolution": "5"}, 300_000),
        ({"until": "close", "symbol": "AAPL"}, 6 * HOUR_MS),
        ({"until": "open", "symbol": "AAPL"}, 23 * HOUR_MS + 30 * MINUTE_MS),
        ({"until": "bar", "symbol": "AAPL", "resolution": "1D"}, 47 * HOUR_MS + 30 * MINUTE_MS),
        ({"until": "fill"}, 47 * HOUR_MS + 30 * MINUTE_MS + DAY_MS),
    ]
    for target, after_ms in targets:
        assert (await advance(server, limit=DAY_MS, **target))["now"] == began + after_ms, target


async def test_until_fill_ends_at_the_execution_and_an_expiry_is_met(live: StartLive) -> None:
    server = await paused(live)
    last = (await server.call("POST", "/datafeed/quotes", {"symbols": ["BTCUSD"]}))[0]["v"]["lp"]
    limit = round(last * 0.997, 2)
    expires = server.clock.start_ms + 5 * DAY_MS + 70
    await server.call("POST", "/broker/orders", {**ORDER, "limitPrice": limit})
    await server.call(
        "POST",
        "/broker/orders",
        {**ORDER, "limitPrice": 1.0, "duration": {"type": "GTD", "datetime": expires}},
    )
    filled = await advance(server, until="fill", limit=5 * DAY_MS)
    execution = (await server.call("GET", "/broker/executions"))[0]
    assert (execution["time"], execution["price"]) == (filled["now"], limit)
    assert filled["now"] % 200 == 0
    await advance(server, to=expires + 10_000)
    order = await server.call("GET", "/broker/orders/ORDER-2")
    assert (order["reason"], order["updateTime"]) == ("EXPIRED", -(-expires // 200) * 200)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"to": 1}, 400, "CLOCK_TARGET"),
        ({"by": 200_000_000_000_000}, 422, "VALIDATION"),
        ({"to": 200_000_000_000_000}, 400, "CLOCK_TARGET"),
        ({"by": 0}, 422, "VALIDATION"),
        ({}, 400, "CLOCK_TARGET"),
        ({"by": 1, "to": 1}, 400, "CLOCK_TARGET"),
        ({"until": "fill"}, 400, "CLOCK_TARGET"),
        ({"until": "open", "limit": 1}, 400, "CLOCK_TARGET"),
        ({"until": "open", "limit": 1, "symbol": "NOTHING"}, 404, "UNKNOWN_SYMBOL"),
    ],
)
async def test_an_impossible_advance_is_refused(live: StartLive, body: Any, status: int, code: str) -> None:
    server = await paused(live)
    reply = await server.fetch("POST", "/clock/advance", body)
    assert (reply.code, json.loads(reply.body)["code"]) == (status, code)


async def test_an_advance_is_answered_before_it_is_over(live: StartLive) -> None:
    server = await paused(live)
    symbols = [one["symbol"] for one in await server.call("GET", "/datafeed/search")]
    for symbol in symbols:
        await server.fetch("POST", "/broker/orders", {**ORDER, "symbol": symbol, "limitPrice": 1.0})
    assert (await server.fetch("POST", "/clock/advance", {"by": 3650 * DAY_MS})).code == 202


async def test_commands_are_refused_while_the_clock_advances(live: StartLive) -> None:
    server = await paused(live)
    services = server.server.services
    services.engine.set_advancing(True)
    refused = await server.fetch("POST", "/broker/orders", {**ORDER, "limitPrice": 1.0})
    assert (refused.code, json.loads(refused.body)["code"]) == (409, "CLOCK_ADVANCING")
    services.engine.set_advancing(False)
    await server.call("POST", "/broker/orders", {**ORDER, "limitPrice": 1.0})

    assert services.control is not None
    clock = services.control.clock
    clock.advance(ClockAdvance(by=MINUTE_MS))
    with pytest.raises(Denied, match="advancing"):
        clock.advance(ClockAdvance(by=1))
    with pytest.raises(Denied, match="advancing"):
        clock.change(ClockChange(speed=2.0))
    assert await clock.wait(60)
    clock.change(ClockChange(speed=2.0))


async def test_each_change_of_the_clock_is_an_update(live: StartLive, stream: OpenStream) -> None:
    server = await paused(live)
    client = await stream(server)
    await client.send({"type": "clock.subscribe", "payload": {}})
    assert (await client.receive())["payload"]["status"] == "ok"
    await advance(server, by=1000)
    await server.call("PUT", "/clock", {"speed": 5.0})
    states = [payload for _, payload in await client.updates(4)]
    assert [one["status"] for one in states] == ["ready", "advancing", "ready", "ready"]
    assert [one["now"] - server.clock.start_ms for one in states] == [0, 0, 1000, 1000]
    assert (states[1]["target"], states[3]["speed"]) == (server.clock.start_ms + 1000, 5.0)
