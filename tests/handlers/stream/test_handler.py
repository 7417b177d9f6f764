"""The handler of one client: its handshake, on our HTTP connection and on Tornado's, and its life."""

import asyncio
import gc
import json
import weakref
from typing import TypeVar

import pytest
from tornado.http1connection import HTTP1Connection
from tornado.httputil import HTTPServerRequest
from tornado.iostream import IOStream
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from handlers.http.connection import Http1Connection
from handlers.stream.frames import BINARY, CLOSE, PING, PONG, TEXT
from handlers.stream.handler import StreamHandler
from tests.conftest import OpenRaw, StartLive
from tests.live import ACCOUNT, Live
from tests.raw import client_frame

T = TypeVar("T")
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def test_a_client_may_speak_with_its_handshake_and_in_pieces(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server, with_it=client_frame(TEXT, b'{"type":"hello"}'))
    assert (await client.message())["type"] == "welcome"
    for byte in client_frame(TEXT, b'{"type":', first=0) + client_frame(PING, b"now") + client_frame(0, b'"hello"}'):
        await client.send(bytes((byte,)))
    assert await client.frame() == (PONG, b"now")
    assert (await client.message())["type"] == "welcome"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"Sec-WebSocket-Key": "short"}, 400),
        ({"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ"}, 400),
        ({"Upgrade": "h2c"}, 400),
        ({"Connection": "keep-alive"}, 400),
        ({"Sec-WebSocket-Version": "8"}, 426),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
async def test_a_request_that_is_not_a_handshake_is_refused_with_a_problem(
    changes: dict[str, str], status: int, live: StartLive
) -> None:
    reply = await (await live()).fetch("GET", "/ws", headers=HANDSHAKE | changes)
    assert (reply.code, reply.headers["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(reply.body)["status"] == status
    assert reply.headers.get("Sec-WebSocket-Version", "13") == "13"


async def test_a_handler_works_as_tornado_documents_it(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    await client.subscribe("orders", ACCOUNT)
    handler = handler_of(server)
    await handler.write_message({"type": "greeting"})
    await handler.write_message(b"\x00", binary=True)
    handler.ping(b"now")
    handler.close(4000, "enough")
    with pytest.raises(WebSocketClosedError):
        handler.write_message("late")
    frames = await client.rest()
    assert [frame.opcode for frame in frames] == [TEXT, BINARY, PING, CLOSE]
    assert (frames[0].data, frames[-1].data[2:]) == (b'{"type": "greeting"}', b"enough")


async def test_the_handler_of_a_client_lives_as_long_as_the_client(live: StartLive, raw: OpenRaw) -> None:
    """Nothing waits for the cyclic collector."""
    server = await live()
    gc.disable()
    try:
        client = await raw(server)
        await client.subscribe("orders", ACCOUNT)
        handler = handler_of(server)
        assert isinstance(handler, WebSocketHandler)
        assert len(handler.topics) == 1
        found = weakref.ref(handler)
        del handler
        client.close()
        while server.server.services.hub.connections:
            await asyncio.sleep(0)
        assert found() is None
    finally:
        gc.enable()


async def test_nothing_of_the_http_connection_stays_with_a_client(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    gc.collect()
    kinds = (Http1Connection, HTTP1Connection, IOStream, HTTPServerRequest)
    before = [len(alive(kind)) for kind in kinds]
    await (await raw(server)).subscribe("orders", ACCOUNT)
    gc.collect()
    assert [len(alive(kind)) for kind in kinds] == before


def handler_of(server: Live) -> StreamHandler:
    """Return the handler of a server's only client."""
    (connection,) = server.server.services.hub.connections
    assert isinstance(connection.handler, StreamHandler)
    return connection.handler


def alive(kind: type[T]) -> list[T]:
    """Return every object of a class that exists."""
    return [each for each in gc.get_objects() if isinstance(each, kind)]
