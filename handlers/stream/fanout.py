"""Fan-out: sends encoded frames to many clients, one write per client, without waiting for any of them.

The recipients of a publication are divided into segments: the clients of a segment get exactly the same frames, which
are joined once for all of them. Segments are cached until a subscription changes, so eight topics with the same
thousand subscribers cost a thousand sends and nothing else. A publication that would hold the event loop for long
continues in the next pass. Everything that is sent to a client, replies too, keeps one order. Called by `hub.py` alone.
Figures: docs/performance.md.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import repeat
from time import perf_counter
from typing import NamedTuple, Protocol

from handlers.stream.connection import StreamConnection
from handlers.stream.counters import StreamCounters
from handlers.stream.limits import StreamLimits
from handlers.stream.send_queue import Frame

MAX_PENDING = 1000
"""Publications and replies that may wait for later passes; beyond it the caller sends them itself."""

MAX_CACHED_SEGMENTATIONS = 256


class Group(Protocol):
    """The subscribers of one topic."""

    connections: set[StreamConnection]


class Entry(NamedTuple):
    """One update of a publication: a frame and the group that gets it."""

    group: Group
    frame: Frame


class Reply(NamedTuple):
    """Frames for one client; for `supersedes` see `StreamConnection.send`."""

    connection: StreamConnection
    data: bytes
    supersedes: str


class Segment(NamedTuple):
    """Clients that are subscribed to the same of the publication's topics, and their sockets in the same order."""

    groups: tuple[Group, ...]
    connections: list[StreamConnection]
    sockets: list[socket.socket]


class Slice(NamedTuple):
    """The clients `begin` to `end` (excluded) of a segment."""

    segment: Segment
    begin: int
    end: int


class Publication:
    """Updates that are being sent, segment by segment.

    Attributes:
        segment: Index of the segment that is being served.
        position: How many clients of that segment have been served.
        frames: The frames of that segment.
        data: The same, joined.
    """

    __slots__ = ("_by_group", "_entries", "data", "frames", "position", "segment", "segments")

    def __init__(self, segments: list[Segment], entries: list[Entry]) -> None:
        self.segments = segments
        self.segment = self.position = 0
        self.frames: list[Frame] = []
        self.data = b""
        self._entries = entries
        self._by_group: dict[Group, list[tuple[int, Frame]]] | None = None

    def extend(self, segments: list[Segment], entries: list[Entry]) -> bool:
        """Append further updates for the same clients. Returns False when these are others, or some are served."""
        if segments is not self.segments or self.segment or self.position:
            return False
        self._entries += entries
        return True

    @property
    def is_done(self) -> bool:
        """Whether every client is served."""
        return self.segment == len(self.segments)

    def next_slice(self, size: int) -> Slice:
        """Return the next clients, at most `size` of them."""
        segment = self.segments[self.segment]
        begin = self.position
        if begin == 0:
            self._join(segment)
        end = min(begin + size, len(segment.connections))
        self.position = end
        if end == len(segment.connections):
            self.segment += 1
            self.position = 0
        return Slice(segment, begin, end)

    def _join(self, segment: Segment) -> None:
        """Join the frames of a segment in the order of the publication, looking at that segment's groups only."""
        if len(self.segments) == 1:
            self.frames = [frame for _, frame in self._entries]
        else:
            if self._by_group is None:
                self._by_group = {}
                for place, (group, frame) in enumerate(self._entries):
                    self._by_group.setdefault(group, []).append((place, frame))
            placed = [each for group in segment.groups for each in self._by_group[group]]
            placed.sort()
            self.frames = [frame for _, frame in placed]
        self.data = self.frames[0].data if len(self.frames) == 1 else b"".join([each.data for each in self.frames])


