"""What the broker sees of the market: as it is now, and every instant that passed since the last look.

The market goes on between two ticks; with a fast clock, for minutes. What it passed through meanwhile is walked in
order, instant by instant, with the rules of a tick, so that it matters little how often is looked. Called by
engine/core.py alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from engine.broker.moment import Moment, never, nothing
from engine.market.feeds.feed import NoPrice
from engine.market.market import Market
from engine.models.market.depth import Depth
from engine.models.market.quotes import Print

T = TypeVar("T")


class Seen(dict[str, T]):
    """What there is to see of each symbol at one instant, asked for once; what is known is read without a call.

    Args:
        ask: Answers for a canonical symbol and an instant in epoch milliseconds.
        now_ms: The instant.
    """

    __slots__ = ("_ask", "_now_ms")

    def __init__(self, ask: Callable[[str, int], T], now_ms: int) -> None:
        self._ask = ask
        self._now_ms = now_ms

    def __missing__(self, symbol: str) -> T:
        found = self[symbol] = self._ask(symbol, self._now_ms)
        return found


class Sight:
    """What is asked of a market at one instant, beside its quotes: of most symbols nothing.

    Args:
        market: The datafeed.
        now_ms: The instant, in epoch milliseconds.
    """

    __slots__ = ("_books", "_market", "_now_ms", "_sessions")

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._now_ms = now_ms
        self._sessions: dict[str, tuple[int, int]] = {}
        self._books: dict[str, Depth] = {}

    def session(self, symbol: str) -> tuple[int, int]:
        """Return start and end (excluded) of the trading session of a symbol, asked for once."""
        found = self._sessions.get(symbol)
        if found is None:
            found = self._sessions[symbol] = self._market.session(symbol, self._now_ms)
        return found

    def depth(self, symbol: str) -> Depth:
        """Return the book of a symbol, asked for once."""
        found = self._books.get(symbol)
        if found is None:
            found = self._books[symbol] = self._market.depth(symbol, self._now_ms)
        return found

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in a symbol is halted."""
        return self._market.is_halted(symbol, self._now_ms)

    def day_start_ms(self, symbol: str) -> int:
        """Return the open of the trading day of a symbol, of the next one when it is over."""
        return self._market.day_start_ms(symbol, self._now_ms)


class Look(NamedTuple):
    """One instant that a tick walks through; `is_settled` unless a command was handled after it."""

    moment: Moment
    is_settled: bool


class Watch:
    """Looks at a market again and again.

    Args:
        market: The datafeed.
        now_ms: What was before does not concern anybody.
    """

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._looked_ms = now_ms
        self._acted_ms = 0
        self._shown_ms: dict[str, int] = {}

    def now(self, now_ms: int) -> Moment:
        """Return the market as it is."""
        market = self._market
        sight = Sight(market, now_ms)
        return Moment(
            now_ms,
            Seen(market.quote, now_ms).__getitem__,
            sight.session,
            sight.depth,
            None,
            sight.is_halted if market.may_halt else never,
            nothing,
            None,
            sight.day_start_ms,
        )

    def act(self, now_ms: int, is_idle: bool) -> Moment:
        """Return the market as it is for a command: nothing that happens later may be stamped before it.

        While the broker is idle nobody looks, and nobody has to: what passed until now is passed over.
        """
        self._acted_ms = now_ms
        if is_idle:
            self._looked_ms = now_ms
        return self.now(now_ms)

    def looks(self, symbols: Iterable[str], now_ms: int) -> Iterator[Look]:
        """Yield the instants since the last look at which symbols have something new, and `now_ms` at the end.

        An instant before the last command is stamped with the time of that command.
        """
        since_ms, self._looked_ms = self._looked_ms, now_ms
        named, paths = tuple(dict.fromkeys(symbols)), dict[str, dict[int, Print]]()
        for symbol in named:
            passed = self._market.passed(symbol, since_ms, now_ms)
            if passed is not None:
                paths[symbol] = {one.quote.time_ms: one for one in passed}
        for time_ms in sorted({time_ms for path in paths.values() for time_ms in path}):
            met = {symbol: path.get(time_ms) for symbol, path in paths.items()}
            moment = self._at(time_ms, met.get, since_ms)
            moment.now_ms, moment.instant_ms = max(time_ms, self._acted_ms), time_ms
            yield Look(moment, time_ms >= self._acted_ms)
            self._note(moment, named)
        moment = self._at(now_ms, None, since_ms)
        if paths:
            moment.passed = _standing(moment, paths)
        yield Look(moment, True)
        self._note(moment, named)

    def _at(self, time_ms: int, passed: Callable[[str], Print | None] | None, since_ms: int) -> Moment:
        moment = self.now(time_ms)
        moment.passed = passed
        if self._market.may_close:
            moment.opened_ms = lambda symbol: self._opened_ms(symbol, moment, since_ms)
        return moment

    def _opened_ms(self, symbol: str, moment: Moment, since_ms: int) -> int | None:
        """Return when the market of a symbol opened or a halt ended, if this is the first quote shown since."""
        market, time_ms = self._market, moment.quotes(symbol).time_ms
        shown_ms = self._shown_ms.get(symbol)
        if shown_ms is None:
            shown_ms = market.quote(symbol, since_ms).time_ms
        resumed_ms, start_ms = market.resumed_ms(symbol, shown_ms, time_ms), moment.session(symbol)[0]
        is_opening = market.keeps_hours and shown_ms < start_ms <= time_ms
        # Where one session begins as another ends nothing was closed; after a break the session is the same.
        if not is_opening or market.session(symbol, shown_ms)[1] == start_ms:
            return resumed_ms
        return start_ms if resumed_ms is None else max(start_ms, resumed_ms)

    def _note(self, moment: Moment, symbols: Iterable[str]) -> None:
        """Remember which quotes were shown, where markets close."""
        if not self._market.may_close:
            return
        self._shown_ms = {}
        for symbol in symbols:
            try:
                self._shown_ms[symbol] = moment.quotes(symbol).time_ms
            except NoPrice:
                continue


def _standing(moment: Moment, paths: Mapping[str, object]) -> Callable[[str], Print | None]:
    """Return what is met at the end of a walk: nothing new of what was walked, else the quote as it stands."""
    return lambda symbol: None if symbol in paths else Print(moment.quotes(symbol))
