"""The instant at which the broker decides: market time, and what the datafeed says of it. Values, never the feed."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.models.market.depth import Depth
from engine.models.market.quotes import Print, Quote

QuoteOf = Callable[[str], Quote]
"""The market of a symbol at the instant of the command or tick that is being handled."""


def never(_symbol: str) -> bool:
    """Return False, for every symbol."""
    return False


def nothing(_symbol: str) -> None:
    """Return None, for every symbol."""


def ever(_symbol: str) -> int:
    """Return 0, for every symbol: a day that never began."""
    return 0


@dataclass(slots=True, eq=False)
class Moment:
    """The instant of a command or tick: market time, and what the datafeed says of it. Its maker completes it.

    Attributes:
        session: Start and end (excluded) of a symbol's trading session, the present one or else the next, in epoch
            milliseconds.
        depth: The book of a symbol, to be asked for only when its best level is not enough; None where there is none.
        passed: What the market of a symbol passed through at this very instant, None for nothing. Without it the
            quotes are the market as it stands.
        is_halted: Whether trading in a symbol is halted, whatever the hour.
        opened_ms: When the market of a symbol opened, or a halt in it ended, if its quote is the first one since; else
            None.
        instant_ms: The instant that is looked at, where that is before `now_ms`, with which events are stamped.
        day_start_ms: The open of a symbol's trading day, breaks included, of the next one when it is over.
    """

    now_ms: int
    quotes: QuoteOf
    session: Callable[[str], tuple[int, int]]
    depth: Callable[[str], Depth] | None = None
    passed: Callable[[str], Print | None] | None = None
    is_halted: Callable[[str], bool] = never
    opened_ms: Callable[[str], int | None] = nothing
    instant_ms: int | None = None
    day_start_ms: Callable[[str], int] = ever

    @property
    def at_ms(self) -> int:
        """The instant of the market: what is due by now, and what is open, goes by it. Events have `now_ms`."""
        return self.now_ms if self.instant_ms is None else self.instant_ms

    def is_open(self, symbol: str) -> bool:
        """Whether a symbol is traded now: its market is open and trading is not halted."""
        at_ms = self.now_ms if self.instant_ms is None else self.instant_ms
        return self.session(symbol)[0] <= at_ms and not self.is_halted(symbol)

    def met(self, symbol: str) -> Print | None:
        """Return what orders that rest in a symbol meet now, None for nothing new."""
        return Print(self.quotes(symbol)) if self.passed is None else self.passed(symbol)
