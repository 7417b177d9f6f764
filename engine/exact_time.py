"""The instants that a tick must process, so that the events do not depend on how market time gets there.

Every instant of the grid of prints (`PRINT_MS`) may have events. An instant is skipped only where engine/broker/
outlook.py says that nothing can happen: no timer is due, and all prices stay inside their bands. So the same commands
at the same market times have the same events, at any speed, in steps and in one jump. Called by engine/core.py.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from engine.broker import outlook
from engine.broker.broker import Broker
from engine.market.market import Market
from engine.market.market_view import MarketView, PreviousQuotes
from engine.models.market.quotes import PRINT_MS, QuoteBands


@dataclass(slots=True)
class Search:
    """The search for the next price of one symbol outside of its band.

    Attributes:
        searched_ms: No print before it is outside, since the begin of the search.
        found_ms: The first print outside, None while it is not known.
    """

    bands: QuoteBands
    searched_ms: int
    found_ms: int | None = None


class ExactTime:
    """Finds the instants of the grid that must be processed, in ascending order.

    Args:
        market: A synthetic market.
        now_ms: Start in epoch milliseconds; earlier instants are ignored.
    """

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._since_ms = now_ms // PRINT_MS * PRINT_MS
        self._is_disturbed = True
        self._bands: dict[str, QuoteBands] | None = None
        self._searches: dict[str, Search] = {}

    @property
    def since_ms(self) -> int:
        """The last instant that was processed or skipped."""
        return self._since_ms

    def disturb(self) -> None:
        """Note that a command changes the state: the next instant must be processed."""
        self._is_disturbed = True
        self._bands = None

    def replace_market(self) -> None:
        """Note that prices change: every search begins again."""
        self._searches.clear()
        self.disturb()

    def instants(self, broker: Broker, until_ms: int) -> Iterator[MarketView | None]:
        """Yield the market at each instant up to `until_ms` that must be processed; the last of the grid is one.

        Call `processed` before the next one is read. Between two of them it yields None after each part of the search
        of a few milliseconds.
        """
        last_ms = until_ms // PRINT_MS * PRINT_MS
        while self._since_ms < last_ms:
            instant_ms = yield from self._next(broker, last_ms)
            for symbol in dict.fromkeys(broker.live_symbols()):
                # The first quote of some minutes computes their prints, and the bars that contain them.
                for _ in self._market.prepare_quote(symbol, instant_ms):
                    yield None
            self._since_ms = instant_ms
            yield self._view(instant_ms)

    def processed(self, view: MarketView, has_events: bool) -> None:
        """Note the result of the instant that was yielded last. Without events the bands inside which it lies stay."""
        self._is_disturbed = has_events
        is_left = any(not bands.have(view.quote(symbol)) for symbol, bands in (self._bands or {}).items())
        if has_events or is_left:
            self._bands = None

    def _next(self, broker: Broker, last_ms: int) -> Generator[None, None, int]:
        since_ms = self._since_ms
        if self._is_disturbed:
            return since_ms + PRINT_MS
        if self._bands is None:
            self._bands = outlook.bands(broker, self._view(since_ms))
        timers = (outlook.next_timer_ms(broker, since_ms), self._market.next_scenario_ms(since_ms))
        instant_ms = min(last_ms, *(-(-one // PRINT_MS) * PRINT_MS for one in timers if one is not None))
        for symbol, bands in self._bands.items():
            instant_ms = yield from self._searched(symbol, bands, instant_ms)
        return instant_ms

    def _searched(self, symbol: str, bands: QuoteBands, until_ms: int) -> Generator[None, None, int]:
        """Return the first instant at which a symbol leaves its band, at most `until_ms`."""
        begin_ms, search = self._since_ms + PRINT_MS, self._searches.get(symbol)
        if search is None or search.bands != bands:
            search = self._searches[symbol] = Search(bands, begin_ms)
        if search.found_ms is not None and search.found_ms < begin_ms:
            search.found_ms = None
        search.searched_ms = max(search.searched_ms, begin_ms)
        if search.found_ms is None and search.searched_ms <= until_ms:
            steps = self._market.first_outside(symbol, search.searched_ms, until_ms + PRINT_MS, bands)
            while True:
                try:
                    search.searched_ms = next(steps)
                except StopIteration as end:
                    search.found_ms = end.value
                    break
                yield None
            search.searched_ms = until_ms + PRINT_MS if search.found_ms is None else search.found_ms + PRINT_MS
        return until_ms if search.found_ms is None else min(search.found_ms, until_ms)

    def _view(self, instant_ms: int) -> MarketView:
        previous = PreviousQuotes(instant_ms - PRINT_MS, {}) if self._market.may_close else None
        return MarketView(self._market, instant_ms, None, previous)
