"""One client's socket: every byte that goes to it passes here, and every byte that comes from it.

A ready frame is handed to the kernel at once; what the kernel does not take waits in a `Backlog` until the socket is
writable again. No task and no future is made, per message or per connection. Why the socket is not left to Tornado's
stream: docs/decisions/0010-own-the-socket.md.
"""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Protocol

from handlers.stream.counters import StreamCounters
from handlers.stream.frames import (
    CLOSE,
    PING,
    PONG,
    BadFrame,
    FrameReader,
    close_code,
    close_frame,
    control_frame,
)
from handlers.stream.limits import StreamLimits
from handlers.stream.send_queue import Backlog, Frame

log = logging.getLogger("trading.stream")

NORMAL, GOING_AWAY, INTERNAL, RESTARTING, OVERLOAD = 1000, 1001, 1011, 1012, 1013
EXPIRED, TOO_SLOW, RESUBSCRIBE, NO_PONG, TOO_MANY_REQUESTS = 4005, 4008, 4010, 4012, 4013
MALFORMED, TOO_MANY_TOPICS = 4501, 4505

READ_BYTES = 16 * 1024
_read_buffer = bytearray(READ_BYTES)
"""One for all: what is read is looked at before the next read."""


class Owner(Protocol):
    """What a connection tells: messages, pongs, and its end."""

    def received(self, opcode: int, data: bytes) -> None:
        """Take a text or binary message, or a frame that only counts: a ping, an unasked pong, a piece of a message."""

    def ended(self) -> None:
        """Let go of everything that belongs to the connection. Called once."""


