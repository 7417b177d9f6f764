"""HTTP/1.1 without input and output: bytes to events of requests, answers to bytes. No sockets, no event loop.

Decides when each event is handled (a pipelined request waits for the answer to the one before it), how an answer is
framed, and when a connection ends. `parser.py` parses; read `connection.py` next: it moves bytes.

Source: RFC 9112.
"""

from collections import deque
from enum import Enum
from http.client import responses
from typing import NamedTuple

from tornado.httputil import HTTPHeaders, HTTPOutputError, RequestStartLine, ResponseStartLine

from handlers.errors import ApiError
from handlers.http.limits import HttpLimits
from handlers.http.parser import Event, HeadCache, RequestEnd, RequestHead, RequestParser

STATUS_LINES = {int(status): f"HTTP/1.1 {status} {text}\r\n".encode() for status, text in responses.items()}
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
WITHOUT_BODY = (204, 304)


class Phase(NamedTuple):
    """The meaning and the timeout of a state; no timeout: ""."""

    meaning: str
    timeout: str


class State(Phase, Enum):
    """The progress of the current request and its answer.

    A request usually goes IDLE, RECEIVING, ANSWERING, IDLE. One that is answered before its body has arrived goes IDLE,
    RECEIVING, DRAINING, IDLE. The last answer of a connection leads to CLOSING, a WebSocket handshake to SWITCHED.

    The second text, `timeout`, names the limit that holds in the state.
    """

    IDLE = "no request has begun, or its head is not complete", "idle_s"
    RECEIVING = "the body is arriving", "body_s"
    ANSWERING = "the request is complete, its answer is not", ""
    DRAINING = "the answer is complete, the rest of the body is dropped", "body_s"
    CLOSING = "the last answer is complete, everything that still arrives is dropped", "linger_s"
    SWITCHED = "the connection belongs to another protocol", ""


OPEN_FOR_EVENTS = (State.IDLE, State.RECEIVING, State.DRAINING)


