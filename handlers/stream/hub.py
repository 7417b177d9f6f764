"""The hub: holds the subscribers of each topic, and numbers, encodes and keeps updates.

It handles topics and bytes, and does not depend on trading. The set of subscribers is the only record of interest. An
update is encoded once and framed once per topic. `fanout.py` sends the frames, `replay.py` reads missed updates,
`keepalive.py` sends pings and heartbeats.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import orjson

from engine.clock import Clock
from engine.faults import FaultTable
from engine.topics import ROUTES, Payload, Route, Topic, Update
from handlers.errors import CloseCode
from handlers.stream.channels import Channel, SubscriberGroup
from handlers.stream.connection import StreamConnection
from handlers.stream.counters import StreamCounters
from handlers.stream.fanout import Entry, Fanout
from handlers.stream.keepalive import Keepalive
from handlers.stream.limits import StreamLimits
from handlers.stream.push_faults import PushFaults
from handlers.stream.replay import Epochs, Replay, ReplayReader, UpdateArchive
from handlers.stream.send_queue import Frame

TRIM_INTERVAL_S = 10.0
"""Time between two removals of updates that are too old."""


class Subscribed(NamedTuple):
    """Result of a subscription.

    Attributes:
        epoch: The epoch of the topic.
        seq: Sequence number of the update directly before the first one that the subscriber gets.
        replayed: The missed updates, pages of frames; None when they cannot be replayed or were not asked for.
        is_new: Whether the client was not subscribed to the topic before.
        is_first: Whether the topic had no subscribers before.
    """

    epoch: str
    seq: int
    replayed: list[bytes] | None
    is_new: bool
    is_first: bool


class Counts(NamedTuple):
    """How many topics have subscribers, and how many subscriptions there are."""

    topics: int
    subscriptions: int


class UpdateObserver(Protocol):
    """Sees every numbered update, also those without subscribers."""

    def published(self, channel: str, payload: Payload, seq: int) -> None:
        """Called for each update, in order."""

    def settled(self) -> None:
        """Called after the updates of a publication: the whole of one or more commands or ticks."""

    def cleared(self, account_id: str) -> None:
        """Called before the updates of an account's reset."""


