"""What the synthetic market passed through between two looks: its prints as quotes, in order of time."""

from collections.abc import Callable, Sequence

from engine.market.feeds.bar_hierarchy import PRINT_MS
from engine.models.market.quotes import Print, Quote

MAX_SYNTHETIC_PASSED = 50
"""Prints between two looks that are walked through: all of them up to a speed of 50."""

MAX_PASSED_MS = 600_000
"""Market time that is walked through at most. The fastest clock passes 200 s in a tick: what is longer was a pause."""


def passed_of(quote: Callable[[int], Quote], since_ms: int, until_ms: int) -> Sequence[Print] | None:
    """Return the quotes of the prints after `since_ms`, up to `until_ms`; of many every second, third... one.

    None where it was one print at most.
    """
    last = until_ms // PRINT_MS
    first = max(since_ms // PRINT_MS + 1, last - MAX_PASSED_MS // PRINT_MS + 1)
    if first >= last:
        return None
    stride = -(-(last - first + 1) // MAX_SYNTHETIC_PASSED)
    points = range(last, first - 1, -stride)[::-1]
    # While nothing is traded, every quote is that of the last instant before.
    quotes = {one.time_ms: one for one in (quote(point * PRINT_MS) for point in points)}
    return [Print(one, is_past=True) for time_ms, one in quotes.items() if time_ms > since_ms]
