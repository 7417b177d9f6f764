"""Accepts connections, and closes those past their deadline, so that slow clients cannot occupy them for long.

Each connection sets its own deadline (`connection.py`); the listener checks them once a second. The number of
connections is limited by the file descriptors that the process may open.
"""

import asyncio
import logging
import resource
import socket
from collections.abc import Iterable

from tornado.httputil import HTTPServerConnectionDelegate

from handlers.http.connection import Http1Connection
from handlers.http.limits import HttpLimits
from handlers.http.parser import HeadCache
from handlers.http.protocol import HttpProtocol

log = logging.getLogger("trading.access")

ACCEPTED_AT_ONCE = 100
ACCEPT_PAUSE_S = 0.5
"""Pause of accept() after it failed, for example without a free file descriptor (EMFILE), in seconds."""

MAX_FILES = 1 << 20
RESERVED_FILES = 64


class Listener:
    """The HTTP server.

    Args:
        site: Answers requests: an Application.
        limits: Limits of each connection.
        max_files: File descriptors that the process may open; None raises its soft limit to the hard limit.
    """

    def __init__(
        self, site: HTTPServerConnectionDelegate, limits: HttpLimits | None = None, max_files: int | None = None
    ) -> None:
        self._site = site
        self._limits = limits or HttpLimits()
        self._known = HeadCache()
        self._sockets: list[socket.socket] = []
        self._connections: set[Http1Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._max_open = (raise_file_limit() if max_files is None else max_files) - RESERVED_FILES

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Accept connections on listening sockets, which `stop` closes. Call it while the event loop runs."""
        for sock in sockets:
            sock.setblocking(False)
            self._sockets.append(sock)
            self._watch(sock)

    def stop(self) -> None:
        """Stop accepting. Idle connections are closed at once, the others after their current answer."""
        loop = asyncio.get_running_loop()
        sockets, self._sockets = self._sockets, []
        for sock in sockets:
            loop.remove_reader(sock)
            sock.close()
        for connection in list(self._connections):
            connection.close_when_idle()

    @property
    def is_answering(self) -> bool:
        """Whether a request on any connection is not answered yet."""
        return any(connection.is_answering for connection in self._connections)

    async def close_all_connections(self) -> None:
        """Close every connection at once; unfinished answers are dropped."""
        for connection in list(self._connections):
            connection.abort()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None

    def _watch(self, sock: socket.socket) -> None:
        if sock in self._sockets:
            asyncio.get_running_loop().add_reader(sock, self._accept, sock)

    def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, address = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("connections cannot be accepted error=%s", error)
                loop.remove_reader(listening)
                loop.call_later(ACCEPT_PAUSE_S, self._watch, listening)
                return
            if sock.fileno() >= self._max_open:
                sock.close()
                continue
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            protocol = HttpProtocol(self._limits, self._known)
            connection = Http1Connection(sock, address[0], loop, self._site, protocol, self._connections.discard)
            self._connections.add(connection)
            if self._sweeper is None:
                self._sweeper = loop.call_later(self._limits.sweep_s, self._sweep)

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._sweeper = loop.call_later(self._limits.sweep_s, self._sweep) if self._connections else None
        for connection in [one for one in self._connections if one.deadline < now]:
            connection.abort()


def raise_file_limit() -> int:
    """Raise the limit of open file descriptors to the hard limit, at most `MAX_FILES`. Returns the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MAX_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except OSError:
        return soft
    return wanted
