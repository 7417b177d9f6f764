"""The application while the state is recovered: every address answers 503, health with the status "starting".

`main.py` serves it first, and the addresses of `app.py` after the recovery.
"""

from datetime import UTC, datetime

from handlers.admission import Admission
from handlers.base import BaseHandler
from handlers.errors import ApiError
from handlers.rest.system import API_VERSION
from handlers.routing import Route, RouteTable, Site
from server.operations import BASE
from server.settings import Settings

RETRY_S = "1"


class StartingHealthHandler(BaseHandler):
    """Health while the state is recovered."""

    def initialize(self, module: str) -> None:
        """Set the `module_name` of the answer."""
        self._module = module

    def get(self) -> None:
        """Answer 503 with the status "starting"."""
        self.set_status(503)
        self.set_header("Retry-After", RETRY_S)
        self.finish(
            {
                "status": "starting",
                "message": "the state is being recovered",
                "timestamp": datetime.now(UTC).isoformat(),
                "module_name": self._module,
                "api_version": API_VERSION,
            }
        )


def starting_site(settings: Settings, admission: Admission) -> Site:
    """Return the application of the starting phase; `Site.serve` replaces its addresses later."""
    health = {f"{BASE}/health": "server"} | {f"{BASE}/{name}/health": name for name in settings.native_modules}
    routes = [Route(path, StartingHealthHandler, {"module": module}) for path, module in health.items()]
    return Site(admission, RouteTable(routes, None, _starting))


def _starting(_path: str) -> ApiError:
    return ApiError(503, "the server is starting", {"Retry-After": RETRY_S})
