"""The door: which application answers. Until the state is back, a small one that says so."""

from datetime import UTC, datetime

from tornado.httputil import HTTPConnection, HTTPMessageDelegate, HTTPServerConnectionDelegate
from tornado.web import Application, RequestHandler

from engine.errors import Unavailable
from handlers.problems import MEDIA_TYPE, problem
from handlers.system import API_VERSION
from server.routes import BASE
from server.settings import Settings

RETRY_S = 1


class Door(HTTPServerConnectionDelegate):
    """Hands each request to the application of the moment.

    Args:
        app: The first one.
    """

    def __init__(self, app: Application) -> None:
        self.app = app

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Take a request."""
        return self.app.start_request(server_conn, request_conn)

    def on_close(self, server_conn: object) -> None:
        """Take note of the end of a connection."""
        self.app.on_close(server_conn)


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


def starting_app(settings: Settings) -> Application:
    """Return the application that answers while the state is brought back."""
    rules = [(f"{BASE}/health", StartingHealthHandler, {"module": "server"})]
    rules += [(f"{BASE}/{name}/health", StartingHealthHandler, {"module": name}) for name in settings.modules]
    return Application(rules, default_handler_class=StartingHandler, log_function=quiet)


def quiet(_handler: RequestHandler) -> None:
    """Log nothing: being asked too early is nobody's fault."""
