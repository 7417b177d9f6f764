"""Market time at an edge: computed from the core's readings of its clock. It never goes back."""

import time
from collections.abc import Callable

from server.bus.messages import ClockReading


class EdgeClock:
    """An `engine.clock.Clock` that follows another process.

    Args:
        reading: Market time of the core at an instant of wall time.
        wall: Wall clock, in seconds since the epoch.
        monotonic: Monotonic clock, in seconds.
    """

    def __init__(
        self,
        reading: ClockReading,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._reading = reading
        self._last_ms = reading.market_ms

    def follow(self, reading: ClockReading) -> None:
        """Continue from a new reading."""
        self._reading = reading

    @property
    def speed(self) -> float:
        """Market seconds in one second; 0 while the clock of the core stands still."""
        return self._reading.speed

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        market_ms, wall_ms, speed = self._reading.market_ms, self._reading.wall_ms, self._reading.speed
        self._last_ms = max(self._last_ms, int(market_ms + (1000 * self._wall() - wall_ms) * speed))
        return self._last_ms

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return self._monotonic()
