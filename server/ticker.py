"""The ticker: one PeriodicCallback that steps the engine while ticks are needed, and a watchdog for clock steps.

A PeriodicCallback follows the wall clock: when the clock is set back by an hour, the callback does not run for an hour.
The watchdog uses the monotonic clock of the event loop. Once a period it compares both clocks. It restarts the
callback when the wall clock was stepped, so a pause is at most two periods long. Made by `server/app.py`.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from tornado.ioloop import PeriodicCallback

from engine.models.system import TickHealth

log = logging.getLogger("trading.ticker")

MAX_WATCH_S = 0.25
STEP_S = 0.5
"""Smallest change of wall minus monotonic time, in seconds, that counts as a step of the wall clock."""


class Ticker:
    """Calls `step` once a period, while ticks are needed.

    Args:
        tick_ms: Period in milliseconds.
        step: Called once a tick. An exception is logged, and the ticks continue.
        is_needed: Whether ticks are needed; called by `wake` and after each tick.
    """

    def __init__(self, tick_ms: int, step: Callable[[], None], is_needed: Callable[[], bool]) -> None:
        self._tick_ms = tick_ms
        self._watch_s = min(MAX_WATCH_S, tick_ms / 1000)
        self._step = step
        self._is_needed = is_needed
        self._callback = PeriodicCallback(self._tick, tick_ms)
        self._watch: asyncio.TimerHandle | None = None
        self._offset = 0.0
        self._last: float | None = None
        self._ticks = 0
        self._skipped = 0

    def wake(self) -> None:
        """Start the ticks if they are needed. Call it on the event loop after every command and message."""
        if not self._callback.is_running() and self._is_needed():
            self._last = None
            self._callback.start()
            self._watch_clock()

    def stop(self) -> None:
        """Stop the ticks."""
        self._callback.stop()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def health(self) -> TickHealth:
        """Return whether the ticks run, the number of ticks and the number of skipped periods."""
        return TickHealth(running=self._callback.is_running(), ticks=self._ticks, skipped=self._skipped)

    def _tick(self) -> None:
        now = time.monotonic()
        if self._last is not None:
            self._skipped += max(0, round((now - self._last) * 1000 / self._tick_ms) - 1)
        self._last = now
        self._ticks += 1
        try:
            self._step()
        except Exception:
            log.exception("tick failed")
        if not self._is_needed():
            self.stop()

    def _watch_clock(self) -> None:
        loop = asyncio.get_running_loop()
        self._offset = time.time() - loop.time()
        self._watch = loop.call_later(self._watch_s, self._check_clock)

    def _check_clock(self) -> None:
        moved = time.time() - asyncio.get_running_loop().time() - self._offset
        if abs(moved) > STEP_S:
            log.warning("the wall clock was stepped seconds=%.1f", moved)
            self._callback.stop()
            self._callback.start()
        self._watch_clock()
