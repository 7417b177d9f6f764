"""One request and its answer, as Tornado sees it: `HTTPConnection` for handlers, a caller of `HTTPMessageDelegate`.

Made by `connection.py` for each request; nothing else of Tornado's HTTP interfaces is implemented here.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    HTTPOutputError,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import StreamClosedError

from handlers.answers import error_answer, json_lines, request_id_of, write_answer
from handlers.errors import ApiError
from handlers.http.parser import RequestEnd, RequestHead, body_too_large
from handlers.http.protocol import CONTINUE, HttpProtocol, State


class Context(NamedTuple):
    """The client of a connection, as Tornado's requests ask for it."""

    remote_ip: str


class Transport(Protocol):
    """The connection that carries an exchange."""

    context: Context
    protocol: HttpProtocol

    def write(self, data: bytes) -> asyncio.Future[None]:
        """Send a part of the current answer."""

    def end_answer(self) -> None:
        """End the current answer."""

    def abort(self, is_reset: bool = False) -> None:
        """Close the connection."""

    def stall(self) -> None:
        """Answer nothing more."""


class Exchange(HTTPConnection):
    """One request and its answer: the connection as Tornado's handlers and delegates see it.

    If the client disconnects while a handler still runs, the exchange remains without a connection and writes nothing.

    Args:
        connection: The transport of the client.
        head: The head of the request; None for bytes that are not a valid request.

    Attributes:
        context: The client, for Tornado's request.
    """

    def __init__(self, connection: Transport, head: RequestHead | None) -> None:
        self.context = connection.context
        self._connection: Transport | None = connection
        self._head = head
        self._delegate: HTTPMessageDelegate | None = None
        self._on_close: Callable[[], None] | None = None
        self._received = 0

    # Called by the connection

    def begin(self, server: HTTPServerConnectionDelegate) -> None:
        """Pass the head to the delegate. Its awaitable, if any, is not awaited: a body has at most 64 KiB."""
        assert self._head is not None
        # None instead of the connection: the request would keep it alive as long as a WebSocket handler exists.
        self._delegate = server.start_request(None, self)
        try:
            self._delegate.headers_received(self._head.start_line, self._head.headers)
        except HTTPInputError as error:
            self.refuse(ApiError(400, str(error)))
        connection = self._connection
        if self._head.expects_continue and connection is not None and not connection.protocol.has_waiting:
            connection.write(CONTINUE)

    def receive(self, event: bytes | RequestEnd, max_bytes: int) -> None:
        """Pass a piece of the body or the end to the delegate; a body larger than `max_bytes` is answered 413."""
        if self._delegate is None:
            return
        if isinstance(event, RequestEnd):
            delegate, self._delegate = self._delegate, None
            delegate.finish()
            return
        self._received += len(event)
        if self._received > max_bytes:
            self.refuse(body_too_large(max_bytes))
        else:
            self._delegate.data_received(event)

    def refuse(self, error: ApiError) -> None:
        """Answer with an error instead of the delegate's answer."""
        method = self._head.start_line.method if self._head else ""
        headers = self._head.headers if self._head else HTTPHeaders()
        write_answer(self, method, request_id_of(headers), error_answer(error))

    # Called by faults

    def cut(self, is_reset: bool) -> None:
        """Close the connection without the answer, or the rest of it."""
        if self._connection is not None:
            self._connection.abort(is_reset)

    def stall(self) -> None:
        """Leave the client without the answer, on an open connection."""
        if self._connection is not None:
            self._connection.stall()

    # Called by the connection

    def abandon(self) -> None:
        """Notify the handler and the delegate that the client is gone."""
        self._connection = None
        if self._on_close is not None:
            self._on_close()
            self._on_close = None
        self._leave_delegate()

    def _leave_delegate(self) -> None:
        delegate, self._delegate = self._delegate, None
        if delegate is not None:
            delegate.on_connection_close()

    # Called by Tornado: HTTPConnection

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Set the function to call when the client disconnects before the answer is complete."""
        self._on_close = callback

    def write_headers(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> asyncio.Future[None]:
        """Write the head of the answer, and the first piece of its body."""
        assert isinstance(start_line, ResponseStartLine)
        line = start_line
        return self._write(lambda protocol: protocol.answer_head(line, headers, chunk or b""))

    def write_json(self, status: int, request_id: str, body: bytes, more: Mapping[str, str]) -> asyncio.Future[None]:
        """Write a whole JSON answer with the default headers and `more` headers."""
        lines = json_lines(request_id, len(body))
        if more:
            lines += "".join([f"{name}: {value}\r\n" for name, value in more.items()]).encode("latin-1")
        return self._write(lambda protocol: protocol.whole_answer(status, lines, body))

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Write a piece of the body; a body longer than its Content-Length closes the connection."""
        return self._write(lambda protocol: protocol.answer_body(chunk))

    def _write(self, encode: Callable[[HttpProtocol], bytes]) -> asyncio.Future[None]:
        connection = self._connection
        if connection is None:
            return _closed_future()
        try:
            return connection.write(encode(connection.protocol))
        except HTTPOutputError:
            connection.abort()
            return _closed_future()

    def finish(self) -> None:
        """End the answer; nothing is written afterwards."""
        connection = self._connection
        if connection is None or connection.protocol.state is State.SWITCHED:
            return
        self._connection = self._on_close = None
        self._leave_delegate()
        connection.end_answer()

    def detach(self) -> Transport:
        """Return the connection, whose socket may be released.

        The reference is dropped: a handler is in a reference cycle and would keep the connection until it is collected.
        """
        connection, self._connection = self._connection, None
        self._on_close = None
        assert connection is not None
        return connection


def _closed_future() -> asyncio.Future[None]:
    """Return a failed future, as Tornado's connections do for a write to a client that is gone."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_exception(StreamClosedError())
    future.exception()  # retrieved, so that asyncio logs no error if the caller does not await it
    return future
