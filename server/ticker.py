"""The ticker: one PeriodicCallback that steps the engine while anything needs ticks, and a watchdog over it.

PeriodicCallback follows the wall clock: set back by an hour, it would be silent for an hour. The watchdog counts on the
event loop's monotonic clock, looks once a period, and starts it anew whenever the wall clock was stepped: no pause is
longer than two periods.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from tornado.ioloop import PeriodicCallback

from engine.models.system import TickHealth

log = logging.getLogger("trading.ticker")

MAX_WATCH_S = 0.25
STEP_S = 0.5
"""Change of wall minus monotonic time that counts as a step of the clock."""


@dataclass(slots=True)
class TickerCounters:
    """What ticks cost, as plain numbers; the server exposes them. All in seconds but the counts.

    Attributes:
        last_s: Duration of the last tick.
        longest_s: Duration of the longest one.
        total_s: Duration of all of them.
        overruns: Ticks that took longer than their period.
        lag_s: How late the event loop was when the watchdog looked last.
        longest_lag_s: The most it was.
    """

    last_s: float = 0.0
    longest_s: float = 0.0
    total_s: float = 0.0
    overruns: int = 0
    lag_s: float = 0.0
    longest_lag_s: float = 0.0


class Ticker:
    """Steps the engine.

    Args:
        tick_ms: Period.
        step: What a tick does. An error in it is logged; the next tick comes all the same.
        is_needed: Whether anything needs ticks.
        wall: The wall clock in seconds; the one that PeriodicCallback follows.

    Attributes:
        counters: What ticks cost.
    """

    def __init__(
        self,
        tick_ms: int,
        step: Callable[[], None],
        is_needed: Callable[[], bool],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._tick_ms = tick_ms
        self._watch_s = min(MAX_WATCH_S, tick_ms / 1000)
        self._step = step
        self._is_needed = is_needed
        self._wall = wall
        self._callback = PeriodicCallback(self._tick, tick_ms)
        self._watch: asyncio.TimerHandle | None = None
        self._offset = 0.0
        self._last: float | None = None
        self._ticks = 0
        self._skipped = 0
        self._watch_at = 0.0
        self.counters = TickerCounters()

    def wake(self) -> None:
        """Start ticking when something needs it now. To be called on the loop after every command and message."""
        if not self._callback.is_running() and self._is_needed():
            self._last = None
            self._callback.start()
            self._watch_clock()

    def stop(self) -> None:
        """Tick no more."""
        self._callback.stop()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def health(self) -> TickHealth:
        """Return whether it runs, and what it has done."""
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
        self._count(time.monotonic() - now)
        if not self._is_needed():
            self.stop()

    def _count(self, took_s: float) -> None:
        counters = self.counters
        counters.last_s = took_s
        counters.longest_s = max(counters.longest_s, took_s)
        counters.total_s += took_s
        counters.overruns += took_s * 1000 > self._tick_ms

    def _watch_clock(self) -> None:
        loop = asyncio.get_running_loop()
        self._offset = self._wall() - loop.time()
        self._watch_at = loop.time() + self._watch_s
        self._watch = loop.call_at(self._watch_at, self._check_clock)

    def _check_clock(self) -> None:
        loop = asyncio.get_running_loop()
        self.counters.lag_s = max(0.0, loop.time() - self._watch_at)
        self.counters.longest_lag_s = max(self.counters.longest_lag_s, self.counters.lag_s)
        moved = self._wall() - loop.time() - self._offset
        if abs(moved) > STEP_S:
            log.warning("the wall clock was stepped seconds=%.1f", moved)
            self._callback.stop()
            self._callback.start()
        self._watch_clock()
