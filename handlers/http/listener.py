"""Takes connections in, and ends those that take too long: a slow client holds one for seconds, not for hours.

What is late is the connection's to know (its `deadline`); here is the clock that looks at it, and the bound on how many
there may be.
"""

import asyncio
import logging
import resource
import socket
from collections.abc import Iterable

from handlers.http.connection import Http1Connection, Site
from handlers.http.head_cache import Heads

log = logging.getLogger("trading.access")

SWEEP_S = 1.0
ACCEPTED_AT_ONCE = 100
BREATH_S = 0.5
"""How long nobody is taken in after the system had no socket to give."""

MAX_FILES = 1 << 20
RESERVED_FILES = 64


class Listener:
    """The HTTP server.

    Args:
        site: Who answers.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._heads = Heads()
        self._sockets: list[socket.socket] = []
        self._connections: set[Http1Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._max_open = raise_file_limit() - RESERVED_FILES

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Accept connections on listening sockets, which the listener closes. To be called on the loop."""
        for sock in sockets:
            sock.setblocking(False)
            self._sockets.append(sock)
            self._watch(sock)

    def stop(self) -> None:
        """Accept nothing any more; what is connected stays, and idle connections end."""
        loop = asyncio.get_running_loop()
        sockets, self._sockets = self._sockets, []
        for sock in sockets:
            loop.remove_reader(sock)
            sock.close()
        for connection in list(self._connections):
            connection.close_when_idle()

    @property
    def is_answering(self) -> bool:
        """Whether an answer is under way."""
        return any(connection.is_answering for connection in self._connections)

    async def close_all_connections(self) -> None:
        """Cut what is still connected."""
        for connection in list(self._connections):
            connection.lose()
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
                log.warning("nobody can be taken in error=%s", error)
                loop.remove_reader(listening)
                loop.call_later(BREATH_S, self._watch, listening)
                return
            if sock.fileno() >= self._max_open:
                sock.close()
                continue
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Http1Connection(sock, address[0], loop, self._site, self._heads, self._connections.discard)
            self._connections.add(connection)
            if self._sweeper is None:
                self._sweeper = loop.call_later(SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._sweeper = loop.call_later(SWEEP_S, self._sweep) if self._connections else None
        for connection in [one for one in self._connections if one.deadline < now]:
            connection.lose()


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
