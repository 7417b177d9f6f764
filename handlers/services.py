"""What handlers are given through `initialize`: the engine, the stream, and what the server says of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.core import Engine
from engine.journal import Journal
from engine.models.system import TickHealth
from handlers.admission import Gate
from handlers.archive import Archive
from handlers.counters import Metrics
from handlers.hub import Hub
from handlers.publisher import Publisher


@dataclass(frozen=True, slots=True)
class About:
    """Facts for the system handlers.

    Attributes:
        modules: The modules that are switched on.
        speed: Market seconds in one second.
        uptime: Seconds since the start.
        ticker: State of the ticker.
    """

    version: str
    modules: tuple[str, ...]
    speed: float
    uptime: Callable[[], float]
    ticker: Callable[[], TickHealth]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a handler may use.

    Attributes:
        wake: To be called after anything that may need ticks; starts or stops the ticker.
        static: The folder of the page.
        gate: What every request passes first.
        metrics: Writes what the server counted.
    """

    engine: Engine
    hub: Hub
    publisher: Publisher
    journal: Journal
    archive: Archive
    about: About
    wake: Callable[[], None]
    static: Path
    gate: Gate = field(default_factory=Gate)
    metrics: Metrics | None = None
