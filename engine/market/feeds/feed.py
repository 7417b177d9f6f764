"""The one interface of every feed. Nothing after the instant that is asked for is ever answered.

A feed may have a beginning: before it there are no bars, and the methods that answer with one value raise `NoPrice`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from engine.errors import Denied, Reason
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.quotes import DayStats, Print, Quote

MAX_PASSED = 256
"""Instants between two looks that are walked through, of one symbol."""


class NoPrice(Denied):
    """A symbol has no price yet.

    Args:
        symbol: Its name.
        begin: When its history begins, where that is known.
    """

    def __init__(self, symbol: str, begin: str | None = None) -> None:
        since = f"before {begin}" if begin else "yet"
        super().__init__(Reason.NO_LIQUIDITY, f"{symbol} has no price {since}")


class Question(NamedTuple):
    """Which bars are asked for: the newest `most` whose start is before `to_ms`, known at `now_ms`."""

    symbol: str
    resolution: str
    most: int
    to_ms: int
    now_ms: int


class Feed(Protocol):
    """Prices of the instruments of one catalogue. Symbols are canonical names; resolutions as in `RESOLUTIONS`.

    While a market is closed or trading is halted, the answers are those of the last instant of trading.

    Attributes:
        kind: "synthetic", "replay" or "external".
    """

    kind: str

    def resolutions(self, symbol: str) -> Sequence[str]:
        """Return the resolutions of which there are bars."""

    def overdue_ms(self, symbol: str, now_ms: int) -> int | None:
        """Return for how long a price has been missing, None while there is a fresh one."""

    def halted_since(self, symbol: str, now_ms: int) -> int | None:
        """Return when the halt of trading began that holds at `now_ms`, None without one."""

    def depth(self, symbol: str, now_ms: int) -> Depth:
        """Return the book at `now_ms`."""

    def prepare(self, question: Question) -> Iterator[None]:
        """Compute what `last_bars` would have to, in pieces of a few milliseconds."""

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at `now_ms`."""

    def passed(self, symbol: str, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return what the market passed through after `since_ms`, up to and with `until_ms`; times rise.

        At most `MAX_PASSED`. None where the quote is all there is to be looked at.
        """

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day that holds `now_ms`, up to `now_ms`."""

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`."""

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars whose start lies in `[from_ms, to_ms)`, the forming one included, nothing after `now_ms`.

        The caller bounds the range: its cost grows with it.
        """

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`, fewer where history begins.

        The forming bar is included where it starts before `to_ms`, nothing is after `now_ms`.
        """
