"""Where updates come from and whom they go to: channels, numbered, and the topics that each of them feeds.

Held by the hub alone. An alias of an account is a topic of its own on the account's channel.
"""

import orjson

from engine.topics import Topic, Update
from handlers.stream.connection import Connection
from handlers.stream.frames import frame
from handlers.stream.history import Recent
from handlers.stream.send_queue import Slot


class Listeners:
    """The subscribers of one topic.

    Attributes:
        sent_at: When an update last went to them (monotonic seconds).
    """

    __slots__ = ("_head", "_is_cascade", "_is_exact", "connections", "sent_at", "topic")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.connections: set[Connection] = set()
        self.sent_at = 0.0
        kind = orjson.dumps(f"{topic.route.name}.update")
        self._head = b'{"type":%b,"payload":{"topic":%b,"payload":' % (kind, orjson.dumps(topic.text))
        self._is_exact = topic.route.is_exact
        self._is_cascade = topic.route.module == "broker"

    def frame(self, body: bytes, seq: int) -> bytes:
        """Frame an encoded update."""
        return frame(b'%b%b,"seq":%d}}' % (self._head, body, seq))

    def slot(self, update: Update) -> Slot | None:
        """Return the slot of a conflated update, None for an exact one."""
        return None if self._is_exact else Slot(self.topic.text, update.key, self._is_cascade, update.ends)


class Channel:
    """One source of updates: its numbering, its recent updates, and the topics that it feeds."""

    __slots__ = ("recent", "seq", "topics")

    def __init__(self, seq: int, recent: Recent | None) -> None:
        self.seq = seq
        self.recent = recent
        self.topics: dict[str, Listeners] = {}
