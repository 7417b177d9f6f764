"""The market: instruments, quotes, bars, depth, scenarios and live updates of one catalogue on one feed.

Called by engine/core.py, by the view of the market for the broker, and by the handlers. It uses no clock, sockets or
broker: the market time is an argument. Read next: instruments.py for the catalogue, feeds/feed.py for the prices.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from engine.errors import Denied, Missing, Reason
from engine.market.bars import bars_request, history, period_of, period_start, wire_bar
from engine.market.depth import book_sizes, wire_depth
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.feed import Feed, NoPrice, Path, Position
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.feeds.synthetic.price_search import SearchSteps
from engine.market.instruments import Catalogue
from engine.market.live_updates import LiveBars, LiveDepth, LiveQuotes, LiveTopics
from engine.market.quotes import stamped_quote
from engine.market.scenarios import Scenarios
from engine.market.sessions import MINUTE_MS, Calendar
from engine.models.common import WireModel
from engine.models.market.bars import BarsQuery, BarsSubscriptionRequest, served_resolution
from engine.models.market.depth import Depth, DepthSubscriptionRequest
from engine.models.market.instruments import RESOLUTION_MINUTES, RESOLUTIONS, Instrument, SearchPageQuery, SearchQuery
from engine.models.market.quotes import DayStats, Quote, QuoteBands, QuoteDataSubscriptionRequest
from engine.models.market.scenarios import MarketEvent, ScenarioAdded, ScenarioEnded, ScenarioRequest
from engine.models.market.ticks import Tick
from engine.topics import Interest, Payload, State, Topic, Update


class Market:
    """The instruments of one catalogue on one feed, which has prices of all of them.

    Attributes:
        catalogue: Its instruments; it never changes, so that several markets may share it.
    """

    def __init__(self, catalogue: Catalogue, feed: Feed) -> None:
        self.catalogue = catalogue
        self._feed = feed
        self._external = feed if isinstance(feed, ExternalFeed) else None
        self._scenarios = Scenarios()
        self._live: dict[str, LiveTopics[Any]] = {
            "quotes": LiveQuotes(feed, catalogue.find),
            "depth": LiveDepth(feed, catalogue.find),
            "bars": LiveBars(feed, catalogue.find),
        }

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """The instruments by canonical name."""
        return self.catalogue.by_name

    @property
    def keeps_hours(self) -> bool:
        """Whether the exchanges' trading hours apply."""
        return self.catalogue.sessions == "exchange"

    @property
    def may_close(self) -> bool:
        """Whether there may be times without trading, because of trading hours or of scenarios."""
        return self.keeps_hours or len(self._scenarios) > 0

    @property
    def may_halt(self) -> bool:
        """Whether a symbol may be halted, by a scenario or because an external feed has sent no price yet."""
        return self._external is not None or len(self._scenarios) > 0

    def resumed_ms(self, symbol: str, from_ms: int, to_ms: int) -> int | None:
        """Return the end of a symbol's last halt that ended after `from_ms`, up to `to_ms`; None without one."""
        return self._feed[symbol].resumed_ms(from_ms, to_ms)

    def calendar(self, name: str) -> Calendar:
        """Return the trading days of a name or EXCHANGE:NAME. Raises: Missing (UNKNOWN_SYMBOL)."""
        return self.catalogue.calendars[self._find(name).name]

    def config(self) -> dict[str, Any]:
        """Return the DatafeedConfiguration with the resolutions that at least one symbol has."""
        served = {one for symbol in self.instruments for one in self._feed[symbol].resolutions}
        return self.catalogue.configuration([one for one in RESOLUTIONS if one in served])

    def search(self, query: SearchQuery) -> list[dict[str, Any]]:
        """Return SearchSymbolResultItem dicts, the best match first."""
        return self.catalogue.search(query)

    def search_page(self, query: SearchPageQuery) -> dict[str, Any]:
        """Return a page of the matches of a search, as SearchPage."""
        return self.catalogue.search_page(query)

    def resolve(self, name: str) -> dict[str, Any]:
        """Return the LibrarySymbolInfo of a name or EXCHANGE:NAME. Raises: Missing (UNKNOWN_SYMBOL)."""
        instrument = self._find(name)
        return self.catalogue.symbol_info(instrument, self._feed[instrument.name].resolutions)

    def resolve_known(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Return one LibrarySymbolInfo per known name, in order."""
        return [self.resolve(name) for name in names if self.catalogue.find(name) is not None]

    def prepare_bars(self, query: BarsQuery, now_ms: int) -> Iterator[None]:
        """Do the work of `bars` in parts of a few milliseconds. Raises: Missing (UNKNOWN_SYMBOL)."""
        return self._feed[self._find(query.symbol).name].prepare(bars_request(query, now_ms))

    def bars(self, query: BarsQuery, now_ms: int) -> Payload:
        """Return history in the shape of BarsReply. Raises: Missing (UNKNOWN_SYMBOL, UNSUPPORTED_COMBINATION)."""
        instrument = self._find(query.symbol)
        self._check_resolution(instrument, query.resolution)
        return history(self._feed[instrument.name], instrument, query, now_ms)

    def session(self, symbol: str, now_ms: int) -> tuple[int, int]:
        """Return open and close (exclusive) of a symbol's trading session, in epoch milliseconds.

        The session contains `now_ms`; while the market is closed, it is the next session. With an external feed a
        session opens with its first tick; without a tick yet, its open is after `now_ms`.
        """
        start_ms, end_ms = self.catalogue.calendars[symbol].session(now_ms)
        return self._feed[symbol].opening_ms(start_ms, now_ms), end_ms

    def day_start_ms(self, symbol: str, now_ms: int) -> int:
        """Return the open of a symbol's current trading day; while the market is closed, of the next."""
        return self.catalogue.calendars[symbol].day_start_ms(now_ms)

    def next_open_ms(self, symbol: str, now_ms: int) -> int:
        """Return the first open of a symbol's market after an instant, also after a break."""
        return self.catalogue.calendars[symbol].next_open_ms(now_ms)

    def next_bar_ms(self, symbol: str, resolution: str, now_ms: int) -> int:
        """Return the begin of the first bar after an instant."""
        calendar, served = self.catalogue.calendars[symbol], served_resolution(resolution)
        if served not in RESOLUTION_MINUTES:
            period = period_of(served, calendar.day_at(now_ms).number)
            return calendar.next_day(period_start(served, period + 1) - 1).start_ms
        start_ms, end_ms = calendar.day_at(now_ms).span_at(now_ms)
        length_ms = RESOLUTION_MINUTES[served] * MINUTE_MS
        next_ms = start_ms + ((now_ms - start_ms) // length_ms + 1) * length_ms
        return next_ms if start_ms <= now_ms and next_ms < end_ms else calendar.next_open_ms(now_ms)

    def position(self, now_ms: int) -> Position:
        """Return the position of the feed at the market time `now_ms`, which is now."""
        return self._feed.position(now_ms)

    def has_prints(self, since: Position, until: Position) -> bool:
        """Whether there may be prints after `since` up to `until`."""
        return self._feed.has_prints(since, until)

    def path(self, symbols: Iterable[str], since: Position, until: Position) -> Path:
        """Return the prints of symbols after `since` up to `until`."""
        return self._feed.path(symbols, since, until)

    @property
    def kind(self) -> str:
        """Kind of the feed: "synthetic", "replay" or "external"."""
        return self._feed.kind

    @property
    def is_synthetic(self) -> bool:
        """Whether prices are a function of time, so that `first_outside` can search them."""
        return isinstance(self._feed, SyntheticFeed)

    def prepare_quote(self, symbol: str, now_ms: int) -> Iterator[None]:
        """Do the work of `quote` in the synthetic market in parts of at most a few milliseconds."""
        assert isinstance(self._feed, SyntheticFeed)
        return self._feed.prepare_quote(symbol, now_ms)

    def first_outside(self, symbol: str, begin_ms: int, end_ms: int, bands: QuoteBands) -> SearchSteps:
        """Search the synthetic market for the first print with a price outside of its band.

        Args:
            symbol: Canonical name.
            begin_ms: First instant of the search.
            end_ms: End of the search, exclusive.
            bands: Bands of bid, ask and last price in price units.

        Returns:
            A generator that yields the instant up to which it has searched, after each part of a few milliseconds. It
            returns the instant of the print, None without one. At an instant that it returns the prices may still be
            inside the bands, but no print before it is outside.
        """
        assert isinstance(self._feed, SyntheticFeed)
        return self._feed.first_outside(symbol, begin_ms, end_ms, bands)

    def next_scenario_ms(self, after_ms: int) -> int | None:
        """Return the first begin or end of a scenario after an instant; None without one."""
        return self._scenarios.next_change_ms(after_ms)

    def book(self, quote: Quote) -> Depth:
        """Return the order book around a symbol's quote, whose bid and ask are the best levels."""
        return self._feed[quote.symbol].book(quote)

    def has_bid_ask(self, symbol: str) -> bool:
        """Whether bid and ask belong to a symbol's prices. Else they are computed from prints."""
        return self._feed[symbol].has_bid_ask

    def depth_data(self, name: str, now_ms: int) -> Payload:
        """Return the order book of a name as a DOMData snapshot. Raises: Missing (UNKNOWN_SYMBOL)."""
        instrument = self._find(name)
        return wire_depth(instrument, book_sizes(self._feed[instrument.name].depth(now_ms)), True)

    def quotes(self, names: Sequence[str], now_ms: int) -> list[Payload]:
        """Return one QuoteData per name, in order; an unknown name has an error QuoteData."""
        return [self._quote_data(name, now_ms) for name in names]

    def publish(self, ticks: Sequence[Tick], now_ms: int) -> int:
        """Accept the ticks of an external feed, all or none; return their number.

        Raises:
            Denied: UNKNOWN_SYMBOL, BAD_PRICE_TICK, BAD_QTY_STEP, TICK_ORDER or MARKET_CLOSED, with the number of the
                tick; UNSUPPORTED_COMBINATION with another feed.
        """
        if self._external is None:
            raise Denied(Reason.UNSUPPORTED_COMBINATION, f"prices here are {self._feed.kind}, no ticks are taken")
        named = []
        for number, tick in enumerate(ticks):
            instrument = self.catalogue.find(tick.symbol)
            if instrument is None:
                raise Denied(Reason.UNKNOWN_SYMBOL, f"tick {number}: unknown symbol {tick.symbol}; none was taken")
            named.append((instrument.name, tick))
        return self._external.publish(named, now_ms)

    def is_halted(self, symbol: str, now_ms: int) -> bool:
        """Whether trading in a symbol is halted."""
        return self._feed[symbol].halted_since(now_ms) is not None

    @property
    def journaled(self) -> Scenarios:
        """The state that is rebuilt from the journal; all other state is recomputed or dropped."""
        return self._scenarios

    def scenarios(self, now_ms: int) -> list[Payload]:
        """Return all scenarios as Scenario, oldest first."""
        return self._scenarios.payloads(now_ms)

    def added_scenario(self, request: ScenarioRequest, now_ms: int) -> ScenarioAdded:
        """Return the event that adds a scenario. Raises: Denied UNKNOWN_SYMBOL, SCENARIO."""
        self._check_synthetic()
        return self._scenarios.added(request, self._find(request.symbol, Denied), now_ms)

    def ended_scenario(self, scenario_id: str, now_ms: int) -> ScenarioEnded:
        """Return the event that ends a scenario. Raises: Missing SCENARIO; Denied SCENARIO."""
        self._check_synthetic()
        return self._scenarios.ended(scenario_id, self.instruments, now_ms)

    def evolve(self, event: MarketEvent) -> Payload | None:
        """Apply an event; return the scenario as Scenario, None when it was ended before its begin."""
        self._apply_scenarios(self._scenarios.evolve(event))
        return self._scenarios.payload(event.scenario_id, event.time_ms)

    def adopt(self, scenarios: Scenarios) -> None:
        """Replace the scenarios by those of the journal."""
        changed = self._scenarios.symbols() | scenarios.symbols()
        self._scenarios = scenarios
        for symbol in changed:
            self._apply_scenarios(symbol)

    def _apply_scenarios(self, symbol: str) -> None:
        if isinstance(self._feed, SyntheticFeed) and symbol in self.instruments:
            self._feed.apply_scenarios(symbol, self._scenarios.of(symbol))

    def _check_synthetic(self) -> None:
        if not isinstance(self._feed, SyntheticFeed):
            raise Denied(Reason.SCENARIO, f"prices here are {self._feed.kind}: scenarios need the synthetic market")

    def warm(self, now_ms: int) -> Iterator[None]:
        """Compute the blocks for the first quote of each symbol; yield after each symbol."""
        for symbol in self.instruments:
            with suppress(NoPrice):
                self._feed[symbol].quote(now_ms)
            yield

    def recall(self, quotes: Iterable[Quote]) -> None:
        """Use quotes from before a restart as prices until an external feed sends ticks; other feeds ignore them."""
        if self._external is not None:
            for quote in quotes:
                self._external.recall(quote)

    def health(self, now_ms: int) -> Payload:
        """Return the kind of the feed, the sessions, and the symbols without a fresh price, with their seconds."""
        overdue = {name: self._feed[name].overdue_ms(now_ms) for name in self.instruments}
        stale = {name: late_ms // 1000 for name, late_ms in overdue.items() if late_ms is not None}
        return {"kind": self._feed.kind, "sessions": self.catalogue.sessions, "stale": stale}

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return a symbol's quote, in price and quantity units. Raises: NoPrice."""
        return self._feed[symbol].quote(now_ms)

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return statistics of a symbol's trading day, in price and quantity units. Raises: NoPrice."""
        return self._feed[symbol].day_stats(now_ms)

    def forming_bar(self, params: BarsSubscriptionRequest, now_ms: int) -> Payload:
        """Return the forming bar of a validated subscription. Raises: NoPrice."""
        instrument = self._find(params.symbol)
        row = self._feed[instrument.name].forming_bar(served_resolution(params.resolution), now_ms)
        return wire_bar(row, instrument)

    def plain_name(self, name: str) -> str:
        """Return the name of an instrument without its exchange; a text that names none, as it is."""
        instrument = self.instrument(name)
        return name if instrument is None else instrument.name

    def instrument(self, name: str) -> Instrument | None:
        """Return the instrument of a name or EXCHANGE:NAME, None when it is unknown."""
        return self.catalogue.find(name)

    def topic(self, route_name: str, params: WireModel) -> Topic:
        """Return the topic of a validated subscription to "bars", "quotes" or "depth".

        Raises:
            Denied: UNKNOWN_SYMBOL of bars or depth; an unknown name among quotes gets an error entry.
            Missing: UNSUPPORTED_COMBINATION for a resolution that the symbol does not have.
        """
        if isinstance(params, BarsSubscriptionRequest | DepthSubscriptionRequest):
            instrument = self._find(params.symbol, Denied)
            if isinstance(params, BarsSubscriptionRequest):
                self._check_resolution(instrument, params.resolution)
        return Topic.of(route_name, params)

    def topic_state(self, params: WireModel, now_ms: int) -> State:
        """Return the state of a topic: the forming bar, the book, or the quotes of all names, fast ones first.

        None where there is no price yet.
        """
        with suppress(NoPrice):
            if isinstance(params, DepthSubscriptionRequest):
                return self.depth_data(params.symbol, now_ms)
            if isinstance(params, BarsSubscriptionRequest):
                return self.forming_bar(params, now_ms)
            if isinstance(params, QuoteDataSubscriptionRequest):
                return self.quotes([*dict.fromkeys((*params.fast_symbols, *params.symbols))], now_ms)
        return None

    def joined(self, topic: Topic, is_first: bool) -> None:
        """Register a new subscriber of a topic; `is_first` when the topic has no other one."""
        self._live[topic.route.name].joined(topic.channel, is_first)

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return the updates of one tick: quotes, then depth, then bars.

        Call it with ascending `now_ms`, also at the tick after the last subscriber has left. The state of a topic
        without a subscriber is dropped, so that its next subscriber does not get the bars of the time between.
        """
        return [update for topics in self._live.values() for update in topics.updates(interest, now_ms)]

    def _check_resolution(self, instrument: Instrument, resolution: str) -> None:
        served = self._feed[instrument.name].resolutions
        if served_resolution(resolution) not in served:
            raise Missing(
                Reason.UNSUPPORTED_COMBINATION,
                f"{instrument.name} has no bars of {resolution} here, only of {', '.join(served)}",
            )

    def _find(self, name: str, error: type[Denied] = Missing) -> Instrument:
        """Return the instrument of a name. Raises: `error` (UNKNOWN_SYMBOL)."""
        instrument = self.catalogue.find(name)
        if instrument is None:
            raise error(Reason.UNKNOWN_SYMBOL, f"unknown symbol {name}")
        return instrument

    def _quote_data(self, name: str, now_ms: int) -> Payload:
        return stamped_quote(self._feed, name, self.catalogue.find(name), now_ms).payload
