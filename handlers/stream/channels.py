"""Channels, which number updates, and the subscriber groups of the topics that each channel feeds.

A topic is what a client asked for; a channel is where its updates come from. An account's topic and the topics of its
aliases share one channel. Held by `hub.py` alone.
"""

import orjson

from engine.topics import Topic, Update
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import frame
from handlers.stream.history import RecentUpdates
from handlers.stream.send_queue import ConflationKey


class Epochs:
    """The epochs of topics. An epoch names one history; sequence numbers are comparable within it only.

    Args:
        base: The epoch of the whole stream; it changes when the stored history is another one.

    Attributes:
        base: The same.
    """

    __slots__ = ("_generations", "base")

    def __init__(self, base: str) -> None:
        self.base = base
        self._generations: dict[str, int] = {}

    def set_generation(self, account_id: str, generation: int) -> None:
        """Begin another history for an account's channels, as a reset does."""
        self._generations[account_id] = generation

    def of(self, topic: Topic) -> str:
        """Return the epoch of a topic: the base, the account's generation, and for an alias the account behind it.

        An alias becomes an account when one of that name is opened; its history is another one from then on.
        """
        generation = self._generations.get(topic.channel.split(":", 2)[1], 0) if self._generations else 0
        epoch = f"{self.base}.{generation}" if generation else self.base
        return epoch if topic.alias_of is None else f"{epoch}@{topic.alias_of}"


class TopicEncoder:
    """Encodes the updates of one topic as frames."""

    __slots__ = ("_prefix",)

    def __init__(self, topic: Topic) -> None:
        kind = orjson.dumps(f"{topic.route.name}.update")
        self._prefix = b'{"type":%b,"payload":{"topic":%b,"payload":' % (kind, orjson.dumps(topic.text))

    def frame(self, body: bytes, seq: int) -> bytes:
        """Return the frame of an update whose payload is encoded already."""
        return frame(b'%b%b,"seq":%d}}' % (self._prefix, body, seq))


class SubscriberGroup:
    """The subscribers of one topic.

    Attributes:
        encoder: Encodes the topic's updates.
        sent_at: When the last update was sent to the group (monotonic seconds).
    """

    __slots__ = ("connections", "encoder", "sent_at", "topic")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.connections: set[StreamConnection] = set()
        self.encoder = TopicEncoder(topic)
        self.sent_at = 0.0

    def key(self, update: Update) -> ConflationKey | None:
        """Return the conflation key of an update, None for an exact one."""
        route = self.topic.route
        if route.is_exact:
            return None
        return ConflationKey(self.topic.text, update.key, route.module == "broker", update.ends)


class Channel:
    """One source of updates.

    Attributes:
        seq: Number of the last update.
        recent: The newest updates of an exact channel; None for a conflated one.
        groups: The subscriber groups that it feeds, by the text of their topic.
    """

    __slots__ = ("groups", "recent", "seq")

    def __init__(self, seq: int, recent: RecentUpdates | None) -> None:
        self.seq = seq
        self.recent = recent
        self.groups: dict[str, SubscriberGroup] = {}
