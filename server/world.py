"""Composition of one world: market, broker, stream, journal and clock become the services of its handlers.

A server has one main world. With `--control` callers make further ones (`worlds.py`), which share the process, the
listening address and the ticker with it, and nothing else. Called by `app.py`. The routes of a world are in
`routes.py`, `alpaca_routes.py` and `control_routes.py`.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from engine.clock import Clock
from engine.core import DEFAULT_ACCOUNT, Engine
from engine.faults import FaultState, FaultTable
from engine.market.market import Market
from engine.models.broker.account import Profile
from engine.models.system import BusHealth
from engine.settings import EngineSettings
from engine.topics import Interest
from handlers.activity import Activity
from handlers.admission import Admission
from handlers.control.control import Control, Worlds
from handlers.errors import CloseCode
from handlers.publisher import Publisher
from handlers.rest.system import MetricsHandler
from handlers.result_feed import ResultFeed
from handlers.routing import Route, RouteTable
from handlers.services import ServerInfo, Services
from handlers.stream.connection_faults import ConnectionFaults
from handlers.stream.handler import StreamHandler
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from handlers.stream.replay import Epochs, UpdateArchive
from server import VERSION
from server.alpaca_routes import alpaca_routes
from server.bus.bus import Bus, BusLink
from server.clock import SystemClock, WorldClock
from server.control_routes import CONTROL
from server.installation import ROOT
from server.monitoring.linter import Linter
from server.monitoring.metrics import ServerMetrics
from server.monitoring.sources import readings
from server.operations import BASE
from server.page_routes import page_route, page_routes
from server.recording.header import WorldStart, header_of
from server.recording.inputs import RecordedEngine, recorded_controls
from server.recording.recorder import InputClock, Recorder, RecordingStore
from server.routes import addresses
from server.settings import ALPACA, Settings
from server.specs.documents import alpaca_route, spec_routes
from server.storage.recovery import Recovered
from server.storage.service import Storage, open_stores
from server.ticker import Ticker
from server.world_time import WorldTime

STATIC = ROOT / "static"

CLOSE_TIMEOUT_S = 5.0
"""Longest wait for the sockets of a world that ends; those that are left are dropped by their own timeout."""

MAIN = "main"
"""Id of the world at `/`."""


class ClockBegin(NamedTuple):
    """The begin of a world's clock: market time in epoch milliseconds, None for that of its source, and the mode."""

    start_ms: int | None = None
    is_paused: bool = False


FROM_SOURCE = ClockBegin()


