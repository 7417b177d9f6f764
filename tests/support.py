"""Helpers for several tests, besides the fixtures. Only the clock and the randomness of the server are faked.

Randomness needs no class: a test passes `numpy.random.default_rng(seed)`.
"""

import asyncio

from engine.broker.command_result import CommandResult
from handlers.publisher import Publisher

MONDAY_MORNING_MS = 1_767_625_200_000
"""2026-01-05 15:00 UTC, ten in the morning in New York: every market of the catalogue is open."""

WAIT_S = 120.0
"""Longest wait for one answer; it only ends a test that hangs, so it is generous for a busy machine."""


def stored(publisher: Publisher, result: CommandResult) -> asyncio.Future[None] | None:
    """Commit a result; returns None when it was published at once, else a future that ends with the commit."""
    return publisher.commit(result, "test")


class ManualClock:
    """An `engine.clock.Clock` that only the test advances, so that no test sleeps.

    Market time and monotonic time advance together, as on a machine whose clock is never set.

    Attributes:
        start_ms: Market time at the beginning, in epoch milliseconds.
    """

    def __init__(self, start_ms: int = MONDAY_MORNING_MS) -> None:
        self.start_ms = start_ms
        self._elapsed_ms = 0

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        return self.start_ms + self._elapsed_ms

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed_ms / 1000

    def advance(self, ms: int) -> int:
        """Advance by `ms` milliseconds and return the new market time.

        Raises:
            ValueError: `ms` is negative; a `Clock` never goes back.
        """
        if ms < 0:
            raise ValueError(f"a clock never goes back, not even by {-ms} ms")
        self._elapsed_ms += ms
        return self.now_ms()
