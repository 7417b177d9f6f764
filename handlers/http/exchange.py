"""One request and its answer, as Tornado sees it: `HTTPConnection` for handlers, a caller of `HTTPMessageDelegate`.

Made by `connection.py` for each request; nothing else of Tornado's HTTP interfaces is implemented here.
"""

import asyncio
from collections.abc import Callable
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

from handlers.answers import error_answer, request_id_of, write_answer
from handlers.errors import ApiError
from handlers.http.parser import RequestEnd, RequestHead, body_too_large
from handlers.http.protocol import CONTINUE, HttpProtocol, State


class Context(NamedTuple):
    """The client of a connection, as Tornado's requests ask for it."""

    remote_ip: str
    protocol: str = "http"


class Transport(Protocol):
    """The connection that carries an exchange."""

    context: Context
    protocol: HttpProtocol

    def write(self, data: bytes) -> asyncio.Future[None]:
        """Send a part of the current answer."""

    def end_answer(self) -> None:
        """End the current answer."""

    def lose(self) -> None:
        """Close the connection."""


class Exchange(HTTPConnection):
    """One request and its answer: the connection as Tornado's handlers and delegates see it.

    It outlives its connection where a handler is still at work when the client has gone; nothing is written then.

    Args:
        connection: Carries it.
        head: The request; None for bytes that are none.

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
        """Hand over the head. An awaitable of the delegate is not awaited: a body has at most 64 KiB."""
        assert self._head is not None
        # Without the connection: a request keeps it, and a handler that took over the socket lives long.
        self._delegate = server.start_request(None, self)
        try:
            self._delegate.headers_received(self._head.start_line, self._head.headers)
        except HTTPInputError as error:
            self.refuse(ApiError(400, str(error)))
        connection = self._connection
        if self._head.expects_continue and connection is not None and not connection.protocol.has_waiting:
            connection.write(CONTINUE)

    def receive(self, event: bytes | RequestEnd, max_bytes: int) -> None:
        """Hand over a piece of the body, or the end; a body of more than `max_bytes` bytes is answered 413."""
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
        """Answer in place of the delegate."""
        method = self._head.start_line.method if self._head else ""
        headers = self._head.headers if self._head else HTTPHeaders()
        write_answer(self, method, request_id_of(headers), error_answer(error))

    def abandon(self) -> None:
        """Tell delegate and handler that the client is gone."""
        self._connection = None
        if self._on_close is not None:
            self._on_close()
            self._on_close = None
        self._leave_delegate()

    def _leave_delegate(self) -> None:
        """Tell a delegate that has not seen the end of the request that it will not come."""
        delegate, self._delegate = self._delegate, None
        if delegate is not None:
            delegate.on_connection_close()

    # Called by Tornado: HTTPConnection

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Call something when the client goes before it is answered."""
        self._on_close = callback

    def write_headers(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> asyncio.Future[None]:
        """Write the head of the answer, and the first piece of its body."""
        assert isinstance(start_line, ResponseStartLine)
        connection = self._connection
        if connection is None:
            return _closed_future()
        try:
            return connection.write(connection.protocol.answer_head(start_line, headers, chunk or b""))
        except HTTPOutputError:
            connection.lose()
            return _closed_future()

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Write a piece of the body; a body that is longer than the head says closes the connection."""
        connection = self._connection
        if connection is None:
            return _closed_future()
        try:
            return connection.write(connection.protocol.answer_body(chunk))
        except HTTPOutputError:
            connection.lose()
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

        It is not kept: a handler refers to itself, so that only the collector frees it, and the connection with it.
        """
        connection, self._connection = self._connection, None
        self._on_close = None
        assert connection is not None
        return connection


def _closed_future() -> asyncio.Future[None]:
    """Return what Tornado's connections return for a write to a client that is gone."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_exception(StreamClosedError())
    future.exception()  # looked at, so that nothing is logged where the caller does not wait for it
    return future
