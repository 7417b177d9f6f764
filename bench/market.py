"""Cost of the market: medians of the figures in the design page of the market.

Run from the top folder: `python bench/market.py [--rounds N] [--json]`. It takes a minute on one processor and uses
loopback only. "cold" is the first request of a market, "warm" the same request again. Times are milliseconds
or microseconds of processor time, to be independent of other load. Files are written to a temporary folder.
"""

import argparse
import asyncio
import gc
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from tornado.netutil import bind_sockets

from engine.market.feeds.feed import BarsRequest
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue, Sessions
from engine.market.market import Market
from engine.models.market.bars import BarsQuery, BarsSubscriptionRequest
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import QuoteDataSubscriptionRequest
from engine.models.market.scenarios import ScenarioAdded
from engine.topics import Topic
from handlers.http.listener import Listener
from server.app import make_server
from server.clock import SystemClock
from server.settings import Settings

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
    """One measured figure; `most` is its upper bound in the design, None without one."""

    name: str
    value: float
    unit: str
    most: float | None = None


class Listeners:
    """An `Interest` in a fixed list of topics."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = list(topics)

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""
        return any(topic.channel == channel for topic in self._topics)

    def topics(self, route: str) -> list[Topic]:
        """Return the topics of a route."""
        return [topic for topic in self._topics if topic.route.name == route]


def milliseconds(action: Callable[..., object], *arguments: object) -> float:
    """Return the processor time of one call."""
    start = process_time()
    action(*arguments)
    return (process_time() - start) * 1000


def make_feed(catalogue: Catalogue = CATALOGUE) -> SyntheticFeed:
    return SyntheticFeed(catalogue, 1, catalogue.calendars)


def levels(rounds: int) -> list[Figure]:
    """Measure cold daily history, and a cold day of minute bars whose hour bars are cached."""
    years, minutes = [], []
    for _ in range(rounds):
        feed = make_feed()
        apple = feed["AAPL"]
        years.append(milliseconds(apple.last_bars, BarsRequest("1D", 3650, FOREVER_MS, NOW_MS)))
        apple.last_bars(BarsRequest("60", 1000, FOREVER_MS, NOW_MS))
        minutes.append(milliseconds(apple.last_bars, BarsRequest("1", 1440, DAY_START_MS + DAY_MS, NOW_MS)))
    return [
        Figure("10 years of daily bars, cold", median(years), "ms", 50),
        Figure("a day of minutes, cold", median(minutes), "ms", 2),
    ]


def replies(rounds: int) -> list[Figure]:
    """Measure 5,000 bars of each resolution, cold and warm, and the same as a reply."""
    return [figure for sessions in ("24x7", "exchange") for figure in replies_in(sessions, rounds)]


def replies_in(sessions: Sessions, rounds: int) -> list[Figure]:
    figures = []
    catalogue = Catalogue.load(sessions=sessions)
    for resolution in RESOLUTIONS:
        query = BarsQuery(symbol="AAPL", resolution=resolution, count_back=5000)
        request = BarsRequest(resolution, 5000, FOREVER_MS, NOW_MS)
        cold, warm, reply = [], [], []
        for _ in range(rounds):
            feed = make_feed(catalogue)
            cold.append(milliseconds(feed["AAPL"].last_bars, request))
            warm.append(milliseconds(feed["AAPL"].last_bars, request))
            reply.append(milliseconds(Market(catalogue, feed).bars, query, NOW_MS))
        what = f"5,000 bars of {resolution}, {sessions}"
        figures.append(Figure(f"{what}, cold, in one piece", median(cold), "ms"))
        figures.append(Figure(f"{what}, warm", median(warm), "ms", 20))
        figures.append(Figure(f"{what}, warm, as a reply", median(reply), "ms", 20))
    return figures


REQUESTS = [
    *(f"/api/v1/datafeed/bars?symbol=AAPL&resolution={one}&count_back=5000" for one in RESOLUTIONS),
    "/udf/history?symbol=EURUSD&resolution=240&from=0&to=4000000000&countback=5000",
    "/api/v1/datafeed/bars?symbol=BTCUSD&resolution=30&from_time=0",
    "/api/v1/datafeed/depth/MSFT",
    "/udf/quotes?symbols=" + ",".join(CATALOGUE.by_name),
    "/udf/symbol_info",
    "/api/v1/datafeed/search?user_input=a",
    "/api/v1/datafeed/config",
]
CLIENT = "import sys, urllib.request as u; [u.urlopen(one, timeout=30).read() for one in sys.argv[1:]]"


def holds(rounds: int) -> list[Figure]:
    """Measure the longest time that a request to a cold server blocks its event loop, over all kinds of requests."""
    figures = []
    for sessions in ("24x7", "exchange"):
        worst = []
        for _ in range(max(1, rounds // 5)):
            taken = [asyncio.run(hold(path, sessions)) for path in REQUESTS]
            worst.append(max(taken))
            slowest = REQUESTS[taken.index(worst[-1])]
        name = f"loop held by a request, cold, {sessions} ({slowest.partition('?')[2][:40]})"
        figures.append(Figure(name, median(worst), "ms", 20))
    return figures


async def hold(path: str, sessions: Sessions) -> float:
    """Return the longest time, in milliseconds, between two iterations of a new server's loop during a request."""
    server = make_server(Settings(sessions=sessions, ephemeral=True), SystemClock(start_ms=NOW_MS))
    sockets = bind_sockets(0, "127.0.0.1")
    http = Listener(server.site)
    http.add_sockets(sockets)
    gc.collect()
    gc.freeze()
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", CLIENT, address + path)
    ended = asyncio.create_task(client.wait())
    longest, last = 0.0, process_time()
    while not ended.done():
        await asyncio.sleep(0)
        now = process_time()
        longest, last = max(longest, now - last), now
    http.stop()
    await http.close_all_connections()
    if await ended:
        raise SystemExit(f"{path} was not answered")
    return longest * 1000


