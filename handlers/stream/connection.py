"""The protocol object of one stream client: handshake, frames in both directions, send queue, ping and close.

`StreamHandler.ws_connection` is one of these; Tornado's `write_message`, `ping` and `close` work through it. After the
handshake it owns the socket. A frame is sent at once; the bytes that the kernel does not accept wait in a `SendQueue`
until the socket is writable. No task and no future is made per message or per connection.
Read `send_queue.py` and `frames.py` next. Why the socket is not left to Tornado's IOStream:
docs/decisions/0010-own-the-socket.md.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from typing import Protocol

from tornado.escape import utf8
from tornado.httputil import HTTPHeaders
from tornado.websocket import WebSocketHandler, WebSocketProtocol

from handlers.errors import CloseCode
from handlers.http.connection import CLOSE_WITH_RESET
from handlers.rate_limits import TokenBucket
from handlers.stream.counters import StreamCounters
from handlers.stream.frames import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    FrameError,
    FrameReader,
    close_code,
    close_frame,
    decode_text,
    frame,
)
from handlers.stream.handshake import answer_handshake, take_socket
from handlers.stream.limits import StreamLimits
from handlers.stream.messages import BadMessage, error_frame
from handlers.stream.send_queue import Frame, SendQueue

log = logging.getLogger("trading.stream")

READ_BYTES = 16 * 1024


class ConnectionHub(Protocol):
    """The part of the hub that a connection uses."""

    limits: StreamLimits
    counters: StreamCounters
    monotonic: Callable[[], float]

    def send(self, connection: "StreamConnection", data: bytes) -> None:
        """Send whole frames to one client, after everything that was published before."""

    def socket_closed(self, connection: "StreamConnection") -> None:
        """Record that the socket is closed; this may be later than the connection's `close`."""


