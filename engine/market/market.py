"""The datafeed's facade: what `engine.core` asks about instruments, bars, quotes and live updates.

Synchronous, and pure but for caches and the live topics' state. It knows neither clock nor sockets nor the broker.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from engine.errors import Denied, Missing, Reason
from engine.market.bars import history, question_of, wire_bar
from engine.market.depth import sides_of, wire_depth
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.feed import Feed, NoPrice
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.market.live_updates import LiveBars, LiveDepth, LiveQuotes
from engine.market.quotes import quote_data
from engine.market.scenarios import Scenarios
from engine.market.sessions import Calendar
from engine.models.common import WireModel
from engine.models.market.bars import BarsSubscriptionRequest, served_resolution
from engine.models.market.depth import Depth, DepthSubscriptionRequest
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.queries import BarsQuery, SearchQuery
from engine.models.market.quotes import Print, Quote, QuotesSubscriptionRequest
from engine.models.market.scenarios import MarketEvent, ScenarioAdded, ScenarioEnded, ScenarioRequest
from engine.models.market.ticks import Tick
from engine.topics import ROUTES, Interest, Payload, Topic, Update, topic_text


class Market:
    """All instruments of one catalogue on one feed.

    Args:
        catalogue: What can be asked for.
        feed: Where prices come from; it knows every instrument of the catalogue.
    """

    def __init__(self, catalogue: Catalogue, feed: Feed) -> None:
        self._catalogue = catalogue
        self._feed = feed
        self._external = feed if isinstance(feed, ExternalFeed) else None
        self._scenarios = Scenarios()
        self._bars = LiveBars(feed, self._known)
        self._quotes = LiveQuotes(feed, catalogue.find)
        self._depth = LiveDepth(feed, self._known)

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """The catalogue by canonical name."""
        return self._catalogue.by_name

    @property
    def keeps_hours(self) -> bool:
        """Whether markets have hours of their own."""
        return self._catalogue.sessions == "exchange"

    @property
    def may_close(self) -> bool:
        """Whether there may be times without trading: hours, or halts of scenarios."""
        return self.keeps_hours or len(self._scenarios) > 0

    @property
    def may_halt(self) -> bool:
        """Whether some symbol may be halted: by a scenario, or because an external feed had no price for it yet."""
        return self._external is not None or len(self._scenarios) > 0

    def resumed_ms(self, symbol: str, from_ms: int, to_ms: int) -> int | None:
        """Return when the last halt in a canonical symbol ended between two instants, None where none did."""
        if not isinstance(self._feed, SyntheticFeed):
            return None
        return self._feed.resumed_ms(symbol, from_ms, to_ms)

    def calendar(self, name: str) -> Calendar:
        """Return the trading days of a name, ticker or EXCHANGE:NAME. Raises: Missing (UNKNOWN_SYMBOL)."""
        return self._catalogue.calendars[self._existing(name).name]

    def config(self) -> dict[str, Any]:
        """Return the DatafeedConfiguration; its resolutions are those that some symbol has."""
        served = {one for symbol in self.instruments for one in self._feed.resolutions(symbol)}
        return self._catalogue.configuration([one for one in RESOLUTIONS if one in served])

    def search(self, query: SearchQuery) -> list[dict[str, Any]]:
        """Return SearchSymbolResultItem dicts, the best match first."""
        return self._catalogue.search(query)

    def resolve(self, name: str) -> dict[str, Any]:
        """Return the LibrarySymbolInfo of a name, ticker or EXCHANGE:NAME. Raises: Missing (UNKNOWN_SYMBOL)."""
        instrument = self._existing(name)
        return self._catalogue.symbol_info(instrument, self._feed.resolutions(instrument.name))

    def prepare_bars(self, query: BarsQuery, now_ms: int) -> Iterator[None]:
        """Do the work behind `bars` in pieces of a few milliseconds. Raises: Missing (UNKNOWN_SYMBOL)."""
        return self._feed.prepare(question_of(self._existing(query.symbol), query, now_ms))

    def bars(self, query: BarsQuery, now_ms: int) -> Payload:
        """Return history in the shape of BarsReply. Raises: Missing (UNKNOWN_SYMBOL, UNSUPPORTED_COMBINATION)."""
        instrument = self._existing(query.symbol)
        self._check_resolution(instrument, query.resolution)
        return history(self._feed, instrument, query, now_ms)

    def session(self, symbol: str, now_ms: int) -> tuple[int, int]:
        """Return open and close (excluded) of the trading session of a canonical symbol, in epoch milliseconds.

        The session that holds `now_ms` or, when the market is closed, the next one. With an external feed it begins
        with the first tick since it should; before that, a moment after `now_ms`.
        """
        start_ms, end_ms = self._catalogue.calendars[symbol].session(now_ms)
        if self._external is not None:
            start_ms = self._external.opening_ms(symbol, start_ms, now_ms)
        return start_ms, end_ms

    def day_start_ms(self, symbol: str, now_ms: int) -> int:
        """Return the open of the trading day of a canonical symbol, of the next one when it is over."""
        return self._catalogue.calendars[symbol].day_start_ms(now_ms)

    def passed(self, symbol: str, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return what the market of a canonical symbol passed through, see `Feed.passed`."""
        return self._feed.passed(symbol, since_ms, until_ms)

    def depth(self, symbol: str, now_ms: int) -> Depth:
        """Return the book of a canonical symbol at `now_ms`, in exact units; its best levels are the quote's."""
        return self._feed.depth(symbol, now_ms)

    def depth_data(self, name: str, now_ms: int) -> Payload:
        """Return the book as a DOMData snapshot. Raises: Missing (UNKNOWN_SYMBOL)."""
        instrument = self._existing(name)
        return wire_depth(instrument, sides_of(self._feed.depth(instrument.name, now_ms)), True)

    def quotes(self, names: Sequence[str], now_ms: int) -> list[Payload]:
        """Return one QuoteData per asked name, in order; an unknown name gives an error QuoteData."""
        return [self._quote_data(name, now_ms) for name in names]

    def publish(self, ticks: Sequence[Tick], now_ms: int) -> int:
        """Take the ticks of an external feed, all or none; returns how many.

        Raises:
            Denied: UNKNOWN_SYMBOL, BAD_PRICE_TICK, BAD_QTY_STEP, TICK_ORDER, MARKET_CLOSED, naming the tick;
                UNSUPPORTED_COMBINATION where prices come from elsewhere.
        """
        if self._external is None:
            raise Denied(Reason.UNSUPPORTED_COMBINATION, f"prices here are {self._feed.kind}, no ticks are taken")
        named = []
        for number, tick in enumerate(ticks):
            instrument = self._catalogue.find(tick.symbol)
            if instrument is None:
                raise Denied(Reason.UNKNOWN_SYMBOL, f"tick {number}: unknown symbol {tick.symbol}; none was taken")
            named.append((instrument.name, tick))
        return self._external.publish(named, now_ms)

    def is_halted(self, symbol: str, now_ms: int) -> bool:
        """Whether trading in a canonical symbol is halted."""
        return self._feed.halted_since(symbol, now_ms) is not None

    @property
    def journaled(self) -> Scenarios:
        """Its state in the journal; all else is a function, or forgotten."""
        return self._scenarios

    def scenarios(self, now_ms: int) -> list[Payload]:
        """Return all scenarios as Scenario, oldest first."""
        return self._scenarios.shown(now_ms)

    def added_scenario(self, request: ScenarioRequest, now_ms: int) -> ScenarioAdded:
        """Return the event of a scenario that may be added. Raises: Denied UNKNOWN_SYMBOL, SCENARIO."""
        self._check_synthetic()
        instrument = self._catalogue.find(request.symbol)
        if instrument is None:
            raise Denied(Reason.UNKNOWN_SYMBOL, f"unknown symbol {request.symbol}")
        return self._scenarios.added(request, instrument, now_ms)

    def ended_scenario(self, scenario_id: str, now_ms: int) -> ScenarioEnded:
        """Return the event that ends a scenario. Raises: Missing SCENARIO; Denied SCENARIO."""
        self._check_synthetic()
        return self._scenarios.ended(scenario_id, self.instruments, now_ms)

    def evolve(self, event: MarketEvent) -> Payload | None:
        """Apply what was decided; returns the scenario as Scenario, None for one that will never happen."""
        self._bend(self._scenarios.evolve(event))
        return self._scenarios.shown_one(event.scenario_id, event.time_ms)

    def adopt(self, scenarios: Scenarios) -> None:
        """Take another list of scenarios: that of the journal."""
        concerned = self._scenarios.symbols() | scenarios.symbols()
        self._scenarios = scenarios
        for symbol in concerned:
            self._bend(symbol)

    def _bend(self, symbol: str) -> None:
        if isinstance(self._feed, SyntheticFeed) and symbol in self.instruments:
            self._feed.bend(symbol, self._scenarios.of(symbol))

    def _check_synthetic(self) -> None:
        if not isinstance(self._feed, SyntheticFeed):
            raise Denied(Reason.SCENARIO, f"prices here are {self._feed.kind}: scenarios need the synthetic market")

    def warm(self, now_ms: int) -> Iterator[None]:
        """Compute what the first quote and bar of each symbol need, symbol by symbol."""
        for symbol in self.instruments:
            if self._has_price(symbol, now_ms):
                yield

    def recall(self, quotes: Iterable[Quote]) -> None:
        """Take quotes from before a restart as the prices until an external feed sends its own; others know theirs."""
        if self._external is not None:
            for quote in quotes:
                self._external.recall(quote)

    def health(self, now_ms: int) -> Payload:
        """Return where prices come from, and for how many seconds which symbols have had none."""
        overdue = {name: self._feed.overdue_ms(name, now_ms) for name in self.instruments}
        stale = {name: late_ms // 1000 for name, late_ms in overdue.items() if late_ms is not None}
        return {"kind": self._feed.kind, "sessions": self._catalogue.sessions, "stale": stale}

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market of a canonical symbol at `now_ms`, in exact units."""
        return self._feed.quote(symbol, now_ms)

    def forming_bar(self, params: BarsSubscriptionRequest, now_ms: int) -> Payload:
        """Return the bar of a validated subscription as it is at `now_ms`."""
        instrument = self._known(params.symbol)
        row = self._feed.forming_bar(instrument.name, served_resolution(params.resolution), now_ms)
        return wire_bar(row, instrument)

    def instrument(self, name: str) -> Instrument | None:
        """Return the instrument of a name, ticker or EXCHANGE:NAME, or None."""
        return self._catalogue.find(name)

    def topic(self, route_name: str, params: WireModel) -> Topic:
        """Return the topic of a validated subscription; its channel is its text.

        Args:
            route_name: "bars", "quotes" or "depth".
            params: The route's subscription model.

        Raises:
            Denied: UNKNOWN_SYMBOL for bars and depth, quotes of unknown names are error entries;
                UNSUPPORTED_COMBINATION.
        """
        if isinstance(params, BarsSubscriptionRequest | DepthSubscriptionRequest):
            instrument = self._catalogue.find(params.symbol)
            if instrument is None:
                raise Denied(Reason.UNKNOWN_SYMBOL, f"unknown symbol {params.symbol}")
            if isinstance(params, BarsSubscriptionRequest):
                self._check_resolution(instrument, params.resolution)
        text = topic_text(route_name, params)
        return Topic(text, ROUTES[route_name], params, text)

    def joined(self, topic: Topic, is_first: bool) -> None:
        """Take note of a new subscriber of a topic: the first one since somebody listened, or one among others."""
        kinds: dict[str, LiveBars | LiveQuotes | LiveDepth] = {
            "bars": self._bars,
            "quotes": self._quotes,
            "depth": self._depth,
        }
        kinds[topic.route.name].joined(topic.channel, is_first)

    def live_symbols(self, interest: Interest) -> set[str]:
        """Return the canonical symbols that have subscribers."""
        topics = (topic for route in ("bars", "quotes", "depth") for topic in interest.topics(route))
        found = (self._catalogue.find(name) for topic in topics for name in _names(topic.params))
        return {instrument.name for instrument in found if instrument is not None}

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return the updates of one tick: quotes, then books, then bars.

        To be called with rising `now_ms`, and once more after the last subscriber has left: a topic that nobody wants
        at a tick is forgotten, so that its next subscriber is not sent the bars of the time between.
        """
        kinds = (self._quotes, self._depth, self._bars)
        return [update for kind in kinds for update in kind.updates(interest, now_ms)]

    def _has_price(self, symbol: str, now_ms: int) -> bool:
        try:
            self._feed.quote(symbol, now_ms)
        except NoPrice:
            return False
        return True

    def _check_resolution(self, instrument: Instrument, resolution: str) -> None:
        served = self._feed.resolutions(instrument.name)
        if served_resolution(resolution) not in served:
            raise Missing(
                Reason.UNSUPPORTED_COMBINATION,
                f"{instrument.name} has no bars of {resolution} here, only of {', '.join(served)}",
            )

    def _existing(self, name: str) -> Instrument:
        instrument = self._catalogue.find(name)
        if instrument is None:
            raise Missing(Reason.UNKNOWN_SYMBOL, f"unknown symbol {name}")
        return instrument

    def _known(self, name: str) -> Instrument:
        return cast(Instrument, self._catalogue.find(name))

    def _quote_data(self, name: str, now_ms: int) -> Payload:
        return quote_data(self._feed, name, self._catalogue.find(name), now_ms)


def _names(params: WireModel) -> list[str]:
    """Return the names that a datafeed subscription asks for."""
    if isinstance(params, QuotesSubscriptionRequest):
        return [*params.symbols, *params.fast_symbols]
    return [cast(BarsSubscriptionRequest | DepthSubscriptionRequest, params).symbol]
