"""Shared by the tests of the market: instruments, feeds, instants, and a simple aggregation of bars."""

import functools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.market.bars import bars_from
from engine.market.feeds.feed import BarsRequest, Feed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.instruments import Instrument
from engine.topics import Topic

FOREVER_MS = 10**16
MINUTE_MS = 60_000
DAY_MS = 86_400_000

CATALOGUE = Catalogue.load()
SYMBOLS = tuple(instrument.name for instrument in CATALOGUE)


def instant(text: str) -> int:
    """Epoch milliseconds of an ISO time, UTC when it names no offset."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def make_instrument(**changes: Any) -> Instrument:
    """A plain share in New York, with changes."""
    plain = {
        "name": "TEST",
        "description": "Test Inc.",
        "type": "stock",
        "exchange": "NYSE",
        "timezone": "America/New_York",
        "session": "0930-1600",
        "currency": "USD",
        "pricescale": 100,
        "qty": {"min": "1", "max": "1000000", "step": "1"},
        "pip_size": "0.01",
        "margin_rate": 0.1,
        "trigger": "last",
        "displayed_size": "5000",
        "anchor": "150",
        "volatility": 0.3,
        "daily_volume": 10_000_000,
        "spread_ticks": 2,
    }
    return Instrument.model_validate(plain | changes)


def make_feed(seed: int = 1, instruments: Iterable[Instrument] = CATALOGUE) -> SyntheticFeed:
    """A market that has not been asked anything yet."""
    return SyntheticFeed(instruments, seed)


def last_bars(feed: Feed, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
    """The newest bars that start before `to_ms`."""
    return feed[symbol].last_bars(BarsRequest(resolution, count, to_ms, now_ms))


def bars_between(feed: Feed, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
    """All bars that start in a range."""
    count = 64
    while True:
        columns = last_bars(feed, symbol, resolution, count, to_ms, now_ms)
        if len(columns.time_ms) < count or columns.time_ms[0] < from_ms:
            return bars_from(columns, from_ms)
        count *= 8


def rows(columns: BarColumns) -> list[BarRow]:
    """Bars one by one."""
    return [BarRow(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def joined(time_ms: int, bars: list[BarRow]) -> BarRow:
    """One bar of several consecutive ones."""
    return BarRow(
        time_ms,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
    )


@functools.cache
def midnight_before(timezone: str, moment: int) -> datetime:
    """The local midnight before an instant, by the standard library; each resolution asks for the same minutes."""
    local = datetime.fromtimestamp(moment / 1000, UTC).astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def bucket_start(resolution: str, timezone: str, moment: int) -> int:
    """Time of the bar that holds an instant, by the calendar of the standard library."""
    midnight = midnight_before(timezone, moment)
    if resolution.isdigit():
        start = round(midnight.timestamp() * 1000)
        return start + (moment - start) // (int(resolution) * MINUTE_MS) * int(resolution) * MINUTE_MS
    date = midnight.replace(tzinfo=UTC)
    if resolution == "1W":
        date -= timedelta(days=date.weekday())
    if resolution == "1M":
        date = date.replace(day=1)
    return round(date.timestamp() * 1000)


def minutes_grouped(resolution: str, timezone: str, minutes: list[BarRow]) -> list[BarRow]:
    """Minute bars joined to bars of a resolution, the slow and obvious way."""
    groups: dict[int, list[BarRow]] = {}
    for bar in minutes:
        groups.setdefault(bucket_start(resolution, timezone, bar.time_ms), []).append(bar)
    return [joined(time_ms, bars) for time_ms, bars in groups.items()]


class Listeners:
    """An `Interest` in a fixed list of topics; tests change the list."""

    def __init__(self, *topics: Topic) -> None:
        self.wanted = list(topics)

    def wants(self, channel: str) -> bool:
        """Whether a topic of the channel is in the list."""
        return any(topic.channel == channel for topic in self.wanted)

    def topics(self, route: str) -> list[Topic]:
        """The topics of a route."""
        return [topic for topic in self.wanted if topic.route.name == route]
