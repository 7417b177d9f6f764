"""The recent updates of exact channels, kept in memory for clients that resume. Read `replay.py` next."""

from collections import deque
from typing import NamedTuple, Protocol

import orjson

from engine.topics import Payload
from handlers.stream.limits import StreamLimits


class UpdateArchive(Protocol):
    """Stored updates of exact channels. The server's archive is one."""

    def updates(self, channel: str, after_seq: int, limit: int) -> list[bytes] | None:
        """Return the encoded updates after_seq + 1, after_seq + 2, ... without gaps, at most `limit` of them.

        Fewer are returned where no more are stored; None when the first of them is not stored.
        """


class RecentUpdate(NamedTuple):
    """An update and when it was added (monotonic seconds); the payload is encoded where somebody was subscribed."""

    added_at: float
    payload: bytes | Payload


class RecentUpdates:
    """The newest updates of one channel; the last of them has the number `Channel.seq`.

    Args:
        min_kept: How many updates are kept whatever their age.
    """

    __slots__ = ("_min_kept", "_updates")

    def __init__(self, min_kept: int = 0) -> None:
        self._min_kept = min_kept
        self._updates: deque[RecentUpdate] = deque()

    def __len__(self) -> int:
        return len(self._updates)

    def add(self, update: bytes | Payload, now: float, limits: StreamLimits) -> None:
        """Append an update; remove those beyond the limits."""
        updates = self._updates
        updates.append(RecentUpdate(now, update))
        if len(updates) > limits.history_updates:
            updates.popleft()
        self.remove_older(now - limits.history_s)

    def remove_older(self, oldest: float) -> None:
        """Remove the updates from before a time (monotonic seconds)."""
        updates = self._updates
        while len(updates) > self._min_kept and updates[0].added_at < oldest:
            updates.popleft()

    def bodies(self, newest: int, limit: int) -> list[bytes]:
        """Return encoded payloads, oldest first: of the `newest` newest updates the first `limit`."""
        begin = len(self._updates) - newest
        chosen = (self._updates[index].payload for index in range(begin, begin + min(newest, limit)))
        return [each if isinstance(each, bytes) else orjson.dumps(each) for each in chosen]

    def last_body(self) -> bytes | None:
        """Return the encoded payload of the newest update, None when there is none."""
        return self.bodies(1, 1)[0] if self._updates else None
