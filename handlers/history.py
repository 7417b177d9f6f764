"""Recent updates of the exact channels, for clients that come back. Never a part of a gap: all of it, or nothing."""

from collections import deque
from collections.abc import Callable, Sequence

import orjson

from engine.topics import Payload
from handlers.limits import StreamLimits

Journal = Callable[[str, int, int], Sequence[bytes] | None]
"""`journal(channel, after, limit)`: the channel's updates after+1, after+2, ... without holes, encoded, as far as they
are stored and at most `limit`; None when they are not there from after+1 on."""


class Recent:
    """The newest updates of one channel, the last of them numbered `Channel.seq`."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
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
        kept = self._kept
        while kept and kept[0][0] < oldest:
            kept.popleft()

    def newest(self, count: int) -> list[bytes]:
        """Return the bodies of the newest updates, oldest first."""
        kept = self._kept
        chosen = [kept[index][1] for index in range(len(kept) - count, len(kept))]
        return [each if isinstance(each, bytes) else orjson.dumps(each) for each in chosen]

    def last(self) -> bytes | None:
        """Return the body of the newest update."""
        return self.newest(1)[0] if self._kept else None
