"""The application: finds the handler of a request, and refuses invalid requests before their body is read.

The HTTP server passes each request to a `RequestDelegate`: `Site.decide` decides about its head before the body
arrives, then Tornado runs the handler. Read `base.py` next: the handlers.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Self
from urllib.parse import unquote_to_bytes

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerRequest,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.web import Application, RequestHandler

from engine.errors import Missing
from handlers.access_log import Metrics, note_answer
from handlers.admission import MAX_BODY_BYTES, SAFE_METHODS, Admission
from handlers.answers import Answer, error_answer, request_id_of, write_answer
from handlers.errors import ApiError
from handlers.http.parser import RequestHeaders, body_too_large
from handlers.observation import Observation, log_answer, observation_of

OUTSIDE_PAGE = frozenset(("api", "alpaca", "charts_storage"))
"""First parts of the paths that never name a file of the page."""

WORLD = "/w/"
"""Begin of the addresses of a world: `/w/{id}` and then a path of the server."""

MAX_PART = 64
"""Maximum length of an id in a path, in characters before decoding."""


class Route(NamedTuple):
    """A path and its handler.

    Attributes:
        path: The whole path; each `{name}` matches one part, which is an argument of the handler's methods.
        options: Arguments of the handler's `initialize`.
    """

    path: str
    handler: type[RequestHandler]
    options: dict[str, Any]


class Match(NamedTuple):
    """The route of a path.

    Attributes:
        methods: Its HTTP methods.
        arguments: The values of its `{names}`, percent-decoded to bytes.
        observation: Lets its requests meet faults, and lists them; None without `--control`.
    """

    route: Route
    methods: tuple[str, ...]
    arguments: list[bytes]
    observation: Observation | None


class RouteTable:
    """The routes of the server: literal paths in a dictionary, paths with `{names}` by their number of parts.

    Args:
        routes: Every route but the page's.
        page: Serves the other paths, except those in `OUTSIDE_PAGE`; the handler's argument is the path after its
            first slash. None: no page.
        absent: Returns the error for a path without a route.
    """

    def __init__(
        self, routes: Iterable[Route], page: Route | None, absent: Callable[[str], ApiError] | None = None
    ) -> None:
        self._literal: dict[str, Match] = {}
        self._templates: dict[int, list[tuple[list[str], Match]]] = {}
        self._page = None if page is None else _match(page)
        self._absent = absent or _not_found
        for route in routes:
            if "{" in route.path:
                parts = route.path.split("/")
                self._templates.setdefault(len(parts), []).append((parts, _match(route)))
            else:
                self._literal[route.path] = _match(route)

    @property
    def routes(self) -> list[Route]:
        """Every route but the page's."""
        return [one.route for one in self._literal.values()] + [
            one.route for rows in self._templates.values() for _, one in rows
        ]

    def find(self, path: str) -> Match:
        """Return the route of a path; literal paths take precedence. Raises: ApiError: that of `absent`."""
        if match := self._literal.get(path):
            return match
        asked = path.split("/")
        for parts, match in self._templates.get(len(asked), ()):
            arguments = _arguments(parts, asked)
            if arguments is not None:
                return match._replace(arguments=arguments)
        if self._page is None or not path.startswith("/") or asked[1] in OUTSIDE_PAGE:
            raise self._absent(path)
        return self._page._replace(arguments=[unquote_to_bytes(path[1:].encode("latin-1"))])


def _match(route: Route) -> Match:
    return Match(route, allowed_methods(route.handler), [], observation_of(route.handler, route.options))


def _not_found(path: str) -> ApiError:
    return ApiError(404, f"there is nothing at {path}")


def _arguments(parts: list[str], asked: list[str]) -> list[bytes] | None:
    """Return the values of a route's `{names}`, None when the path does not match."""
    arguments = []
    for part, given in zip(parts, asked, strict=True):
        if part.startswith("{"):
            if not 1 <= len(given) <= MAX_PART:
                return None
            arguments.append(unquote_to_bytes(given.encode("latin-1")))
        elif part != given:
            return None
    return arguments


class Request(HTTPServerRequest):
    """A request whose head can be reused for the next request with the same bytes."""

    def again(self, connection: HTTPConnection) -> Self:
        """Return a new request with the same head."""
        request = type(self).__new__(type(self))
        request.__dict__.update(self.__dict__)
        request.connection = connection
        request.remote_ip = getattr(connection, "context").remote_ip  # noqa: B009 - of every server, but not declared
        request._start_time = time.time()
        return request


class Decision(NamedTuple):
    """What the head of a request decides.

    Attributes:
        table: The routes that it was decided with.
        match: The route; None for an unknown path or a wrong Host.
        answer: The answer without a handler: a refusal, or that to a preflight request.
    """

    table: RouteTable
    match: Match | None
    answer: Answer | None


FindWorld = Callable[[str], RouteTable]


