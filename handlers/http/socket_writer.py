"""The sending side of a client's socket: bytes are sent at once; those that the kernel does not accept wait here.

Used by `connection.py`.
"""

import asyncio
import socket
from collections.abc import Callable


class SocketWriter:
    """The sending side of a socket.

    Args:
        sock: A connected, non-blocking socket.
        loop: Watches it.
        drained: Called when the kernel has accepted all waiting bytes.
        lost: Called when the socket has failed.

    Attributes:
        waiting: Bytes that the kernel has not accepted yet; read-only for callers.
    """

    __slots__ = ("_drained", "_loop", "_lost", "_push", "_socket", "_waiters", "waiting")

    def __init__(
        self,
        sock: socket.socket,
        loop: asyncio.AbstractEventLoop,
        drained: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        self._socket = sock
        self._push = sock.send
        self._loop = loop
        self._drained = drained
        self._lost = lost
        self.waiting = bytearray()
        self._waiters: list[asyncio.Future[None]] = []

    def send(self, data: bytes) -> None:
        """Send bytes after those that wait. The caller limits them by sending one answer at a time."""
        if not self.waiting:
            sent = self._offer(data)
            if sent is None or sent == len(data):
                return
            data = data[sent:]
            self._loop.add_writer(self._socket, self._on_writable)
        self.waiting += data

    def settled(self) -> asyncio.Future[None]:
        """Return a future that is done when the kernel has accepted all bytes, or the client is gone."""
        future: asyncio.Future[None] = self._loop.create_future()
        if self.waiting:
            self._waiters.append(future)
        else:
            future.set_result(None)
        return future

    def stop(self) -> None:
        """Discard the waiting bytes, complete the futures, and disable the callbacks."""
        self._loop.remove_writer(self._socket)
        self._drained = self._lost = lambda: None
        self.waiting.clear()
        self._wake()

    def _on_writable(self) -> None:
        sent = self._offer(self.waiting)
        if sent is None:
            return
        del self.waiting[:sent]
        if not self.waiting:
            self._loop.remove_writer(self._socket)
            self._wake()
            self._drained()

    def _offer(self, data: bytes | bytearray) -> int | None:
        """Send bytes. Returns how many the kernel accepted, None when the socket has failed."""
        try:
            return self._push(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._lost()
            return None

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
