"""The HTTP server with deadlines: a client that is slow on purpose holds a connection for seconds, not for hours.

Tornado knows one time for waiting for a request, be the connection idle or half a header in. Here an idle connection
may wait, but a request that has begun, and the first one of a connection, must be there within `HEAD_TIMEOUT_S`.
"""

import asyncio
import resource
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPConnection, HTTPMessageDelegate, HTTPServerConnectionDelegate
from tornado.iostream import IOStream

IDLE_TIMEOUT_S = 120
HEAD_TIMEOUT_S = 7.0
BODY_TIMEOUT_S = 8
WRITE_TIMEOUT_S = 30.0
SWEEP_S = 1.0
MAX_HEADER_BYTES = 16 * 1024
MAX_UPLOAD_BYTES = 16 * 1024 * 1024
"""What a refused body may have and still be read (and dropped) to its end, so that its sender sees the answer."""

MAX_FILES = 1 << 20
RESERVED_FILES = 64


class Visit:
    """One request of a connection. `since` is when what has to be over soon began; None: nothing has to."""

    __slots__ = ("connection", "is_writing", "since")

    def __init__(self, connection: HTTP1Connection, since: float | None) -> None:
        self.connection = connection
        self.since = since
        self.is_writing = False

    def is_late(self, now: float) -> bool:
        """Whether its head, or its reader, has taken too long. To be asked again and again."""
        stream = self.connection.stream
        if stream is None or stream.closed():
            return False
        # Tornado says nowhere else whether a head has begun, or has arrived.
        if self.connection._request_headers is None:
            has_to_end, limit_s = self.since is not None or stream._read_buffer_size > 0, HEAD_TIMEOUT_S
        else:
            if not self.is_writing:
                self.since = None
            has_to_end, limit_s = stream.writing(), WRITE_TIMEOUT_S
            self.is_writing = has_to_end
        if not has_to_end:
            self.since = None
            return False
        if self.since is None:
            self.since = now
        return now - self.since > limit_s


class Listener(HTTPServer):
    """Tornado's HTTP server, with a bound on connections and on how long each may take."""

    def initialize(self, application: HTTPServerConnectionDelegate) -> None:  # type: ignore[override]
        """Take the application; limits are ours."""
        super().initialize(
            application,
            idle_connection_timeout=IDLE_TIMEOUT_S,
            body_timeout=BODY_TIMEOUT_S,
            max_header_size=MAX_HEADER_BYTES,
            max_body_size=MAX_UPLOAD_BYTES,
            max_buffer_size=MAX_UPLOAD_BYTES,
        )
        self._visits: dict[object, Visit] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._max_open = raise_file_limit() - RESERVED_FILES

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Take a connection, unless there are more than the process can have."""
        if len(self._visits) >= self._max_open:
            stream.close()
            return
        super().handle_stream(stream, address)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """Begin to wait for a request."""
        assert isinstance(request_conn, HTTP1Connection)
        now = asyncio.get_running_loop().time()
        is_first = server_conn not in self._visits
        self._visits[server_conn] = Visit(request_conn, now if is_first else None)
        if self._sweeper is None:
            self._sweep_later()
        return super().start_request(server_conn, request_conn)

    def on_close(self, server_conn: object) -> None:
        """Forget a connection."""
        self._visits.pop(server_conn, None)
        super().on_close(server_conn)

    def _sweep_later(self) -> None:
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = asyncio.get_running_loop().time()
        for visit in list(self._visits.values()):
            if visit.is_late(now):
                visit.connection.stream.close()
        if self._visits:
            self._sweep_later()


def raise_file_limit() -> int:
    """Let the process have as many files as it may; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MAX_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except OSError:
        return soft
    return wanted
