"""The transport of one HTTP/1.1 client: moves bytes between its socket and the protocol, and keeps its deadline.

The rules of HTTP are in `protocol.py`, Tornado's interfaces in `exchange.py`; `listener.py` accepts connections and
closes those past their deadline.
"""

import asyncio
import logging
import math
import socket
import struct
from collections.abc import Callable

from tornado.httputil import HTTPOutputError, HTTPServerConnectionDelegate

from handlers.errors import ApiError
from handlers.http.exchange import Context, Exchange
from handlers.http.parser import RequestHead
from handlers.http.protocol import HttpProtocol, State
from handlers.http.socket_writer import SocketWriter

log = logging.getLogger("trading.access")

READ_BYTES = 64 * 1024
CLOSE_WITH_RESET = struct.pack("ii", 1, 0)
"""Value of SO_LINGER with which the kernel resets a connection when its socket is closed."""

_read_buffer = memoryview(bytearray(READ_BYTES))
"""Shared by all connections: bytes are parsed before the next read."""


class Http1Connection:
    """The connection of one client.

    Args:
        sock: A connected, non-blocking TCP socket; the connection closes it.
        remote_ip: Address of the client.
        loop: Watches the socket.
        delegate: Answers the requests: an Application.
        protocol: The rules of HTTP for this client.
        closed: Called once, when the socket is closed or released.

    Attributes:
        context: The client.
        deadline: Time on the loop's clock at which the listener closes the connection.
    """

    def __init__(
        self,
        sock: socket.socket,
        remote_ip: str,
        loop: asyncio.AbstractEventLoop,
        delegate: HTTPServerConnectionDelegate,
        protocol: HttpProtocol,
        closed: "Callable[[Http1Connection], None]",
    ) -> None:
        self.context = Context(remote_ip)
        self.protocol = protocol
        self._socket: socket.socket | None = sock
        self._loop = loop
        self._delegate = delegate
        self._closed = closed
        self._writer = SocketWriter(sock, loop, self.resume, self.abort)
        self._exchange: Exchange | None = None
        self._has_ended = self._is_shut = self._is_stalled = False
        self._is_reading = True
        self._phase = "head_s"
        self.deadline = loop.time() + protocol.limits.head_s
        loop.add_reader(sock, self._on_readable)

    # Requests

    def _on_readable(self) -> None:
        assert self._socket is not None
        try:
            size = self._socket.recv_into(_read_buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if self._is_stalled:
            if not size:
                self.abort()
        elif size:
            self.protocol.receive(bytes(_read_buffer[:size]))
        else:
            self._has_ended = True
            self.protocol.receive_end()
        if not self._is_stalled:
            self.resume()

    def resume(self) -> None:
        """Handle the events that need not wait; then read, wait, or close."""
        try:
            self._handle_events()
        except Exception:
            log.exception("request failed")
            self.abort()
        self._apply_state()

    def _handle_events(self) -> None:
        """Handle events.

        At most one request begins in a pass of the loop, so that other clients are served too, and none while an answer
        still waits to be sent.
        """
        has_begun = False
        while self._socket is not None:
            if self._exchange is None and (has_begun or (self._writer.waiting and self.protocol.state is State.IDLE)):
                return
            event = self.protocol.next_event()
            if event is None:
                return
            if isinstance(event, RequestHead):
                has_begun = True
                self._exchange = Exchange(self, event)
                self._exchange.begin(self._delegate)
            elif isinstance(event, ApiError):
                self._refuse(event)
            elif self._exchange is not None:
                self._exchange.receive(event, self.protocol.limits.body_bytes)

    def _refuse(self, error: ApiError) -> None:
        """Answer an invalid request after the answers to all earlier ones, and end the connection."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.abandon()
        self.protocol.stop_after_answer()
        if self.protocol.state is State.DRAINING:
            self.protocol.end_answer()
        else:
            self._exchange = Exchange(self, None)
            self._exchange.refuse(error)

    # Answers

    def write(self, data: bytes) -> asyncio.Future[None]:
        """Send a part of the current answer. The future is done when the kernel accepted it or the client is gone."""
        self._writer.send(data)
        if self._writer.waiting:
            self._set_deadline()
        return self._writer.settled()

    def end_answer(self) -> None:
        """End the current answer. An answer shorter than its Content-Length closes the connection."""
        self._exchange = None
        try:
            self.protocol.end_answer()
        except HTTPOutputError:
            self.abort()
            return
        if self.protocol.has_waiting:
            self._loop.call_soon(self.resume)
        self._apply_state()

    def release(self) -> tuple[socket.socket, bytes] | None:
        """Return the socket, no longer owned, and the bytes after the request; None when the client is gone."""
        sock = self._socket
        if sock is None or self._writer.waiting:
            self.abort()
            return None
        early = self.protocol.early_bytes
        self._detach_socket(sock)
        return sock, early

    # Life

    @property
    def is_answering(self) -> bool:
        """Whether a request or its answer is not complete yet."""
        is_idle = self._is_stalled or self.protocol.state in (State.IDLE, State.CLOSING)
        return not is_idle or (not self._is_stalled and self.protocol.has_waiting) or bool(self._writer.waiting)

    def close_when_idle(self) -> None:
        """Close at once when idle, else after the current answer."""
        self.protocol.stop_after_answer()
        if self._is_stalled or (self.protocol.state in (State.IDLE, State.CLOSING) and not self._writer.waiting):
            self.abort()

    def abort(self, is_reset: bool = False) -> None:
        """Close the socket at once; unsent bytes are dropped. With `is_reset` the client sees a connection reset."""
        sock = self._socket
        if sock is not None:
            self._detach_socket(sock)
            if is_reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
            sock.close()

    def stall(self) -> None:
        """Answer nothing more; bytes that arrive are dropped until the client closes."""
        sock = self._socket
        if sock is None or self._has_ended:
            self.abort()
            return
        self._is_stalled = True
        self.deadline = math.inf
        if not self._is_reading:
            self._is_reading = True
            self._loop.add_reader(sock, self._on_readable)

    def _apply_state(self) -> None:
        """Read, stop reading or close, depending on the protocol's state; start the timeout of a new phase."""
        protocol, sock = self.protocol, self._socket
        if sock is None or self._is_stalled:
            return
        is_closing = protocol.state is State.CLOSING
        if not self._writer.waiting and (protocol.is_over or (is_closing and not self._shut_down(sock))):
            self.abort()
            return
        reads = not self._has_ended and (is_closing or not protocol.has_waiting)
        if reads != self._is_reading:
            self._is_reading = reads
            if reads:
                self._loop.add_reader(sock, self._on_readable)
            else:
                self._loop.remove_reader(sock)
        self._set_deadline()

    def _shut_down(self, sock: socket.socket) -> bool:
        """Shut down sending and let the client close first: closing with unread bytes could reset the last answer.

        Returns False when there is no need to wait, because the client has closed.
        """
        if not self._is_shut:
            self._is_shut = True
            try:
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                return False
        return not self._has_ended

    def _set_deadline(self) -> None:
        if self._writer.waiting:
            phase = "write_s"
        elif self.protocol.is_in_head:
            phase = "head_s"
        else:
            phase = self.protocol.state.timeout
        if phase != self._phase:
            self._phase = phase
            self.deadline = self._loop.time() + getattr(self.protocol.limits, phase) if phase else math.inf

    def _detach_socket(self, sock: socket.socket) -> None:
        self._loop.remove_reader(sock)
        self._socket = None
        self._writer.stop()
        self.protocol.stop()
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.abandon()
        self._closed(self)
