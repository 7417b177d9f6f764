"""What the synthetic market costs: medians of the figures that the market page of the design names.

Run from the top folder: `python bench/market.py [--rounds N] [--json]`. It takes some ten seconds on one processor.
"cold" is a market that was never asked anything, "warm" the same question again. Times are milliseconds or microseconds
as the unit says; nothing is written.
"""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.datafeed.instruments import Catalogue
from engine.datafeed.market import Market
from engine.datafeed.synthetic import SyntheticFeed
from engine.models.market.bars import BarsSubscriptionRequest
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.queries import BarsQuery
from engine.models.market.quotes import QuotesSubscriptionRequest
from engine.topics import Topic

NOW_MS = 1_767_625_230_000
"""2026-01-05 15:00:30 UTC, in the middle of a minute."""

DAY_MS = 86_400_000
DAY_START_MS = 1_765_688_400_000
"""2025-12-14 05:00 UTC, midnight in New York."""

FOREVER_MS = 10**15
TICK_MS = 200
LIVE_SYMBOLS = 50

CATALOGUE = Catalogue.load()


class Figure(NamedTuple):
    """One measured figure; `most` is what the design allows, None where it only wants to know."""

    name: str
    value: float
    unit: str
    most: float | None = None


class Listeners:
    """Everybody who listens."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = list(topics)

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""
        return any(topic.channel == channel for topic in self._topics)

    def topics(self, route: str) -> list[Topic]:
        """Return the topics of a route."""
        return [topic for topic in self._topics if topic.route.name == route]


def milliseconds(action: Callable[..., object], *arguments: object) -> float:
    """Return how long one call takes."""
    start = perf_counter()
    action(*arguments)
    return (perf_counter() - start) * 1000


def make_feed() -> SyntheticFeed:
    return SyntheticFeed(CATALOGUE, seed=1)


def levels(rounds: int) -> list[Figure]:
    """Measure daily history, and a day of minutes whose hours are known, cold."""
    years, minutes = [], []
    for _ in range(rounds):
        feed = make_feed()
        years.append(milliseconds(feed.last_bars, "AAPL", "1D", 3650, FOREVER_MS, NOW_MS))
        feed.last_bars("AAPL", "60", 1000, FOREVER_MS, NOW_MS)
        minutes.append(milliseconds(feed.bars, "AAPL", "1", DAY_START_MS, DAY_START_MS + DAY_MS, NOW_MS))
    return [
        Figure("10 years of daily bars, cold", median(years), "ms", 50),
        Figure("a day of minutes, cold", median(minutes), "ms", 2),
    ]


def replies(rounds: int) -> list[Figure]:
    """Measure 5,000 bars of each resolution, cold and warm, and the same as a reply."""
    figures = []
    for resolution in RESOLUTIONS:
        query = BarsQuery(symbol="AAPL", resolution=resolution, count_back=5000)
        question = "AAPL", resolution, 5000, FOREVER_MS, NOW_MS
        cold, warm, reply = [], [], []
        for _ in range(rounds):
            feed = make_feed()
            cold.append(milliseconds(feed.last_bars, *question))
            warm.append(milliseconds(feed.last_bars, *question))
            reply.append(milliseconds(Market(CATALOGUE, feed).bars, query, NOW_MS))
        figures.append(Figure(f"5,000 bars of {resolution}, cold", median(cold), "ms"))
        figures.append(Figure(f"5,000 bars of {resolution}, warm", median(warm), "ms", 20))
        figures.append(Figure(f"5,000 bars of {resolution}, warm, as a reply", median(reply), "ms", 20))
    return figures


def prints(rounds: int) -> list[Figure]:
    """Measure a quote and a forming bar at each new grid point of ten minutes, whatever must be computed included."""
    points = [NOW_MS + index * TICK_MS for index in range(3000)]
    first, quotes, forming = [], [], []
    for _ in range(rounds):
        feed = make_feed()
        first.append(milliseconds(feed.quote, "AAPL", NOW_MS))
        start = perf_counter()
        for point in points:
            feed.quote("AAPL", point)
        quotes.append((perf_counter() - start) / len(points))
        feed = make_feed()
        feed.forming_bar("AAPL", "1D", NOW_MS)
        start = perf_counter()
        for point in points:
            feed.forming_bar("AAPL", "1D", point)
        forming.append((perf_counter() - start) / len(points))
    return [
        Figure("first quote of a symbol", median(first), "ms"),
        Figure("quote at a new grid point", median(quotes) * 1e6, "us", 10),
        Figure("forming bar at a new grid point", median(forming) * 1e6, "us", 50),
    ]


def ticks(rounds: int) -> list[Figure]:
    """Measure ticks of 50 live symbols: a fast quote and the bars of all resolutions of each.

    The garbage collector stands still meanwhile: its pauses belong to the whole process and are the server's business.
    """
    plain = [instrument.model_dump() for instrument in CATALOGUE]
    many = [plain[index % len(plain)] | {"name": f"S{index}"} for index in range(LIVE_SYMBOLS)]
    catalogue = Catalogue(map(Instrument.model_validate, many))
    first, typical, longest = [], [], []
    gc.disable()
    for _ in range(max(1, rounds // 5)):
        market = Market(catalogue, SyntheticFeed(catalogue, seed=1))
        listeners = Listeners(topics_of(market, catalogue))
        first.append(milliseconds(market.updates, listeners, NOW_MS))
        later = [NOW_MS + index * TICK_MS for index in range(1, 601)]
        taken = [milliseconds(market.updates, listeners, now_ms) for now_ms in later]
        typical.append(median(taken))
        longest.append(max(taken))
    gc.enable()
    what = f"{LIVE_SYMBOLS} symbols, a quote and {len(RESOLUTIONS)} bars each"
    return [
        Figure(f"first tick of {what}", median(first), "ms"),
        Figure(f"tick of {what}", median(typical), "ms"),
        Figure("longest of 600 such ticks", median(longest), "ms"),
    ]


def topics_of(market: Market, catalogue: Catalogue) -> list[Topic]:
    """Return a quotes topic for all symbols, and bars topics for each of them."""
    names = list(catalogue.by_name)
    pairs = [(name, resolution) for name in names for resolution in RESOLUTIONS]
    bars = [market.topic("bars", BarsSubscriptionRequest(symbol=name, resolution=one)) for name, one in pairs]
    return [market.topic("quotes", QuotesSubscriptionRequest(fast_symbols=names)), *bars]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15, choices=range(1, 101), metavar="N", help="repetitions (15)")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    arguments = parser.parse_args()
    make_feed().quote("AAPL", NOW_MS)
    measured = [figure for part in (levels, replies, prints, ticks) for figure in part(arguments.rounds)]
    if arguments.json:
        print(json.dumps([figure._asdict() for figure in measured], indent=2))
        return
    for name, value, unit, most in measured:
        allowed = "" if most is None else f"  (at most {most:g})"
        print(f"{name:60} {value:9.2f} {unit}{allowed}")


if __name__ == "__main__":
    main()
