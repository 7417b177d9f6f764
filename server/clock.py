"""Market time: computed from the system clocks, or moved by a caller. It never goes back."""

import time
from collections.abc import Callable
from typing import Literal

from engine.clock import Clock

Mode = Literal["running", "paused"]


class SystemClock:
    """An `engine.clock.Clock` on top of the monotonic clock.

    With speed 1 and no start, market time is wall time. When the wall clock is set forward, market time follows; when
    it is set back, market time continues from its last value.

    Args:
        speed: Market seconds per second.
        start_ms: Market time at the start, in epoch milliseconds; None means wall time.
        wall: Wall clock, in seconds since the epoch.
        monotonic: Monotonic clock, in seconds.
    """

    def __init__(
        self,
        speed: float = 1.0,
        start_ms: int | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._speed = speed
        self._follows_wall = speed == 1.0 and start_ms is None
        self._began = monotonic()
        self._start = wall() if start_ms is None else start_ms / 1000

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        elapsed = self._monotonic() - self._began
        if self._follows_wall:
            ahead = self._wall() - elapsed - self._start
            if ahead > 0:
                self._start += ahead
        return int(1000 * (self._start + elapsed * self._speed))

    def advance_to(self, ms: int) -> None:
        """Move market time forward to `ms`, the last time of an earlier process; it is never moved back."""
        self._start += max(0, ms - self.now_ms()) / 1000

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return self._monotonic()


class WorldClock:
    """The clock of a world whose callers may pause it, change its speed, or move it forward.

    While it runs, it follows the monotonic clock of the source. Its market time begins at that of the source.

    Args:
        source: Real time, and the market time at the beginning.
        speed: Market seconds in one second.
        is_paused: Whether it begins paused.
        start_ms: Market time at the beginning, by default that of the source.
    """

    def __init__(self, source: Clock, speed: float = 1.0, is_paused: bool = False, start_ms: int | None = None) -> None:
        self._source = source
        self._speed = speed
        self._is_paused = is_paused
        self._is_held = False
        self._from_ms = source.now_ms() if start_ms is None else start_ms
        self._from_s = source.monotonic()

    @property
    def mode(self) -> Mode:
        """Whether market time moves by itself."""
        return "paused" if self._is_paused else "running"

    @property
    def speed(self) -> float:
        """Market seconds in one second while the clock runs."""
        return self._speed

    @property
    def current_speed(self) -> float:
        """Market seconds in one second; 0 while the clock stands still."""
        return 0.0 if self._is_paused or self._is_held else self._speed

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        if self._is_paused or self._is_held:
            return self._from_ms
        return self._from_ms + int(1000 * self._speed * (self._source.monotonic() - self._from_s))

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return self._source.monotonic()

    def change(self, is_paused: bool, speed: float) -> None:
        """Pause the clock or let it run, at a speed; market time goes on from now."""
        self._from_ms, self._from_s = self.now_ms(), self._source.monotonic()
        self._is_paused, self._speed = is_paused, speed

    def hold(self) -> None:
        """Stop the clock while `move_to` moves it."""
        self._from_ms, self._is_held = self.now_ms(), True

    def move_to(self, now_ms: int) -> None:
        """Move a held or paused clock forward; it is never moved back."""
        self._from_ms = max(self._from_ms, now_ms)

    def release(self) -> None:
        """Let a held clock go on in its mode."""
        self._from_s, self._is_held = self._source.monotonic(), False