class Fanout:
    """Sends publications and replies in their order."""

    def __init__(self, counters: StreamCounters, limits: StreamLimits) -> None:
        self._counters = counters
        self._limits = limits
        self._pending: deque[Publication | Reply] = deque()
        self._segmentations: dict[tuple[Group, ...], list[Segment]] = {}
        self._is_scheduled = False

    @property
    def pending(self) -> int:
        """Publications and replies that wait for the next pass of the loop."""
        return len(self._pending)

    def subscriptions_changed(self) -> None:
        """Divide the recipients anew from now on."""
        self._segmentations.clear()

    def send(self, connection: StreamConnection, data: bytes, now: float, supersedes: str = "") -> None:
        """Send a reply to one client, behind everything that was published before."""
        if self._pending:
            self._pending.append(Reply(connection, data, supersedes))
            self._send_excess(now)
        else:
            connection.send(data, now, supersedes)

    def send_later(self, connection: StreamConnection, data: bytes, now: float) -> None:
        """Send a reply in a later write than everything before it: in the next pass, or before what follows it."""
        self._pending.append(Reply(connection, data, ""))
        if not self._is_scheduled:
            self._schedule(now)
        self._send_excess(now)

    def publish(self, entries: list[Entry], now: float) -> None:
        """Send updates to the subscribers of their topics, to each client in the given order.

        The first publication of a pass is sent at once. Further ones wait for the next pass, where those that go to
        the same clients leave in one write.
        """
        self._counters.publications += 1
        segments = self._segments(tuple(dict.fromkeys([entry.group for entry in entries])))
        last = self._pending[-1] if self._pending else None
        if not (isinstance(last, Publication) and last.extend(segments, entries)):
            self._pending.append(Publication(segments, entries))
        if not self._is_scheduled:
            self._send_pending(now, self._limits.pass_s)
            self._schedule(now)
        self._send_excess(now)

    def _send_excess(self, now: float) -> None:
        if len(self._pending) > MAX_PENDING:
            self._send_pending(now, float("inf"))

    def _schedule(self, now: float) -> None:
        self._is_scheduled = True
        asyncio.get_running_loop().call_soon(self._next_pass, now)

    def _next_pass(self, now: float) -> None:
        self._is_scheduled = False
        if self._pending:
            self._send_pending(now, self._limits.pass_s)
            self._schedule(now)

    def _send_pending(self, now: float, budget_s: float) -> None:
        """Send what is pending, in its order, until everything is sent or the time is over."""
        pending, until = self._pending, perf_counter() + budget_s
        while pending:
            first = pending[0]
            if isinstance(first, Publication):
                self._send_slice(first)
                if first.is_done:
                    pending.popleft()
            else:
                pending.popleft()
                first.connection.send(first.data, now, first.supersedes)
            if perf_counter() >= until:
                return

    def _send_slice(self, publication: Publication) -> None:
        """Send to the next clients of the current segment."""
        segment, begin, end = publication.next_slice(self._limits.slice_sends)
        counters, data, frames = self._counters, publication.data, publication.frames
        counters.frames += (end - begin) * len(frames)
        counters.bytes += (end - begin) * len(data)
        if not counters.behind:
            begin += _send_to_sockets(segment, begin, end, data, frames)
        _send_to_connections(segment.connections[begin:end], data, frames)

    def _segments(self, groups: tuple[Group, ...]) -> list[Segment]:
        """Return the segments for a set of topics, cached until a subscription changes."""
        segments = self._segmentations.get(groups)
        if segments is None:
            if len(self._segmentations) >= MAX_CACHED_SEGMENTATIONS:
                self._segmentations.clear()
            segments = self._segmentations[groups] = _divide(groups)
        return segments


def _divide(groups: tuple[Group, ...]) -> list[Segment]:
    """Divide the subscribers of some topics by the set of topics that each one gets."""
    first = groups[0].connections
    if all(other.connections == first for other in groups[1:]):
        members = {groups: list(first)}
    else:
        groups_of: dict[StreamConnection, list[Group]] = {}
        for group in groups:
            for connection in group.connections:
                groups_of.setdefault(connection, []).append(group)
        members = {}
        for connection, own in groups_of.items():
            members.setdefault(tuple(own), []).append(connection)
    return [Segment(own, connections, [each.sock for each in connections]) for own, connections in members.items()]


def _send_to_sockets(segment: Segment, begin: int, end: int, data: bytes, frames: Sequence[Frame]) -> int:
    """Send the same bytes to clients without send queues. Returns how many were served before the first failure.

    It runs in C and touches nothing of a client but its socket: with cold caches, every other object costs as much as
    a tenth of the kernel's share of a send.
    """
    sent: list[int] = []
    with suppress(OSError):  # raised by the next client's socket; `_send_to_connections` finds out why
        sent.extend(map(socket.socket.send, segment.sockets[begin:end], repeat(data)))
    size = len(data)
    if sent.count(size) != len(sent):
        for place, count in enumerate(sent, begin):
            if count != size:
                segment.connections[place].enqueue(frames, count)
    return len(sent)


def _send_to_connections(connections: Sequence[StreamConnection], data: bytes, frames: Sequence[Frame]) -> None:
    """Send the same bytes to every client, or queue them for it."""
    size = len(data)
    for connection in connections:
        if connection.send_queue is not None:
            connection.enqueue(frames)
            continue
        try:
            sent = connection.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            connection.abort(error)
            continue
        if sent != size:
            connection.enqueue(frames, sent)
