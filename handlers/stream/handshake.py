"""From an HTTP request to a bare WebSocket: the handshake, after which nothing of Tornado's connection is left.

Source: RFC 6455, section 4.2. What is checked before (upgrade headers, version, origin) is WebSocketHandler's.
"""

import base64
import binascii
import socket
from collections.abc import Callable

from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from handlers.http.connection import Http1Connection

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
        connection = handler.detach()
        assert isinstance(connection, Http1Connection)
        found = connection.release()
        if found is not None:
            self._take(*found)

    def on_connection_close(self) -> None:
        """Nothing was taken yet."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Nothing was taken yet."""


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
