"""The application: every address has a Tornado handler, and every answer the same headers, whoever makes it."""

import json

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

from handlers.routing import Route, RouteTable, allowed_methods
from tests.conftest import StartLive


async def test_every_address_has_a_handler_of_tornado(live: StartLive) -> None:
    routes = (await live(debug=True)).server.site.table.routes
    assert all(issubclass(route.handler, RequestHandler) for route in routes)
    assert all(issubclass(route.handler, WebSocketHandler) for route in routes if route.path.endswith("/ws"))
    assert sum(route.path.endswith("/ws") for route in routes) == 3


ANSWERS = [
    ("GET", "/api/v1/health", 200),
    ("GET", "/api/v1/nothing", 404),
    ("PATCH", "/api/v1/health", 405),
    ("POST", "/api/v1/broker/orders", 415),
    ("GET", "/api/v1/broker/orders/history?a=%ff", 400),
    ("GET", "/api/v1/broker/orders/%ff", 400),
    ("GET", "/api/v1/ws", 400),
    ("POST", "/api/v1/ws", 405),
    ("GET", "/nothing.html", 404),
    ("GET", "/%00", 404),
]


@pytest.mark.parametrize("http", ["llhttp", "tornado"])
@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_has_the_same_headers_and_an_error_its_problem(
    method: str, path: str, status: int, live: StartLive, http_client: AsyncHTTPClient
) -> None:
    url, body = f"http://{(await live()).address}{path}", b"x" if method == "POST" else None
    answer = await http_client.fetch(url, method=method, body=body, raise_error=False, allow_nonstandard_methods=True)
    assert answer.code == status, answer.body
    headers = answer.headers
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Request-ID"] and headers["Date"] and "Server" not in headers
    if status >= 400:
        assert (headers["Content-Type"], json.loads(answer.body)["status"]) == ("application/problem+json", status)


class Plain(RequestHandler):
    """A handler with one method."""

    def get(self) -> None:
        """Do nothing."""


def test_a_literal_path_goes_before_one_with_names() -> None:
    table = RouteTable([Route("/a/{id}", Plain, {}), Route("/a/b", Plain, {})], None)
    found = [table.find(path) for path in ("/a/b", "/a/c", "/a/%62")]
    assert [(one.route.path, one.arguments) for one in found] == [
        ("/a/b", []),
        ("/a/{id}", [b"c"]),
        ("/a/{id}", [b"b"]),
    ]
    assert allowed_methods(Plain) == ("GET",)
