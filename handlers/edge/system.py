"""Health of an edge: the bus, the lag behind the core, and when the core was heard last."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from handlers.base import ApiHandler
from handlers.edge.core import Core
from handlers.rest.system import API_VERSION
from handlers.services import Services


class BusState(NamedTuple):
    """The bus as an edge sees it.

    Attributes:
        url: Address of the NATS server.
        bus_seq: Number of the last message of the stream that was processed.
        lag_messages: Messages that the core has published and the edge has not processed.
        lag_ms: Milliseconds for which the edge has been behind.
        silence_ms: Milliseconds since the core was heard.
        is_degraded: Whether the edge is too far behind, or the core is away.
    """

    url: str
    bus_seq: int
    lag_messages: int
    lag_ms: int
    silence_ms: int
    is_degraded: bool


class EdgeHealthHandler(ApiHandler):
    """`/health` of an edge: 503 when it is far behind the core, or the server is stopping."""

    needs = "nothing"

    def initialize(  # type: ignore[override]
        self, services: Services, core: Core, bus_state: Callable[[], BusState], module: str | None = None
    ) -> None:
        """Store the services, the core, the source of the bus's state, and the module; None is the whole server."""
        super().initialize(services)
        self._core = core
        self._bus_state = bus_state
        self._module = module

    def get(self) -> None:
        """Show the state of the edge."""
        bus = self._bus_state()
        troubles = []
        if bus.is_degraded:
            troubles.append("the edge is behind the core, or the core is away")
        if self.services.admission.is_closing:
            troubles.append("the server is shutting down")
        body: dict[str, Any] = {
            "status": "degraded" if troubles else "ok",
            "message": "; ".join(troubles) or "Trading Pro is running",
            "timestamp": datetime.now(UTC).isoformat(),
            "module_name": self._module or "server",
            "api_version": API_VERSION,
        }
        if self._module is None:
            body |= self._server_health(bus)
        if troubles:
            self.set_status(503)
        self.reply(body)

    def _server_health(self, bus: BusState) -> dict[str, Any]:
        about, engine = self.services.server_info, self.engine
        return {
            "role": "edge",
            "uptime": round(about.uptime(), 3),
            "version": about.version,
            "modules": list(about.modules),
            "clock": {"now": engine.now_ms(), "speed": about.speed},
            "feed": engine.market.health(engine.now_ms()),
            "ticker": about.ticker().model_dump(),
            "bus": {"url": bus.url, "sequence": bus.bus_seq},
            "lag": {"messages": bus.lag_messages, "ms": bus.lag_ms},
            "core": {"address": self._core.address, "silenceMs": bus.silence_ms},
        }
