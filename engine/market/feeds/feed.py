"""The interface of every feed. An answer contains only data up to the requested instant.

`Feed` is a feed of one catalogue, `InstrumentFeed` the part of one instrument in it. A feed may have a beginning:
before it there are no bars, and the methods that return one value raise `NoPrice`.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from engine.errors import Denied, Reason
from engine.market.depth import synthetic_depth
from engine.market.sessions import Calendar
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import DayStats, Print, Quote


class NoPrice(Denied):
    """A symbol has no price at the requested instant, which is before the `begin` of its history if that is known."""

    def __init__(self, symbol: str, begin: str | None = None) -> None:
        since = f"before {begin}" if begin else "yet"
        super().__init__(Reason.NO_LIQUIDITY, f"{symbol} has no price {since}")


class BarsRequest(NamedTuple):
    """A request for the newest `limit` bars that start before `to_ms`, as they are at `now_ms` (epoch milliseconds)."""

    resolution: str
    limit: int
    to_ms: int
    now_ms: int


class Position(NamedTuple):
    """A position in the history of a feed.

    Attributes:
        time_ms: Market time in epoch milliseconds.
        ticks: Ticks that were accepted by then; 0 for feeds that depend on the time alone.
    """

    time_ms: int
    ticks: int = 0


class FeedInstant(NamedTuple):
    """An instant with new prints.

    Attributes:
        time_ms: Market time in epoch milliseconds; later instants may have the same.
        prints: The new prints by symbol.
        quotes: Quotes at that instant, of symbols whose current quote is newer.
    """

    time_ms: int
    prints: Mapping[str, Print]
    quotes: Mapping[str, Quote]


class Path(NamedTuple):
    """The prints of several symbols between two positions, in the order in which they happened.

    Attributes:
        symbols: Symbols without other prints than these; the only print of each other symbol is its current quote.
        instants: At most 256 for each symbol, oldest first.
        before: Quotes before the first instant, of symbols whose current quote is newer.
    """

    symbols: Collection[str]
    instants: Sequence[FeedInstant]
    before: Mapping[str, Quote]


class InstrumentFeed(ABC):
    """Prices of one instrument. Times are epoch milliseconds, resolutions are members of `RESOLUTIONS`.

    While the market is closed or trading is halted, every answer is that of the last instant of trading.

    Attributes:
        has_bid_ask: Whether bid and ask belong to its prices. Else they are computed from prints.
        resolutions: Resolutions that it has bars of.
        depth_key: Random key of the sizes in its synthetic order book.
    """

    has_bid_ask: ClassVar[bool] = True
    resolutions: Sequence[str] = RESOLUTIONS

    def __init__(self, instrument: Instrument, calendar: Calendar, depth_key: int) -> None:
        self.instrument = instrument
        self.calendar = calendar
        self.depth_key = depth_key
        self._previous_close: tuple[int, int] = (-1, 0)

    @abstractmethod
    def quote(self, now_ms: int) -> Quote:
        """Return the quote at `now_ms`. Raises: NoPrice."""

    @abstractmethod
    def forming_bar(self, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that contains `now_ms`, as it is at `now_ms`. Raises: NoPrice."""

    @abstractmethod
    def last_bars(self, request: BarsRequest) -> BarColumns:
        """Return the requested bars, the forming bar included; fewer at the beginning of history."""

    def prepare(self, request: BarsRequest) -> Iterator[None]:  # noqa: ARG002
        """Compute and cache the parts of `last_bars` that take long; yield every few milliseconds."""
        return iter(())

    def depth(self, now_ms: int) -> Depth:
        """Return the order book at `now_ms`. Raises: NoPrice."""
        return self.book(self.quote(now_ms))

    def book(self, quote: Quote) -> Depth:
        """Return the order book around a quote."""
        return synthetic_depth(self.instrument, quote, self.depth_key)

    def day_stats(self, now_ms: int) -> DayStats:
        """Return statistics of the trading day that contains `now_ms`, up to `now_ms`. Raises: NoPrice."""
        bar = self.forming_bar("1D", now_ms)
        if self._previous_close[0] != bar.time_ms:
            before = self.last_bars(BarsRequest("1D", 1, bar.time_ms, now_ms)).close
            self._previous_close = bar.time_ms, int(before[-1]) if len(before) else bar.open
        return DayStats(bar.open, bar.high, bar.low, self._previous_close[1], bar.volume)

    def prints_between(self, since_ms: int, until_ms: int) -> Sequence[Print] | None:  # noqa: ARG002
        """Return the prints after `since_ms` up to and including `until_ms`, ascending; at most 256.

        None when the quote at `until_ms` is the only print to consider.
        """
        return None

    def overdue_ms(self, now_ms: int) -> int | None:  # noqa: ARG002
        """Return how long a new price has been missing; None while the price is fresh."""
        return None

    def opening_ms(self, start_ms: int, now_ms: int) -> int:  # noqa: ARG002
        """Return when trading begins in a span whose regular open is `start_ms`; after `now_ms` while it has not."""
        return start_ms

    def halted_since(self, now_ms: int) -> int | None:  # noqa: ARG002
        """Return the begin of the halt at `now_ms`; None while there is trading."""
        return None

    def resumed_ms(self, from_ms: int, to_ms: int) -> int | None:  # noqa: ARG002
        """Return the end of the last halt that ended after `from_ms`, up to `to_ms`; None without one."""
        return None


class Feed:
    """Prices of the instruments of one catalogue, by canonical name."""

    kind: ClassVar[str]
    """One of "synthetic", "replay", "external"."""

    def __init__(self, instruments: Mapping[str, InstrumentFeed]) -> None:
        self._instruments = dict(instruments)

    def __getitem__(self, symbol: str) -> InstrumentFeed:
        return self._instruments[symbol]

    def position(self, now_ms: int) -> Position:
        """Return the position at the market time `now_ms`, which is now."""
        return Position(now_ms)

    def has_prints(self, since: Position, until: Position) -> bool:
        """Whether there may be prints after `since` up to `until`; quick, and true where that is not known."""
        return until.time_ms > since.time_ms

    def path(self, symbols: Iterable[str], since: Position, until: Position) -> Path:
        """Return the prints of symbols after `since` up to `until`."""
        by_time: dict[int, dict[str, Print]] = {}
        found = []
        for symbol in symbols:
            prints = self._instruments[symbol].prints_between(since.time_ms, until.time_ms)
            if prints is not None:
                found.append(symbol)
                for one in prints:
                    by_time.setdefault(one.quote.time_ms, {})[symbol] = one
        return Path(found, [FeedInstant(time_ms, prints, {}) for time_ms, prints in sorted(by_time.items())], {})
