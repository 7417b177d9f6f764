"""Composition: engine, hub, publisher, ticker and handlers become one site."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tornado.web import Application, RequestHandler

from engine.clock import Clock
from engine.core import DEFAULT_ACCOUNT, Engine, EngineSettings
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.market.market import Market
from engine.models.broker.account import Profile
from handlers.access_log import note_answer
from handlers.admission import Admission
from handlers.http.connection import Site
from handlers.page import ChartLibraryHandler, NoPageHandler, PageHandler
from handlers.publisher import Publisher
from handlers.rest.system import MetricsHandler
from handlers.routing import ApiSite, AppSite, Route
from handlers.services import ServerInfo, Services
from handlers.stream.handler import StreamHandler
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from handlers.stream.replay import UpdateArchive
from server import VERSION
from server.clock import SystemClock
from server.monitoring.metrics import ServerMetrics
from server.monitoring.sources import readings
from server.routes import BASE, addresses
from server.security.admission import make_admission
from server.settings import Settings, stream_limits
from server.specs.documents import spec_routes
from server.storage.recovery import Recovered, open_storage
from server.storage.service import Storage, open_archive
from server.ticker import Ticker

market_log = logging.getLogger("trading.market")

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True, slots=True)
class Server:
    """A composed server: what to listen with, what a tick does, and what to stop."""

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
    for channel, seq in recovered.numbers.items():
        status = recovered.statuses.get(channel)
        hub.restore(channel, seq, () if status is None else (status,))
    for account in recovered.broker.accounts.values():
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
        clock.advance_to(recovered.last_ms)
    market.adopt(recovered.scenarios)
    archive = open_archive(recovered, market.instruments)
    hub = make_hub(recovered, clock, limits or stream_limits(settings), archive)
    engine_settings = EngineSettings(seed=settings.seed, profile=make_profile(settings))
    engine = Engine(market, clock, hub, engine_settings, recovered.broker)
    storage = Storage(recovered, engine, hub, settings, archive)
    publisher = storage.publisher

    def step() -> None:
        tick = engine.step()
        publisher.submit(tick.result, tick.market)

    ticker = Ticker(settings.tick_ms, step, engine.needs_ticks)
    began = clock.monotonic()
    about = ServerInfo(VERSION, settings.modules, settings.speed, lambda: clock.monotonic() - began, ticker.health)
    metrics = ServerMetrics(lambda: readings(services))
    admission = admission or make_admission(settings, clock)
    stores = (storage.journal, storage.archive)
    services = Services(engine, hub, publisher, *stores, about, ticker.wake, STATIC, admission, metrics)
    adopt_profile(settings, engine, publisher)
    return Server(make_site(services, settings), services, ticker, step, storage)


def count_request(handler: RequestHandler) -> None:
    """Take note of a request that Tornado has answered."""
    request, status = handler.request, handler.get_status()
    metrics, request_id = handler.application.settings["metrics"], getattr(handler, "request_id", "-")
    note_answer(metrics, type(handler).__name__, request, status, request.request_time(), request_id)


def make_site(services: Services, settings: Settings) -> Site:
    """Return every address: the REST table, and Tornado's application with the sockets and the page."""
    routes = [
        Route(address.full_path, address.handler, address.arguments)
        for address in addresses(settings.modules, settings.debug)
    ]
    routes += spec_routes(settings.modules)
    routes.append(Route("/metrics", MetricsHandler, {}))
    sockets = {f"{BASE}/ws": settings.modules} | {f"{BASE}/{one}/ws": (one,) for one in settings.modules}
    return ApiSite(services, routes, AppSite(make_app(services, sockets)), sockets)


def make_app(services: Services, sockets: dict[str, tuple[str, ...]]) -> Application:
    """Return what Tornado answers: the handshake of the sockets, by their modules, and the page."""
    rules: list[Any] = [
        (path, StreamHandler, {"services": services, "modules": modules}) for path, modules in sockets.items()
    ]
    page = {"services": services, "path": str(services.static)}
    rules += [
        (r"/vendor/(lightweight-charts)\.mjs", ChartLibraryHandler, page),
        (r"/(.*)", PageHandler, page | {"default_filename": "index.html"}),
    ]
    return Application(
        rules,
        log_function=count_request,
        metrics=services.metrics,
        default_handler_class=NoPageHandler,
        default_handler_args={"services": services},
    )
