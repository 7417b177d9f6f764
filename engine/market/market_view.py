"""Views of a market at single instants: now, and each instant with new prices since the last tick.

Prices also change between two ticks; with a fast clock, for minutes. A tick processes these instants in order, by the
same rules, so that results hardly depend on the tick period. Called by engine/core.py, which passes the views to the
broker (engine/broker/market_view.py is the broker's side).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.market.feeds.feed import NoPrice
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
        at_ms: The instant that is viewed, in epoch milliseconds.
        now_ms: Time of the events, at or after `at_ms`; by default the same.
        prints: The new print of each symbol, None where nothing is new. The quote of any other symbol is its new print.
        previous: The quotes of the instant before; None for commands, and where all markets are always open.
    """

    __slots__ = ("_depths", "_market", "_may_halt", "_previous", "_prints", "_quotes", "_sessions", "at_ms", "now_ms")

    def __init__(
        self,
        market: Market,
        at_ms: int,
        now_ms: int | None = None,
        prints: Mapping[str, Print | None] | None = None,
        previous: PreviousQuotes | None = None,
    ) -> None:
        self.at_ms = at_ms
        self.now_ms = at_ms if now_ms is None else now_ms
        self._market = market
        self._may_halt = market.may_halt
        self._prints = prints or {}
        self._previous = previous
        self._quotes: dict[str, Quote] = {}
        self._sessions: dict[str, tuple[int, int]] = {}
        self._depths: dict[str, Depth] = {}

    def quote(self, symbol: str) -> Quote:
        """Return the quote of a symbol. Raises: NoPrice."""
        try:
            return self._quotes[symbol]
        except KeyError:
            quote = self._quotes[symbol] = self._market.quote(symbol, self.at_ms)
            return quote

    def has_price(self, symbol: str) -> bool:
        """Whether a symbol has a quote."""
        try:
            self.quote(symbol)
        except NoPrice:
            return False
        return True

    def new_print(self, symbol: str) -> Print | None:
        """Return the print that resting orders are matched against, None where nothing is new at this instant."""
        prints = self._prints
        return prints[symbol] if symbol in prints else Print(self.quote(symbol))

    def depth(self, symbol: str) -> Depth:
        """Return the book of a symbol."""
        depth = self._depths.get(symbol)
        if depth is None:
            depth = self._depths[symbol] = self._market.depth(symbol, self.at_ms)
        return depth

    def _session(self, symbol: str) -> tuple[int, int]:
        session = self._sessions.get(symbol)
        if session is None:
            session = self._sessions[symbol] = self._market.session(symbol, self.at_ms)
        return session

    def is_open(self, symbol: str) -> bool:
        """Whether a symbol is traded now: its market is open, and trading is not halted."""
        return self._session(symbol)[0] <= self.at_ms and not (self._may_halt and self.is_halted(symbol))

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in a symbol is halted."""
        return self._may_halt and self._market.is_halted(symbol, self.at_ms)

    def session_end_ms(self, symbol: str) -> int:
        """Return the end of a symbol's trading session, of the next one while its market is closed."""
        return self._session(symbol)[1]

    def day_start_ms(self, symbol: str) -> int:
        """Return the start of a symbol's trading day, of the next one when the last session of the day is over."""
        return self._market.day_start_ms(symbol, self.at_ms)

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


class Instant(NamedTuple):
    """One instant of a tick; `is_current` unless a command was processed after it."""

    view: MarketView
    is_current: bool


class MarketViews:
    """Makes the views for commands and ticks.

    Args:
        market: The datafeed.
        now_ms: Start in epoch milliseconds; earlier market data is ignored.
    """

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._tick_ms = now_ms
        self._command_ms = 0
        self._times: dict[str, int] = {}

    def now(self, now_ms: int) -> MarketView:
        """Return the market at an instant."""
        return MarketView(self._market, now_ms)

    def at_command(self, now_ms: int, is_idle: bool) -> MarketView:
        """Return the market for a command; later events get at least its timestamp.

        Args:
            now_ms: Market time in epoch milliseconds.
            is_idle: The broker has neither working orders nor positions: the next tick starts here.
        """
        self._command_ms = now_ms
        if is_idle:
            self._tick_ms = now_ms
        return MarketView(self._market, now_ms)

    def instants(self, symbols: Iterable[str], now_ms: int) -> Iterator[Instant]:
        """Yield each instant since the last tick at which a symbol has a new print, then `now_ms`.

        Events of an instant before the last command get the time of that command.
        """
        since_ms, self._tick_ms = self._tick_ms, now_ms
        names, paths = tuple(dict.fromkeys(symbols)), dict[str, dict[int, Print]]()
        for symbol in names:
            prints = self._market.prints_between(symbol, since_ms, now_ms)
            if prints is not None:
                paths[symbol] = {one.quote.time_ms: one for one in prints}
        for time_ms in sorted({time_ms for path in paths.values() for time_ms in path}):
            at_instant = {symbol: paths[symbol].get(time_ms) if symbol in paths else None for symbol in names}
            view = self._view(time_ms, at_instant, since_ms)
            yield Instant(view, time_ms >= self._command_ms)
            self._remember(view, names)
        view = self._view(now_ms, dict.fromkeys(paths), since_ms)
        yield Instant(view, True)
        self._remember(view, names)

    def _view(self, time_ms: int, prints: Mapping[str, Print | None], since_ms: int) -> MarketView:
        previous = PreviousQuotes(since_ms, self._times) if self._market.may_close else None
        return MarketView(self._market, time_ms, max(time_ms, self._command_ms), prints, previous)

    def _remember(self, view: MarketView, symbols: Iterable[str]) -> None:
        if self._market.may_close:
            self._times = view.quote_times(symbols)
