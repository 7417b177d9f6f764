"""Keepalive of all connections: pings, heartbeats, the notice before a connection's end, and the end.

One timer looks at all connections; a look costs 0.5 ms at 10,000 of them. All times are monotonic seconds. Called by
`hub.py`.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from engine.clock import Clock
from handlers.errors import CloseCode
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import frame
from handlers.stream.limits import StreamLimits
from handlers.stream.messages import notice_frame

SWEEP_S = 0.25
MAX_CONNECTIONS_PER_PASS = 500


@dataclass(slots=True)
class Schedule:
    """The times at which one connection needs something.

    Attributes:
        due_at: The first of them.
        has_heartbeats: Whether the client said hello.
        is_noticed: Whether the notice of the end was sent.
    """

    next_ping_at: float
    ends_at: float
    due_at: float
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
        self._timer: asyncio.Handle | None = None

    def add(self, connection: StreamConnection) -> None:
        """Begin to look after a connection."""
        now, limits = self._clock.monotonic(), self._limits
        age_s = limits.age_s * random.uniform(1 - limits.age_spread, 1 + limits.age_spread)
        next_ping_at, ends_at = now + limits.ping_s, now + age_s
        self._schedules[connection] = Schedule(next_ping_at, ends_at, min(next_ping_at, ends_at))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SWEEP_S, self._on_timer)

    def remove(self, connection: StreamConnection) -> None:
        """Drop a closed connection."""
        self._schedules.pop(connection, None)

    def greet(self, connection: StreamConnection) -> None:
        """Begin to send heartbeats and the notice: the client said hello and understands them."""
        schedule = self._schedules.get(connection)
        if schedule is not None:
            schedule.has_heartbeats = True
            schedule.due_at = self._due_at(connection, schedule)

    def sweep(self) -> bool:
        """Do what is due, for as many connections as one pass of the loop takes. Returns whether more are due."""
        now = self._clock.monotonic()
        due = [(connection, schedule) for connection, schedule in self._schedules.items() if schedule.due_at <= now]
        heartbeat = frame(orjson.dumps({"type": "heartbeat", "payload": {"serverTime": self._clock.now_ms()}}))
        for connection, schedule in due[:MAX_CONNECTIONS_PER_PASS]:
            self._attend(connection, schedule, now, heartbeat)
        return len(due) > MAX_CONNECTIONS_PER_PASS

    def _attend(self, connection: StreamConnection, schedule: Schedule, now: float, heartbeat: bytes) -> None:
        limits = self._limits
        if now >= schedule.ends_at:
            connection.close(CloseCode.EXPIRED, "the connection has reached its age")
            return
        if now >= schedule.next_ping_at:
            if connection.is_pong_awaited:
                connection.close(CloseCode.NO_PONG, "no pong")
                return
            schedule.next_ping_at = now + limits.ping_s
            connection.ping()
        if schedule.has_heartbeats:
            left_s = schedule.ends_at - now
            if left_s <= limits.notice_s and not schedule.is_noticed:
                schedule.is_noticed = True
                self._send(connection, notice_frame("AGE", "the connection will be closed; connect anew", left_s))
            if now - self._last_sent_at(connection) >= limits.silence_s:
                self._send(connection, heartbeat)
        schedule.due_at = max(self._due_at(connection, schedule), now + SWEEP_S)

    def _due_at(self, connection: StreamConnection, schedule: Schedule) -> float:
        """Return when a connection needs something next."""
        due_at = min(schedule.next_ping_at, schedule.ends_at)
        if schedule.has_heartbeats:
            due_at = min(due_at, self._last_sent_at(connection) + self._limits.silence_s)
            if not schedule.is_noticed:
                due_at = min(due_at, schedule.ends_at - self._limits.notice_s)
        return due_at

    def _on_timer(self) -> None:
        is_more_due = self.sweep()
        loop = asyncio.get_running_loop()
        if is_more_due:
            self._timer = loop.call_soon(self._on_timer)
        else:
            self._timer = loop.call_later(SWEEP_S, self._on_timer) if self._schedules else None
