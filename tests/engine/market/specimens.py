"""What the datafeed's tests share: instruments, feeds, instants, and how bars are joined the slow and obvious way."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

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