class HttpProtocol:
    """The protocol of one client's connection.

    Args:
        limits: Limits of the connection.
        known: Cache of parsed heads, shared by all clients.

    Attributes:
        limits: Limits of the connection.
        state: Progress of the current request and its answer.
    """

    __slots__ = ("_events", "_is_last", "_keeps_alive", "_line", "_missing", "_parser", "_unparsed", "limits", "state")

    def __init__(self, limits: HttpLimits, known: HeadCache) -> None:
        self.state = State.IDLE
        self.limits = limits
        self._events: deque[Event] = deque()
        self._parser = RequestParser(self._events.append, limits, known)
        self._unparsed: bytes | None = None
        """Bytes after a request to switch protocols; None without such a request."""
        self._line: RequestStartLine | None = None
        self._is_last = False
        self._keeps_alive = True
        self._missing: int | None = None
        """Bytes that are missing from the body of the current answer; None when its length is not checked."""

    # Requests

    def receive(self, data: bytes) -> None:
        """Parse bytes of the client; `next_event` returns the events."""
        if self._unparsed is not None:
            self._unparsed += data
        elif not self._is_last and self.state is not State.CLOSING:
            self._parse(data)

    def receive_end(self) -> None:
        """Record that the client sends nothing more. It may still read answers."""
        self._is_last = True

    def next_event(self) -> Event | None:
        """Return the next event that may be handled now, None without one.

        The head of a request is returned when the request before it is answered. An ApiError is the last event.
        """
        while self.state in OPEN_FOR_EVENTS:
            if not self._events and not (self.state is State.IDLE and self._parse_rest()):
                return None
            event = self._events.popleft()
            if isinstance(event, RequestHead):
                self.state, self._line, self._keeps_alive = State.RECEIVING, event.start_line, event.keeps_alive
                return event
            if self.state is not State.DRAINING or isinstance(event, ApiError):
                if isinstance(event, RequestEnd):
                    self.state = State.ANSWERING
                return event
            if isinstance(event, RequestEnd):
                self.state = State.IDLE if self._keeps_alive else State.CLOSING
        return None

    @property
    def is_in_head(self) -> bool:
        """Whether the head of the next request is arriving."""
        return self.state is State.IDLE and self._parser.is_in_head

    @property
    def has_waiting(self) -> bool:
        """Whether events wait for the current answer; the caller stops reading while they do."""
        return bool(self._events) or self._unparsed is not None

    @property
    def is_over(self) -> bool:
        """Whether the client has ended the connection and waits for no answer."""
        return self._is_last and not self._events and self.state in OPEN_FOR_EVENTS

    def stop_after_answer(self) -> None:
        """Close the connection after the answer to the current request."""
        self._keeps_alive = False

    @property
    def early_bytes(self) -> bytes:
        """Bytes received after a request to switch protocols."""
        return self._unparsed or b""

    def stop(self) -> None:
        """Release the parser. No method may be called after this."""
        self._parser.stop()
        self._events.clear()

    # Answers

    def answer_head(self, line: ResponseStartLine, headers: HTTPHeaders, body: bytes) -> bytes:
        """Return the head of the answer to the current request, with the first piece of its body.

        An answer without Content-Length ends with the connection; 101 gives the connection to another protocol.

        Raises:
            HTTPOutputError: the body is longer than its Content-Length.
        """
        status, length = line.code, headers.get("Content-Length")
        has_body = status >= 200 and status not in WITHOUT_BODY
        self._missing = None
        if status == 101:
            self.state = State.SWITCHED
        elif has_body and length is None:
            self._keeps_alive = False
        elif length is not None and has_body and not (self._line and self._line.method == "HEAD"):
            self._missing = int(length)
        head = STATUS_LINES.get(status) or f"HTTP/1.1 {status} {line.reason}\r\n".encode("latin-1")
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.get_all()]).encode("latin-1")
        return b"%b%b%b\r\n%b" % (head, lines, self._connection_line(status), self.answer_body(body))

    def whole_answer(self, status: int, lines: bytes, body: bytes) -> bytes:
        """Return a complete answer with a body; `lines` are its header lines, of them Content-Length."""
        self._missing = None
        shown = b"" if self._line and self._line.method == "HEAD" else body
        return b"%b%b%b\r\n%b" % (STATUS_LINES[status], lines, self._connection_line(status), shown)

    def _connection_line(self, status: int) -> bytes:
        """Return the header line about the end of the connection, b"" without one."""
        if self._is_last and not self._events:
            self._keeps_alive = False
        if status >= 200 and not self._keeps_alive:
            return b"Connection: close\r\n"
        is_old = self._line is not None and self._line.version == "HTTP/1.0"
        return b"Connection: keep-alive\r\n" if is_old else b""

    def answer_body(self, chunk: bytes) -> bytes:
        """Return another piece of the body. Raises: HTTPOutputError: the body is longer than its Content-Length."""
        if self._missing is not None:
            self._missing -= len(chunk)
            if self._missing < 0:
                raise HTTPOutputError("the body of the answer is longer than its Content-Length")
        return chunk

    def end_answer(self) -> None:
        """End the answer. Raises: HTTPOutputError: its body is shorter than its Content-Length."""
        if self._missing:
            raise HTTPOutputError("the body of the answer is shorter than its Content-Length")
        if self.state is not State.SWITCHED:
            following = State.DRAINING if self.state is State.RECEIVING else State.IDLE
            self.state = following if self._keeps_alive else State.CLOSING

    # Parsing

    def _parse(self, data: bytes) -> None:
        try:
            self._unparsed = self._parser.feed(data)
        except ApiError as error:
            self._events.append(error)
            self._is_last = True

    def _parse_rest(self) -> bool:
        """Parse the bytes after a request that did not switch protocols. Returns whether there is an event."""
        rest, self._unparsed = self._unparsed, None
        if rest:
            self._parse(rest)
        return bool(self._events)
