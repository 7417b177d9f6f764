"""Health, versions and metrics of the server, and health and versions of each module."""

from datetime import UTC, datetime
from typing import Any

from handlers.base import ApiHandler
from handlers.errors import ApiError
from handlers.services import Services

API_VERSION = "v1"
VERSION: dict[str, Any] = {
    "version": API_VERSION,
    "release_date": "2026-11-20",
    "status": "stable",
    "breaking_changes": [],
    "deprecation_notice": None,
    "sunset_date": None,
}
SUPPORT_CONTACT = "The operator of this server."


class HealthHandler(ApiHandler):
    """`/health`: 503 when a ledger check failed, events cannot be stored, or the server is stopping."""

    needs = "nothing"

    def initialize(self, services: Services, module: str | None = None) -> None:
        """Store the services and the module; None is the whole server."""
        super().initialize(services)
        self._module = module

    def get(self) -> None:
        """Show the state of the module or the server."""
        body = self._module_health()
        if self._module is None:
            body |= self._server_health()
        if body["status"] != "ok":
            self.set_status(503)
        self.reply(body)

    def troubles(self) -> list[str]:
        """Return what is wrong, in words."""
        troubles = []
        if self.engine.broker.ledger.violations:
            troubles.append("the ledger proof failed")
        if not self.services.journal.is_writable:
            troubles.append("events cannot be stored")
        if self.services.admission.is_closing:
            troubles.append("the server is shutting down")
        return troubles

    def _module_health(self) -> dict[str, Any]:
        troubles = self.troubles()
        return {
            "status": "degraded" if troubles else "ok",
            "message": "; ".join(troubles) or "Trading Pro is running",
            "timestamp": datetime.now(UTC).isoformat(),
            "module_name": self._module or "server",
            "api_version": API_VERSION,
        }

    def _server_health(self) -> dict[str, Any]:
        about, ledger, journal = self.services.server_info, self.engine.broker.ledger, self.services.journal
        lint, bus = about.lint(), about.bus()
        return {
            "uptime": round(about.uptime(), 3),
            "version": about.version,
            "modules": list(about.modules),
            "clock": {"now": self.engine.now_ms(), "speed": about.speed()},
            "feed": self.engine.market.health(self.engine.now_ms()),
            "ledger": {"checks": ledger.checks, "violations": ledger.violations, "last": ledger.last},
            "storage": {"kind": journal.kind, "events": journal.count, "writable": journal.is_writable},
            "ticker": about.ticker().model_dump(),
            "lint": None if lint is None else lint.model_dump(),
            "bus": None if bus is None else bus.model_dump(),
        }


class VersionsHandler(ApiHandler):
    """`/versions`."""

    needs = "nothing"

    def initialize(self, services: Services, documentation_url: str = "") -> None:
        """Store the services, and the address of the page that describes this part of the contract."""
        super().initialize(services)
        self._documentation_url = documentation_url

    def get(self) -> None:
        """List the versions of the contract."""
        self.reply(
            {
                "current_version": API_VERSION,
                "available_versions": {API_VERSION: VERSION},
                "documentation_url": self._documentation_url,
                "support_contact": SUPPORT_CONTACT,
            }
        )


class VersionHandler(ApiHandler):
    """`/version`."""

    needs = "nothing"

    def get(self) -> None:
        """Show the version of the contract at this address."""
        self.reply(VERSION)


class MetricsHandler(ApiHandler):
    """`/metrics`; with authentication for the admin scope only."""

    needs = "admin"

    def get(self) -> None:
        """Show the counters in the format of Prometheus."""
        metrics = self.services.metrics
        if metrics is None:
            raise ApiError(404, "nothing is counted here")
        self.set_header("Content-Type", metrics.content_type)
        self.finish(metrics.render())
