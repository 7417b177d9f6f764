"""Updates of the topics `bars`, `quotes` and `depth` at a tick.

`market.py` calls it with the same `Interest` at every tick. It keeps the data that each subscribed topic was sent last,
and drops it when the topic has no subscriber at a tick; so the state is bounded by the subscribed topics.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar, cast

from engine.market.bars import bars_from, max_bars, wire_bar, wire_bars
from engine.market.depth import BookSizes, book_sizes, wire_depth
from engine.market.feeds.feed import BarsRequest, Feed, NoPrice
from engine.market.quotes import UNKNOWN, StampedQuote, stamped_quote
from engine.models.market.bars import BarRow, BarsSubscriptionRequest, served_resolution
from engine.models.market.depth import DepthSubscriptionRequest
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import QuoteDataSubscriptionRequest
from engine.topics import Interest, Payload, Topic, Update

MAX_SKIPPED_BARS = 1000
"""Closed bars sent after a pause between two ticks; the newest are sent, older ones are available as history."""

SLOW_QUOTE_MS = 60_000
"""Minimum market time between two quotes of a name in `symbols`."""

MAX_CHANGED_PRICES = 40
"""Maximum of the prices in a depth update; instead of a longer update, a snapshot is sent."""

Sent = TypeVar("Sent")


class LiveTopics(ABC, Generic[Sent]):
    """The topics of one route, with the data that each topic was sent last."""

    def __init__(self, feed: Feed, find: Callable[[str], Instrument | None]) -> None:
        self._feed = feed
        self._find = find
        self._sent: dict[str, Sent] = {}
        self._joined: set[str] = set()

    def joined(self, channel: str, is_first: bool) -> None:
        """Register a new subscriber of a topic; `is_first` when the topic has no other one."""
        if is_first:
            self._sent.pop(channel, None)
        else:
            self._joined.add(channel)

    @abstractmethod
    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return the updates of one tick."""

    def _instrument_of(self, symbol: str) -> Instrument:
        return cast(Instrument, self._find(symbol))  # `Market.topic` has refused unknown symbols

    def _keep(self, sent: dict[str, Sent]) -> None:
        """End a tick: store the data last sent to the topics with subscribers."""
        self._sent = sent
        self._joined.clear()


class LiveBars(LiveTopics[BarRow]):
    """The `bars` topics. An additional subscriber gets the bar at its next change."""

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return for each topic the bars that closed since the last tick, then the forming bar.

        Unchanged bars are left out. Topics of one symbol and resolution share the payload of the forming bar.
        """
        found: list[Update] = []
        sent: dict[str, BarRow] = {}
        rows: dict[tuple[str, str], BarRow] = {}
        payloads: dict[tuple[str, str], Payload] = {}
        for topic in interest.topics("bars"):
            params = cast(BarsSubscriptionRequest, topic.params)
            instrument, resolution = self._instrument_of(params.symbol), served_resolution(params.resolution)
            series = instrument.name, resolution
            if series not in rows:
                try:
                    row = rows[series] = self._feed[instrument.name].forming_bar(resolution, now_ms)
                except NoPrice:
                    continue
                payloads[series] = wire_bar(row, instrument)
            row, before = rows[series], self._sent.get(topic.channel)
            sent[topic.channel] = row
            if row == before:
                continue
            if before is not None and before.time_ms < row.time_ms:
                request = BarsRequest(resolution, MAX_SKIPPED_BARS, row.time_ms, now_ms)
                closed = self._closed(instrument, request, before.time_ms)
                found += [Update(topic.channel, bar, str(bar["time"])) for bar in closed]
            found.append(Update(topic.channel, payloads[series], str(row.time_ms)))
        self._keep(sent)
        return found

    def _closed(self, instrument: Instrument, request: BarsRequest, from_ms: int) -> list[Payload]:
        """Return the requested bars that start at or after `from_ms`."""
        limit = min(request.limit, max_bars(request.resolution, request.to_ms - from_ms))
        columns = self._feed[instrument.name].last_bars(request._replace(limit=limit))
        return wire_bars(bars_from(columns, from_ms), instrument)


class SentQuotes(NamedTuple):
    """The quotes that a topic was sent: the time of each slow name, and the stamp of each fast name."""

    slow_ms: dict[str, int]
    stamps: dict[str, object]


class LiveQuotes(LiveTopics[SentQuotes]):
    """The `quotes` topics. An additional subscriber gets all fast names at the next tick.

    A name that is not in the catalogue gets only one error entry.
    """

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return one update for each due name of a topic.

        A fast name is due at every tick at which its QuoteData changed; it does not change while its market is closed
        or halted. A slow name is due at once, and then at most once a minute of market time, so that a faster clock
        sends the same updates in less time.
        """
        found: list[Update] = []
        sent: dict[str, SentQuotes] = {}
        quotes: dict[str, StampedQuote] = {}
        for topic in interest.topics("quotes"):
            slow_ms, last = self._sent.get(topic.channel, ({}, {}))
            stamps = {} if topic.channel in self._joined else last
            for name, is_fast in _due_names(topic, slow_ms, now_ms).items():
                quote = quotes.get(name)
                if quote is None:
                    quote = quotes[name] = stamped_quote(self._feed, name, self._find(name), now_ms)
                if stamps.get(name) != quote.stamp or not (is_fast or quote.stamp is UNKNOWN):
                    stamps[name] = quote.stamp
                    found.append(Update(topic.channel, quote.payload, name))
            sent[topic.channel] = SentQuotes(slow_ms, stamps)
        self._keep(sent)
        return found


