"""Slow connections and too many of them are closed, by short deadlines of the test, while others are served."""

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets

from handlers.http.limits import HttpLimits
from handlers.http.listener import RESERVED_FILES, Listener
from tests.conftest import StartLive
from tests.guarded import ORDER
from tests.live import Live
from tests.support import WAIT_S

COUNT = 300
HEAD = b"POST /api/v1/broker/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SLOW = {
    "silent": b"",
    "half a request line": b"GET /api",
    "half a head": HEAD,
    "no body": HEAD + b"Content-Length: 100\r\n\r\n",
    "half a body": HEAD + b"Content-Length: 100\r\n\r\n{",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{",
}
Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


SHORT = HttpLimits(head_s=0.5, body_s=0.5, sweep_s=0.05)
"""Deadlines some fifteen times shorter than usual."""


class Front:
    """A listener in front of a server, with limits of the test."""

    def __init__(self, live: Live, limits: HttpLimits | None = None, max_files: int | None = None) -> None:
        sockets = bind_sockets(0, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        self.http = Listener(live.server.site, limits, max_files)
        self.http.add_sockets(sockets)

    async def connect(self, first: bytes) -> Pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(first)
        return reader, writer

    async def ask(self, pair: Pair, path: str) -> int:
        """Send a whole request on a connection and return the status."""
        reader, writer = pair
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_S)
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
        await asyncio.wait_for(reader.readexactly(length), WAIT_S)
        return int(head.split()[1])


async def rest_of(pair: Pair) -> bytes:
    """Read until the server closes, which it may do with a reset; close our side too."""
    reader, writer = pair
    try:
        return await asyncio.wait_for(reader.read(), WAIT_S)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.fixture
def fronts(io_loop: IOLoop) -> Iterator[list[Front]]:
    started: list[Front] = []
    yield started

    async def stop() -> None:
        for front in started:
            front.http.stop()
            await front.http.close_all_connections()

    io_loop.run_sync(stop)


@pytest.mark.parametrize("kind", SLOW)
async def test_slow_connections_are_gone_while_others_are_served(
    kind: str, live: StartLive, fronts: list[Front]
) -> None:
    fronts.append(front := Front(await live(), SHORT))
    slow = [await front.connect(SLOW[kind]) for _ in range(COUNT)]
    other = await front.connect(b"")
    assert await front.ask(other, "/api/v1/health") == 200
    assert set(await asyncio.gather(*map(rest_of, slow))) == {b""}
    assert await front.ask(other, "/api/v1/health") == 200
    other[1].close()


async def test_bytes_that_drip_do_not_buy_time(live: StartLive, fronts: list[Front]) -> None:
    fronts.append(front := Front(await live(), SHORT))
    pair = await front.connect(HEAD)
    end = asyncio.ensure_future(rest_of(pair))
    for _ in range(1000):
        pair[1].write(b"X: y\r\n")
        if (await asyncio.wait([end], timeout=0.01))[0]:
            break
    assert await end == b""


async def test_a_connection_that_was_good_may_idle_but_not_dawdle(live: StartLive, fronts: list[Front]) -> None:
    fronts.append(front := Front(await live(), SHORT))
    idle, dawdling = await front.connect(b""), await front.connect(b"")
    for pair in (idle, dawdling):
        assert await front.ask(pair, "/api/v1/health") == 200
    dawdling[1].write(HEAD)
    assert await rest_of(dawdling) == b""
    assert await front.ask(idle, "/api/v1/health") == 200
    idle[1].close()


async def test_more_connections_than_the_process_can_have_are_turned_away(live: StartLive, fronts: list[Front]) -> None:
    """Descriptors count, whoever has them: here each connection takes two, the client's and the server's."""
    server = await live()
    with socket.socket() as lowest:
        # The listening socket, two connections, and the client's end of the third.
        fronts.append(front := Front(server, max_files=lowest.fileno() + 6 + RESERVED_FILES))
    held = [await front.connect(b"") for _ in range(2)]
    for pair in held:
        assert await front.ask(pair, "/api/v1/health") == 200
    third = await front.connect(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert await rest_of(third) == b""
    assert await front.ask(held[0], "/api/v1/health") == 200
    for _, writer in held:
        writer.close()


async def test_a_request_that_is_cut_off_is_no_longer_active(live: StartLive, fronts: list[Front]) -> None:
    server = await live()
    fronts.append(front := Front(server, SHORT))
    await rest_of(await front.connect(SLOW["half a body"]))
    assert server.server.services.admission.active == 0
    assert json.loads((await server.fetch("POST", "/broker/orders", ORDER)).body) == {"orderId": "ORDER-1"}


async def test_an_answer_is_under_way_until_its_client_has_it(live: StartLive, fronts: list[Front]) -> None:
    """A stop waits for it."""
    fronts.append(front := Front(await live()))
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", front.port))
        ahead = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50
        await loop.sock_sendall(client, ahead + b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        await asyncio.wait_for(loop.sock_recv(client, 1), WAIT_S)
        assert front.http.is_answering
        while await asyncio.wait_for(loop.sock_recv(client, 1 << 20), WAIT_S):
            pass
    assert not front.http.is_answering
