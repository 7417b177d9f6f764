"""Answers of the server while it recovers its state."""

import json

import pytest
from tornado.httpclient import AsyncHTTPClient

from handlers.admission import Admission
from server.settings import Settings
from server.starting import starting_site
from tests.conftest import Serve
from tests.live import compose
from tests.support import ManualClock


@pytest.mark.parametrize("path", ["/health", "/broker/health", "/datafeed/health"])
async def test_health_says_starting(path: str, serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = await serve(starting_site(Settings(), Admission()))
    answer = await http_client.fetch(f"http://{address}/api/v1{path}", raise_error=False)
    assert (answer.code, json.loads(answer.body)["status"]) == (503, "starting")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/api/v1/broker/orders"), ("GET", "/api/v1/ws"), ("DELETE", "/x")]
)
async def test_every_other_address_is_503_with_the_headers_of_every_answer(
    method: str, path: str, serve: Serve, http_client: AsyncHTTPClient
) -> None:
    address = await serve(starting_site(Settings(), Admission()))
    body = b"{}" if method == "POST" else None
    answer = await http_client.fetch(f"http://{address}{path}", method=method, body=body, raise_error=False)
    assert (answer.code, json.loads(answer.body)["code"], answer.headers["Retry-After"]) == (503, "UNAVAILABLE", "1")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/api/v1/ws"])
async def test_a_foreign_host_is_421_while_starting(path: str, serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = await serve(starting_site(Settings(), Admission()))
    headers = {"Host": "evil.example.com"}
    answer = await http_client.fetch(f"http://{address}{path}", headers=headers, raise_error=False)
    assert (answer.code, json.loads(answer.body)["code"]) == (421, "WRONG_HOST")


async def test_the_addresses_of_the_server_follow_those_of_the_start(
    serve: Serve, http_client: AsyncHTTPClient, clock: ManualClock
) -> None:
    site = starting_site(Settings(), Admission())
    address = await serve(site)
    server = compose(clock)
    url = f"http://{address}/api/v1/health"
    assert (await http_client.fetch(url, raise_error=False)).code == 503
    site.serve(server.site)
    assert (await http_client.fetch(url)).code == 200
    await server.storage.close()