class Site(Application):
    """The Tornado application: REST, page, sockets, and the answers of the starting phase.

    Args:
        admission: Checks the head of every request.
        table: The routes.
        metrics: Counts the answers.
        find_world: Returns the routes of a world by its id, and notes that it is used. Raises: Missing. None: the
            addresses of worlds are not served.
    """

    def __init__(
        self,
        admission: Admission,
        table: RouteTable,
        metrics: Metrics | None = None,
        find_world: FindWorld | None = None,
    ) -> None:
        super().__init__(admission=admission)
        self.admission = admission
        self.table = table
        self.metrics = metrics
        self.find_world = find_world

    def serve(self, ready: "Site") -> None:
        """Take over routes, metrics and worlds of another application, at the end of the starting phase."""
        self.table, self.metrics, self.find_world = ready.table, ready.metrics, ready.find_world

    def located(self, line: RequestStartLine) -> tuple[RouteTable, RequestStartLine]:
        """Return the routes of the world that a path names, and the request line with the path inside the world."""
        if self.find_world is None or not line.path.startswith(WORLD):
            return self.table, line
        world_id, slash, path = line.path[len(WORLD) :].partition("/")
        try:
            return self.find_world(world_id), line._replace(path=slash + path)
        except Missing as missing:
            error = ApiError(404, missing.message)
            return RouteTable((), None, lambda _: error), line

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:  # noqa: ARG002 - the name is Tornado's
        """Return the delegate that receives a request."""
        return RequestDelegate(self, request_conn)

    def decide(self, request: HTTPServerRequest, table: RouteTable) -> Decision:
        """Decide about the head of a request with the routes of its world; called before the body is read."""
        match = None
        try:
            self.admission.check_host(request.headers)
            match = table.find(request.path)
            if request.method == "OPTIONS" and (headers := self.admission.preflight_headers(request.headers)):
                return Decision(table, match, Answer(204, headers, b""))
            self._check_head(match, request)
        except ApiError as error:
            answer = error_answer(error, self.admission.cors_headers(request.headers), request.path)
            return Decision(table, match, answer)
        return Decision(table, match, None)

    def log_request(self, handler: RequestHandler) -> None:
        """Count and log an answer."""
        request, name = handler.request, type(handler).__name__
        request_id = getattr(handler, "request_id", "-")
        note_answer(self.metrics, name, request, handler.get_status(), request.request_time(), request_id)
        services = getattr(handler, "services", None)
        if services is not None and services.control is not None:
            log_answer(handler, services)

    def _check_head(self, match: Match, request: HTTPServerRequest) -> None:
        """Refuse a wrong method, a page of another site, and a body that is too large or not JSON. Raises: ApiError."""
        if request.method not in match.methods:
            allowed = ", ".join(match.methods)
            raise ApiError(405, f"this address answers {allowed}", {"Allow": allowed})
        if request.method not in SAFE_METHODS:
            self.admission.check_origin(request.headers)
        takes_forms = getattr(match.route.handler, "takes_forms", False)
        self.admission.check_body(request.headers, largest_body(match), takes_forms)


def allowed_methods(handler: type[RequestHandler]) -> tuple[str, ...]:
    """Return the methods that a handler class implements."""
    names = RequestHandler.SUPPORTED_METHODS
    return tuple(name for name in names if getattr(handler, name.lower()) is not getattr(RequestHandler, name.lower()))


def largest_body(match: Match) -> int:
    """Return the largest body of a route's requests, in bytes."""
    most: int = getattr(match.route.handler, "max_body_bytes", MAX_BODY_BYTES)
    return most


class RequestDelegate(HTTPMessageDelegate):
    """Receives one request from the HTTP server, and runs its handler or answers it.

    Clients repeat their heads, so the request and the decision of a head are kept with its headers.

    Args:
        site: The application.
        connection: Where the answer is written.
    """

    __slots__ = ("_connection", "_decision", "_parts", "_received", "_request", "_site")
    _decision: Decision
    _request: Request

    def __init__(self, site: Site, connection: HTTPConnection) -> None:
        self._site = site
        self._connection: HTTPConnection | None = connection
        self._parts: list[bytes] = []
        self._received = 0

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        """Decide about the head. If it is refused and has a body, answer at once: no answer depends on that body."""
        connection, site = self._connection, self._site
        assert isinstance(start_line, RequestStartLine)
        assert connection is not None
        known, (table, start_line) = getattr(headers, "known", None), site.located(start_line)
        if known is not None and known[1].table is table:
            self._request, self._decision = known[0].again(connection), known[1]
        else:
            self._request = Request(connection=connection, start_line=start_line, headers=headers)
            self._decision = site.decide(self._request, table)
            if isinstance(headers, RequestHeaders):
                known_request = self._request.again(connection)
                known_request.connection = None
                headers.known = (known_request, self._decision)
        if self._decision.answer and ("Content-Length" in headers or "Transfer-Encoding" in headers):
            self._answer(self._decision.answer)

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, unless the request is refused. A body without a declared length may be too large."""
        decision = self._decision
        if decision.answer is not None or decision.match is None:
            return
        self._parts.append(chunk)
        self._received += len(chunk)
        if self._received > (most := largest_body(decision.match)):
            self._parts.clear()
            answer = error_answer(
                body_too_large(most), self._site.admission.cors_headers(self._request.headers), self._request.path
            )
            self._decision = decision._replace(answer=answer)
            self._answer(answer)

    def finish(self) -> None:
        """Run the handler, or answer a refused request without a body.

        That answer does not come earlier, because Tornado's server would close the connection.
        """
        if self._decision.answer is not None:
            self._answer(self._decision.answer)
            return
        match, request = self._decision.match, self._request
        assert match is not None
        request.body = b"".join(self._parts)
        if match.observation is None:
            self._run(match)
        else:
            match.observation.begin(request, lambda: self._run(match))

    def _run(self, match: Match) -> None:
        handler = match.route.handler(self._site, self._request, **match.route.options)
        # What the handler waits for holds its task; Tornado's delegates keep no reference either.
        asyncio.get_running_loop().create_task(handler._execute([], *match.arguments))

    def on_connection_close(self) -> None:
        """Drop the request: its client is gone before its end."""
        self._connection = None

    def _answer(self, answer: Answer) -> None:
        connection, self._connection = self._connection, None
        request, match = self._request, self._decision.match
        if connection is None:
            return
        request_id = request_id_of(request.headers)
        write_answer(connection, request.method or "", request_id, answer)
        name = match.route.handler.__name__ if match else "UnknownAddress"
        note_answer(self._site.metrics, name, request, answer.status, request.request_time(), request_id)