def line(number: int) -> str:
    open_, close = f"{190 + number % 7}.{number % 89 + 10}", f"{190 + number % 5}.{number % 83 + 10}"
    return f"{1_600_000_020 + number * 60},{open_},199.50,187.25,{close},{number % 9973}\n"


def dated(number: int, form: str, separator: str = ",") -> str:
    """Return the same row with another form of its time and another separator."""
    seconds, _, rest = line(number).partition(",")
    return f"{datetime.fromtimestamp(int(seconds), UTC):{form}}{separator}{rest.replace(',', separator)}"


HEADER = "time,open,high,low,close,volume\n"
REPLAYED = {
    "1,000,000 rows": (HEADER, line),
    "1,000,000 rows, packed": (HEADER, line),
    "1,000,000 rows with ISO 8601": (HEADER, partial(dated, form="%Y-%m-%dT%H:%M:%SZ")),
    "1,000,000 rows of MetaTrader": (
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\n",
        partial(dated, form="%Y.%m.%d\t%H:%M:%S", separator="\t"),
    ),
}
"""Files of the same rows: header and line by number."""


def replays(rounds: int) -> list[Figure]:
    """Measure a replay of a file of 1,000,000 rows, read by a separate process."""
    program = (
        "import sys, time; sys.path.insert(0, '.'); from pathlib import Path;"
        "from server.app import make_server; from server.settings import Settings;"
        "began = time.process_time(); server = make_server(Settings(replay=Path(sys.argv[1]), ephemeral=True));"
        "server.services.engine.market.quotes(['AAPL'], server.services.engine.now_ms());"
        "print(time.process_time() - began); print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (header, row) in REPLAYED.items():
            packed = name.endswith("packed")
            path = Path(folder) / ("AAPL.csv.gz" if packed else "AAPL.csv")
            text = header + "".join(map(row, range(1_000_000)))
            path.write_bytes(gzip.compress(text.encode(), 1) if packed else text.encode())
            runs = [
                subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
                for _ in range(max(1, rounds // 5))
            ]
            path.unlink()
            times, peaks = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
            figures.append(Figure(f"replay of {name}, usable after", median(times) * 1000, "ms", 1000))
            figures.append(Figure(f"replay of {name}, most memory", median(peaks) / 1024, "MiB", 200))
    return figures


def prints(rounds: int) -> list[Figure]:
    """Measure a quote and a forming bar at each print of ten minutes, including the computation of blocks."""
    points = [NOW_MS + index * TICK_MS for index in range(3000)]
    first, quotes, forming = [], [], []
    for _ in range(rounds):
        feed = make_feed()
        first.append(milliseconds(feed["AAPL"].quote, NOW_MS))
        start = process_time()
        for point in points:
            feed["AAPL"].quote(point)
        quotes.append((process_time() - start) / len(points))
        feed = make_feed()
        feed["AAPL"].forming_bar("1D", NOW_MS)
        start = process_time()
        for point in points:
            feed["AAPL"].forming_bar("1D", point)
        forming.append((process_time() - start) / len(points))
    return [
        Figure("first quote of a symbol", median(first), "ms"),
        Figure("quote at a new grid point", median(quotes) * 1e6, "us", 10),
        Figure("forming bar at a new grid point", median(forming) * 1e6, "us", 50),
    ]


def overlays(rounds: int) -> list[Figure]:
    """Measure a symbol with a hundred shocks, one every three days, without the garbage collector as in `ticks`."""
    begin_ms = NOW_MS - 299 * DAY_MS + 100
    shocks = [
        ScenarioAdded(0, f"S{index}", "AAPL", "shock", 1.01, begin_ms + index * 3 * DAY_MS, None)
        for index in range(100)
    ]
    quotes, forming, cold, warm, longest = [], [], [], [], []
    gc.disable()
    for _ in range(max(1, rounds // 5)):
        feed = make_feed()
        feed.apply_scenarios("AAPL", shocks)
        request = BarsRequest("1D", 5000, FOREVER_MS, NOW_MS)
        pieces = feed["AAPL"].prepare(request)
        taken = [milliseconds(next, pieces, None) for _ in range(200)]
        longest.append(max(taken))
        cold.append(sum(taken))
        warm.append(milliseconds(feed["AAPL"].last_bars, request))
        points = [NOW_MS + index * TICK_MS for index in range(3000)]
        asks: tuple[Callable[[int], object], ...] = (
            feed["AAPL"].quote,
            partial(feed["AAPL"].forming_bar, "1M"),
        )
        for found, ask in zip((quotes, forming), asks, strict=True):
            start = process_time()
            for point in points:
                ask(point)
            found.append((process_time() - start) / len(points))
    gc.enable()
    return [
        Figure("100 shocks: 5,000 daily bars, cold", median(cold), "ms"),
        Figure("100 shocks: longest piece of that", median(longest), "ms", 20),
        Figure("100 shocks: 5,000 daily bars, warm", median(warm), "ms", 20),
        Figure("100 shocks: quote at a new grid point", median(quotes) * 1e6, "us", 50),
        Figure("100 shocks: forming month at a new grid point", median(forming) * 1e6, "us", 100),
    ]


def ticks(rounds: int) -> list[Figure]:
    """Measure ticks of 50 live symbols: a fast quote and the bars of all resolutions of each.

    The garbage collector is off, because its pauses depend on the whole process.
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
    return [market.topic("quotes", QuoteDataSubscriptionRequest(fast_symbols=names)), *bars]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15, choices=range(1, 101), metavar="N", help="repetitions (15)")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    arguments = parser.parse_args()
    make_feed()["AAPL"].quote(NOW_MS)
    parts = (levels, replies, holds, prints, overlays, ticks, replays)
    measured = [figure for part in parts for figure in part(arguments.rounds)]
    if arguments.json:
        print(json.dumps([figure._asdict() for figure in measured], indent=2))
        return
    for name, value, unit, most in measured:
        allowed = "" if most is None else f"  (at most {most:g})"
        print(f"{name:60} {value:9.2f} {unit}{allowed}")


if __name__ == "__main__":
    main()
