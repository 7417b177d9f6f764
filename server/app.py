"""Composition: engine, hub, publisher, ticker and handlers become one Tornado application.

Called by `main.py`. The application during the recovery is in `starting.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tornado.httputil import HTTPServerConnectionDelegate

from engine.clock import Clock
from engine.core import DEFAULT_ACCOUNT, Engine, EngineSettings
from engine.market.market import Market
from engine.models.broker.account import Profile
from handlers.admission import Admission
from handlers.http.listener import Listener
from handlers.http.tornado_server import HttpServer, TornadoServer
from handlers.page import ChartLibraryHandler, PageHandler
from handlers.page_bundle import bundled_pages
from handlers.publisher import Publisher
from handlers.rest.system import MetricsHandler
from handlers.result_feed import ResultFeed
from handlers.routing import Route, RouteTable, Site
from handlers.services import ServerInfo, Services
from handlers.stream.handler import StreamHandler
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from handlers.stream.replay import UpdateArchive
from server import VERSION
from server.alpaca_routes import alpaca_routes
from server.clock import SystemClock
from server.installation import ROOT
from server.market_setup import make_market_and_clock
from server.monitoring.metrics import ServerMetrics
from server.monitoring.sources import readings
from server.routes import BASE, addresses
from server.security.admission import make_admission
from server.settings import ALPACA, Settings, stream_limits
from server.specs.documents import alpaca_route, spec_routes
from server.storage.recovery import Recovered, open_storage
from server.storage.service import Storage, open_stores
from server.ticker import Ticker

STATIC = ROOT / "static"


@dataclass(frozen=True, slots=True)
class Server:
    """A composed server.

    Attributes:
        site: Its application.
        step: Runs one tick.
    """

    site: Site
    services: Services
    ticker: Ticker
    step: Callable[[], None]
    storage: Storage


def make_profile(settings: Settings) -> Profile:
    """Return the profile of the default account."""
    delay = settings.execution_delay
    return Profile(
        fill_model=settings.fill_model,
        execution_delay=delay if isinstance(delay, float) else None,
        is_manual=delay == "manual",
    )


def load(settings: Settings, market: Market) -> Recovered:
    """Open the storage and recover the state; blocks, and may run in a thread. Raises: StorageError."""
    return open_storage(None if settings.ephemeral else settings.data_dir, market.instruments, settings.seed)


def adopt_profile(settings: Settings, engine: Engine, publisher: Publisher) -> None:
    """Open the default account. If it is stored already, apply the fill model that was set explicitly."""
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
    """Return a hub whose sequence numbers and epochs continue the recovered ones."""
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
    """Compose a server without starting it. With a data directory, call it on the event loop.

    Args:
        settings: Settings of the server.
        clock: Market time, by default that of the settings. A system clock is moved to the last stored event.
        market: The market, by default that of the settings.
        recovered: The recovered storage, by default that of the settings.
        admission: The rules of admission, by default those of the settings.
        limits: Limits of the stream, by default those of the settings.

    Raises:
        ValueError: The catalogue, a file of the replay, `--start` or the key cannot be used.
        StorageError: The data directory cannot be used.
    """
    if market is None or clock is None:
        market, own_clock = make_market_and_clock(settings)
        clock = clock or own_clock
    recovered = recovered or load(settings, market)
    if isinstance(clock, SystemClock):
        clock.advance_to(recovered.state.last_ms)
    market.adopt(recovered.state.scenarios)
    stores = open_stores(recovered, market.instruments)
    hub = make_hub(recovered, clock, limits or stream_limits(settings), stores.archive)
    feed = ResultFeed()
    publisher = Publisher(stores.journal, hub, feed)
    engine_settings = EngineSettings(seed=settings.seed, profile=make_profile(settings))
    engine = Engine(market, clock, hub, engine_settings, recovered.state.broker, publisher)
    storage = Storage(recovered, stores, engine, publisher, settings)

    def step() -> None:
        tick = engine.step()
        publisher.submit(tick.result, tick.market)

    ticker = Ticker(settings.tick_ms, step, engine.needs_ticks)
    began = clock.monotonic()
    about = ServerInfo(
        VERSION, settings.native_modules, settings.speed, lambda: clock.monotonic() - began, ticker.health
    )
    metrics = ServerMetrics(lambda: readings(services))
    admission = admission or make_admission(settings, clock)
    services = Services(engine, hub, publisher, *stores, about, ticker.wake, STATIC, admission, metrics)
    adopt_profile(settings, engine, publisher)
    more = alpaca_routes(services, feed) if ALPACA in settings.modules else []
    site = Site(admission, make_table(services, settings, more), metrics)
    return Server(site, services, ticker, step, storage)


def make_table(services: Services, settings: Settings, more: Sequence[Route]) -> RouteTable:
    """Return the routes of REST, the documents, metrics, WebSockets, the page, and `more` of them."""
    of_services = {"services": services}
    routes = [
        Route(address.full_path, address.handler, of_services | address.arguments)
        for address in addresses(settings.native_modules, settings.debug)
    ]
    documents = spec_routes(settings.native_modules)
    if ALPACA in settings.modules:
        documents.append(alpaca_route())
    routes += [route._replace(options=of_services | route.options) for route in documents]
    routes.append(Route("/metrics", MetricsHandler, of_services))
    modules = settings.native_modules
    sockets = {f"{BASE}/ws": modules} | {f"{BASE}/{one}/ws": (one,) for one in modules}
    routes += [Route(path, StreamHandler, of_services | {"modules": modules}) for path, modules in sockets.items()]
    routes += more
    folder = {"path": str(services.static)}
    routes.append(Route("/vendor/lightweight-charts.mjs", ChartLibraryHandler, folder))
    pages = {} if settings.debug else bundled_pages(services.static)
    page = folder | {"default_filename": "index.html", "pages": pages, "modules": modules}
    return RouteTable(routes, Route("/", PageHandler, page))


def make_http_server(settings: Settings, site: HTTPServerConnectionDelegate) -> HttpServer:
    """Return the HTTP server of `--http`: our own on llhttp, or Tornado's."""
    return TornadoServer(site) if settings.http == "tornado" else Listener(site)
