"""The services that handlers get through `initialize`: engine, hub, publisher, and facts of the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.core import Engine
from engine.journal import Journal
from engine.models.system import BusHealth, LintHealth, TickHealth
from handlers.access_log import Metrics
from handlers.admission import Admission
from handlers.control.control import Control
from handlers.publisher import Publisher
from handlers.rest.archive import Archive
from handlers.stream.hub import Hub


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Facts for the system handlers.

    Attributes:
        modules: The modules that are switched on.
        speed: Market seconds in one second; 0 while the clock stands still.
        uptime: Seconds since the start.
        ticker: State of the ticker.
        lint: Counts of the linter, None without `--lint`.
        bus: State of the connection to the bus, None without `--bus`.
    """

    version: str
    modules: tuple[str, ...]
    speed: Callable[[], float]
    uptime: Callable[[], float]
    ticker: Callable[[], TickHealth]
    lint: Callable[[], LintHealth | None]
    bus: Callable[[], BusHealth | None]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a handler may use.

    Attributes:
        wake: Starts or stops the ticker; called after anything that may need ticks.
        static: The folder of the page.
        admission: The checks that every request passes.
        metrics: Counters of the server.
        control: Control of the simulation; None without `--control`.
    """

    engine: Engine
    hub: Hub
    publisher: Publisher
    journal: Journal
    archive: Archive
    server_info: ServerInfo
    wake: Callable[[], None]
    static: Path
    admission: Admission = field(default_factory=Admission)
    metrics: Metrics | None = None
    control: Control | None = None
