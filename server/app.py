"""Composition: the main world, the ticker and the HTTP server become one Tornado application.

Called by `main.py`; `world.py` composes a world. The application during the recovery is in `starting.py`.
"""

from dataclasses import dataclass

from tornado.httputil import HTTPServerConnectionDelegate

from engine.clock import Clock
from engine.market.market import Market
from engine.models.control.worlds import MAX_STATE
from handlers.admission import Admission
from handlers.http.limits import HttpLimits
from handlers.http.listener import Listener
from handlers.http.tornado_server import HttpServer, TornadoServer
from handlers.rest.charts_storage import MAX_LAYOUT_BYTES
from handlers.routing import Site
from handlers.services import Services
from handlers.stream.limits import StreamLimits
from server.market_setup import make_market_and_clock
from server.recording.recorder import FileStore, MemoryStore, RecordingStore, next_file
from server.security.admission import make_admission
from server.settings import Settings, stream_limits
from server.storage.recovery import Recovered, open_storage
from server.storage.service import Storage
from server.ticker import Ticker
from server.world import World, WorldParts
from server.worlds import WorldRegistry

CONTROL_BODY_BYTES = MAX_STATE + 4096
"""Largest body with `--control`: a snapshot of a world. Each address has its own limit, see `handlers/routing.py`."""


@dataclass(frozen=True, slots=True)
class Server:
    """A composed server.

    Attributes:
        site: Its application.
        world: The main world, at `/`.
        worlds: Every world of the process.
    """

    site: Site
    world: World
    worlds: WorldRegistry

    @property
    def ticker(self) -> Ticker:
        """The ticker of the process."""
        return self.worlds.ticker

    @property
    def services(self) -> Services:
        """The services of the main world."""
        return self.world.services

    @property
    def storage(self) -> Storage:
        """The storage of the main world."""
        return self.world.storage

    def step(self) -> None:
        """Run one tick of the main world."""
        self.world.step()


def load(settings: Settings, market: Market) -> Recovered:
    """Open the storage and recover the state; blocks, and may run in a thread. Raises: StorageError."""
    return open_storage(None if settings.ephemeral else settings.data_dir, market.instruments, settings.seed)


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
    admission = admission or make_admission(settings, clock)
    store = make_store(settings)
    return compose(
        settings, WorldParts(market, clock, recovered, admission, limits or stream_limits(settings), recording=store)
    )


def compose(settings: Settings, parts: WorldParts) -> Server:
    """Compose a server whose main world has these parts. With a data directory, call it on the event loop."""
    worlds = WorldRegistry(settings, parts)
    world = worlds.open_main()
    find_world = worlds.used if settings.control else None
    return Server(Site(parts.admission, world.table, world.services.metrics, find_world), world, worlds)


def make_store(settings: Settings) -> RecordingStore | None:
    """Return the store of the main world's recording: a new file of the data directory; None without `--record`."""
    if not settings.record:
        return None
    if settings.ephemeral:
        return MemoryStore()
    return FileStore(next_file(settings.data_dir))


def make_http_server(settings: Settings, site: HTTPServerConnectionDelegate) -> HttpServer:
    """Return the HTTP server of `--http`: our own on llhttp, or Tornado's."""
    limits = HttpLimits(body_bytes=CONTROL_BODY_BYTES if settings.control else MAX_LAYOUT_BYTES)
    return TornadoServer(site, limits) if settings.http == "tornado" else Listener(site, limits)
