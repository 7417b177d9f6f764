"""What the live topics of the datafeed emit at a tick: changed bars, closed bars once more, quotes, changed books.

Called by `market` with the same `Interest` tick after tick. It keeps, for each topic that is listened to, what was sent
last, and forgets it when nobody listens any more.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

from engine.market.bars import most_bars, wire_bar, wire_bars
from engine.market.depth import Sides, sides_of, wire_depth
from engine.market.feeds.feed import Feed, NoPrice
from engine.market.quotes import Told, told
from engine.models.market.bars import BarColumns, BarRow, BarsSubscriptionRequest, served_resolution
from engine.models.market.depth import DepthSubscriptionRequest
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import QuotesSubscriptionRequest
from engine.topics import Interest, Payload, Topic, Update

MAX_SKIPPED_BARS = 1000
"""Closed bars sent after a pause between two ticks; the newest ones, older ones are left to history."""

SLOW_QUOTE_MS = 60_000
"""Least market time between two quotes of a name that is not followed fast."""

MAX_TOUCHED = 40
"""Prices that changes may name before a new snapshot is shorter."""

NEVER_AGAIN_MS = 1 << 62
"""Stands for the time at which a name was sent that is to be sent once only."""

Lookup = Callable[[str], Instrument]
"""From a name that was validated to its instrument."""


class LiveBars:
    """State of the `bars` topics: the bar that each one got last."""

    def __init__(self, feed: Feed, instrument: Lookup) -> None:
        self._feed = feed
        self._instrument = instrument
        self._sent: dict[str, BarRow] = {}

    def joined(self, channel: str, is_first: bool) -> None:
        """Send the bar at the next tick to the first subscriber; one among others gets it when it changes."""
        if is_first:
            self._sent.pop(channel, None)

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return one tick's updates: for each topic the bars that closed since the last tick, then the forming one.

        Bars that did not change are left out. Topics of one symbol and resolution share the payload object.
        """
        found: list[Update] = []
        sent: dict[str, BarRow] = {}
        forming: dict[tuple[str, str], tuple[BarRow, Update]] = {}
        closed: dict[tuple[str, str, int], list[Payload]] = {}
        for topic in interest.topics("bars"):
            params = cast(BarsSubscriptionRequest, topic.params)
            instrument, resolution = self._instrument(params.symbol), served_resolution(params.resolution)
            series = instrument.name, resolution
            if series not in forming:
                try:
                    row = self._feed.forming_bar(*series, now_ms)
                except NoPrice:
                    continue
                forming[series] = row, Update("", wire_bar(row, instrument), str(row.time_ms))
            row, update = forming[series]
            before = self._sent.get(topic.channel)
            sent[topic.channel] = row
            if row == before:
                continue
            if before is not None and before.time_ms < row.time_ms:
                passed = (*series, before.time_ms)
                if passed not in closed:
                    closed[passed] = self._closed(instrument, resolution, (before.time_ms, row.time_ms), now_ms)
                found += [Update(topic.channel, bar, str(bar["time"])) for bar in closed[passed]]
            found.append(update._replace(channel=topic.channel))
        self._sent = sent
        return found

    def _closed(self, instrument: Instrument, resolution: str, span: tuple[int, int], now_ms: int) -> list[Payload]:
        """Return the bars that start in `span`, complete, at most the newest `MAX_SKIPPED_BARS`."""
        count = min(most_bars(resolution, span[1] - span[0]), MAX_SKIPPED_BARS)
        columns = self._feed.last_bars(instrument.name, resolution, count, span[1], now_ms)
        inside = columns.time_ms >= span[0]
        return wire_bars(BarColumns(*(column[inside] for column in columns)), instrument)


class Sent(NamedTuple):
    """What a `quotes` topic has got: when each slow name, and the stamp of each fast one."""

    slow: dict[str, int]
    stamps: dict[str, object]


