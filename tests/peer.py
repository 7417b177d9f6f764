"""An HTTP client at the level of bytes: it sends bytes unchanged, and reads answers one by one."""

import asyncio
from typing import NamedTuple

from tornado.httputil import HTTPHeaders

from tests.live import Live
from tests.support import WAIT_S

HEAD = "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n"
ORDER = b'{"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}'
JSON = "Content-Type: application/json\r\n"


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    fields: HTTPHeaders
    body: bytes


def ask(path: str, method: str = "GET", more: str = "", body: bytes = b"") -> bytes:
    """Return the bytes of a request."""
    return HEAD.format(method=method, path=f"/api/v1{path}", more=more).encode() + body


def order(more: str = "", body: bytes = ORDER) -> bytes:
    """Return the bytes of a request that places an order."""
    return ask("/broker/orders", "POST", f"{JSON}Content-Length: {len(body)}\r\n{more}", body)


class Peer:
    """A client that writes and reads bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, server: Live, first: bytes = b"") -> "Peer":
        host, port = server.address.split(":")
        peer = cls(*await asyncio.open_connection(host, int(port)))
        peer.writer.write(first)
        return peer

    async def answer(self, has_body: bool = True) -> Answer:
        """Read an answer."""
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), WAIT_S)).decode()
        status, *lines = head.split("\r\n")
        fields = HTTPHeaders({name: value for name, _, value in (line.partition(": ") for line in lines if line)})
        size = int(fields.get("Content-Length", "0")) if has_body else 0
        return Answer(int(status.split()[1]), fields, await asyncio.wait_for(self.reader.readexactly(size), WAIT_S))

    async def rest(self) -> bytes:
        """Read until the server ends the connection."""
        rest = await asyncio.wait_for(self.reader.read(), WAIT_S)
        self.writer.close()
        return rest
