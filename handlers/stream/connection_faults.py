"""The connection stage of the faults, for sockets: closed, reset, silent or slow connections.

A rule sees a socket once: at the first moment at which it matches. Those moments are the opening, each message, and
each change of the rules. `socket_handler.py` reports the first two. The connections of requests are in
`handlers/request_faults.py`.
"""

import asyncio
from dataclasses import dataclass, field

from engine.faults import Case, FaultTable, Rule
from handlers.stream.connection import StreamConnection
from handlers.stream.keepalive import Keepalive
from handlers.stream.send_queue import SendQueue, SilentQueue

ACTIONS = ("close", "reset", "stall", "bandwidth", "refuse")

PACE_S = 0.05
"""Time between two sends of a connection with limited bandwidth."""


@dataclass(slots=True, eq=False)
class Pace:
    """The limited bandwidth of a connection.

    Attributes:
        budget: Bytes for each `PACE_S`.
    """

    connection: StreamConnection
    budget: int

    def send(self) -> None:
        """Send what the bandwidth allows until the next call."""
        if self.connection.send_held(self.budget):
            asyncio.get_running_loop().call_later(PACE_S, self.send)


@dataclass(slots=True, eq=False)
class OpenSocket:
    """An open socket as rules see it.

    Attributes:
        path: Path of its handshake.
        session: Its session, which the welcome names.
        seen: The rules that have matched it.
        pace: Its limited bandwidth; None without a limit.
    """

    connection: StreamConnection
    path: str
    address: str
    session: str
    seen: set[Rule] = field(default_factory=set)
    pace: Pace | None = None

    @property
    def case(self) -> Case:
        """The fields that rules match."""
        topics = tuple(sorted(self.connection.topics))
        return {"path": self.path, "address": self.address, "session": self.session, "topic": topics}


class ConnectionFaults:
    """The connection stage of one world.

    Args:
        faults: The rules of the world.
        keepalive: Closes dead connections; a stalled one is left to its client.
    """

    def __init__(self, faults: FaultTable, keepalive: Keepalive) -> None:
        self._faults = faults
        self._keepalive = keepalive
        self._sockets: dict[StreamConnection, OpenSocket] = {}

    def opened(self, connection: StreamConnection, path: str, address: str, session: str) -> None:
        """Register an open socket."""
        self._sockets[connection] = OpenSocket(connection, path, address, session)

    def changed(self, connection: StreamConnection) -> None:
        """Apply the rules to a socket that is new or has other topics."""
        one = self._sockets.get(connection)
        if one is None:
            return
        for rule in self._faults.connections:
            if rule in one.seen or not connection.is_open:
                continue
            before = rule.matched
            taken = self._faults.take((rule,), one.case, ACTIONS)
            if rule.matched != before:
                one.seen.add(rule)
            if taken is not None:
                self._act(taken, one)
                return

    def rules_changed(self) -> None:
        """Apply the rules to every socket."""
        for connection in list(self._sockets):
            self.changed(connection)

    def closed(self, connection: StreamConnection) -> str:
        """Remove a closed socket; returns the address of its client."""
        one = self._sockets.pop(connection, None)
        return "" if one is None else one.address

    def _act(self, rule: Rule, socket: OpenSocket) -> None:
        action, connection = rule.action, socket.connection
        if action.close is not None:
            connection.close(action.close.code, "closed by a fault")
        elif action.stall:
            self._keepalive.remove(connection)
            connection.hold(SilentQueue())
        elif action.bandwidth is not None:
            budget = max(1, round(action.bandwidth.bytesPerS * PACE_S))
            if socket.pace is None:
                connection.hold(connection.send_queue or SendQueue())
                socket.pace = Pace(connection, budget)
                socket.pace.send()
            else:
                socket.pace.budget = budget
        else:
            connection.reset()
