"""The send queue of one slow client: whole frames in order, conflated where only the newest state matters, bounded.

The rest of a partly sent frame is sent before anything else. Exact frames and replies keep their order. A conflated
frame has a key: a newer frame with the same key replaces the older one at the same position, so that frequent updates
of one state do not delay it. If the key belongs to a cascade (equity, profit), the newer frame moves to the end, after
the updates that it sums up. Used by `connection.py`, which closes a client whose queue exceeds the limits.
"""

from collections import OrderedDict
from typing import NamedTuple

from handlers.stream.limits import StreamLimits

CHUNK_BYTES = 32 * 1024
"""Queued frames are sent in chunks of about this size. A frame in a chunk is no longer conflated."""


class ConflationKey(NamedTuple):
    """Identifies the state that a conflated frame carries.

    Attributes:
        topic: The topic's text.
        state: Names the state within the topic, for example the symbol of a quote.
        is_cascade: Whether a newer frame moves to the end of the queue.
        obsoletes: State of the same topic that this frame makes obsolete, "" for none.
    """

    topic: str
    state: str
    is_cascade: bool
    obsoletes: str = ""


class Frame(NamedTuple):
    """A whole encoded frame; an exact one has no key."""

    data: bytes
    key: ConflationKey | None = None


class SendQueue:
    """Frames that wait for one client's socket.

    Args:
        unsent: Rest of a partly sent frame.

    Attributes:
        exact_frames: Number of exact updates in the queue.
        exact_bytes: Bytes of exact updates.
        reply_bytes: Bytes of replies.
        state_bytes: Bytes of conflated updates.
    """

    def __init__(self, unsent: bytes | memoryview = b"") -> None:
        self._unsent = unsent
        self._frames: OrderedDict[int | ConflationKey, bytes] = OrderedDict()
        """Exact frames have positive numbers as keys, replies negative ones."""
        self._control: dict[int, bytes] = {}
        self._count = 0
        self.exact_frames = self.exact_bytes = self.reply_bytes = self.state_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, not even a control frame."""
        return not (self._unsent or self._control or self._frames)

    def exceeds(self, limits: StreamLimits) -> bool:
        """Whether the queue is larger than the limits of a client."""
        return (
            self.exact_bytes > limits.backlog_bytes
            or self.exact_frames > limits.backlog_frames
            or self.state_bytes > limits.state_bytes
            or self.reply_bytes > limits.reply_bytes
        )

    def add(self, frame: Frame) -> bool:
        """Append an update. Returns whether it replaced an older one."""
        data, key = frame
        if key is None:
            self.exact_frames += 1
            self.exact_bytes += len(data)
            self._count += 1
            self._frames[self._count] = data
            return False
        older = self._frames.get(key)
        self.state_bytes += len(data) - len(older or b"")
        self._frames[key] = data
        if older is not None and key.is_cascade:
            self._frames.move_to_end(key)
        has_removed = bool(key.obsoletes) and self._remove(ConflationKey(key.topic, key.obsoletes, key.is_cascade))
        return older is not None or has_removed

    def add_reply(self, data: bytes) -> None:
        """Append a reply, which is never conflated."""
        self.reply_bytes += len(data)
        self._count += 1
        self._frames[-self._count] = data

    def add_control(self, opcode: int, data: bytes) -> None:
        """Add a control frame, which is sent before the updates; a newer one of the same opcode replaces it."""
        self._control[opcode] = data

    def discard_topic(self, topic: str) -> None:
        """Remove a topic's conflated updates: later ones would take their positions, before a new response."""
        for key in [key for key in self._frames if isinstance(key, ConflationKey) and key.topic == topic]:
            self._remove(key)

    def discard_all(self) -> None:
        """Remove all updates and replies. The rest of a partly sent frame and control frames stay."""
        self._frames.clear()
        self.exact_frames = self.exact_bytes = self.reply_bytes = self.state_bytes = 0

    def next_chunk(self) -> bytes | memoryview:
        """Remove and return the bytes to send next, empty when nothing waits.

        The caller returns the bytes that the kernel does not accept with `put_back`.
        """
        if self._unsent:
            unsent, self._unsent = self._unsent, b""
            return unsent
        chunk = list(self._control.values())
        self._control.clear()
        size, frames = 0, self._frames
        while frames and size < CHUNK_BYTES:
            key, data = frames.popitem(last=False)
            size += len(data)
            chunk.append(data)
            if not isinstance(key, int):
                self.state_bytes -= len(data)
            elif key > 0:
                self.exact_frames -= 1
                self.exact_bytes -= len(data)
            else:
                self.reply_bytes -= len(data)
        return chunk[0] if len(chunk) == 1 else b"".join(chunk)

    def put_back(self, unsent: memoryview) -> None:
        """Put back the bytes that the kernel did not accept; they are sent first."""
        self._unsent = unsent

    def _remove(self, key: ConflationKey) -> bool:
        data = self._frames.pop(key, b"")
        self.state_bytes -= len(data)
        return bool(data)


class SilentQueue(SendQueue):
    """The queue of a client that gets nothing more: it drops everything."""

    def add(self, frame: Frame) -> bool:  # noqa: ARG002 - dropped
        """Drop an update."""
        return False

    def add_reply(self, data: bytes) -> None:
        """Drop a reply."""

    def add_control(self, opcode: int, data: bytes) -> None:
        """Drop a control frame."""
