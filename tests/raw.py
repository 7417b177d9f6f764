"""A WebSocket client at the level of bytes: it can break the protocol, and pause and resume reading."""

import asyncio
import json
import socket
from typing import Any, NamedTuple

from handlers.stream.frames import CLOSE, PING, PONG, TEXT
from tests.support import WAIT_S

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HANDSHAKE_END = b"\r\n\r\n"


class Frame(NamedTuple):
    """A frame of the server."""

    opcode: int
    data: bytes

    @property
    def code(self) -> int:
        """The code of a close frame."""
        assert self.opcode == CLOSE, self
        return int.from_bytes(self.data[:2], "big")


def client_frame(opcode: int, data: bytes = b"", first: int = 0x80, mask: bytes = b"\x11\x22\x33\x44") -> bytes:
    """Return a masked frame; `first` are the bits above the opcode."""
    size = len(data)
    if size < 126:
        head = bytes((first | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((first | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((first | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


class RawClient:
    """One client. It reads only inside its own methods."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = b""

    @classmethod
    async def open(cls, address: str, path: str = "/ws", with_it: bytes = b"", window: int = 0) -> "RawClient":
        """Connect and complete the handshake.

        Args:
            address: "host:port".
            path: Path below /api/v1.
            with_it: Sent together with the handshake.
            window: Receive buffer in bytes; 0 means the default of the system.
        """
        loop = asyncio.get_running_loop()
        host, port = address.split(":")
        sock = socket.socket()
        if window:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        sock.setblocking(False)
        await loop.sock_connect(sock, (host, int(port)))
        client = cls(sock)
        request = UPGRADE.format(path="/api/v1" + path, address=address).encode()
        await loop.sock_sendall(sock, request + with_it)
        while HANDSHAKE_END not in client._buffer:
            await client._more()
        head, _, client._buffer = client._buffer.partition(HANDSHAKE_END)
        assert head.startswith(b"HTTP/1.1 101"), head
        return client

    async def send(self, data: bytes) -> None:
        """Send bytes unchanged."""
        await asyncio.wait_for(asyncio.get_running_loop().sock_sendall(self.sock, data), WAIT_S)

    async def say(self, message: Any) -> None:
        """Send a message."""
        await self.send(client_frame(TEXT, json.dumps(message).encode()))

    async def subscribe(self, route: str, payload: Any, **more: Any) -> dict[str, Any]:
        """Subscribe and return the response's payload."""
        await self.say({"type": f"{route}.subscribe", "payload": payload, **more})
        message = await self.message()
        assert message["type"] == f"{route}.subscribe.response", message
        response: dict[str, Any] = message["payload"]
        return response

    async def message(self) -> dict[str, Any]:
        """Return the next text message; answers pings before it."""
        while (frame := await self.frame()).opcode != TEXT:
            assert frame.opcode == PING, frame
            await self.send(client_frame(PONG, frame.data))
        message: dict[str, Any] = json.loads(frame.data)
        return message

    async def frame(self) -> Frame:
        """Return the next frame. Raises: EOFError; TimeoutError."""
        while (found := self._frame()) is None:
            await self._more()
        return found

    async def rest(self) -> list[Frame]:
        """Return every frame up to the end of the connection."""
        frames = []
        try:
            while True:
                frames.append(await self.frame())
        except (EOFError, ConnectionResetError):
            return frames

    def close(self) -> None:
        """Close the socket without a close frame."""
        self.sock.close()

    def _frame(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, begin = buffer[1], 2
        if size >= 126:
            begin = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:begin], "big")
        if len(buffer) < begin + size:
            return None
        self._buffer = buffer[begin + size :]
        return Frame(buffer[0] & 0x0F, buffer[begin : begin + size])

    async def _more(self) -> None:
        data = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.sock, 1 << 16), WAIT_S)
        if not data:
            raise EOFError
        self._buffer += data
