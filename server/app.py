"""Composition: engine, hub, publisher, ticker and handlers become one application."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from tornado.web import Application, RequestHandler

from engine.clock import Clock
from engine.core import Engine, EngineSettings
from engine.datafeed.external import ExternalFeed
from engine.datafeed.instruments import DEFAULT_FILE, Catalogue
from engine.datafeed.market import Market
from engine.datafeed.replay import ReplayFeed
from engine.datafeed.synthetic import SyntheticFeed
from engine.models.broker.account import Profile
from handlers.assets import ChartLibraryHandler, PageHandler
from handlers.base import UnknownAddressHandler
from handlers.hub import Hub
from handlers.publisher import Publisher
from handlers.services import About, Services
from handlers.stream import StreamHandler
from handlers.system import MetricsHandler
from server import VERSION
from server.clock import SystemClock
from server.gate import make_gate
from server.journal import MemoryJournal
from server.metrics import ServerMetrics
from server.readings import readings
from server.routes import BASE, addresses
from server.settings import Settings
from server.specs import spec_rules
from server.ticker import Ticker

log = logging.getLogger("trading.access")
market_log = logging.getLogger("trading.market")

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True, slots=True)
class Server:
    """A composed server: what to listen with, what a tick does, and what to stop."""

    app: Application
    services: Services
    ticker: Ticker
    step: Callable[[], None]


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


def make_server(settings: Settings, clock: Clock | None = None) -> Server:
    """Compose a server; nothing runs and nothing listens yet. Without a clock it gets the one of the settings.

    Raises:
        ValueError: the catalogue or a file of the replay cannot be used, or the clock is before its beginning; the key
            cannot be used.
    """
    market, begin_ms = make_market(settings)
    clock = clock or make_clock(settings, begin_ms)
    if begin_ms is not None and clock.now_ms() < begin_ms:
        begin = datetime.fromtimestamp(begin_ms / 1000, UTC)
        raise ValueError(f"--start: the files of the replay have prices from {begin:%Y-%m-%dT%H:%M:%SZ} on")
    hub = Hub(token_hex(8), clock)
    journal = MemoryJournal()
    publisher = Publisher(journal, hub)
    engine = Engine(market, clock, hub, EngineSettings(seed=settings.seed, profile=make_profile(settings)))

    def step() -> None:
        tick = engine.step()
        publisher.submit(tick.batch, tick.market)

    ticker = Ticker(settings.tick_ms, step, engine.needs_ticks)
    began = clock.monotonic()
    about = About(VERSION, settings.modules, settings.speed, lambda: clock.monotonic() - began, ticker.health)
    metrics = ServerMetrics(lambda: readings(services))
    gate = make_gate(settings, clock)
    services = Services(engine, hub, publisher, journal, about, ticker.wake, STATIC, gate, metrics)
    publisher.submit(engine.open())
    return Server(make_app(services, settings), services, ticker, step)


def count_request(handler: RequestHandler) -> None:
    """Count a request that was answered, and log what failed on our side; everything else is debugging."""
    request, status = handler.request, handler.get_status()
    took_s = request.request_time()
    handler.application.settings["metrics"].count(type(handler).__name__, request.method or "", status, took_s)
    level = logging.ERROR if status >= 500 and status != 503 else logging.DEBUG
    if log.isEnabledFor(level):
        log.log(
            level,
            "request method=%s path=%s status=%d ms=%.1f request=%s",
            request.method,
            request.path,
            status,
            1000 * took_s,
            getattr(handler, "request_id", "-"),
        )


def make_app(services: Services, settings: Settings) -> Application:
    """Return the application with every address."""
    rules: list[Any] = [
        (address.pattern, address.handler, {"services": services, **address.arguments})
        for address in addresses(settings.modules, settings.debug)
    ]
    rules.append((f"{BASE}/ws", StreamHandler, {"services": services, "modules": settings.modules}))
    rules += [
        (f"{BASE}/{module}/ws", StreamHandler, {"services": services, "modules": (module,)})
        for module in settings.modules
    ]
    rules += spec_rules(services, settings.modules)
    page = {"services": services, "path": str(services.static)}
    rules += [
        ("/metrics", MetricsHandler, {"services": services}),
        (r"/api(?:/.*)?", UnknownAddressHandler, {"services": services}),
        (r"/vendor/(lightweight-charts)\.mjs", ChartLibraryHandler, page),
        (r"/(.*)", PageHandler, page | {"default_filename": "index.html"}),
    ]
    return Application(
        rules,
        log_function=count_request,
        metrics=services.metrics,
        default_handler_class=UnknownAddressHandler,
        default_handler_args={"services": services},
    )