class LiveQuotes:
    """State of the `quotes` topics: what each one got last."""

    def __init__(self, feed: Feed, find: Callable[[str], Instrument | None]) -> None:
        self._feed = feed
        self._find = find
        self._topics: dict[str, Sent] = {}
        self._asked: set[str] = set()

    def joined(self, channel: str, is_first: bool) -> None:
        """Send all names at the next tick to the first subscriber, all fast ones where there are others."""
        if is_first:
            self._topics.pop(channel, None)
        else:
            self._asked.add(channel)

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return one tick's updates, one for each name of a topic that is due.

        Fast names are due in every tick in which there is something new to say of them: at each point of the grid
        while their market is open, whenever another program sends a price, and not while they are closed or halted.
        Others are due at once and then at most once a minute of market time, so that a faster market is the same
        stream in less time. A name that is not in the catalogue gets one error entry.
        """
        found: list[Update] = []
        kept: dict[str, Sent] = {}
        written: dict[str, Told] = {}
        for topic in interest.topics("quotes"):
            slow, last = self._topics.get(topic.channel, ({}, {}))
            stamps = {} if topic.channel in self._asked else last
            for name, is_fast in self._due(topic, slow, now_ms):
                news = written.get(name)
                if news is None:
                    news = written[name] = told(self._feed, name, self._find(name), now_ms)
                if not is_fast or stamps.get(name) != news.stamp:
                    stamps[name] = news.stamp
                    found.append(Update(topic.channel, news.payload, name))
            kept[topic.channel] = Sent(slow, stamps)
        self._topics = kept
        self._asked.clear()
        return found

    def _due(self, topic: Topic, slow: dict[str, int], now_ms: int) -> list[tuple[str, bool]]:
        """Return the names to look at now, and whether they are fast; notes in `slow` when each slow one was sent."""
        params = cast(QuotesSubscriptionRequest, topic.params)
        due = dict.fromkeys(params.fast_symbols, True)
        for name in params.symbols:
            if name not in due and now_ms - slow.get(name, -SLOW_QUOTE_MS) >= SLOW_QUOTE_MS:
                slow[name] = now_ms if self._find(name) is not None else NEVER_AGAIN_MS
                due[name] = False
        return list(due.items())


class Book(NamedTuple):
    """What a `depth` topic has sent: the sizes now, and the prices that changed since its snapshot."""

    sides: Sides
    touched: tuple[frozenset[int], frozenset[int]]


UNTOUCHED: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())


class LiveDepth:
    """State of the `depth` topics: the book that each one got last.

    Changes name every price that changed since the snapshot, so that of several changes that wait for a slow client the
    newest alone is enough; a snapshot ends those that wait.
    """

    def __init__(self, feed: Feed, instrument: Lookup) -> None:
        self._feed = feed
        self._instrument = instrument
        self._books: dict[str, Book] = {}
        self._asked: set[str] = set()

    def joined(self, channel: str, is_first: bool) -> None:
        """Send a snapshot at the next tick: somebody subscribed who has none."""
        if is_first:
            self._books.pop(channel, None)
        else:
            self._asked.add(channel)

    def updates(self, interest: Interest, now_ms: int) -> list[Update]:
        """Return one tick's updates: a snapshot for a topic that needs one, else what changed since its snapshot."""
        found: list[Update] = []
        books: dict[str, Book] = {}
        for topic in interest.topics("depth"):
            instrument = self._instrument(cast(DepthSubscriptionRequest, topic.params).symbol)
            try:
                sides = sides_of(self._feed.depth(instrument.name, now_ms))
            except NoPrice:
                continue
            before = self._books.get(topic.channel)
            book = _followed(before, sides)
            if book is None or topic.channel in self._asked:
                book = Book(sides, UNTOUCHED)
                found.append(Update(topic.channel, wire_depth(instrument, sides, True), "snapshot", ends="changes"))
            elif before is not None and book.sides != before.sides:
                changes = cast(
                    Sides,
                    tuple(
                        {price: side.get(price, 0) for price in touched}
                        for side, touched in zip(sides, book.touched, strict=True)
                    ),
                )
                found.append(Update(topic.channel, wire_depth(instrument, changes, False), "changes"))
            books[topic.channel] = book
        self._books = books
        self._asked.clear()
        return found


def _followed(before: Book | None, sides: Sides) -> Book | None:
    """Return the book after new sizes, None where a snapshot is due."""
    if before is None:
        return None
    bids, asks = (
        touched | {price for price, _ in old.items() ^ new.items()}
        for touched, old, new in zip(before.touched, before.sides, sides, strict=True)
    )
    return None if len(bids) + len(asks) > MAX_TOUCHED else Book(sides, (bids, asks))
