"""One client's HTTP/1.1 connection: bytes in, requests out; answers in, bytes out.

It owns its socket. A request goes to an `Exchange`, one at a time: what a
client sends ahead waits, and while something waits nothing is read, so that nothing grows. Deadlines are looked at by
the listener. Why this is not left to Tornado's connection: docs/decisions/0012-own-http-connection.md.

Source: RFC 9112.
"""

import asyncio
import logging
import math
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from handlers.errors import MEDIA_TYPE, ApiError, problem
from handlers.http.exchange import Exchange, Incoming
from handlers.http.head_cache import Heads
from handlers.http.parser import Failed, RequestReader
from handlers.http.request import Request
from handlers.http.status import CONTINUE, STATUS_LINES, date_line, last_answer
from handlers.http.writer import Outlet

log = logging.getLogger("trading.access")

IDLE_TIMEOUT_S = 120.0
HEAD_TIMEOUT_S = 7.0
BODY_TIMEOUT_S = 8.0
WRITE_TIMEOUT_S = 30.0
LINGER_S = 2.0
READ_BYTES = 64 * 1024
_read_buffer = memoryview(bytearray(READ_BYTES))
"""One for all: what is read is parsed before the next read."""


class Site(Protocol):
    """What is served."""

    def open(self, connection: "Http1Connection", request: Request) -> Exchange:
        """Return who answers a request."""


