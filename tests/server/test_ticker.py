"""The ticker: runs while it is needed, survives errors and steps of the wall clock, counts skipped periods."""

import asyncio
import time

import pytest

from server.ticker import Ticker
from tests.support import WAIT_S

TICK_MS = 10


class Ticks:
    """A step that counts, and can be waited for."""

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
            await asyncio.wait_for(self._event.wait(), WAIT_S)


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
    """Without the watchdog the next tick would come an hour after a step back, and the wait would end in an error."""
    real, offset = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + offset[0])
    ticks = Ticks()
    ticker = Ticker(TICK_MS, ticks.step, lambda: True)
    ticker.wake()
    await ticks.more(1)
    for _ in range(3):
        offset[0] += step_s
        await ticks.more(2)
    ticker.stop()


async def test_skipped_periods_are_counted() -> None:
    """Every tick blocks the loop for ten periods."""
    ticks = Ticks()

    def slow() -> None:
        ticks.step()
        until = time.monotonic() + 10 * TICK_MS / 1000
        while time.monotonic() < until:
            continue

    ticker = Ticker(TICK_MS, slow, lambda: True)
    ticker.wake()
    await ticks.more()
    ticker.stop()
    assert ticker.health().skipped > 0