def _due_names(topic: Topic, slow_ms: dict[str, int], now_ms: int) -> dict[str, bool]:
    """Return the names to check at a tick, and whether each is fast; set the time of the slow ones in `slow_ms`."""
    params = cast(QuoteDataSubscriptionRequest, topic.params)
    due = dict.fromkeys(params.fast_symbols, True)
    for name in params.symbols:
        if name not in due and now_ms - slow_ms.get(name, -SLOW_QUOTE_MS) >= SLOW_QUOTE_MS:
            slow_ms[name] = now_ms
            due[name] = False
    return due


class SentDepth(NamedTuple):
    """The order book that a topic was sent: its sizes, and the prices that changed since its last snapshot, by side."""

    sizes: BookSizes
    changed: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())


class LiveDepth(LiveTopics[SentDepth]):
    """The `depth` topics. An additional subscriber gets a snapshot at the next tick.

    A change contains every price that changed since the snapshot. So in the queue of a slow client, the newest change
    replaces the earlier ones, and a snapshot replaces every change.
    """

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return for each topic a snapshot when it needs one, else the changes since its snapshot."""
        found: list[Update] = []
        sent: dict[str, SentDepth] = {}
        for topic in interest.topics("depth"):
            instrument = self._instrument_of(cast(DepthSubscriptionRequest, topic.params).symbol)
            try:
                sizes = book_sizes(self._feed[instrument.name].depth(now_ms))
            except NoPrice:
                continue
            before = self._sent.get(topic.channel)
            depth = None if before is None or topic.channel in self._joined else _changed(before, sizes)
            if depth is None:
                depth = SentDepth(sizes)
                found.append(Update(topic.channel, wire_depth(instrument, sizes, True), "snapshot", ends="changes"))
            elif before is not None and depth.sizes != before.sizes:
                changes = BookSizes(
                    *(
                        {price: side.get(price, 0) for price in prices}
                        for side, prices in zip(sizes, depth.changed, strict=True)
                    )
                )
                found.append(Update(topic.channel, wire_depth(instrument, changes, False), "changes"))
            sent[topic.channel] = depth
        self._keep(sent)
        return found


def _changed(before: SentDepth, sizes: BookSizes) -> SentDepth | None:
    """Return an order book with new sizes, None when it needs a snapshot."""
    bids, asks = (
        prices | {price for price, _ in old.items() ^ new.items()}
        for prices, old, new in zip(before.changed, before.sizes, sizes, strict=True)
    )
    return None if len(bids) + len(asks) > MAX_CHANGED_PRICES else SentDepth(sizes, (bids, asks))
