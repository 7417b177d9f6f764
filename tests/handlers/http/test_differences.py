"""Our HTTP server against Tornado's: the same application answers the same, but for the differences of one table."""

import asyncio
from typing import NamedTuple

import pytest
from tornado.netutil import bind_sockets

from handlers.http.limits import HttpLimits
from handlers.http.listener import Listener
from handlers.http.tornado_server import HttpServer, TornadoServer
from tests.conftest import StartLive
from tests.peer import JSON, ORDER, ask, order
from tests.support import WAIT_S


class Case(NamedTuple):
    """What a client sends, and the statuses of the answers that it gets.

    Attributes:
        ours, tornados: Statuses in order, and whether the connection goes on behind them.
        reason: Why they differ; "" where they are the same.
    """

    sent: bytes
    ours: tuple[list[int], bool]
    tornados: tuple[list[int], bool]
    reason: str = ""


def same(sent: bytes, statuses: list[int], goes_on: bool = True) -> Case:
    """A case without a difference."""
    return Case(sent, (statuses, goes_on), (statuses, goes_on))


CLOSES = (
    "Tornado closes behind an answer before the body, and its sender may see a reset; ours reads the body to its end"
)
BARE = "Tornado answers bytes that are no request with a bare 400; ours has a problem body and the security headers"
CHUNKED = ask(
    "/broker/orders", "POST", f"{JSON}Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(ORDER), ORDER)
)
UPGRADE = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"

CASES = {
    "two requests": same(ask("/version") + ask("/version"), [200, 200]),
    "orders sent ahead": same(order() * 3, [200] * 3),
    "a body in chunks": same(CHUNKED, [200]),
    "an unknown address": same(ask("/nothing") + ask("/version"), [404, 200]),
    "a wrong method": same(ask("/version", "PATCH") + ask("/version"), [405, 200]),
    "the last request": same(ask("/version", more="Connection: close\r\n"), [200], False),
    "an upgrade that is not offered": same(ask("/version", more=UPGRADE) + ask("/version"), [200, 200]),
    "a foreign host": same(ask("/version").replace(b"localhost", b"evil"), [421]),
    "two hosts": Case(ask("/version", more="Host: localhost\r\n"), ([400], False), ([400], False), BARE),
    "a malformed host": Case(
        ask("/version").replace(b"localhost", b"a@b"),
        ([400], True),
        ([400], False),
        "Tornado closes behind a head that it refuses",
    ),
    "no HTTP": Case(b"hello\r\n\r\n", ([400], False), ([400], False), BARE),
    "a body that is no JSON": Case(
        order().replace(b"application/json", b"text/plain") + ask("/version"),
        ([415, 200], True),
        ([], False),
        CLOSES,
    ),
    "a body that is too large": Case(
        order(body=b" " * (1 << 17)) + ask("/version"), ([413, 200], True), ([], False), CLOSES
    ),
    "chunks that are too large": Case(
        ask(
            "/broker/orders",
            "POST",
            f"{JSON}Transfer-Encoding: chunked\r\n",
            b"20000\r\n" + b" " * 0x20000 + b"\r\n0\r\n\r\n",
        ),
        ([413], True),
        ([], False),
        "Tornado's limit of a body without a given length is that of its parser",
    ),
    "a head that is too large": Case(
        ask("/version", more="X: y\r\n" * 4000),
        ([431], False),
        ([], False),
        "Tornado closes without an answer",
    ),
    "an absolute target": Case(
        ask("/version").replace(b"GET /", b"GET http://localhost/"),
        ([200], True),
        ([404], True),
        "Tornado takes the whole target for the path",
    ),
}
assert all(bool(case.reason) == (case.ours != case.tornados or case.reason == BARE) for case in CASES.values())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", ["ours", "tornados"])
async def test_both_servers_answer_as_the_table_says(kind: str, name: str, live: StartLive) -> None:
    case, server = CASES[name], await live()
    listening = bind_sockets(0, "127.0.0.1")
    limits, site = HttpLimits(), server.server.site
    http: HttpServer = Listener(site, limits) if kind == "ours" else TornadoServer(site, limits)
    http.add_sockets(listening)
    reader, writer = await asyncio.open_connection(*listening[0].getsockname())
    wanted: tuple[list[int], bool] = getattr(case, kind)
    try:
        writer.write(case.sent)
        statuses = [await status_of_next(reader) for _ in wanted[0]]
        writer.write(ask("/version"))
        assert (statuses, await status_of_next(reader) == 200) == wanted
    finally:
        writer.close()
        http.stop()
        await http.close_all_connections()


async def status_of_next(reader: asyncio.StreamReader) -> int:
    """Read an answer; returns its status, 0 when the server has closed the connection, which may be with a reset."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_S)
        lengths = [line[15:] for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")]
        await asyncio.wait_for(reader.readexactly(int(lengths[0]) if lengths else 0), WAIT_S)
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return 0
    return int(head.split()[1])
