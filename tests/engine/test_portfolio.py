"""The equity history of an account: computed from trades and bars, in agreement with the account's own figures."""

from typing import Any

import pytest

from tests.conftest import StartLive

HOUR_MS = 3_600_000


async def history(server: Any, **query: Any) -> list[dict[str, Any]]:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    reply = await server.call("GET", f"/broker/account/equity-history?{text}")
    points: list[dict[str, Any]] = reply["points"]
    return points


async def test_history_begins_with_the_account(live: StartLive) -> None:
    server = await live()
    server.step(10 * 60_000)
    points = await history(server, resolution="1")
    assert len(points) == 10
    assert {one["equity"] for one in points} == {100_000.0}


async def test_last_point_is_the_equity_now(live: StartLive) -> None:
    server = await live()
    await server.place(qty=100)
    server.step(HOUR_MS)
    state = await server.call("GET", "/broker/account/state")
    points = await history(server, resolution="5")
    assert points[-1]["equity"] == state["equity"]


async def test_equity_follows_the_price_while_a_position_is_held(live: StartLive) -> None:
    server = await live()
    server.step(30 * 60_000)
    await server.place(qty=100)
    bought_ms = server.clock.now_ms()
    server.step(30 * 60_000)
    await server.call("DELETE", "/broker/positions/AAPL")
    sold_ms = server.clock.now_ms()
    server.step(30 * 60_000)
    points = await history(server, resolution="1")
    bars = (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1&count_back=90"))["bars"]
    closes = {bar["time"]: bar["close"] for bar in bars}
    bought = (await server.call("GET", "/broker/executions"))[0]["price"]
    for one in points:
        if one["time"] + 60_000 <= bought_ms:
            assert one["equity"] == 100_000.0
        elif one["time"] + 60_000 < sold_ms:
            expected = 100_000 + 100 * (closes[one["time"]] - bought)
            assert one["equity"] == pytest.approx(expected, abs=0.01)
    balance = (await server.call("GET", "/broker/account/state"))["balance"]
    assert {one["equity"] for one in points if one["time"] > sold_ms} == {balance}


async def test_range_is_bounded(live: StartLive) -> None:
    server = await live()
    start = server.clock.now_ms()
    server.step(48 * HOUR_MS)
    points = await history(server, resolution="60", **{"from": start + 3 * HOUR_MS, "to": start + 6 * HOUR_MS})
    assert [one["time"] - start for one in points] == [3 * HOUR_MS, 4 * HOUR_MS, 5 * HOUR_MS]


async def test_range_before_the_account_is_empty(live: StartLive) -> None:
    server = await live()
    await server.place()
    assert await history(server, resolution="1", **{"from": 0, "to": 1000}) == []


async def test_last_point_of_a_range_in_the_past_has_the_prices_of_then(live: StartLive) -> None:
    server = await live()
    await server.place(qty=100)
    server.step(HOUR_MS)
    end_ms = server.clock.now_ms()
    server.step(HOUR_MS)
    points = await history(server, resolution="5")
    (last,) = [one for one in points if one["time"] == end_ms - 300_000]
    assert (await history(server, resolution="5", to=end_ms))[-1] == last


async def test_position_in_another_currency_counts_at_the_rate_of_the_instant(live: StartLive) -> None:
    server = await live()
    server.step(30 * 60_000)
    await server.place(symbol="USDJPY", qty=10_000)
    bought_ms = server.clock.now_ms()
    server.step(30 * 60_000)
    state = await server.call("GET", "/broker/account/state")
    points = await history(server, resolution="1")
    assert points[-1]["equity"] == state["equity"]
    await server.call("DELETE", "/broker/positions/USDJPY")
    sold_ms = server.clock.now_ms()
    server.step(30 * 60_000)
    points = await history(server, resolution="1")
    bars = (await server.call("GET", "/datafeed/bars?symbol=USDJPY&resolution=1&count_back=90"))["bars"]
    closes = {bar["time"]: bar["close"] for bar in bars}
    bought = (await server.call("GET", "/broker/executions"))[0]["price"]
    for one in points:
        if one["time"] + 60_000 <= bought_ms:
            assert one["equity"] == 100_000.0
        elif one["time"] + 60_000 < sold_ms:
            close = closes[one["time"]]
            assert one["equity"] == pytest.approx(100_000 + 10_000 * (close - bought) / close, abs=0.02)
    balance = (await server.call("GET", "/broker/account/state"))["balance"]
    assert {one["equity"] for one in points if one["time"] > sold_ms} == {balance}
