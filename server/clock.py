"""The system's time as a `Clock`: market time that never goes back, at any speed, from any start."""

import time
from collections.abc import Callable


class SystemClock:
    """Market time on top of the monotonic clock.

    At normal speed and without a start it follows the wall clock, forward only: when the wall clock is set back, market
    time goes on from where it was; when it is set forward, market time follows.

    Args:
        speed: Market seconds in one second.
        start_ms: Market time at the start, in epoch milliseconds; None is the wall clock's.
        wall: The wall clock in seconds.
        monotonic: Seconds that never go back.
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
        """See to it that market time is not before an instant: it went on from there in an earlier process."""
        self._start += max(0, ms - self.now_ms()) / 1000

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return self._monotonic()
