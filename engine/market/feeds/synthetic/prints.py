"""Prints of the synthetic market between two ticks, as quotes in ascending order."""

from collections.abc import Callable, Sequence

from engine.models.market.quotes import PRINT_MS, Print, Quote

MAX_PRINTS = 50
"""Prints between two ticks against which orders are matched: all of them up to a clock speed of 50."""

MAX_RANGE_MS = 600_000
"""Market time before a tick from which prints are used. A longer range is a pause; the fastest clock has 200 s."""


def thinned_prints(quote: Callable[[int], Quote], since_ms: int, until_ms: int) -> Sequence[Print] | None:
    """Return the quotes after `since_ms` up to `until_ms`; of more than `MAX_PRINTS` every second, third and so on.

    None when there is at most one print.
    """
    last = until_ms // PRINT_MS
    first = max(since_ms // PRINT_MS + 1, last - MAX_RANGE_MS // PRINT_MS + 1)
    if first >= last:
        return None
    stride = -(-(last - first + 1) // MAX_PRINTS)
    numbers = range(last, first - 1, -stride)[::-1]
    # Without trading, every quote is that of the last instant of trading.
    quotes = {one.time_ms: one for one in (quote(number * PRINT_MS) for number in numbers)}
    return [Print(one, is_past=True) for time_ms, one in quotes.items() if time_ms > since_ms]
