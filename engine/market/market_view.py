"""Views of a market at single instants: now, and each instant with new prices since the last tick.

Prices also change between two ticks; with a fast clock, for minutes. A tick processes these instants in order, by the
same rules, and so does a command before it begins. So results do not depend on the tick period. Called by
engine/core.py, which passes the views to the broker (engine/broker/market_view.py is the broker's side).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.market.feeds.feed import FeedInstant, NoPrice
from engine.market.market import Market
from engine.models.market.depth import Depth
from engine.models.market.quotes import Print, Quote


class PreviousQuotes(NamedTuple):
    """The quotes of the instant before: of the last tick at `since_ms`, or of an earlier instant of this tick.

    Attributes:
        times: Time of each symbol's quote in epoch milliseconds; a symbol that is missing had the quote of `since_ms`.
    """

    since_ms: int
    times: Mapping[str, int]


class MarketView:
    """The market at one instant; each symbol is looked up once. Implements `engine.broker.market_view.MarketView`.

    Args:
        market: The datafeed.
        now_ms: The instant that is viewed, in epoch milliseconds.
        prints: The new print of each symbol, None where nothing is new. The quote of any other symbol is its new print.
        previous: The quotes of the instant before; None for commands, and where all markets are always open.
        quotes: The quotes of symbols whose current quote is newer than the instant.
    """

    __slots__ = ("_depths", "_market", "_may_halt", "_previous", "_prints", "_quotes", "_sessions", "now_ms")

    def __init__(
        self,
        market: Market,
        now_ms: int,
        prints: Mapping[str, Print | None] | None = None,
        previous: PreviousQuotes | None = None,
        quotes: Mapping[str, Quote] | None = None,
    ) -> None:
        self.now_ms = now_ms
        self._market = market
        self._may_halt = market.may_halt
        self._prints = prints or {}
        self._previous = previous
        self._quotes = dict(quotes or {})
        self._sessions: dict[str, tuple[int, int]] = {}
        self._depths: dict[str, Depth] = {}

    def quote(self, symbol: str) -> Quote:
        """Return the quote of a symbol. Raises: NoPrice."""
        try:
            return self._quotes[symbol]
        except KeyError:
            quote = self._quotes[symbol] = self._market.quote(symbol, self.now_ms)
            return quote

    def has_price(self, symbol: str) -> bool:
        """Whether a symbol has a quote."""
        try:
            self.quote(symbol)
        except NoPrice:
            return False
        return True

    def trail_quote(self, symbol: str) -> Quote:
        """Return the quote that trailing stops follow. On bars, its bid and ask are the print. Raises: NoPrice."""
        quote = self.quote(symbol)
        if self._market.has_bid_ask(symbol):
            return quote
        return quote._replace(bid=quote.last, ask=quote.last)

    def new_print(self, symbol: str) -> Print | None:
        """Return the print that resting orders are matched against, None where nothing is new at this instant."""
        prints = self._prints
        return prints[symbol] if symbol in prints else Print(self.quote(symbol))

    def depth(self, symbol: str) -> Depth:
        """Return the book of a symbol."""
        depth = self._depths.get(symbol)
        if depth is None:
            depth = self._depths[symbol] = self._market.book(self.quote(symbol))
        return depth

    def _session(self, symbol: str) -> tuple[int, int]:
        session = self._sessions.get(symbol)
        if session is None:
            session = self._sessions[symbol] = self._market.session(symbol, self.now_ms)
        return session

    def is_open(self, symbol: str) -> bool:
        """Whether a symbol is traded now: its market is open, and trading is not halted."""
        return self._session(symbol)[0] <= self.now_ms and not (self._may_halt and self.is_halted(symbol))

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in a symbol is halted."""
        return self._may_halt and self._market.is_halted(symbol, self.now_ms)

    def session_end_ms(self, symbol: str) -> int:
        """Return the end of a symbol's trading session, of the next one while its market is closed."""
        return self._session(symbol)[1]

    def day_start_ms(self, symbol: str) -> int:
        """Return the start of a symbol's trading day, of the next one when the last session of the day is over."""
        return self._market.day_start_ms(symbol, self.now_ms)

    def opened_ms(self, symbol: str) -> int | None:
        """Return when the market opened or a halt ended, if the quote is the first one since then; else None."""
        previous, market = self._previous, self._market
        if previous is None:
            return None
        time_ms, before_ms = self.quote(symbol).time_ms, previous.times.get(symbol)
        if before_ms is None:
            before_ms = market.quote(symbol, previous.since_ms).time_ms
        resumed_ms, start_ms = market.resumed_ms(symbol, before_ms, time_ms), self._session(symbol)[0]
        is_opening = market.keeps_hours and before_ms < start_ms <= time_ms
        # A session that begins at the end of another one is no opening; the end of a break is one.
        if not is_opening or market.session(symbol, before_ms)[1] == start_ms:
            return resumed_ms
        return start_ms if resumed_ms is None else max(start_ms, resumed_ms)

    def quote_times(self, symbols: Iterable[str]) -> dict[str, int]:
        """Return the time of each quote in epoch milliseconds by symbol; symbols without a price are left out."""
        times: dict[str, int] = {}
        for symbol in symbols:
            try:
                times[symbol] = self.quote(symbol).time_ms
            except NoPrice:
                continue
        return times


class MarketViews:
    """Makes the views for commands and ticks.

    Args:
        market: The datafeed.
        now_ms: Start in epoch milliseconds; earlier market data is ignored.
    """

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._since = market.position(now_ms)
        self._times: dict[str, int] = {}

    def now(self, now_ms: int) -> MarketView:
        """Return the market at an instant."""
        return MarketView(self._market, now_ms)

    def has_prints(self, now_ms: int) -> bool:
        """Whether there may be prints that no tick has processed yet; quick, and true where that is not known."""
        return self._market.has_prints(self._since, self._market.position(now_ms))

    def skip(self, now_ms: int) -> None:
        """Ignore the prints so far: there was neither a working order nor a position."""
        self._since = self._market.position(now_ms)

    def instants(self, symbols: Iterable[str], now_ms: int) -> Iterator[MarketView]:
        """Yield each instant since the last tick at which a symbol has a new print, then `now_ms`."""
        names = tuple(dict.fromkeys(symbols))
        since, self._since = self._since, self._market.position(now_ms)
        path = self._market.path(names, since, self._since)
        if path.before:
            self._times = self._times | {symbol: quote.time_ms for symbol, quote in path.before.items()}
        for time_ms, prints, quotes in (*path.instants, FeedInstant(now_ms, {}, {})):
            previous = PreviousQuotes(since.time_ms, self._times) if self._market.may_close else None
            others: dict[str, Print | None] = dict.fromkeys(names if prints else path.symbols)
            view = MarketView(self._market, time_ms, {**others, **prints}, previous, quotes)
            yield view
            if self._market.may_close:
                self._times = view.quote_times(names)
