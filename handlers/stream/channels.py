"""Channels, which number and keep updates, and the subscriber groups of the topics that each channel feeds.

A client subscribes to a topic; a channel is the source of the topic's updates. An account's topic and the topics of its
aliases share one channel. Held by `hub.py`; `replay.py` reads the updates that a channel keeps.
"""

from collections import deque
from typing import NamedTuple

import orjson

from engine.topics import Payload, Route, Topic, Update
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import frame
from handlers.stream.limits import StreamLimits
from handlers.stream.send_queue import ConflationKey


def frame_prefix(topic: Topic) -> bytes:
    """Return the common prefix of all updates of a topic."""
    kind = orjson.dumps(f"{topic.route.name}.update")
    return b'{"type":%b,"payload":{"topic":%b,"payload":' % (kind, orjson.dumps(topic.text))


def update_frame(prefix: bytes, body: bytes, seq: int) -> bytes:
    """Return the frame of an update whose payload is encoded already."""
    return frame(b'%b%b,"seq":%d}}' % (prefix, body, seq))


class SubscriberGroup:
    """The subscribers of one topic.

    Attributes:
        sent_at: When the last update was sent to the group (monotonic seconds).
    """

    __slots__ = ("_prefix", "connections", "sent_at", "topic")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.connections: set[StreamConnection] = set()
        self.sent_at = 0.0
        self._prefix = frame_prefix(topic)

    def frame(self, body: bytes, seq: int) -> bytes:
        """Return the frame of an update; a group of a dialect returns b"" for an update that it does not send."""
        return update_frame(self._prefix, body, seq)

    def key(self, update: Update) -> ConflationKey | None:
        """Return the conflation key of an update, None for an exact one."""
        route = self.topic.route
        if route.is_exact:
            return None
        return ConflationKey(self.topic.text, update.key, route.module == "broker", update.ends)


class KeptUpdate(NamedTuple):
    """An update and its time (monotonic seconds); the payload is encoded if the channel had subscribers then."""

    added_at: float
    payload: bytes | Payload


class Channel:
    """One source of updates. An exact one keeps its newest updates for clients that resume.

    Attributes:
        seq: Number of the last update.
        groups: The subscriber groups that it feeds, by the text of their topic.
    """

    __slots__ = ("_history_s", "_kept", "_min_kept", "groups", "seq")

    def __init__(self, route: Route, seq: int, limits: StreamLimits) -> None:
        self.seq = seq
        self.groups: dict[str, SubscriberGroup] = {}
        self._history_s = limits.history_s
        self._min_kept = int(route.is_status)
        self._kept: deque[KeptUpdate] = deque(maxlen=limits.history_updates if route.is_exact else 0)

    def keep(self, payload: bytes | Payload, now: float) -> None:
        """Keep the update with the number `seq`, and remove those beyond the limits; a conflated one is not kept."""
        self._kept.append(KeptUpdate(now, payload))
        self.trim(now)

    def trim(self, now: float) -> int:
        """Remove the updates that are too old. Returns how many are left."""
        kept, oldest = self._kept, now - self._history_s
        while len(kept) > self._min_kept and kept[0].added_at < oldest:
            kept.popleft()
        return len(kept)

    def bodies(self, newest: int, limit: int) -> list[bytes]:
        """Return the first `limit` of the newest `newest` updates as encoded payloads, oldest first."""
        begin = len(self._kept) - newest
        chosen = (self._kept[index].payload for index in range(begin, begin + min(newest, limit)))
        return [each if isinstance(each, bytes) else orjson.dumps(each) for each in chosen]

    def last_body(self) -> bytes | None:
        """Return the encoded payload of the newest update, None when none is kept."""
        return self.bodies(1, 1)[0] if self._kept else None