class Connection:
    """Sends frames to one client and reads its messages.

    Args:
        sock: A connected, non-blocking TCP socket; the connection closes it.
        loop: Watches the socket.
        limits: Bounds of the backlog and of messages.
        counters: Where conflated updates and cuts are counted.
        gone: Called when the socket is closed, which may be a while after the connection has ended.

    Attributes:
        sock: The socket; to be written to only by who has seen that `backlog` is None.
        backlog: What waits for the socket; None while nothing does and the connection is open.
        topics: Topics that it holds.
        sent_at: When the last reply went out or in line (monotonic seconds).
        pinged_at: When the ping went out that is not answered yet; None without one.
        close_code: Why it ended, None while it is open.
    """

    __slots__ = (
        *("_counters", "_drop_timer", "_gone", "_is_peer_done", "_limits", "_loop", "_owner", "_reader", "_was_lost"),
        *("backlog", "close_code", "due_slot", "ends_at", "is_greeted", "is_noticed", "is_open", "next_ping_at"),
        *("pinged_at", "sent_at", "sock", "topics"),
    )

    def __init__(
        self,
        sock: socket.socket,
        loop: asyncio.AbstractEventLoop,
        limits: StreamLimits,
        counters: StreamCounters,
        gone: "Callable[[Connection], None]",
    ) -> None:
        self.sock = sock
        self._loop = loop
        self._limits = limits
        self._counters = counters
        self._gone = gone
        self._reader = FrameReader(limits.message_bytes)
        self._owner: Owner | None = None
        self._drop_timer: asyncio.TimerHandle | None = None
        self.backlog: Backlog | None = None
        self.topics: set[str] = set()
        self.is_open = True
        self._is_peer_done = self._was_lost = False
        self.is_greeted = self.is_noticed = False
        self.close_code: int | None = None
        self.due_slot = -1
        self.sent_at = self.next_ping_at = self.ends_at = 0.0
        self.pinged_at: float | None = None
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.send_buffer_bytes)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self, owner: Owner, early: bytes = b"") -> None:
        """Begin to read; `early` came together with the handshake."""
        self._owner = owner
        self._loop.add_reader(self.sock, self._on_readable)
        if early:
            self._take(early)

    # Out

    def send(self, data: bytes, now: float, fresh: str = "") -> None:
        """Send a reply: never dropped, never conflated. A dead client is noticed, nothing is raised.

        Args:
            data: Whole frames.
            now: Monotonic seconds.
            fresh: The topic that begins with the reply: what waits of it from before is dropped.
        """
        if self.backlog is None:
            self.sent_at = now
            rest = self.try_send(data)
            if rest is not None:
                self.wait(Backlog(rest))
        elif self.is_open:
            self.sent_at = now
            if fresh:
                self.backlog.renew(fresh)
            self.backlog.add_reply(data)
            if self.backlog.reply_bytes > self._limits.reply_bytes:
                self.close(TOO_SLOW, "too slow")

    def try_send(self, data: bytes) -> memoryview | None:
        """Hand bytes to the kernel; returns what it did not take, None when it took all or the socket is dead."""
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.lose(error)
            return None
        return None if sent == len(data) else memoryview(data)[sent:]

    def hold(self, frames: Sequence[Frame], sent: int) -> None:
        """Take over joined frames of which the kernel took the first `sent` bytes."""
        backlog = Backlog()
        for each in frames:
            size = len(each.data)
            if sent >= size:
                sent -= size
            elif sent > 0:
                backlog.put_back(memoryview(each.data)[sent:])
                sent = 0
            else:
                self._counters.conflated += backlog.add(each)
        self.wait(backlog)
        self._check_bounds()

    def queue(self, frames: Sequence[Frame]) -> None:
        """Put updates in line behind what waits already; beyond the bounds the client is cut."""
        backlog = self.backlog
        if backlog is None or not self.is_open:
            return
        for each in frames:
            self._counters.conflated += backlog.add(each)
        self._check_bounds()

    def wait(self, backlog: Backlog) -> None:
        """Wait until the socket is writable, then send the backlog."""
        if self.backlog is None:
            self._counters.behind += 1
        self.backlog = backlog
        self._loop.add_writer(self.sock, self._on_writable)

    def ping(self, now: float) -> None:
        """Ask for a sign of life."""
        self.pinged_at = now
        self._send_control(PING, control_frame(PING))

    def _send_control(self, opcode: int, data: bytes) -> None:
        if self.backlog is not None:
            self.backlog.add_control(opcode, data)
        elif (rest := self.try_send(data)) is not None:
            self.wait(Backlog(rest))

    def _check_bounds(self) -> None:
        backlog, limits = self.backlog, self._limits
        if backlog is not None and (
            backlog.bytes > limits.backlog_bytes
            or backlog.frames > limits.backlog_frames
            or backlog.state_bytes > limits.state_bytes
        ):
            self.close(TOO_SLOW, "too slow")

    def _on_writable(self) -> None:
        backlog = self.backlog
        assert backlog is not None
        while piece := backlog.take():
            rest = self.try_send(piece)  # type: ignore[arg-type]
            if self._was_lost:
                return
            if rest is not None:
                backlog.put_back(rest)
                return
        self._loop.remove_writer(self.sock)
        if self.is_open:
            self.backlog = None
            self._counters.behind -= 1
        elif self._is_peer_done:
            self.lose(None)

    # In

    def _on_readable(self) -> None:
        try:
            size = self.sock.recv_into(_read_buffer)
        except BlockingIOError:
            return
        except OSError as error:
            self.lose(error)
            return
        if size:
            self._take(bytes(memoryview(_read_buffer)[:size]))
        else:
            self.lose(None)

    def _take(self, data: bytes) -> None:
        """Hand over what the bytes contain. A closing connection only waits for the peer's close frame."""
        try:
            for opcode, payload in self._reader.feed(data):
                if opcode == CLOSE:
                    self._on_close(payload)
                    return
                if self.is_open:
                    self._on_frame(opcode, payload)
        except BadFrame as error:
            if self.is_open:
                self.close(error.code, error.reason)
            self._reader = FrameReader(self._limits.message_bytes)
        except Exception:
            self.fail()

    def _on_frame(self, opcode: int, payload: bytes) -> None:
        assert self._owner is not None
        if opcode == PONG and self.pinged_at is not None:
            self.pinged_at = None
            return
        self._owner.received(opcode, payload)
        if opcode == PING and self.is_open:
            self._send_control(PONG, control_frame(PONG, payload))

    def _on_close(self, payload: bytes) -> None:
        """Answer the peer's close frame, if ours did not go first, and let go once it is sent."""
        self._is_peer_done = True
        if self.is_open:
            try:
                code = close_code(payload)
            except BadFrame as error:
                code = error.code
            self.close(code, "")
        if self.backlog is None or self.backlog.is_empty:
            self.lose(None)

    # End

    def close(self, code: int | None, reason: str) -> None:
        """Say goodbye with a close frame; by force after a second, since it cannot pass what the kernel holds.

        Nothing else is sent any more, but for the rest of a frame that is half sent.
        """
        if not self.is_open:
            return
        self.is_open = False
        self.close_code = NORMAL if code is None else code
        backlog = self.backlog
        if backlog is None:
            self.backlog = Backlog()
            self._counters.behind += 1
        else:
            backlog.drop()
        self._counters.closed[self.close_code] += 1
        self._drop_timer = self._loop.call_later(self._limits.drop_s, self._drop)
        farewell = close_frame(code, reason)
        if backlog is not None:
            backlog.add_control(CLOSE, farewell)
        elif (rest := self.try_send(farewell)) is not None:
            self.wait(Backlog(rest))
        self._end()

    def fail(self) -> None:
        """Close for a fault of ours; to be called where it was caught."""
        log.exception("message failed")
        self.close(INTERNAL, "internal error")

    def _drop(self) -> None:
        """End a closing that takes too long.

        A peer that did not take its close frame is reset, or it would go on holding the kernel's buffers.
        """
        if not self._was_lost and self.backlog is not None and not self.backlog.is_empty:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.lose(None)

    def lose(self, error: OSError | None) -> None:
        """Let go of the socket, whatever is still in it."""
        if self._was_lost:
            return
        if error is not None:
            log.debug("socket failed error=%s", error)
        self._was_lost = True
        self.is_open = False
        if self.backlog is None:
            self.backlog = Backlog()
        else:
            self._counters.behind -= 1
        self._loop.remove_reader(self.sock)
        self._loop.remove_writer(self.sock)
        if self._drop_timer is not None:
            self._drop_timer.cancel()
        self.sock.close()
        self._end()
        self._gone(self)

    def _end(self) -> None:
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.ended()
