"""The application: finds the handler of a request, and refuses invalid requests before their body is read.

Tornado calls `Site.find_handler` when the head of a request has arrived, before its body. Read `base.py` next: the
handlers that it finds.
"""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, HTTPServerRequest, RequestStartLine, ResponseStartLine
from tornado.web import Application, RequestHandler

from handlers.access_log import Metrics, note_answer
from handlers.admission import SAFE_METHODS, Admission
from handlers.answers import Answer, error_answer, request_id_of, write_answer
from handlers.errors import ApiError

OUTSIDE_PAGE = frozenset(("api", "alpaca"))
"""First parts of the paths that never name a file of the page."""

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
    """The route of a path, its HTTP methods, and the values of its `{names}`, percent-decoded to bytes."""

    route: Route
    methods: tuple[str, ...]
    arguments: list[bytes]


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
    return Match(route, allowed_methods(route.handler), [])


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


class Site(Application):
    """The Tornado application: REST, page, sockets, and the answers of the starting phase.

    Args:
        admission: Checks the head of every request.
        table: The routes.
        metrics: Counts the answers.
    """

    def __init__(self, admission: Admission, table: RouteTable, metrics: Metrics | None = None) -> None:
        super().__init__(admission=admission)
        self.admission = admission
        self.table = table
        self.metrics = metrics

    def serve(self, table: RouteTable, metrics: Metrics | None) -> None:
        """Replace the routes and the metrics, at the end of the starting phase."""
        self.table, self.metrics = table, metrics

    def find_handler(self, request: HTTPServerRequest, **_kwargs: Any) -> HTTPMessageDelegate:  # type: ignore[override]
        """Return the delegate that answers a request; called before the body is read."""
        handler: type[RequestHandler] | None = None
        try:
            self.admission.check_host(request.headers)
            route, methods, arguments = self.table.find(request.path)
            handler = route.handler
            if request.method == "OPTIONS" and (headers := self.admission.preflight_headers(request.headers)):
                return HeadAnswer(self, handler, request, Answer(204, headers, b""))
            self._check_head(methods, request)
        except ApiError as error:
            answer = error_answer(error, self.admission.cors_headers(request.headers), request.path)
            return HeadAnswer(self, handler, request, answer)
        return self.get_handler_delegate(request, handler, route.options, arguments)

    def log_request(self, handler: RequestHandler) -> None:
        """Count and log an answer."""
        request, name = handler.request, type(handler).__name__
        request_id = getattr(handler, "request_id", "-")
        note_answer(self.metrics, name, request, handler.get_status(), request.request_time(), request_id)

    def _check_head(self, methods: tuple[str, ...], request: HTTPServerRequest) -> None:
        """Refuse a wrong method, a page of another site, and a body that is too large or not JSON. Raises: ApiError."""
        if request.method not in methods:
            allowed = ", ".join(methods)
            raise ApiError(405, f"this address answers {allowed}", {"Allow": allowed})
        if request.method not in SAFE_METHODS:
            self.admission.check_origin(request.headers)
        self.admission.check_body(request.headers)


def allowed_methods(handler: type[RequestHandler]) -> tuple[str, ...]:
    """Return the methods that a handler class implements."""
    names = RequestHandler.SUPPORTED_METHODS
    return tuple(name for name in names if getattr(handler, name.lower()) is not getattr(RequestHandler, name.lower()))


class HeadAnswer(HTTPMessageDelegate):
    """Answers a request without its body, which is neither kept nor parsed.

    Args:
        site: Counts the answer.
        handler: The path's handler, None for an unknown path.
        request: The request.
        answer: The answer.
    """

    def __init__(
        self, site: Site, handler: type[RequestHandler] | None, request: HTTPServerRequest, answer: Answer
    ) -> None:
        self._site = site
        self._name = handler.__name__ if handler else "UnknownAddress"
        self._request = request
        self._answer: Answer | None = answer

    def headers_received(
        self,
        start_line: RequestStartLine | ResponseStartLine,  # noqa: ARG002 - the name is Tornado's
        headers: HTTPHeaders,
    ) -> None:
        """Answer at once if the request has a body: the answer does not depend on it."""
        if "Content-Length" in headers or "Transfer-Encoding" in headers:
            self._write()

    def finish(self) -> None:
        """Answer a request without a body. An earlier answer would make Tornado's server close the connection."""
        self._write()

    def _write(self) -> None:
        answer, self._answer = self._answer, None
        request = self._request
        if answer is None or request.connection is None:
            return
        began, request_id = perf_counter(), request_id_of(request.headers)
        write_answer(request.connection, request.method or "", request_id, answer)
        took_s = perf_counter() - began
        note_answer(self._site.metrics, self._name, request, answer.status, took_s, request_id)
