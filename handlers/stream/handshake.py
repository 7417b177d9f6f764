"""The opening handshake of a WebSocket: checks the request, answers it, and takes the socket from the HTTP connection.

It works with our own HTTP connection and with Tornado's HTTPServer. Called by `handler.py` and `connection.py`.

Source: RFC 6455, section 4.2.
"""

import asyncio
import base64
import socket

from tornado.httputil import HTTPServerRequest
from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from handlers.errors import ApiError
from handlers.http.connection import Http1Connection

VERSION = "13"
KEY_BYTES = 16


def check_handshake(request: HTTPServerRequest) -> None:
    """Raise an ApiError for a request that is not a WebSocket handshake of version 13.

    Raises:
        ApiError: 400, or 426 for another version of the protocol.
    """
    headers = request.headers
    if request.version == "HTTP/1.0":
        raise ApiError(400, "a WebSocket needs HTTP/1.1")
    options = [option.strip().lower() for option in headers.get("Connection", "").split(",")]
    if headers.get("Upgrade", "").lower() != "websocket" or "upgrade" not in options:
        raise ApiError(400, "this address is a WebSocket; Upgrade: websocket and Connection: Upgrade are needed")
    if headers.get("Sec-WebSocket-Version") != VERSION:
        raise ApiError(
            426, "only version 13 of the WebSocket protocol is supported", {"Sec-WebSocket-Version": VERSION}
        )
    try:
        is_key = len(base64.b64decode(headers.get("Sec-WebSocket-Key", ""), validate=True)) == KEY_BYTES
    except ValueError:
        is_key = False
    if not is_key:
        raise ApiError(400, "Sec-WebSocket-Key is missing or not a key")


def answer_handshake(handler: WebSocketHandler) -> str | None:
    """Send the 101 response. Returns the subprotocol that the handler chose."""
    headers = handler.request.headers
    chosen = handler.select_subprotocol(offered_subprotocols(handler.request))
    if chosen:
        handler.set_header("Sec-WebSocket-Protocol", chosen)
    handler.clear_header("Content-Type")
    handler.set_status(101)
    handler.set_header("Upgrade", "websocket")
    handler.set_header("Connection", "Upgrade")
    accept = WebSocketProtocol13.compute_accept_value(headers["Sec-WebSocket-Key"])
    handler.set_header("Sec-WebSocket-Accept", accept)
    handler.finish()
    return chosen


def offered_subprotocols(request: HTTPServerRequest) -> list[str]:
    """Return the subprotocols that the client offers, in its order of preference."""
    offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    return [name for name in offered if name]


def take_socket(detached: IOStream | Http1Connection) -> tuple[socket.socket, bytes] | None:
    """Return the socket of a detached connection, and the bytes received after the handshake.

    Returns None when the client is gone. Tornado's stream closes its own file descriptor; we keep a duplicate of it.
    """
    if isinstance(detached, Http1Connection):
        return detached.release()
    try:
        reading = asyncio.ensure_future(detached.read_bytes(detached.max_buffer_size, partial=True))
    except StreamClosedError:
        return None
    if detached.closed() or detached.writing():
        detached.close()
        return None
    early_bytes = reading.result() if reading.done() else b""
    sock = detached.socket.dup()
    detached.close()
    return sock, early_bytes