class StreamConnection(WebSocketProtocol):
    """Sends frames to one client and receives its messages.

    Attributes:
        handler: Receives the messages; None once the connection is closed.
        sock: The non-blocking TCP socket, set by `start`. Others may send to it only while `send_queue` is None.
        send_queue: The bytes that wait for the socket; None while the connection is open and nothing waits.
        topics: Texts of the topics that the client is subscribed to; the hub maintains them.
        sent_at: When the last reply was sent or queued (monotonic seconds).
        is_pong_awaited: Whether a ping was sent that has no pong yet.
        close_code: Code that the connection was closed with; None while it is open.
    """

    handler: WebSocketHandler | None  # type: ignore[assignment]
    sock: socket.socket
    selected_subprotocol: str | None = None

    def __init__(self, handler: WebSocketHandler, hub: ConnectionHub) -> None:
        super().__init__(handler)
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader(hub.limits.message_bytes)
        self._rate = TokenBucket(hub.limits.message_burst, hub.monotonic())
        self._rate_warnings = 0
        self._drop_timer: asyncio.TimerHandle | None = None
        self._has_peer_closed = self._is_released = False
        self.is_open = True
        self.send_queue: SendQueue | None = None
        self.topics: set[str] = set()
        self.sent_at = 0.0
        self.is_pong_awaited = False
        self.close_code: int | None = None

    # Tornado's interface

    async def accept_connection(self, handler: WebSocketHandler) -> None:
        """Answer the handshake, take the socket and open the handler."""
        self.selected_subprotocol = answer_handshake(handler)
        taken = take_socket(handler.detach())
        if taken is None:
            self.is_open = False
            self._end_conversation()
            return
        sock, early_bytes = taken
        self.start(sock)
        try:
            handler.open(*handler.open_args, **handler.open_kwargs)
        except Exception:
            self.fail()
        self._receive(early_bytes)

    def write_message(self, message: str | bytes | dict[str, object], binary: bool = False) -> "asyncio.Future[None]":
        """Send a message after everything that was published before. The returned future is done already."""
        assert not isinstance(message, dict), "WebSocketHandler encodes dictionaries"
        self._hub.send(self, frame(utf8(message), BINARY if binary else TEXT))
        sent: asyncio.Future[None] = self._loop.create_future()
        sent.set_result(None)
        return sent

    def write_ping(self, data: bytes) -> None:
        """Send a ping."""
        self._send_control(PING, data)

    def is_closing(self) -> bool:
        """Return whether nothing can be sent any more."""
        return not self.is_open

    def on_connection_close(self) -> None:
        """Do nothing: Tornado calls this when the handler closes or the HTTP connection ended before the upgrade."""

    def set_nodelay(self, x: bool) -> None:
        """Switch Nagle's algorithm off or on; `start` has switched it off."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, x)

    def start_pinging(self) -> None:
        """Do nothing: `keepalive.py` sends the pings of all connections."""

    def _process_server_headers(self, key: str | bytes, headers: HTTPHeaders) -> None:
        raise NotImplementedError("this is the protocol of a server")

    async def _receive_frame_loop(self) -> None:
        raise NotImplementedError("frames are received by a reader callback of the event loop")

    # Sending

    def start(self, sock: socket.socket) -> None:
        """Start reading from a connected, non-blocking TCP socket, which this connection closes at its end."""
        self.sock = sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._hub.limits.send_buffer_bytes)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.add_reader(sock, self._on_readable)

    def send(self, data: bytes, supersedes: str = "") -> None:
        """Send a reply, which is never conflated; see `Hub.send`. Does nothing when the connection is closed."""
        if not self.is_open:
            return
        self.sent_at = self._hub.monotonic()
        queue = self.send_queue or SendQueue()
        if supersedes:
            queue.discard_topic(supersedes)
        queue.add_reply(data)
        self._flush(queue)

    def send_updates(self, data: bytes, frames: Sequence[Frame]) -> None:
        """Send updates, given as joined bytes and as single frames."""
        if self.send_queue is not None:
            self.enqueue(frames)
        elif (unsent := self._offer(data)) is not None:
            self.enqueue(frames, len(data) - len(unsent))

    def enqueue(self, frames: Sequence[Frame], sent_bytes: int = 0) -> None:
        """Queue updates for a client; a client whose queue exceeds the limits is closed.

        Args:
            frames: Updates in order.
            sent_bytes: Bytes of the joined frames that the kernel has accepted already; 0 when a queue exists.
        """
        if not self.is_open:
            return
        queue = self.send_queue or SendQueue()
        for each in frames:
            size = len(each.data)
            if sent_bytes >= size:
                sent_bytes -= size
            elif sent_bytes:
                queue.put_back(memoryview(each.data)[sent_bytes:])
                sent_bytes = 0
            else:
                self._hub.counters.conflated += queue.add(each)
        self._flush(queue)

    def ping(self) -> None:
        """Send a ping and set `is_pong_awaited`."""
        self.is_pong_awaited = True
        self._send_control(PING, b"")

    def _send_control(self, opcode: int, payload: bytes) -> None:
        queue = self.send_queue or SendQueue()
        queue.add_control(opcode, frame(payload, opcode))
        self._flush(queue)

    def _flush(self, queue: SendQueue) -> None:
        """Send a new queue's bytes at once; those that the kernel does not accept wait for a writable socket."""
        if self.send_queue is None and not self._drain(queue):
            self._send_when_writable(queue)
        if queue.exceeds(self._hub.limits):
            self.close(CloseCode.TOO_SLOW, "too slow")

    def _send_when_writable(self, queue: SendQueue) -> None:
        self.send_queue = queue
        self._hub.counters.behind += 1
        self._loop.add_writer(self.sock, self._on_writable)

    def _on_writable(self) -> None:
        queue = self.send_queue
        assert queue is not None
        if not self._drain(queue) or self._is_released:
            return
        self._loop.remove_writer(self.sock)
        if self.is_open:
            self.send_queue = None
            self._hub.counters.behind -= 1
        elif self._has_peer_closed:
            self.abort()

    def _drain(self, queue: SendQueue) -> bool:
        """Send the queue's bytes until the kernel accepts no more. Returns False when some of them have to wait."""
        while not self._is_released and (chunk := queue.next_chunk()):
            if (unsent := self._offer(chunk)) is not None:
                queue.put_back(unsent)
                return False
        return True

    def _offer(self, data: bytes | memoryview) -> memoryview | None:
        """Send bytes. Returns those that the kernel did not accept, None when it accepted all or the socket failed."""
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.abort(error)
            return None
        return None if sent == len(data) else memoryview(data)[sent:]

    # Receiving

    def _on_readable(self) -> None:
        try:
            data = self.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self.abort(error)
            return
        if data:
            self._receive(data)
        else:
            self.abort()

    def _receive(self, data: bytes) -> None:
        """Handle the frames in the bytes. A closing connection handles only the client's close frame."""
        try:
            for opcode, payload in self._reader.feed(data):
                if opcode == CLOSE:
                    self._on_close_frame(payload)
                    return
                if self.handler is not None:
                    self._on_frame(self.handler, opcode, payload)
        except FrameError as error:
            self.close(error.code, error.reason)
            self._reader = FrameReader(self._hub.limits.message_bytes)
        except Exception:
            self.fail()

    def _on_frame(self, handler: WebSocketHandler, opcode: int, payload: bytes) -> None:
        if opcode == PONG and self.is_pong_awaited:
            self.is_pong_awaited = False
            handler.on_pong(payload)
            return
        is_within_rate = self._is_within_rate(opcode)
        if opcode == PING and self.is_open:
            self._send_control(PONG, payload)
            handler.on_ping(payload)
        elif opcode in (TEXT, BINARY) and is_within_rate:
            handler.on_message(decode_text(payload) if opcode == TEXT else payload)

    def _is_within_rate(self, opcode: int) -> bool:
        """Count a frame against the rate limit. Beyond it, messages get an error reply; later the client is closed."""
        limits = self._hub.limits
        if not self._rate.take(self._hub.monotonic(), limits.messages_per_s, limits.message_burst):
            return True
        self._rate_warnings += 1
        if self._rate_warnings > limits.warned_messages:
            self.close(CloseCode.TOO_MANY_REQUESTS, "too many messages")
        elif opcode in (TEXT, BINARY):
            text = f"at most {limits.messages_per_s:g} messages a second, {limits.message_burst} at once"
            self._hub.send(self, error_frame(BadMessage("RATE_LIMIT", text)))
        return False

    def _on_close_frame(self, payload: bytes) -> None:
        """Answer the client's close frame if ours was not sent before; close the socket when everything is sent."""
        self._has_peer_closed = True
        try:
            code = close_code(payload)
        except FrameError as error:
            code = error.code
        self.close(code)
        if self.send_queue is None or self.send_queue.is_empty:
            self.abort()

    # Closing

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Send a close frame and detach the handler.

        The rest of a partly sent frame is sent before it; everything else in the queue is dropped. When the client has
        not answered after `drop_s`, the socket is closed: the close frame may be behind unread bytes in the kernel.
        """
        if not self.is_open:
            return
        self.is_open = False
        self.close_code = CloseCode.NORMAL if code is None else code
        self._hub.counters.closed[self.close_code] += 1
        self._drop_timer = self._loop.call_later(self._hub.limits.drop_s, self._drop)
        queue = self.send_queue or SendQueue()
        queue.discard_all()
        queue.add_control(CLOSE, close_frame(code, reason or ""))
        if self.send_queue is None:
            self._send_when_writable(queue)
            self._on_writable()
        self._end_conversation()

    def fail(self) -> None:
        """Log the current exception, and close the connection with the code INTERNAL."""
        log.exception("message failed")
        self.close(CloseCode.INTERNAL, "internal error")

    def abort(self, error: OSError | None = None) -> None:
        """Close the socket at once; bytes that are still queued are dropped."""
        if self._is_released:
            return
        if error is not None:
            log.debug("socket failed error=%s", error)
        self._is_released = True
        self.is_open = False
        if self.send_queue is None:
            self.send_queue = SendQueue()
        else:
            self._hub.counters.behind -= 1
        self._loop.remove_reader(self.sock)
        self._loop.remove_writer(self.sock)
        if self._drop_timer is not None:
            self._drop_timer.cancel()
        self.sock.close()
        self._end_conversation()
        self._hub.socket_closed(self)

    def reset(self) -> None:
        """Close the socket at once; the client sees a connection reset."""
        if not self._is_released:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
            self.abort()

    # Faults

    def hold(self, queue: SendQueue) -> None:
        """Let everything wait in `queue` from now on, which no writable socket empties, only `send_held`."""
        if self.send_queue is None:
            self._hub.counters.behind += 1
        else:
            self._loop.remove_writer(self.sock)
        self.send_queue = queue

    def send_held(self, budget: int) -> bool:
        """Send at most `budget` bytes of the queue. Returns whether the socket is still open."""
        queue = self.send_queue
        while budget and queue and not self._is_released and (chunk := queue.next_chunk()):
            unsent = self._offer(memoryview(chunk)[:budget]) or b""
            sent = min(budget, len(chunk)) - len(unsent)
            if sent < len(chunk):
                queue.put_back(memoryview(chunk)[sent:])
            budget = 0 if unsent else budget - sent
        if self._has_peer_closed and queue and queue.is_empty:
            self.abort()
        return not self._is_released

    def _drop(self) -> None:
        """Close the socket of a client that did not answer the close frame in time.

        If the close frame is still queued, the connection is reset, so that the kernel frees its buffers.
        """
        if self.send_queue is not None and not self.send_queue.is_empty:
            self.reset()
        self.abort()

    def _end_conversation(self) -> None:
        handler, self.handler = self.handler, None
        if handler is not None:
            handler.on_ws_connection_close(self.close_code)
