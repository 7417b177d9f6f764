"""The ticker: runs while it is needed, survives errors and steps of the wall clock, counts what it skipped."""

import asyncio
import time

import pytest

from server.ticker import Ticker

TICK_MS = 10


class Ticks:
    """Counts ticks, and wakes who waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self.needed = True
        self._event = asyncio.Event()

    def step(self) -> None:
        self.count += 1
        self._event.set()

    async def more(self, number: int = 3) -> None:
        """Wait for more ticks. Raises: TimeoutError."""
        goal = self.count + number
        while self.count < goal:
            self._event.clear()
            await asyncio.wait_for(self._event.wait(), 2)


async def test_it_runs_only_while_it_is_needed() -> None:
    ticks = Ticks()
    ticker = Ticker(TICK_MS, ticks.step, lambda: ticks.needed)
    assert not ticker.health().running
    ticker.wake()
    await ticks.more()
    assert ticker.health().running
    ticks.needed = False
    await ticks.more(1)
    assert not ticker.health().running
    ticker.wake()
    assert not ticker.health().running


async def test_an_error_in_a_tick_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    ticks = Ticks()

    def failing() -> None:
        ticks.step()
        raise RuntimeError("broken tick")

    ticker = Ticker(TICK_MS, failing, lambda: True)
    ticker.wake()
    await ticks.more()
    ticker.stop()
    assert "broken tick" in caplog.text


@pytest.mark.parametrize("step_s", [-3600.0, 86_400.0])
async def test_a_stepped_wall_clock_does_not_hold_up_the_ticks(step_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause is longer than 3 periods, but for what the loop itself was late."""
    period_ms, pauses = 100, list[float]()
    real, offset, last = time.time, [0.0], [time.monotonic()]
    monkeypatch.setattr(time, "time", lambda: real() + offset[0])
    ticks = Ticks()

    def step() -> None:
        now = time.monotonic()
        pauses.append(now - last[0])
        last[0] = now
        ticks.step()

    ticker = Ticker(period_ms, step, lambda: True, wall=time.time)
    ticker.wake()
    await ticks.more(1)
    for _ in range(3):
        offset[0] += step_s
        await ticks.more(2)
    ticker.stop()
    assert max(pauses) <= 3 * period_ms / 1000 + ticker.counters.longest_lag_s


async def test_whole_periods_that_were_skipped_are_counted() -> None:
    ticks = Ticks()
    ticker = Ticker(TICK_MS, ticks.step, lambda: True)
    ticker.wake()
    await ticks.more(1)
    until = time.monotonic() + 0.1
    while time.monotonic() < until:
        pass  # hold the loop
    await ticks.more(1)
    ticker.stop()
    assert ticker.health().skipped >= 5


async def test_what_ticks_cost_is_counted() -> None:
    ticks = Ticks()

    def slow() -> None:
        ticks.step()
        until = time.monotonic() + 0.03
        while time.monotonic() < until:
            pass

    ticker = Ticker(TICK_MS, slow, lambda: True)
    ticker.wake()
    while ticker.counters.lag_s == 0.0:
        await ticks.more()
    ticker.stop()
    counters, made = ticker.counters, ticker.health().ticks
    assert counters.overruns == made
    assert counters.total_s >= 0.03 * made
    assert counters.longest_s >= counters.last_s >= 0.03
    assert counters.longest_lag_s >= counters.lag_s > 0.0
