"""Restarts with an external feed, which has no prices until it sends some."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartLive
from tests.live import Live

CANCELED, WORKING = 1, 6


async def tick(server: Live) -> None:
    price = {"symbol": "AAPL", "time": server.clock.now_ms(), "bid": 99.9, "ask": 100.0, "last": 99.9}
    await server.call("POST", "/datafeed/ticks", {"ticks": [price]})


@pytest.mark.parametrize("profile", [{"fill_model": "simulator", "execution_delay": 1}, {"latency_ms": 1000}])
async def test_an_order_without_a_price_holds_up_nobody(
    profile: dict[str, Any], live: StartLive, tmp_path: Path
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False, feed="external")
    await tick(server)
    await server.call("POST", "/broker/accounts", {"id": "OTHER", "balance": 5000, "profile": profile})
    order = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 100.0}
    await server.call("POST", "/broker/orders?accountId=OTHER", order)
    expiry = {"type": "GTD", "datetime": server.clock.now_ms() + 1000}
    await server.place(type=1, limitPrice=90.0, duration=expiry)
    again = await restart_external(live, server, tmp_path)
    for _ in range(2):
        again.step(1500)
    [mine] = await again.call("GET", "/broker/orders")
    [other] = await again.call("GET", "/broker/orders?accountId=OTHER")
    assert (mine["status"], mine["reason"], other["status"]) == (CANCELED, "EXPIRED", WORKING)
    await tick(again)
    for _ in range(2):
        again.step(1500)
    [other] = await again.call("GET", "/broker/orders?accountId=OTHER")
    assert other["status"] == 2


async def restart_external(live: StartLive, server: Live, data_dir: Path) -> Live:
    server.server.ticker.stop()
    await server.server.storage.close()
    return await live(data_dir=data_dir, ephemeral=False, feed="external")
