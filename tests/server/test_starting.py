"""What the address answers before the state is back."""

import json

import pytest
from tornado.httpclient import AsyncHTTPClient

from server.settings import Settings
from server.starting import Door, starting_site
from tests.conftest import Serve
from tests.live import compose
from tests.support import ManualClock


@pytest.mark.parametrize("path", ["/health", "/broker/health", "/datafeed/health"])
async def test_health_says_starting(path: str, serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = await serve(starting_site(Settings()))
    answer = await http_client.fetch(f"http://{address}/api/v1{path}", raise_error=False)
    assert (answer.code, json.loads(answer.body)["status"]) == (503, "starting")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/api/v1/broker/orders"), ("GET", "/api/v1/ws"), ("DELETE", "/x")]
)
async def test_everything_else_is_503(method: str, path: str, serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = await serve(starting_site(Settings()))
    body = b"{}" if method == "POST" else None
    answer = await http_client.fetch(f"http://{address}{path}", method=method, body=body, raise_error=False)
    assert (answer.code, json.loads(answer.body)["code"], answer.headers["Retry-After"]) == (503, "UNAVAILABLE", "1")


async def test_door_hands_over(serve: Serve, http_client: AsyncHTTPClient, clock: ManualClock) -> None:
    door = Door(starting_site(Settings()))
    address = await serve(door)
    server = compose(clock)
    url = f"http://{address}/api/v1/health"
    assert (await http_client.fetch(url, raise_error=False)).code == 503
    door.site = server.site
    assert (await http_client.fetch(url)).code == 200
    await server.storage.close()
