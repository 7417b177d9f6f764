"""The hub of an edge: it sends exact updates under the numbers that the core gave them.

Conflated updates and the state of the connection to the core are numbered here, as in any hub: their numbers have a
meaning on one connection only. Read `../stream/hub.py` first.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.clock import Clock
from engine.topics import EXACT, ROUTES, Topic, Update
from handlers.errors import CloseCode
from handlers.stream.channels import Channel
from handlers.stream.fanout import Entry
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from handlers.stream.replay import Epochs
from handlers.stream.send_queue import Frame

CONNECTION = "broker-connection"
"""The route of the state of the connection to the core; an edge numbers its updates, because it knows that state."""

FROM_CORE = frozenset(EXACT - {CONNECTION})
"""Exact routes whose updates the core numbers."""

CONFLATED = frozenset(route.name for route in ROUTES.values() if route.module == "broker" and not route.is_exact)
"""Broker routes whose newest state comes from the core without numbers."""


class NumberedUpdates(NamedTuple):
    """Consecutive updates of one channel: the number of the first one, and the encoded payloads.

    The updates of a conflated channel have no numbers; `first_seq` is 0.
    """

    channel: str
    first_seq: int
    bodies: Sequence[bytes]


class EdgeEpochs(Epochs):
    """The core's names of histories. The state of the connection to the core has a history of this process.

    Attributes:
        ended_connections: Channels of that state that have ended; their numbers begin anew.
    """

    def __init__(self, stored: str, edge_id: str) -> None:
        super().__init__(stored)
        self._edge_id = edge_id
        self.ended_connections = 0

    def of(self, topic: Topic) -> str:
        """Return the epoch of a topic."""
        if topic.route.name == CONNECTION:
            return f"{self.stored}.{self._edge_id}-{self.ended_connections}"
        return super().of(topic)


class EdgeHub(Hub):
    """Topics, their subscribers, and updates that another process numbered.

    Args:
        epoch: The history of the core.
        edge_id: Name of this process among the edges.
        clock: Market time for stamps, monotonic time for ages.
        limits: Limits of the stream.
    """

    epochs: EdgeEpochs

    def __init__(self, epoch: str, edge_id: str, clock: Clock, limits: StreamLimits) -> None:
        super().__init__(EdgeEpochs(epoch, edge_id), clock, limits)

    def _end_topic(self, topic: Topic) -> None:
        super()._end_topic(topic)
        if topic.route.name == CONNECTION and not self._channels[topic.channel].groups:
            self.epochs.ended_connections += 1
            del self._channels[topic.channel]

    def deliver(self, updates: Iterable[NumberedUpdates]) -> list[str]:
        """Send updates of the core to their subscribers in their order, and keep exact ones for clients that resume.

        Updates that were delivered before are left out. Returns the channels in which updates are missing before the
        given ones; those are not delivered.
        """
        entries: list[Entry] = []
        missing: dict[str, None] = {}
        now = self.monotonic()
        for name, first_seq, bodies in updates:
            known, route = self._channels.get(name), name.partition(":")[0]
            if route in CONFLATED and known is not None:
                entries += self._states(known, name, bodies)
            if route not in FROM_CORE:
                continue
            if known is not None and first_seq > known.seq + 1:
                missing[name] = None
                continue
            channel = known or self._channel(name)
            skipped = 0 if known is None else max(0, known.seq + 1 - first_seq)
            for seq, body in enumerate(bodies[skipped:], first_seq + skipped):
                channel.seq = seq
                channel.keep(body, now)
                entries += [Entry(group, Frame(group.frame(body, seq), None)) for group in channel.groups.values()]
            for group in channel.groups.values():
                group.sent_at = now
        if entries:
            self._fanout.publish(entries)
        if now >= self._next_trim_at:
            self.trim()
        return list(missing)

    def _states(self, channel: Channel, name: str, bodies: Iterable[bytes]) -> Iterator[Entry]:
        """Yield states of a conflated channel for its subscribers, under numbers of this process."""
        for body in bodies:
            channel.seq += 1
            for group in channel.groups.values():
                yield Entry(group, Frame(group.frame(body, channel.seq), group.key(Update(name, {}))))

    def follow(self, channel: str, generation: int, seq: int) -> None:
        """Number a channel from the core's state on, unless its updates arrive here already."""
        account_id = channel.split(":", 2)[1]
        if generation > self.epochs.generation_of(account_id):
            self.set_generation(account_id, generation)
        if channel not in self._channels and channel.partition(":")[0] in FROM_CORE:
            self.restore(channel, seq)

    def has_updates(self, channel: str, after_seq: int) -> bool:
        """Whether all updates of an exact channel after a number are in memory."""
        found = self._channels.get(channel)
        return found is not None and found.seq - after_seq <= found.trim(self.monotonic())

    def seq_of(self, channel: str) -> int | None:
        """Return the number of an exact channel's last update; None for a channel that this process does not know."""
        found = self._channels.get(channel)
        return None if found is None else found.seq

    def conflated_channels(self) -> list[str]:
        """Return the conflated channels of accounts that have subscribers, each once."""
        groups = (group for route in sorted(CONFLATED) for group in self._groups_by_route[route].values())
        return list(dict.fromkeys(group.topic.channel for group in groups))

    def followed(self) -> list[Topic]:
        """Return the topics with subscribers whose updates the core numbers."""
        return [group.topic for route in sorted(FROM_CORE) for group in self._groups_by_route[route].values()]

    def forget_unfollowed(self) -> None:
        """Remove the exact channels without subscribers: updates of them may have been lost."""
        for name, channel in list(self._channels.items()):
            if not channel.groups and name.partition(":")[0] in FROM_CORE:
                del self._channels[name]

    def close_subscribers(self, topic: Topic) -> None:
        """Close the subscribers of a topic that lost updates, or whose channel is another one now."""
        group = self._groups.get(topic.text)
        for connection in [] if group is None else list(group.connections):
            connection.close(CloseCode.RESUBSCRIBE, "updates are not available any more; subscribe again")
