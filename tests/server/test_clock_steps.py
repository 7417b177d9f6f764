"""A wall clock that is set back by an hour and forward by a day under a server that trades."""

from itertools import pairwise
from typing import Any

import pytest

from server.clock import SystemClock
from tests.conftest import OpenStream, StartLive
from tests.live import Live
from tests.support import MONDAY_MORNING_MS, ManualClock

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
TICKS = 30


class SteppedClock(ManualClock):
    """Market time as the program reckons it, on a wall clock that the test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.wall_ms = MONDAY_MORNING_MS
        self._system = SystemClock(wall=lambda: self.wall_ms / 1000, monotonic=self.monotonic)

    def now_ms(self) -> int:
        return self._system.now_ms()

    def advance(self, ms: int) -> int:
        self.wall_ms += ms
        return super().advance(ms)


@pytest.fixture
def clock() -> ManualClock:
    return SteppedClock()


async def rest(server: Live) -> list[str]:
    """Place buys on a ladder below the market, close enough for the next ticks to reach some of them."""
    [quote] = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    bid = quote["v"]["bid"]
    return [await server.place(type=1, qty=1, limitPrice=round(bid - step / 100, 2)) for step in range(20)]


@pytest.mark.parametrize("step_ms", [-HOUR_MS, DAY_MS, DAY_MS - HOUR_MS])
async def test_time_numbers_and_trades_only_go_forward(
    step_ms: int, live: StartLive, stream: OpenStream, clock: SteppedClock
) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("bars", {"symbol": "AAPL", "resolution": "1"})
    await client.subscribe("orders")
    placed = await rest(server)
    for turn in range(3 * TICKS):
        if turn in (TICKS, 2 * TICKS):
            clock.wall_ms += step_ms
        server.step()
    told = [message["payload"] for message in await client.drained() if message["type"].endswith(".update")]
    bars = [one["payload"]["time"] for one in told if one["topic"].startswith("bars")]
    assert len(bars) > TICKS
    assert all(earlier <= later for earlier, later in pairwise(bars))
    assert (bars[-1] - bars[0] > DAY_MS) == (step_ms > 0)
    numbers = {name: [one["seq"] for one in told if one["topic"].startswith(name)] for name in ("bars", "orders")}
    assert all(later > earlier for earlier, later in pairwise(numbers["bars"]))
    assert numbers["orders"] == list(range(1, len(numbers["orders"]) + 1))
    executions = await server.call("GET", "/broker/executions")
    traded = [one["orderId"] for one in executions]
    assert 0 < len(traded) == len(set(traded))
    assert set(traded) <= set(placed)
    times = [one["time"] for one in executions]
    assert times == sorted(times)
    assert (await server.call("GET", "/health"))["ledger"]["violations"] == 0


async def test_an_order_for_a_day_expires_once(live: StartLive, clock: SteppedClock) -> None:
    server = await live()
    until: dict[str, Any] = {"type": "GTD", "datetime": clock.now_ms() + HOUR_MS}
    order_id = await server.place(type=1, qty=1, limitPrice=1.0, duration=until)
    for step_ms in (-HOUR_MS, 2 * HOUR_MS + 1000, -HOUR_MS, DAY_MS):
        clock.wall_ms += step_ms
        server.step()
    history = await server.call("GET", "/broker/orders/history")
    assert [(row["id"], row["status"]) for row in history] == [(order_id, 1)]
    assert history[0]["updateTime"] >= until["datetime"]
