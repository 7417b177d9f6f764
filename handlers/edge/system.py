"""Health of an edge: it is degraded when it is far behind the core, or does not hear it."""

from handlers.rest.system import HealthHandler

DEGRADED_MS = 5000
"""Lag from which on an edge is degraded, in milliseconds."""


class EdgeHealthHandler(HealthHandler):
    """`/health` of an edge: 503 when it is too far behind, or the server is stopping."""

    def troubles(self) -> list[str]:
        """Return what is wrong, in words."""
        bus, troubles = self.services.server_info.bus(), []
        if bus is not None and bus.lag_ms > DEGRADED_MS:
            troubles.append("the edge is behind the core, or the core is away")
        if self.services.admission.is_closing:
            troubles.append("the server is shutting down")
        return troubles
