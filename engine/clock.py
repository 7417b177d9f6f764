"""Time as an argument: engine and server use this protocol instead of the system's clock."""

from typing import Protocol


class Clock(Protocol):
    """Source of time; its values never decrease."""

    def now_ms(self) -> int:
        """Market time in epoch milliseconds: for timestamps and prices."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant, unaffected by clock steps: for ages, timeouts and rates."""
