"""What waits for one slow client: whole frames in order, the newest state only where that is enough, all of it bounded.

A frame that the kernel took in part is completed before anything else. Exact frames and replies keep their place. A
conflated frame has a slot: a newer one takes over its place in the line, so that every state gets its turn; where the
slot belongs to a cascade (equity, profit), it moves to the end, behind the updates that it sums up.
"""

from collections import OrderedDict
from typing import NamedTuple

GATHER_BYTES = 32 * 1024
"""Waiting frames go to the kernel in pieces of about this size; what is in a piece is not conflated any more."""


class Slot(NamedTuple):
    """Names the state that a conflated frame stands for.

    Attributes:
        ends: Key of the slot of the same topic that says nothing any more once this one is there, "" where none is.
    """

    topic: str
    key: str
    is_cascade: bool
    ends: str = ""


class Frame(NamedTuple):
    """A whole frame, ready for the wire; exact without a slot."""

    data: bytes
    slot: Slot | None = None


class Backlog:
    """Frames on their way to one client.

    Attributes:
        frames: Exact updates that wait.
        bytes: Bytes of them.
        reply_bytes: Bytes of waiting replies.
        state_bytes: Bytes of waiting conflated updates.
    """

    __slots__ = ("_count", "_head", "_queue", "_urgent", "bytes", "frames", "reply_bytes", "state_bytes")

    def __init__(self, head: bytes | memoryview = b"") -> None:
        self._head = head
        self._queue: OrderedDict[object, bytes] = OrderedDict()
        self._urgent: dict[int, bytes] = {}
        self._count = 0
        self.frames = 0
        self.bytes = self.reply_bytes = self.state_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self._head or self._urgent or self._queue)

    def add(self, frame: Frame) -> bool:
        """Put an update in line; returns whether it took the place of an older one."""
        data, slot = frame
        if slot is None:
            self.frames += 1
            self.bytes += len(data)
            self._count += 1
            self._queue[self._count] = data
            return False
        before = self._queue.get(slot)
        self.state_bytes += len(data) - len(before or b"")
        self._queue[slot] = data
        if before is not None and slot.is_cascade:
            self._queue.move_to_end(slot)
        is_over = bool(slot.ends) and self._forget(Slot(slot.topic, slot.ends, slot.is_cascade))
        return before is not None or is_over

    def renew(self, topic: str) -> None:
        """Forget what waits of a conflated topic: what comes behind an answer must not take a place before it."""
        for key in [key for key in self._queue if isinstance(key, Slot) and key.topic == topic]:
            self._forget(key)

    def _forget(self, slot: Slot) -> bool:
        data = self._queue.pop(slot, b"")
        self.state_bytes -= len(data)
        return bool(data)

    def add_reply(self, data: bytes) -> None:
        """Put a reply in line."""
        self.reply_bytes += len(data)
        self._count += 1
        self._queue[-self._count] = data

    def add_control(self, opcode: int, data: bytes) -> None:
        """Let a control frame pass everything but a frame that is half sent; the newest of a kind is enough."""
        self._urgent[opcode] = data

    def drop(self) -> None:
        """Forget what waits, but for the rest of a half-sent piece and control frames."""
        self._queue.clear()
        self.frames = self.bytes = self.reply_bytes = self.state_bytes = 0

    def take(self) -> bytes | memoryview:
        """Return the next piece, empty when there is none. It has to be sent, or given back with `put_back`."""
        if self._head:
            head, self._head = self._head, b""
            return head
        piece: list[bytes] = list(self._urgent.values())
        self._urgent.clear()
        size, queue = 0, self._queue
        while queue and size < GATHER_BYTES:
            key, data = queue.popitem(last=False)
            size += len(data)
            piece.append(data)
            if isinstance(key, int):
                if key > 0:
                    self.frames -= 1
                    self.bytes -= len(data)
                else:
                    self.reply_bytes -= len(data)
            else:
                self.state_bytes -= len(data)
        return piece[0] if len(piece) == 1 else b"".join(piece)

    def put_back(self, rest: memoryview) -> None:
        """Keep what the kernel did not take; it goes first."""
        self._head = rest
