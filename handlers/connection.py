"""One client's socket, as the hub sees it: frames in order, one write, a bounded backlog.

A ready frame goes to the socket itself when nothing waits in Tornado's stream; what the kernel did not take goes to the
stream, which owns the socket until it has drained. Tornado's own frames (pongs, closes) go through the stream too, so
bytes of two frames never mix. No task and no future is made per message.
"""

import logging
import socket
from typing import Protocol

from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError

log = logging.getLogger("trading.stream")

MAX_BACKLOG_BYTES = 1 << 20
SEND_BUFFER_BYTES = 1 << 16
TOO_SLOW = 4008


class Closable(Protocol):
    """The WebSocket handler behind a connection."""

    def cut(self, code: int, reason: str) -> None:
        """Close the socket, by force if the client does not take the close frame."""


def frame(text: bytes) -> bytes:
    """Frame a text message as a server sends it: final, unmasked, uncompressed. Source: RFC 6455, section 5.2."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text


class Connection:
    """Sends frames to one client.

    Args:
        stream: Tornado's stream under the WebSocket; plain TCP.
        handler: Closes the socket when the client is too slow.

    Attributes:
        topics: The topics that this connection holds.
    """

    __slots__ = ("_handler", "_socket", "_stream", "is_open", "topics")

    def __init__(self, stream: IOStream, handler: Closable) -> None:
        self._stream = stream
        self._socket: socket.socket = stream.socket
        self._handler = handler
        self.is_open = True
        self.topics: set[str] = set()
        stream.max_write_buffer_size = MAX_BACKLOG_BYTES
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        stream.set_nodelay(True)

    def send(self, data: bytes) -> None:
        """Send whole frames. Never raises: a dead or too slow client is closed, others do not notice."""
        if not self.is_open:
            return
        stream = self._stream
        try:
            if not stream.writing():
                sent = self._send_now(data)
                if sent == len(data):
                    return
                data = data[sent:]
            stream.write(data)
        except StreamBufferFullError:
            self.close(TOO_SLOW, "too slow")
        except StreamClosedError:
            self.is_open = False
        except OSError as error:
            log.debug("send failed error=%s", error)
            self.is_open = False
            stream.close()

    def close(self, code: int, reason: str) -> None:
        """Close the socket; nothing is sent any more."""
        self.is_open = False
        self._handler.cut(code, reason)

    def _send_now(self, data: bytes) -> int:
        if self._stream.closed():
            raise StreamClosedError
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
