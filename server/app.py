"""Composition: engine, hub, publisher, ticker and handlers become one Tornado application.

`main.py` calls it; `starting.py` has the application's addresses before the state is recovered.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tornado.httputil import HTTPServerConnectionDelegate

from engine.clock import Clock
from engine.core import DEFAULT_ACCOUNT, Engine, EngineSettings
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.market.market import Market
from engine.models.broker.account import Profile
from handlers.admission import Admission
from handlers.http.listener import Listener
from handlers.http.tornado_server import HttpServer, TornadoServer
from handlers.page import ChartLibraryHandler, PageHandler
from handlers.publisher import Publisher
from handlers.rest.system import MetricsHandler
from handlers.routing import Route, RouteTable, Site
from handlers.services import ServerInfo, Services
from handlers.stream.handler import StreamHandler
from handlers.stream.history import UpdateArchive
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from server import VERSION
from server.clock import SystemClock
from server.monitoring.metrics import ServerMetrics
from server.monitoring.sources import readings
from server.routes import BASE, addresses
from server.security.admission import make_admission
from server.settings import Settings, stream_limits
from server.specs.documents import spec_routes
from server.storage.recovery import Recovered, open_storage
from server.storage.service import Storage, open_stores
from server.ticker import Ticker

market_log = logging.getLogger("trading.market")

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True, slots=True)
class Server:
    """A composed server.

    Attributes:
        site: Its application, to listen with.
        step: One tick.
    """

    site: Site
    services: Services
    ticker: Ticker
    step: Callable[[], None]
    storage: Storage


def make_clock(settings: Settings, begin_ms: int | None = None) -> SystemClock:
    """Return the clock that the settings ask for; without a start of its own a replay starts where its files begin."""
    start_ms = begin_ms if settings.start is None else int(settings.start.timestamp() * 1000)
    return SystemClock(settings.speed, start_ms)


def make_market(settings: Settings) -> tuple[Market, int | None]:
    """Return the market on the feed that the settings ask for, and when its prices begin, where that matters.

    Raises:
        ValueError: the catalogue or a file of the replay cannot be used.
    """
    catalogue = Catalogue.load(settings.instruments or DEFAULT_FILE, settings.sessions)
    if settings.feed == "external":
        return Market(catalogue, ExternalFeed(catalogue.by_name, catalogue.calendars)), None
    if settings.replay is None:
        return Market(catalogue, SyntheticFeed(catalogue, settings.seed, catalogue.calendars)), None
    feed = ReplayFeed(catalogue.by_name, settings.replay, catalogue.calendars, settings.seed)
    for line in feed.report:
        market_log.warning("replay %s", line)
    return Market(catalogue.chosen(feed.symbols), feed), feed.begin_ms


def make_profile(settings: Settings) -> Profile:
    """Return the rules of the default account."""
    delay = settings.execution_delay
    return Profile(
        fill_model=settings.fill_model,
        execution_delay=delay if isinstance(delay, float) else None,
        is_manual=delay == "manual",
    )


def make_ground(settings: Settings) -> tuple[Market, SystemClock]:
    """Return the market and the clock that it goes by.

    Raises:
        ValueError: the catalogue or a file of the replay cannot be used, or the clock is before its beginning.
    """
    market, begin_ms = make_market(settings)
    clock = make_clock(settings, begin_ms)
    if begin_ms is not None and clock.now_ms() < begin_ms:
        begin = datetime.fromtimestamp(begin_ms / 1000, UTC)
        raise ValueError(f"--start: the files of the replay have prices from {begin:%Y-%m-%dT%H:%M:%SZ} on")
    return market, clock


def load(settings: Settings, market: Market) -> Recovered:
    """Open the storage and bring the state back; takes its time, and touches no loop. Raises: StorageError."""
    return open_storage(None if settings.ephemeral else settings.data_dir, market.instruments, settings.seed)


def adopt_profile(settings: Settings, engine: Engine, publisher: Publisher) -> None:
    """Open the default account, or let the fill model that the flags name take it over where it was stored."""
    if not engine.broker.accounts:
        publisher.submit(engine.open())
        return
    given = settings.model_fields_set & {"fill_model", "execution_delay"}
    if not given or DEFAULT_ACCOUNT not in engine.broker.accounts:
        return
    wanted, stored = make_profile(settings), engine.account(None).profile
    fields = {name: getattr(wanted, name) for name in ("fill_model", "execution_delay", "is_manual")}
    profile = stored.model_copy(update=fields)
    if profile != stored:
        publisher.submit(engine.adopt(profile))


def make_hub(recovered: Recovered, clock: Clock, limits: StreamLimits, archive: UpdateArchive) -> Hub:
    """Return a hub whose numbers and epochs go on from what was recovered."""
    hub = Hub(recovered.epoch, clock, limits, archive)
    for channel, seq in recovered.state.numbers.items():
        status = recovered.statuses.get(channel)
        hub.restore(channel, seq, () if status is None else (status,))
    for account in recovered.state.broker.accounts.values():
        if account.generation:
            hub.set_generation(account.id, account.generation)
    return hub


def make_server(
    settings: Settings,
    clock: Clock | None = None,
    market: Market | None = None,
    recovered: Recovered | None = None,
    admission: Admission | None = None,
    limits: StreamLimits | None = None,
) -> Server:
    """Compose a server; nothing runs and nothing listens yet. With a data directory, to be called on the loop.

    Args:
        settings: How it runs.
        clock: Market time, by default that of the settings; a system's clock is moved behind the last event.
        market: The market, made already.
        recovered: What the storage holds, loaded already.
        admission: What every request passes first, made already.
        limits: Limits of the stream, by default those of the settings.

    Raises:
        ValueError: the catalogue or a file of the replay cannot be used, or the clock is before its beginning; the key
            cannot be used.
        StorageError: the data directory cannot be used.
    """
    if market is None or clock is None:
        market, own_clock = make_ground(settings)
        clock = clock or own_clock
    recovered = recovered or load(settings, market)
    if isinstance(clock, SystemClock):
        clock.advance_to(recovered.state.last_ms)
    market.adopt(recovered.state.scenarios)
    stores = open_stores(recovered, market.instruments)
    hub = make_hub(recovered, clock, limits or stream_limits(settings), stores.archive)
    publisher = Publisher(stores.journal, hub)
    engine_settings = EngineSettings(seed=settings.seed, profile=make_profile(settings))
    engine = Engine(market, clock, hub, engine_settings, recovered.state.broker, publisher)
    storage = Storage(recovered, stores, engine, publisher, settings)

    def step() -> None:
        tick = engine.step()
        publisher.submit(tick.result, tick.market)

    ticker = Ticker(settings.tick_ms, step, engine.needs_ticks)
    began = clock.monotonic()
    about = ServerInfo(VERSION, settings.modules, settings.speed, lambda: clock.monotonic() - began, ticker.health)
    metrics = ServerMetrics(lambda: readings(services))
    admission = admission or make_admission(settings, clock)
    services = Services(engine, hub, publisher, *stores, about, ticker.wake, STATIC, admission, metrics)
    adopt_profile(settings, engine, publisher)
    site = Site(admission, make_table(services, settings), metrics)
    return Server(site, services, ticker, step, storage)


def make_table(services: Services, settings: Settings) -> RouteTable:
    """Return every address: REST, sockets, and the page."""
    of_services = {"services": services}
    routes = [
        Route(address.full_path, address.handler, of_services | address.arguments)
        for address in addresses(settings.modules, settings.debug)
    ]
    routes += [route._replace(options=of_services | route.options) for route in spec_routes(settings.modules)]
    routes.append(Route("/metrics", MetricsHandler, of_services))
    sockets = {f"{BASE}/ws": settings.modules} | {f"{BASE}/{one}/ws": (one,) for one in settings.modules}
    routes += [Route(path, StreamHandler, of_services | {"modules": modules}) for path, modules in sockets.items()]
    folder = {"path": str(services.static)}
    routes.append(Route("/vendor/lightweight-charts.mjs", ChartLibraryHandler, folder))
    return RouteTable(routes, Route("/", PageHandler, folder | {"default_filename": "index.html"}))


def make_http_server(settings: Settings, site: HTTPServerConnectionDelegate) -> HttpServer:
    """Return the HTTP server that the settings ask for: our connection on llhttp, or Tornado's own."""
    return TornadoServer(site) if settings.http == "tornado" else Listener(site)