@dataclass(frozen=True, slots=True)
class WorldParts:
    """The parts that a world is composed of.

    Attributes:
        market: Its instruments and prices.
        clock: Market time; with `--control` a world gets a `WorldClock` on top of it.
        recovered: Its storage, and the state in it.
        admission: Its own counts of commands and sockets.
        limits: Limits of its stream.
        recording: Gets its inputs and events; None: it is not recorded.
        begin: How its clock begins, with `--control`.
        is_copy: Whether its state is that of another world, whose rules stay.
        faults: Faults that it takes over from another world; None: it begins without any.
    """

    market: Market
    clock: Clock
    recovered: Recovered
    admission: Admission
    limits: StreamLimits
    recording: RecordingStore | None = None
    begin: ClockBegin = FROM_SOURCE
    is_copy: bool = False
    faults: FaultState | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A composed world.

    Attributes:
        id: Its name in the path; `MAIN` for the one at `/`.
        feed: Its durable results.
        table: The routes of its addresses, from the root.
        bus: Its connection to edges.
        time: Moves its clock; None without `--control`.
        recorder: Writes its recording; None: it is not recorded.
    """

    id: str
    settings: Settings
    services: Services
    storage: Storage
    feed: ResultFeed
    table: RouteTable
    bus: Bus
    time: WorldTime | None = None
    recorder: Recorder | None = None

    def step(self) -> None:
        """Run one tick."""
        if self.time is not None:
            self.time.tick()
            return
        tick = self.services.engine.step()
        self.services.publisher.submit(tick.result, tick.market)

    async def close(self) -> None:
        """Close its sockets with 1001, and release everything that it holds."""
        hub = self.services.hub
        if self.time is not None:
            await self.time.close()
        hub.close_all(CloseCode.GOING_AWAY, "the world was deleted")
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await hub.wait_closed()
        await self.storage.close()
        self.feed.close()

    def needs_ticks(self) -> bool:
        """Whether ticks have an effect."""
        return self.services.engine.needs_ticks() if self.time is None else self.time.needs_ticks()


def make_world(world_id: str, settings: Settings, parts: WorldParts, ticker: Ticker, worlds: Worlds) -> World:
    """Compose a world and open its default account. With a data directory, call it on the event loop.

    Args:
        world_id: Its name in the path.
        settings: Settings of the world.
        parts: Market, clock, storage and limits.
        ticker: The ticker of the process, which steps every world.
        worlds: The worlds of the process; reached by handlers only with `--control`.
    """
    market, recovered, clock = parts.market, parts.recovered, parts.clock
    if isinstance(clock, SystemClock):
        clock.advance_to(recovered.state.last_ms)
    world_clock = as_world_clock(clock, settings.speed, parts.begin) if settings.control else None
    clock = world_clock or clock
    input_clock = InputClock(clock) if parts.recording else None
    clock = input_clock or clock
    market.adopt(recovered.state.scenarios)
    link = make_link(settings, recovered, clock) if world_id == MAIN else BusLink()
    stores = open_stores(recovered, market.instruments, link.follower)
    linter = Linter(market.instruments.values()) if settings.lint else None
    faults = make_faults(settings, clock, parts.faults)
    hub = make_hub(recovered, clock, parts.limits, stores.archive, linter, faults)
    feed = ResultFeed()
    publisher = Publisher(stores.journal, hub, feed)
    engine_settings = make_engine_settings(settings, faults)
    recorder = make_recorder(settings, parts, input_clock, publisher, faults) if input_clock else None
    if recorder is not None:
        feed.follow_all(recorder.stored)
    engine = make_engine(recorder, parts, clock, link.interest(hub, feed), engine_settings, publisher)
    storage = Storage(recovered, stores, engine, publisher, settings)
    about = make_info(settings, world_clock or clock, ticker, linter, link.health)
    metrics = ServerMetrics(lambda: [*readings(services), *bus.metrics()]) if world_id == MAIN else None
    time, control = None, None
    if world_clock is not None and faults is not None:
        time = WorldTime(world_clock, engine, publisher, ticker.wake)
        sockets = ConnectionFaults(faults, hub.keepalive)
        moves, changes = recorded_controls(engine, time, faults)
        control = Control(moves, worlds, faults, sockets, Activity(clock, faults), changes, recorder)
    services = Services(engine, hub, publisher, *stores, about, ticker.wake, STATIC, parts.admission, metrics, control)
    bus = link.bus(services, stores, time)
    if not parts.is_copy:
        adopt_profile(settings, engine, publisher)
    if input_clock is not None:
        input_clock.release()
    more = alpaca_routes(services, feed) if ALPACA in settings.modules else []
    table = make_table(services, settings, more)
    return World(world_id, settings, services, storage, feed, table, bus, time, recorder)


def make_faults(settings: Settings, clock: Clock, state: FaultState | None) -> FaultTable | None:
    """Return the faults of a world, None without `--control`."""
    if not settings.control:
        return None
    faults = FaultTable(settings.seed, clock)
    if state is not None:
        faults.adopt(state)
    return faults


def as_world_clock(clock: Clock, speed: float, begin: ClockBegin) -> WorldClock:
    """Return a clock that callers may move, on top of a clock that is none."""
    return clock if isinstance(clock, WorldClock) else WorldClock(clock, speed, begin.is_paused, begin.start_ms)


def make_link(settings: Settings, recovered: Recovered, clock: Clock) -> BusLink:
    """Return the link of the main world to the bus: to NATS for a core, else to nothing."""
    if settings.role != "core":
        return BusLink()
    from server.bus.composition import CoreLink

    return CoreLink(settings, recovered, clock)


def make_engine_settings(settings: Settings, faults: FaultTable | None) -> EngineSettings:
    """Return the settings of the engine of a world."""
    is_exact = settings.control or settings.record
    return EngineSettings(settings.seed, profile=make_profile(settings), faults=faults, is_exact=is_exact)


def make_engine(
    recorder: Recorder | None,
    parts: WorldParts,
    clock: Clock,
    interest: Interest,
    settings: EngineSettings,
    publisher: Publisher,
) -> Engine:
    """Return the engine of a world, whose inputs are recorded if there is a recorder."""
    broker = parts.recovered.state.broker
    if recorder is None:
        return Engine(parts.market, clock, interest, settings, broker, publisher)
    return RecordedEngine(recorder, parts.market, interest, settings, broker, publisher)


def make_recorder(
    settings: Settings, parts: WorldParts, clock: InputClock, publisher: Publisher, faults: FaultTable | None
) -> Recorder:
    """Return the recorder of a world whose recording begins now, and write its header."""
    assert parts.recording is not None
    start = WorldStart(clock.now_ms(), parts.recovered.state, parts.is_copy, parts.faults)
    header = header_of(settings, parts.market.instruments, start)
    return Recorder(header, parts.recording, clock, publisher, faults)


def make_info(
    settings: Settings, clock: Clock, ticker: Ticker, linter: Linter | None, bus: Callable[[], BusHealth | None]
) -> ServerInfo:
    """Return the facts of the server; its uptime starts now."""
    began = clock.monotonic()
    return ServerInfo(
        VERSION,
        settings.native_modules,
        speed=lambda: clock.current_speed if isinstance(clock, WorldClock) else settings.speed,
        uptime=lambda: clock.monotonic() - began,
        ticker=ticker.health,
        lint=lambda: None if linter is None else linter.health(),
        bus=bus,
    )


def make_profile(settings: Settings) -> Profile:
    """Return the profile of the default account."""
    delay = settings.execution_delay
    return Profile(
        fill_model=settings.fill_model,
        execution_delay=delay if isinstance(delay, float) else None,
        is_manual=delay == "manual",
    )


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


def make_hub(
    recovered: Recovered,
    clock: Clock,
    limits: StreamLimits,
    archive: UpdateArchive,
    linter: Linter | None,
    faults: FaultTable | None,
) -> Hub:
    """Return a hub whose sequence numbers and epochs continue the recovered ones."""
    hub = Hub(Epochs(recovered.epoch), clock, limits, archive, linter, faults)
    for channel, seq in recovered.state.numbers.items():
        status = recovered.statuses.get(channel)
        hub.restore(channel, seq, () if status is None else (status,))
    for account in recovered.state.broker.accounts.values():
        if account.generation:
            hub.set_generation(account.id, account.generation)
    return hub


def make_table(services: Services, settings: Settings, more: Sequence[Route]) -> RouteTable:
    """Return the routes of REST, the documents, metrics, WebSockets, the page, and `more` of them."""
    of_services = {"services": services}
    routes = [
        Route(address.full_path, address.handler, of_services | address.arguments)
        for address in addresses(settings.native_modules, settings.debug, has_control=settings.control)
    ]
    documents = spec_routes(settings.native_modules)
    if ALPACA in settings.modules:
        documents.append(alpaca_route())
    routes += [route._replace(options=of_services | route.options) for route in documents]
    routes.append(Route("/metrics", MetricsHandler, of_services))
    modules = settings.native_modules
    offered = (*modules, CONTROL) if settings.control else modules
    sockets = {f"{BASE}/ws": offered} | {f"{BASE}/{one}/ws": (one,) for one in modules}
    routes += [Route(path, StreamHandler, of_services | {"modules": modules}) for path, modules in sockets.items()]
    routes += more
    return RouteTable(
        [*routes, *page_routes(services.static)], page_route(services.static, offered, not settings.debug)
    )