class Hub:
    """Topics and their subscribers.

    Args:
        epochs: Names of the histories in which updates are numbered.
        clock: Market time for stamps, monotonic time for ages.
        limits: Limits of the stream; the default ones without it.
        archive: Source of updates that are no longer in memory.
        observer: Sees every update.
        faults: Rules of failure that updates meet; None: there are none.

    Attributes:
        connections: The open connections.
        monotonic: Returns monotonic seconds.
    """

    def __init__(
        self,
        epochs: Epochs,
        clock: Clock,
        limits: StreamLimits | None = None,
        archive: UpdateArchive | None = None,
        observer: UpdateObserver | None = None,
        faults: FaultTable | None = None,
    ) -> None:
        self.limits = StreamLimits() if limits is None else limits
        self.counters = StreamCounters()
        self.monotonic = clock.monotonic
        self.connections: set[StreamConnection] = set()
        self.epochs = epochs
        self._sockets: set[StreamConnection] = set()
        """Connections whose sockets are not closed yet, open ones included."""
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self._fanout = Fanout(self.counters, self.limits)
        self._push_faults = None if faults is None else PushFaults(faults, self._fanout.publish)
        self._channels: dict[str, Channel] = {}
        self._groups: dict[str, SubscriberGroup] = {}
        self.keepalive = Keepalive(clock, self.limits, self._fanout.send, partial(last_sent_at, self._groups))
        self._groups_by_route: dict[str, dict[str, SubscriberGroup]] = {name: {} for name in ROUTES}
        self.replays = ReplayReader(self._channels, self.epochs, archive, self.limits, self.monotonic)
        self._observer = observer
        self._last_conflated_seq = 0
        self._next_trim_at = 0.0

    @property
    def epoch(self) -> str:
        """Id of the stored history; sequence numbers of different epochs cannot be compared."""
        return self.epochs.stored

    # Interest

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""
        found = self._channels.get(channel)
        return found is not None and bool(found.groups)

    def topics(self, route: str) -> Iterator[Topic]:
        """Yield the topics of a route that have subscribers."""
        return (group.topic for group in self._groups_by_route[route].values())

    def counts(self) -> Counts:
        """Return how many topics and subscriptions there are."""
        return Counts(len(self._groups), sum(len(group.connections) for group in self._groups.values()))

    def quote_names(self, connection: StreamConnection) -> int:
        """Return how many names a client follows in all its quotes topics."""
        return sum(self._groups[text].topic.names for text in connection.topics)

    # Connections

    def join(self, connection: StreamConnection) -> None:
        """Add a connection."""
        self.counters.accepted += 1
        self.connections.add(connection)
        self._sockets.add(connection)
        self._all_closed.clear()
        self.keepalive.add(connection)

    def leave(self, connection: StreamConnection) -> None:
        """Remove a connection and its subscriptions; its socket may stay open for its close frame."""
        self.connections.discard(connection)
        self.keepalive.remove(connection)
        for text in list(connection.topics):
            self.unsubscribe(connection, text)

    def close_all(self, code: int, reason: str) -> None:
        """Close every connection; their sockets are closed after `drop_s` at the latest."""
        for connection in list(self.connections):
            connection.close(code, reason)

    def socket_closed(self, connection: StreamConnection) -> None:
        """Record that a connection's socket is closed."""
        self._sockets.discard(connection)
        if not self._sockets:
            self._all_closed.set()

    async def wait_closed(self) -> None:
        """Wait until all sockets are closed."""
        await self._all_closed.wait()

    # Sending to one client

    def send(self, connection: StreamConnection, data: bytes, supersedes: str = "", is_own_write: bool = False) -> None:
        """Send whole frames to one client, after everything that was published before.

        Args:
            connection: The client.
            data: Whole frames.
            supersedes: Topic whose queued conflated updates are removed, because the frames start a new subscription.
            is_own_write: Whether the frames are sent in a separate write, after everything that was sent before.
        """
        self._fanout.send(connection, data, supersedes, is_own_write)

    @property
    def pending_sends(self) -> int:
        """Publications and replies that wait for the next pass of the loop."""
        return self._fanout.pending

    # Subscriptions

    def subscribe(
        self,
        connection: StreamConnection,
        topic: Topic,
        replay: Replay | None = None,
        make_group: Callable[[Topic], SubscriberGroup] = SubscriberGroup,
    ) -> Subscribed:
        """Add a subscriber; subscribing twice is one subscription.

        Args:
            connection: The client.
            topic: The topic.
            replay: Updates that the client has missed; it may have been read in part.
            make_group: Makes the group of a topic without subscribers; a dialect frames updates in its own way.
        """
        group = self._groups.get(topic.text)
        if group is not None and group.topic.channel != topic.channel:
            self.unsubscribe(connection, topic.text)
            self._close_group(group)
            group = None
        is_first = group is None
        channel = self._channel(topic.channel)
        if group is None:
            group = self._groups[topic.text] = make_group(topic)
            self._groups_by_route[topic.route.name][topic.text] = group
            channel.groups[topic.text] = group
        is_new = connection not in group.connections
        if is_new:
            group.connections.add(connection)
            connection.topics.add(topic.text)
            self._fanout.subscriptions_changed()
        replayed = None if replay is None else self.replays.read_rest(replay, channel)
        seq = channel.seq
        if replay is not None and replayed is not None:
            self.counters.recovered += 1
            seq = replay.after_seq
        elif replay is not None:
            self.counters.refused += 1
        return Subscribed(self.epochs.of(topic), seq, replayed, is_new, is_first)

    def unsubscribe(self, connection: StreamConnection, text: str) -> None:
        """Remove a subscriber, if it is one. The topic ends with its last subscriber."""
        connection.topics.discard(text)
        group = self._groups.get(text)
        if group is None or connection not in group.connections:
            return
        group.connections.discard(connection)
        self._fanout.subscriptions_changed()
        if not group.connections:
            self._end_topic(group.topic)

    def close_alias_subscribers(self, account_id: str) -> None:
        """Close the subscribers of an alias whose name is a new account now; they subscribe again."""
        for group in list(self._groups.values()):
            if group.topic.alias_of is not None and group.topic.account_name == account_id:
                self._close_group(group)

    def _close_group(self, group: SubscriberGroup) -> None:
        for connection in list(group.connections):
            reason = "the name of an account means another one now; subscribe again"
            connection.close(CloseCode.RESUBSCRIBE, reason)

    def _end_topic(self, topic: Topic) -> None:
        del self._groups[topic.text]
        del self._groups_by_route[topic.route.name][topic.text]
        channel = self._channels[topic.channel]
        del channel.groups[topic.text]
        if not channel.groups and not topic.route.is_exact:
            self._last_conflated_seq = max(self._last_conflated_seq, channel.seq)
            del self._channels[topic.channel]

    # Updates

    def publish(self, updates: Iterable[Update]) -> None:
        """Number the updates and send them to their subscribers, to each in the given order.

        A payload is encoded once, even when several topics share it, and must not change afterwards.
        """
        encoded: dict[int, bytes] = {}
        entries: list[Entry] = []
        now = self.monotonic()
        for update in updates:
            channel = self._channels.get(update.channel)
            if channel is None:
                if not _route(update.channel).is_exact:
                    continue
                channel = self._channel(update.channel)
            channel.seq += 1
            if self._observer is not None:
                self._observer.published(update.channel, update.payload, channel.seq)
            body: bytes | None = None
            if channel.groups:
                body = encoded.get(id(update.payload))
                if body is None:
                    body = encoded[id(update.payload)] = orjson.dumps(update.payload)
                for group in channel.groups.values():
                    if data := group.frame(body, channel.seq):
                        group.sent_at = now
                        entries.append(Entry(group, Frame(data, group.key(update))))
            channel.keep(update.payload if body is None else body, now)
        if entries and self._push_faults is not None:
            entries = self._push_faults.changed(entries)
        if entries:
            self._fanout.publish(entries)
        if self._observer is not None:
            self._observer.settled()
        if now >= self._next_trim_at:
            self.trim()

    def publish_frame(self, group: SubscriberGroup, data: bytes) -> None:
        """Send an update of a dialect's own stream, which has no channel, to the clients of a group."""
        entries = [Entry(group, Frame(data))]
        if self._push_faults is not None:
            entries = self._push_faults.changed(entries)
        if entries:
            self._fanout.publish(entries)

    def frame_for_one(self, topic: Topic, payload: Payload) -> bytes:
        """Return a conflated topic's state as a frame for one subscriber; other subscribers skip its number."""
        channel = self._channels[topic.channel]
        channel.seq += 1
        return self._groups[topic.text].frame(orjson.dumps(payload), channel.seq)

    def last_seq(self, channel: str) -> int:
        """Return the number of a channel's newest update, 0 for a channel without one."""
        found = self._channels.get(channel)
        return 0 if found is None else found.seq

    def last_body(self, channel: str) -> bytes | None:
        """Return the encoded payload of an exact channel's newest update, None when none is kept."""
        found = self._channels.get(channel)
        return None if found is None else found.last_body()

    # Histories

    def set_generation(self, account_id: str, generation: int) -> None:
        """Start a new history for an account after a reset: clients with the earlier epoch cannot resume."""
        self.epochs.set_generation(account_id, generation)
        if self._observer is not None:
            self._observer.cleared(account_id)

    def restore(self, channel: str, seq: int, recent: Sequence[Payload] = ()) -> None:
        """Continue the numbering of an exact channel after `seq`, before anything is published to it.

        `recent` are the newest updates up to `seq`, oldest first; their age is measured from this call.
        """
        restored = self._channel(channel)
        restored.seq = seq
        for payload in recent:
            restored.keep(payload, self.monotonic())

    def trim(self) -> None:
        """Remove updates that are too old to be replayed, also from channels without new ones."""
        now = self.monotonic()
        self._next_trim_at = now + TRIM_INTERVAL_S
        for channel in self._channels.values():
            channel.trim(now)

    def _channel(self, name: str) -> Channel:
        """Return a channel, created if missing; a new conflated one continues the numbers of all earlier ones."""
        channel = self._channels.get(name)
        if channel is None:
            route = _route(name)
            channel = Channel(route, 0 if route.is_exact else self._last_conflated_seq, self.limits)
            self._channels[name] = channel
        return channel


def last_sent_at(groups: Mapping[str, SubscriberGroup], connection: StreamConnection) -> float:
    """Return the time of the last reply to a client or update of its topics, in monotonic seconds."""
    return max([connection.sent_at, *(groups[text].sent_at for text in connection.topics)])


def _route(channel: str) -> Route:
    return ROUTES[channel.partition(":")[0]]
