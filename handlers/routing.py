"""Who answers which request: the table of the REST addresses, and Tornado's application for everything else.

Called by the connection with each request that has come in.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application

from handlers.admission import MAX_BODY_BYTES
from handlers.base import ApiHandler, UnknownAddressHandler, written
from handlers.errors import MEDIA_TYPE, ApiError, problem
from handlers.http.connection import Http1Connection, Site
from handlers.http.exchange import Exchange
from handlers.http.request import Request
from handlers.http.status import STATUS_LINES
from handlers.services import Services

MAX_PART = 64
"""Characters of an id in a path, as they are encoded there."""


class Route(NamedTuple):
    """An address: its path with `{names}`, who answers, and what `initialize` gets besides the services."""

    path: str
    handler: type[ApiHandler]
    options: dict[str, Any]


class ApiSite:
    """The REST addresses; what is not below them goes elsewhere.

    Args:
        services: For the handlers.
        routes: The addresses.
        others: Answers what is not below `/api`, and the paths in `own`.
        own: Paths below `/api` that `others` answers.
    """

    def __init__(self, services: Services, routes: Iterable[Route], others: Site, own: Iterable[str]) -> None:
        self._options = {"services": services}
        self._others = others
        self._own = frozenset(own)
        self._literal: dict[str, tuple[type[ApiHandler], dict[str, Any]]] = {}
        self._templates: dict[int, list[tuple[list[str], type[ApiHandler], dict[str, Any]]]] = {}
        for path, handler, options in routes:
            known = self._options | options
            if "{" in path:
                parts = path.split("/")
                self._templates.setdefault(len(parts), []).append((parts, handler, known))
            else:
                self._literal[path] = handler, known

    def open(self, connection: Http1Connection, request: Request) -> Exchange:
        """Return who answers a request; a literal path goes before one with names."""
        path = request.path
        if found := self._literal.get(path):
            return found[0](connection, request, (), found[1])
        asked = path.split("/")
        for parts, handler, options in self._templates.get(len(asked), ()):
            named = _matched(parts, asked)
            if named is not None:
                return handler(connection, request, named, options)
        if path in self._own or not (path == "/api" or path.startswith("/api/")):
            return self._others.open(connection, request)
        return UnknownAddressHandler(connection, request, (), self._options)


def _matched(parts: list[str], asked: list[str]) -> list[str] | None:
    """Return what stands for the names of a path, None when the path is another."""
    named = []
    for part, given in zip(parts, asked, strict=True):
        if part.startswith("{"):
            if not 1 <= len(given) <= MAX_PART:
                return None
            named.append(given)
        elif part != given:
            return None
    return named


class AppSite:
    """What Tornado's application answers: the page, and the handshake of the sockets."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def open(self, connection: Http1Connection, request: Request) -> Exchange:
        """Return who answers a request."""
        return AppExchange(connection, request, self._app)


class Context(NamedTuple):
    """What Tornado asks a connection about the client."""

    remote_ip: str
    protocol: str = "http"


class AppExchange(HTTPConnection):
    """One request for a Tornado application, and its answer: Tornado's own interfaces on our connection."""

    def __init__(self, connection: Http1Connection, request: Request, app: Application) -> None:
        self.context = Context(request.remote_ip)
        self._connection = connection
        self._request = request
        self._app = app
        self._delegate: HTTPMessageDelegate | None = None
        self._on_close: Callable[[], None] | None = None
        self._received = 0
        self._left: int | None = None  # bytes of the answer's body that are to come

    # What the connection calls

    def begin(self) -> None:
        """Let the application have the head."""
        request, headers = self._request, HTTPHeaders()
        try:
            for name, value in request.headers.items():
                headers.add(name, value)
            delegate = self._app.start_request(None, self)
            line = RequestStartLine(request.method, request.target, f"HTTP/{request.version}")
            delegate.headers_received(line, headers)
        except HTTPInputError as error:
            refusal = ApiError(400, str(error))
            self._connection.answer(400, written({"Content-Type": MEDIA_TYPE}), problem(400, refusal))
        else:
            self._delegate = delegate

    def received(self, chunk: bytes) -> None:
        """Let the application have a piece of the body; nothing here takes a long one."""
        self._received += len(chunk)
        if self._delegate is not None and self._received <= MAX_BODY_BYTES:
            self._delegate.data_received(chunk)

    def complete(self) -> None:
        """Let the application answer."""
        if self._delegate is not None:
            self._delegate.finish()

    def cut(self) -> None:
        """Tell the application that the client is gone."""
        if self._on_close is not None:
            self._on_close()
        if self._delegate is not None:
            self._delegate.on_connection_close()
            self._delegate = None

    # What the application calls

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Call something when the client goes before it is answered."""
        self._on_close = callback

    def write_headers(
        self, start_line: Any, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> "asyncio.Future[None]":
        """Write the head of the answer, and the first piece of its body."""
        assert isinstance(start_line, ResponseStartLine)
        connection, status = self._connection, start_line.code
        connection.is_upgraded = status == 101
        if status >= 200 and status not in (204, 304):
            if "Content-Length" not in headers:
                connection.end_with_answer()
            elif self._request.method != "HEAD":
                self._left = int(headers["Content-Length"]) - len(chunk or b"")
        pairs = (one for one in headers.get_all() if one[0] not in ("Date", "Server"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in pairs).encode("latin-1")
        common = b"" if connection.is_upgraded else connection.common_fields()
        return connection.write(STATUS_LINES[status] + lines + common + b"\r\n" + (chunk or b""))

    def write(self, chunk: bytes) -> "asyncio.Future[None]":
        """Write a piece of the body."""
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0:
                self._connection.lose()
        return self._connection.write(chunk)

    def finish(self) -> None:
        """Take note that the answer is complete; one that is not as long as it said ends the connection."""
        if self._left:
            self._connection.lose()
        self._connection.answered()

    def detach(self) -> Http1Connection:
        """Return the connection, whose socket may be released.

        Neither it nor the application's delegate is kept, so that nothing of the request lives as long as the socket.
        """
        connection = self._connection
        del self._connection
        self._delegate = None
        return connection