class Http1Connection:
    """A client.

    Args:
        sock: A connected, non-blocking TCP socket; the connection closes it.
        remote_ip: Its other end.
        loop: Watches the socket.
        site: Who answers.
        heads: What was read lately.
        gone: Called once, when the socket is closed or given away.

    Attributes:
        deadline: When the listener ends it (the loop's clock in seconds).
    """

    __slots__ = (
        *("_current", "_gone", "_has_begun", "_is_closing", "_is_last", "_is_reading", "_loop", "_out"),
        *("_queue", "_reader", "_reading", "_refusal", "_rest", "_site", "_socket", "deadline", "is_upgraded"),
        "remote_ip",
    )

    def __init__(
        self,
        sock: socket.socket,
        remote_ip: str,
        loop: asyncio.AbstractEventLoop,
        site: Site,
        heads: Heads,
        gone: "Callable[[Http1Connection], None]",
    ) -> None:
        self._socket: socket.socket | None = sock
        self._loop = loop
        self._site = site
        self._gone = gone
        self._out = Outlet(sock, loop, self._drained, self.lose)
        self._reader = RequestReader(self, remote_ip, heads)
        self._reading: Incoming | None = None
        self._current: Incoming | None = None
        self._queue: deque[Incoming] = deque()
        self._rest = b""
        self._refusal: ApiError | None = None
        self._is_last = self._is_closing = self._has_begun = self.is_upgraded = False
        self.remote_ip = remote_ip
        self.deadline = loop.time() + HEAD_TIMEOUT_S
        self._is_reading = True
        loop.add_reader(sock, self._on_readable)

    # In

    def _on_readable(self) -> None:
        assert self._socket is not None
        try:
            size = self._socket.recv_into(_read_buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.lose()
            return
        if not size:
            self._at_end()
        elif not self._is_closing:
            self._parse(bytes(_read_buffer[:size]))

    def _parse(self, data: bytes) -> None:
        """Feed the reader; what it finds comes back through its callbacks below."""
        self._has_begun = False
        try:
            rest = self._reader.feed(data)
        except ApiError as error:
            self._refuse(error)
            return
        except Failed:
            self.lose()
            return
        if rest is not None:
            self._rest = rest
            self._pause()
            if self._current is None and not self._queue:
                self._loop.call_soon(self._resume)

    def on_begin(self) -> None:
        """Let the time for a head run."""
        if self._current is None:
            self.deadline = min(self.deadline, self._loop.time() + HEAD_TIMEOUT_S)

    def on_head(self, request: Request, keeps_alive: bool) -> None:
        """Hand the request over, or let it wait for its turn."""
        incoming = self._reading = Incoming(request, keeps_alive)
        if self._is_last or self._socket is None:
            return
        is_free = self._current is None and not self._queue and not self._out.waiting
        if is_free and not self._has_begun:
            self._begin(incoming)
        else:
            self._queue.append(incoming)
            self._pause()
            if is_free:
                self._next()

    def on_chunk(self, chunk: bytes) -> None:
        """Hand a piece of the body over."""
        incoming = self._reading
        assert incoming is not None
        if incoming.exchange is not None and not incoming.has_answer:
            incoming.exchange.received(chunk)
        elif incoming.exchange is None and not self._is_last:
            incoming.chunks.append(chunk)

    def on_end(self) -> None:
        """Let the request be answered, if it was not already."""
        incoming, self._reading = self._reading, None
        assert incoming is not None
        incoming.is_complete = True
        if incoming.exchange is not None:
            self._complete(incoming)

    def on_whole(self, request: Request, body: bytes) -> None:
        """Hand a whole request over, or let it wait for its turn."""
        if self._is_last or self._socket is None:
            return
        incoming = Incoming(request, True, body)
        if self._current is None and not self._queue and not self._out.waiting:
            self._begin_read(incoming)
        else:
            self._queue.append(incoming)
            self._pause()

    def _begin(self, incoming: Incoming) -> None:
        """Give a request to whom it concerns."""
        self._has_begun = True
        self._current = incoming
        incoming.exchange = exchange = self._site.open(self, incoming.request)
        self.deadline = math.inf if incoming.is_complete else self._loop.time() + BODY_TIMEOUT_S
        exchange.begin()
        if not (incoming.has_answer or incoming.is_complete) and incoming.request.is_waiting_for_go:
            self._out.send(CONTINUE)

    def _complete(self, incoming: Incoming) -> None:
        if incoming.has_answer:
            self._current = None
            self._next()
        elif incoming.exchange is not None:
            self.deadline = math.inf
            incoming.exchange.complete()

    def _refuse(self, error: ApiError) -> None:
        """Answer what cannot be read, behind what came before it, and end the connection."""
        if self._socket is None or (self._is_last and self._current is None):
            return
        self._is_last = True
        self._pause()
        current = self._current
        if self._queue and not self._queue[-1].is_complete:
            self._queue.pop()
        if self._queue or (current is not None and current.is_complete):
            self._refusal = error
            return
        if current is not None and current.has_answer:
            self._close()
            return
        if current is not None and current.exchange is not None:
            current.has_answer = True
            current.exchange.cut()
            self._current = None
        self._farewell(error)

    def _farewell(self, error: ApiError) -> None:
        self._out.send(last_answer(error.status, MEDIA_TYPE, problem(error.status, error)))
        self._close()

    def _at_end(self) -> None:
        """The client sends no more; whoever waits for an answer may still be reading."""
        self._is_last = True
        current = self._current
        if self._is_closing or (not self._out.waiting and (current is None or not current.is_complete)):
            self.lose()
        else:
            self._pause()

    # Out

    def answer(self, status: int, fields: bytes, body: bytes) -> None:
        """Answer the request at hand, everything at once.

        Args:
            status: HTTP status.
            fields: Header lines, each with its end; without Content-Length, Date and Connection.
            body: The body; not sent where the method or the status has none.
        """
        current = self._current
        if current is None or current.has_answer:
            return
        length = b"\r\n" if status in (204, 304) else b"Content-Length: %d\r\n\r\n" % len(body)
        if current.request.method == "HEAD" or status in (204, 304):
            body = b""
        self._out.send(b"".join((STATUS_LINES[status], fields, self.common_fields(), length, body)))
        self._end_answer(current)

    def common_fields(self) -> bytes:
        """Return the lines that every answer has: the date, and what becomes of the connection."""
        current, date = self._current, date_line(int(time.time()))
        if current is None or not current.keeps_alive or (self._is_last and not self._queue and not self._refusal):
            return date + b"Connection: close\r\n"
        return date if current.request.version == "1.1" else date + b"Connection: keep-alive\r\n"

    def write(self, data: bytes) -> asyncio.Future[None]:
        """Send a part of an answer; the future is done when the kernel has it, or the client is gone."""
        if self._current is not None and not self._current.has_answer:
            self._out.send(data)
            self._watch_writing()
        return self._out.settled()

    def end_with_answer(self) -> None:
        """Let the connection end behind the answer at hand, which may then do without saying how long it is."""
        self._is_last = True
        self._refusal = None
        self._queue.clear()

    def answered(self) -> None:
        """Take note that the answer is out; go on with the next request once the kernel has taken it."""
        current = self._current
        if current is not None and not current.has_answer:
            self._end_answer(current)

    def _end_answer(self, current: Incoming) -> None:
        current.has_answer = True
        if not current.keeps_alive:
            self.end_with_answer()
        self._watch_writing()
        if current.is_complete:
            self._current = None
            self._next()
        elif self._is_last:
            self._close()

    def release(self) -> tuple[socket.socket, bytes] | None:
        """Give the socket away, with what came behind the request; None when the client is gone."""
        sock = self._socket
        if sock is None or self._out.waiting:
            self.lose()
            return None
        self._let_go()
        return sock, self._rest

    def _watch_writing(self) -> None:
        if self._out.waiting:
            self.deadline = min(self.deadline, self._loop.time() + WRITE_TIMEOUT_S)

    def _drained(self) -> None:
        current = self._current
        if self._is_closing:
            self._close()
        elif current is None:
            self._next()
        else:
            self.deadline = math.inf if current.is_complete else self._loop.time() + BODY_TIMEOUT_S

    def _next(self) -> None:
        """Begin the next request that waits, or wait for one; behind the last one the connection ends."""
        if self._socket is None or self.is_upgraded or self._is_closing or self._out.waiting:
            return
        if self._queue:
            # From the loop, so that a row of requests neither nests calls nor holds the loop.
            self._loop.call_soon(self._begin_waiting)
        elif self._refusal is not None:
            self._farewell(self._refusal)
        elif self._is_last:
            self._close()
        else:
            self.deadline = self._loop.time() + (HEAD_TIMEOUT_S if self._reader.is_in_head else IDLE_TIMEOUT_S)
            if not self._is_reading:
                self._resume()

    def _begin_waiting(self) -> None:
        if self._socket is None or self._current is not None or not self._queue:
            return
        incoming = self._queue.popleft()
        try:
            self._begin_read(incoming)
        except Exception:
            log.exception("request failed")
            self.lose()

    def _begin_read(self, incoming: Incoming) -> None:
        """Begin a request of which a part, or all, was read before."""
        self._begin(incoming)
        if incoming.exchange is not None and not incoming.has_answer:
            for chunk in incoming.chunks:
                incoming.exchange.received(chunk)
        incoming.chunks.clear()
        if not incoming.is_complete:
            self._resume()
        elif self._current is incoming:
            self._complete(incoming)

    # Life

    @property
    def is_answering(self) -> bool:
        """Whether a request or its answer is under way."""
        return self._current is not None or bool(self._queue) or bool(self._out.waiting)

    def close_when_idle(self) -> None:
        """End now, or behind the answer that is under way."""
        self.end_with_answer()
        if self._current is None and not self._out.waiting:
            self.lose()

    def _pause(self) -> None:
        if self._is_reading and self._socket is not None:
            self._is_reading = False
            self._loop.remove_reader(self._socket)

    def _resume(self) -> None:
        if self._is_reading or self._socket is None:
            return
        self._is_reading = True
        self._loop.add_reader(self._socket, self._on_readable)
        rest, self._rest = self._rest, b""
        if rest and not self._is_closing:
            self._parse(rest)

    def _close(self) -> None:
        """Send what is to be sent, say that nothing follows, and wait for the client to end: no reset for it."""
        self._is_closing = True
        if self._socket is None or self._out.waiting:
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.lose()
            return
        self.deadline = self._loop.time() + LINGER_S
        self._resume()

    def lose(self) -> None:
        """Let go of the socket, whatever is still in it."""
        sock = self._socket
        if sock is not None:
            self._let_go()
            sock.close()

    def _let_go(self) -> None:
        assert self._socket is not None
        self._loop.remove_reader(self._socket)
        self._socket = None
        self._out.stop()
        self._reader.stop()
        self._reading = None
        self._queue.clear()
        current, self._current = self._current, None
        if current is not None and current.exchange is not None and not current.has_answer:
            current.has_answer = True
            current.exchange.cut()
        self._gone(self)
