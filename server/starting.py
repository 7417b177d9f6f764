"""The door: which site answers. Until the state is back, a small one that says so."""

from datetime import UTC, datetime

from tornado.web import Application, RequestHandler

from engine.errors import Unavailable
from handlers.errors import MEDIA_TYPE, problem
from handlers.http.connection import Http1Connection, Site
from handlers.http.exchange import Exchange
from handlers.http.request import Request
from handlers.rest.system import API_VERSION
from handlers.routing import AppSite
from server.routes import BASE
from server.settings import Settings

RETRY_S = 1


class Door:
    """Hands each request to the site of the moment.

    Args:
        site: The first one.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    def open(self, connection: Http1Connection, request: Request) -> Exchange:
        """Return who answers a request."""
        return self.site.open(connection, request)


class StartingHandler(RequestHandler):
    """Everything but health, before the state is back."""

    def prepare(self) -> None:
        """Answer 503, whatever was asked."""
        self.set_status(503)
        self.set_header("Retry-After", str(RETRY_S))
        self.set_header("Content-Type", MEDIA_TYPE)
        self.finish(problem(503, Unavailable("the server is starting")))


class StartingHealthHandler(RequestHandler):
    """Health before the state is back."""

    def initialize(self, module: str) -> None:
        """Take the name that the answer carries."""
        self._module = module

    def get(self) -> None:
        """Say that the server is starting."""
        self.set_status(503)
        self.set_header("Retry-After", str(RETRY_S))
        self.set_header("Cache-Control", "no-store")
        self.finish(
            {
                "status": "starting",
                "message": "the state is being brought back",
                "timestamp": datetime.now(UTC).isoformat(),
                "module_name": self._module,
                "api_version": API_VERSION,
            }
        )


def starting_site(settings: Settings) -> AppSite:
    """Return what answers while the state is brought back."""
    rules = [(f"{BASE}/health", StartingHealthHandler, {"module": "server"})]
    rules += [(f"{BASE}/{name}/health", StartingHealthHandler, {"module": name}) for name in settings.modules]
    return AppSite(Application(rules, default_handler_class=StartingHandler, log_function=quiet))


def quiet(_handler: RequestHandler) -> None:
    """Log nothing: being asked too early is nobody's fault."""
