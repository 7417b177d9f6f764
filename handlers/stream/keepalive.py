"""Keepalive of all connections: pings, heartbeats, the notice before a connection's end, and the end. One timer.

A connection is filed under the time slot in which it needs something next, so the work of a sweep depends only on what
is due. All times are monotonic seconds. Called by `hub.py`.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from engine.clock import Clock
from handlers.errors import CloseCode
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import frame
from handlers.stream.limits import StreamLimits
from handlers.stream.messages import notice_frame

SLOT_S = 0.25
MAX_CONNECTIONS_PER_PASS = 500


@dataclass(slots=True)
class Schedule:
    """What one connection needs next, and when.

    Attributes:
        connection: The connection; None once it is closed.
        slot: Time slot that it is filed under.
        has_heartbeats: Whether the client said hello.
        is_noticed: Whether the notice of the end was sent.
    """

    connection: StreamConnection | None
    next_ping_at: float
    ends_at: float
    slot: int = -1
    has_heartbeats: bool = False
    is_noticed: bool = False


class Keepalive:
    """Keeps connections alive, and closes those that are dead or too old."""

    def __init__(
        self,
        clock: Clock,
        limits: StreamLimits,
        send: Callable[[StreamConnection, bytes], None],
        last_sent_at: Callable[[StreamConnection], float],
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._send = send
        self._last_sent_at = last_sent_at
        self._schedules: dict[StreamConnection, Schedule] = {}
        self._slots: dict[int, list[Schedule]] = {}
        self._due: deque[Schedule] = deque()
        self._timer: asyncio.Handle | None = None

    def add(self, connection: StreamConnection) -> None:
        """Begin to look after a connection."""
        now, limits = self._clock.monotonic(), self._limits
        age_s = limits.age_s * random.uniform(1 - limits.age_spread, 1 + limits.age_spread)
        schedule = self._schedules[connection] = Schedule(connection, now + limits.ping_s, now + age_s)
        self._file(connection, schedule, now)

    def remove(self, connection: StreamConnection) -> None:
        """Drop a closed connection; its schedule stays filed until its slot is due."""
        schedule = self._schedules.pop(connection, None)
        if schedule is not None:
            schedule.connection = None

    def greet(self, connection: StreamConnection) -> None:
        """Begin to send heartbeats and the notice: the client said hello and understands them."""
        schedule = self._schedules.get(connection)
        if schedule is not None and not schedule.has_heartbeats:
            schedule.has_heartbeats = True
            self._file(connection, schedule, self._clock.monotonic())

    def sweep(self) -> None:
        """Do what is due, for as many connections as one pass of the loop takes."""
        now = self._clock.monotonic()
        for slot in sorted(number for number in self._slots if number * SLOT_S <= now):
            self._due.extend(each for each in self._slots.pop(slot) if each.slot == slot)
        heartbeat = frame(orjson.dumps({"type": "heartbeat", "payload": {"serverTime": self._clock.now_ms()}}))
        for _ in range(min(MAX_CONNECTIONS_PER_PASS, len(self._due))):
            schedule = self._due.popleft()
            if schedule.connection is not None:
                self._attend(schedule.connection, schedule, now, heartbeat)

    def _attend(self, connection: StreamConnection, schedule: Schedule, now: float, heartbeat: bytes) -> None:
        limits = self._limits
        if now >= schedule.ends_at:
            connection.close(CloseCode.EXPIRED, "the connection has reached its age")
            return
        if now >= schedule.next_ping_at:
            if connection.pinged_at is not None:
                connection.close(CloseCode.NO_PONG, "no pong")
                return
            schedule.next_ping_at = now + limits.ping_s
            connection.ping(now)
        if schedule.has_heartbeats:
            left_s = schedule.ends_at - now
            if left_s <= limits.notice_s and not schedule.is_noticed:
                schedule.is_noticed = True
                self._send(connection, notice_frame("AGE", "the connection will be closed; connect anew", left_s))
            if now - self._last_sent_at(connection) >= limits.silence_s:
                self._send(connection, heartbeat)
        if connection.is_open:
            self._file(connection, schedule, now)

    def _file(self, connection: StreamConnection, schedule: Schedule, now: float) -> None:
        """File a connection under the slot of what it needs next."""
        due = min(schedule.next_ping_at, schedule.ends_at)
        if schedule.has_heartbeats:
            due = min(due, self._last_sent_at(connection) + self._limits.silence_s)
            if not schedule.is_noticed:
                due = min(due, schedule.ends_at - self._limits.notice_s)
        schedule.slot = int(max(due, now) / SLOT_S) + 1
        self._slots.setdefault(schedule.slot, []).append(schedule)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SLOT_S, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self.sweep()
        loop = asyncio.get_running_loop()
        if self._due:
            self._timer = loop.call_soon(self._on_timer)
        elif self._slots:
            self._timer = loop.call_later(SLOT_S, self._on_timer)
