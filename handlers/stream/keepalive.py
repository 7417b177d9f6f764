"""The lives of the connections: pings, heartbeats, the notice before the end, and the end. One timer for all of them.

A connection is filed under the time at which it needs something next, so that a sweep costs what is due. All times are
monotonic.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable

import orjson

from engine.clock import Clock
from handlers.stream.connection import EXPIRED, NO_PONG, Connection
from handlers.stream.frames import frame
from handlers.stream.limits import StreamLimits

SLOT_S = 0.25
CHUNK = 500
"""Connections that are looked after in one pass of the loop."""


class Lives:
    """Keeps connections alive, and ends them.

    Args:
        clock: Monotonic time, and market time for the heartbeat's stamp.
        limits: The intervals.
        tell: Sends a frame to one client.
        heard_at: When a client was last sent something.
    """

    def __init__(
        self,
        clock: Clock,
        limits: StreamLimits,
        tell: Callable[[Connection, bytes], None],
        heard_at: Callable[[Connection], float],
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._tell = tell
        self._heard_at = heard_at
        self._slots: dict[int, list[Connection]] = {}
        self._due: deque[Connection] = deque()
        self._count = 0
        self._timer: asyncio.Handle | None = None

    def add(self, connection: Connection) -> None:
        """Look after a connection from now on, until it is closed."""
        now, limits = self._clock.monotonic(), self._limits
        connection.sent_at = now
        connection.next_ping_at = now + limits.ping_s
        connection.ends_at = now + limits.age_s * random.uniform(1 - limits.age_spread, 1 + limits.age_spread)
        self._file(connection, now)

    def greet(self, connection: Connection) -> None:
        """Send heartbeats and the notice from now on."""
        if not connection.is_greeted:
            connection.is_greeted = True
            self._file(connection, self._clock.monotonic())

    def sweep(self) -> None:
        """Do what is due, for as many connections as fit into one pass."""
        now = self._clock.monotonic()
        for slot in sorted(number for number in self._slots if number * SLOT_S <= now):
            self._due.extend(each for each in self._slots.pop(slot) if each.due_slot == slot)
        heartbeat = frame(orjson.dumps({"type": "heartbeat", "payload": {"serverTime": self._clock.now_ms()}}))
        for _ in range(min(CHUNK, len(self._due))):
            connection = self._due.popleft()
            if connection.is_open:
                self._attend(connection, now, heartbeat)

    def _attend(self, connection: Connection, now: float, heartbeat: bytes) -> None:
        limits = self._limits
        if now >= connection.ends_at:
            connection.close(EXPIRED, "the connection has reached its age")
            return
        if now >= connection.next_ping_at:
            if connection.pinged_at is not None:
                connection.close(NO_PONG, "no pong")
                return
            connection.next_ping_at = now + limits.ping_s
            connection.ping(now)
        if connection.is_greeted:
            left_s = connection.ends_at - now
            if left_s <= limits.notice_s and not connection.is_noticed:
                connection.is_noticed = True
                self._tell(connection, _notice(left_s))
            if now - self._heard_at(connection) >= limits.silence_s:
                self._tell(connection, heartbeat)
        if connection.is_open:
            self._file(connection, now)

    def _file(self, connection: Connection, now: float) -> None:
        due = min(connection.next_ping_at, connection.ends_at)
        if connection.is_greeted:
            due = min(due, self._heard_at(connection) + self._limits.silence_s)
            if not connection.is_noticed:
                due = min(due, connection.ends_at - self._limits.notice_s)
        slot = int(max(due, now) / SLOT_S) + 1
        connection.due_slot = slot
        self._slots.setdefault(slot, []).append(connection)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SLOT_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.sweep()
        loop = asyncio.get_running_loop()
        if self._due:
            self._timer = loop.call_soon(self._tick)
        elif self._slots:
            self._timer = loop.call_later(SLOT_S, self._tick)


def _notice(left_s: float) -> bytes:
    payload = {"code": "AGE", "message": "the connection will be closed; connect anew", "inMs": round(left_s * 1000)}
    return frame(orjson.dumps({"type": "notice", "payload": payload}))
