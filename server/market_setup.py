"""Makes the market and its clock from the settings: catalogue, feed, start and speed.

`app.py` composes a server with them; the storage commands need the catalogue only.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from engine.broker.conversion import check_rates
from engine.errors import Denied
from engine.market.feeds.csv_rows import UnusableFile
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.market.market import Market
from engine.models.broker.account import DEFAULT_CURRENCY
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
        ValueError: The catalogue or a file of the replay cannot be used, or an instrument has no rate to US dollars.
    """
    path = settings.instruments or DEFAULT_FILE
    catalogue = Catalogue.load(path, settings.sessions)
    if settings.replay is None:
        _check_rates(settings, path, catalogue)
    if settings.feed == "external" and settings.role == "core":
        from server.bus.ticks import SharedMarket

        return SharedMarket(catalogue, ExternalFeed(catalogue.by_name, catalogue.calendars)), None
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
    chosen = catalogue.chosen(feed.symbols)
    _check_rates(settings, settings.replay, chosen)
    return Market(chosen, feed), feed.begin_ms


def _check_rates(settings: Settings, path: Path, catalogue: Catalogue) -> None:
    """Check that the default account has a rate for every instrument. Raises: ValueError, one line."""
    if "broker" in settings.modules:
        try:
            check_rates(catalogue.by_name, DEFAULT_CURRENCY)
        except Denied as error:
            raise ValueError(f"{path}: {error}") from None


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
