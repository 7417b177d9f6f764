"""From an HTTP request to a bare WebSocket: the handshake, after which nothing of Tornado's connection is left.

Source: RFC 6455, section 4.2. What is checked before (upgrade headers, version, origin) is WebSocketHandler's.
"""

import base64
import binascii
import socket
from collections.abc import Callable

from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

READ_AHEAD_BYTES = 64 * 1024

Take = Callable[[socket.socket, bytes], None]
"""Takes the socket, and what the client sent together with its handshake."""


class Upgrade:
    """Stands where Tornado expects its own protocol: accepts, and hands the socket on.

    Args:
        take: Takes the socket.
    """

    def __init__(self, take: Take) -> None:
        self._take = take

    async def accept_connection(self, handler: WebSocketHandler) -> None:
        """Answer the handshake; 400 when the key is not one."""
        key = handler.request.headers.get("Sec-Websocket-Key", "")
        if not _is_key(key):
            handler.set_status(400)
            handler.finish("Sec-WebSocket-Key is missing or not a key")
            return
        offered = [name.strip() for name in handler.request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        chosen = handler.select_subprotocol([name for name in offered if name])
        if chosen:
            handler.set_header("Sec-WebSocket-Protocol", chosen)
        handler.clear_header("Content-Type")
        handler.set_status(101)
        handler.set_header("Upgrade", "websocket")
        handler.set_header("Connection", "Upgrade")
        handler.set_header("Sec-WebSocket-Accept", WebSocketProtocol13.compute_accept_value(key))
        handler.finish()
        found = await _released(handler.detach())
        if found is not None:
            self._take(*found)

    def on_connection_close(self) -> None:
        """Nothing was taken yet."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Nothing was taken yet."""


async def _released(stream: IOStream) -> tuple[socket.socket, bytes] | None:
    """Take the socket out of its stream, once the answer is written; None when the client has gone.

    The stream's own descriptor is closed, so that nothing of Tornado's watches it any more; the socket lives on in a
    duplicate.
    """
    try:
        await stream.write(b"")
        ahead = stream.read_bytes(READ_AHEAD_BYTES, partial=True)
    except StreamClosedError:
        return None
    if stream.closed():
        return None
    sock = stream.socket.dup()
    stream.close()
    future = ahead  # a future, though typed as an awaitable
    try:
        early = await future
    except StreamClosedError:
        early = b""
    return sock, early


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
