"""Recent updates of the exact channels, for clients that come back. Never a part of a gap: all of it, or nothing."""

from collections import deque
from collections.abc import Callable, Sequence

import orjson

from engine.topics import Payload, Topic
from handlers.stream.limits import StreamLimits

Journal = Callable[[str, int, int], Sequence[bytes] | None]
"""`journal(channel, after, limit)`: the channel's updates after+1, after+2, ... without holes, encoded, as far as they
are stored and at most `limit`; None when they are not there from after+1 on."""


class Recent:
    """The newest updates of one channel, the last of them numbered `Channel.seq`.

    Args:
        least: How many are kept however old they are.
    """

    __slots__ = ("_kept", "_least")

    def __init__(self, least: int = 0) -> None:
        self._least = least
        self._kept: deque[tuple[float, bytes | Payload]] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, update: bytes | Payload, now: float, limits: StreamLimits) -> None:
        """Keep an update, encoded if it already is; lets old ones go."""
        kept = self._kept
        kept.append((now, update))
        if len(kept) > limits.history_updates:
            kept.popleft()
        if kept[0][0] < now - limits.history_s:
            self.trim(now - limits.history_s)

    def trim(self, oldest: float) -> None:
        """Let go of what is older."""
        kept, least = self._kept, self._least
        while len(kept) > least and kept[0][0] < oldest:
            kept.popleft()

    def newest(self, count: int, most: int) -> list[bytes]:
        """Return the bodies of the newest `count` updates, oldest first, at most the `most` oldest of them."""
        kept = self._kept
        begin = len(kept) - count
        chosen = [kept[index][1] for index in range(begin, begin + min(count, most))]
        return [each if isinstance(each, bytes) else orjson.dumps(each) for each in chosen]

    def last(self) -> bytes | None:
        """Return the body of the newest update."""
        return self.newest(1, 1)[0] if self._kept else None


class Gap:
    """What a client missed of a topic: the place that it wants to go on from, and what was read back so far.

    Attributes:
        topic: What it listened to.
        epoch: The history that it knows.
        after: Number of the last update that it has.
        upto: Number of the last update that was read back.
        pages: Those updates as frames, joined page by page.
        is_begun: Whether it was found short enough; it may grow while it is read back.
        is_lost: Whether something of it is nowhere any more.
    """

    __slots__ = ("after", "epoch", "is_begun", "is_lost", "pages", "topic", "upto")

    def __init__(self, topic: Topic, epoch: str, after: int) -> None:
        self.topic = topic
        self.epoch = epoch
        self.after = self.upto = after
        self.pages: list[bytes] = []
        self.is_begun = self.is_lost = False
