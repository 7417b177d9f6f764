"""The newest states of conflated channels that edges have subscribers of: equity, profit, margin.

An edge sends its interest every few seconds; the engine makes updates of these channels as for the hub's own. A state
may be lost on the way, because all of them are repeated (`core.py`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import orjson

from engine.broker.command_result import CommandResult
from engine.topics import ROUTES, Interest, Payload, Topic
from server.bus.messages import InterestMessage
from server.bus.names import INTEREST_AGE_S

CONFLATED = frozenset(route.name for route in ROUTES.values() if route.module == "broker" and not route.is_exact)
MAX_CHANNELS = 200_000
"""Channels of one edge; further ones are ignored."""

CLOCK = "clock"


class EdgeStates:
    """The interest of all edges, and the newest states that they want.

    Args:
        monotonic: Monotonic seconds.

    Attributes:
        changed: Set when a state or the clock has changed.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.changed = asyncio.Event()
        self._monotonic = monotonic
        self._edges: dict[str, tuple[float, frozenset[str]]] = {}
        self._wanted: frozenset[str] = frozenset()
        self._states: dict[str, Payload] = {}
        self._new: set[str] = set()

    @property
    def edges(self) -> int:
        """Number of edges that were heard lately."""
        self._forget()
        return len(self._edges)

    def wants(self, channel: str) -> bool:
        """Whether a client of an edge has a subscription."""
        return channel in self._wanted

    def heard(self, message: InterestMessage) -> None:
        """Take the interest of an edge, which replaces its earlier one."""
        listed = message.channels[:MAX_CHANNELS]
        channels = frozenset(name for name in listed if name.partition(":")[0] in CONFLATED)
        before = self._edges.get(message.edge)
        self._edges[message.edge] = (self._monotonic(), channels)
        if before is None or before[1] != channels:
            self._unite()

    def add(self, result: CommandResult) -> None:
        """Keep the conflated updates of a durable result that edges want.

        Those of a result with events are in the message of its commit, at their place among its updates.
        """
        for update in result.updates:
            if update.channel in self._wanted:
                self._states[update.channel] = update.payload
                if not result.events:
                    self._new.add(update.channel)
                    self.changed.set()
            elif update.channel.startswith(CLOCK):
                self.changed.set()

    def take_new(self) -> Mapping[str, bytes]:
        """Return the states that have changed since the last call, as JSON."""
        self.changed.clear()
        new, self._new = self._new, set()
        return {channel: orjson.dumps(self._states[channel]) for channel in new if channel in self._states}

    def all(self) -> Mapping[str, bytes]:
        """Return all states that edges want, as JSON."""
        self._forget()
        return {channel: orjson.dumps(payload) for channel, payload in self._states.items()}

    def _forget(self) -> None:
        """Drop the edges that were not heard for `INTEREST_AGE_S`."""
        oldest = self._monotonic() - INTEREST_AGE_S
        silent = [edge for edge, (at, _channels) in self._edges.items() if at < oldest]
        for edge in silent:
            del self._edges[edge]
        if silent:
            self._unite()

    def _unite(self) -> None:
        self._wanted = frozenset().union(*(channels for _at, channels in self._edges.values()))
        self._states = {channel: one for channel, one in self._states.items() if channel in self._wanted}


class JoinedInterest(Interest):
    """The interest of the core's own clients together with that of the edges."""

    def __init__(self, hub: Interest, edges: EdgeStates) -> None:
        self._hub = hub
        self._edges = edges

    def wants(self, channel: str) -> bool:
        """Whether a client of the core or of an edge has a subscription."""
        return self._edges.wants(channel) or self._hub.wants(channel)

    def topics(self, route: str) -> Iterable[Topic]:
        """Return the topics of a route that have subscribers at the core; edges make their market data themselves."""
        return self._hub.topics(route)
