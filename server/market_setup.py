"""Makes the market and its clock from the settings: catalogue, feed, start and speed.

`app.py` composes a server with them; the storage commands need the catalogue only.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from engine.market.feeds.csv_rows import UnusableFile
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.market.market import Market
from server.clock import SystemClock
from server.settings import Settings

log = logging.getLogger("trading.market")


def make_clock(settings: Settings, begin_ms: int | None = None) -> SystemClock:
    """Return the clock of the market. It starts at `--start`, else at `begin_ms`, else now."""
    start_ms = begin_ms if settings.start is None else int(settings.start.timestamp() * 1000)
    return SystemClock(settings.speed, start_ms)


def make_market(settings: Settings) -> tuple[Market, int | None]:
    """Return the market and, for a replay, the time of its first price in epoch milliseconds.

    Raises:
        ValueError: The catalogue or a file of the replay cannot be used.
    """
    catalogue = Catalogue.load(settings.instruments or DEFAULT_FILE, settings.sessions)
    if settings.feed == "external":
        return Market(catalogue, ExternalFeed(catalogue.by_name, catalogue.calendars)), None
    if settings.replay is None:
        return Market(catalogue, SyntheticFeed(catalogue, settings.seed, catalogue.calendars)), None
    try:
        feed = ReplayFeed(catalogue.by_name, settings.replay, catalogue.calendars, settings.seed)
    except UnusableFile as error:
        log_report(error.report)
        raise
    log_report(feed.report)
    return Market(catalogue.chosen(feed.symbols), feed), feed.begin_ms


def log_report(report: Iterable[str]) -> None:
    """Log how the files of a replay were read, and the rows that were left out."""
    for line in report:
        log.warning("replay %s", line)


def make_market_and_clock(settings: Settings) -> tuple[Market, SystemClock]:
    """Return the market and its clock.

    Raises:
        ValueError: The catalogue or a replay file cannot be used, or `--start` is before the replay's first price.
    """
    market, begin_ms = make_market(settings)
    clock = make_clock(settings, begin_ms)
    if begin_ms is not None and clock.now_ms() < begin_ms:
        begin = datetime.fromtimestamp(begin_ms / 1000, UTC)
        raise ValueError(f"--start: the files of the replay have prices from {begin:%Y-%m-%dT%H:%M:%SZ} on")
    return market, clock
