"""The hub: who listens to what, and how an update reaches them. It knows topics and bytes, nothing of trading.

Interest is the set of subscribers, there is no second counter. An update is encoded once and framed once per topic;
every connection gets the frames of one publication in one write.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from engine.topics import ROUTES, Payload, Topic, Update
from handlers.connection import Connection, frame


class Receipt(NamedTuple):
    """Where a subscriber stands in the history of a channel: the number of the last update before its first."""

    epoch: str
    seq: int


class Listeners:
    """The subscribers of one topic."""

    __slots__ = ("connections", "head", "topic")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.connections: set[Connection] = set()
        kind = orjson.dumps(f"{topic.route.name}.update")
        self.head = b'{"type":%b,"payload":{"topic":%b,"payload":' % (kind, orjson.dumps(topic.text))

    def frame(self, body: bytes, seq: int) -> bytes:
        """Frame an encoded update."""
        return frame(b'%b%b,"seq":%d}}' % (self.head, body, seq))


class Channel:
    """One source of updates: its numbering, its newest update, and the topics that it feeds."""

    __slots__ = ("last", "seq", "topics")

    def __init__(self) -> None:
        self.seq = 0
        self.last: Payload | None = None
        self.topics: dict[str, Listeners] = {}


class Hub:
    """Topics and their subscribers.

    Args:
        epoch: Names the history that sequence numbers count in; another history has another epoch.
    """

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self._connections: set[Connection] = set()
        self._channels: dict[str, Channel] = {}
        self._listeners: dict[str, Listeners] = {}
        self._by_route: dict[str, dict[str, Listeners]] = {name: {} for name in ROUTES}

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""
        found = self._channels.get(channel)
        return found is not None and bool(found.topics)

    def topics(self, route: str) -> Iterator[Topic]:
        """Yield the topics of a route that have subscribers."""
        return (listeners.topic for listeners in self._by_route[route].values())

    def counts(self) -> tuple[int, int]:
        """Return how many topics have subscribers, and how many subscriptions there are."""
        return len(self._listeners), sum(len(one.connections) for one in self._listeners.values())

    def join(self, connection: Connection) -> None:
        """Take note of a connection."""
        self._connections.add(connection)

    def close_all(self, code: int, reason: str) -> None:
        """Close every connection."""
        for connection in list(self._connections):
            connection.close(code, reason)

    def subscribe(self, connection: Connection, topic: Topic) -> Receipt:
        """Add a subscriber; subscribing twice is one subscription.

        On `broker-connection` the receipt stands before the current status, which `replay_last` then sends.
        """
        listeners = self._listeners.get(topic.text)
        if listeners is None:
            listeners = self._listeners[topic.text] = Listeners(topic)
            self._by_route[topic.route.name][topic.text] = listeners
            self._channel(topic.channel).topics[topic.text] = listeners
        listeners.connections.add(connection)
        connection.topics.add(topic.text)
        return Receipt(self.epoch, self._channel(topic.channel).seq)

    def replay_last(self, connection: Connection, topic: Topic) -> None:
        """Send the newest update of a topic's channel to one subscriber, under its own number."""
        channel = self._channels[topic.channel]
        if channel.last is not None:
            body = orjson.dumps(channel.last)
            connection.send(self._listeners[topic.text].frame(body, channel.seq))

    def unsubscribe(self, connection: Connection, text: str) -> None:
        """Remove a subscriber; without effect when it is none. The last one gone ends the topic."""
        connection.topics.discard(text)
        listeners = self._listeners.get(text)
        if listeners is None:
            return
        listeners.connections.discard(connection)
        if not listeners.connections:
            topic = listeners.topic
            del self._listeners[text]
            del self._by_route[topic.route.name][text]
            channel = self._channels[topic.channel]
            del channel.topics[text]
            if not channel.topics and not topic.route.is_exact:
                del self._channels[topic.channel]

    def leave(self, connection: Connection) -> None:
        """Remove a connection from everything it held, however it ended."""
        self._connections.discard(connection)
        for text in list(connection.topics):
            self.unsubscribe(connection, text)

    def publish(self, updates: Iterable[Update]) -> None:
        """Number the updates and send them to their subscribers: one write per connection, frames in the given order.

        Payloads are encoded once each, even when several topics share one, and must not change afterwards.
        """
        encoded: dict[int, bytes] = {}
        outbox: dict[Connection, list[bytes]] = {}
        for update in updates:
            channel = self._numbered(update)
            if channel is None or not channel.topics:
                continue
            body = encoded.get(id(update.payload))
            if body is None:
                body = encoded[id(update.payload)] = orjson.dumps(update.payload)
            for listeners in channel.topics.values():
                data = listeners.frame(body, channel.seq)
                for connection in listeners.connections:
                    outbox.setdefault(connection, []).append(data)
        for connection, frames in outbox.items():
            connection.send(frames[0] if len(frames) == 1 else b"".join(frames))

    def _numbered(self, update: Update) -> Channel | None:
        """Count an update in its channel; a conflated channel without subscribers has none."""
        channel = self._channels.get(update.channel)
        if channel is None:
            if not ROUTES[update.channel.partition(":")[0]].is_exact:
                return None
            channel = self._channel(update.channel)
        channel.seq += 1
        channel.last = update.payload
        return channel

    def _channel(self, name: str) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = Channel()
        return channel
