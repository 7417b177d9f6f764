"""Fan-out: sends encoded frames to many clients, one write per client, without waiting for any of them.

The recipients of a publication are divided into segments: the clients of a segment get exactly the same frames, which
are joined once for all of them. Segments are cached until a subscription changes, so eight topics with the same
thousand subscribers cost only a thousand sends. A publication that would block the event loop for long continues in
the next pass. Updates and replies to a client are sent in one order. Called only by `hub.py`.
Figures: docs/performance.md.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import repeat
from time import perf_counter
from typing import NamedTuple

from handlers.stream.channels import SubscriberGroup
from handlers.stream.connection import StreamConnection
from handlers.stream.counters import StreamCounters
from handlers.stream.limits import StreamLimits
from handlers.stream.send_queue import Frame

MAX_PENDING = 1000
"""Maximum number of publications and replies that wait for later passes; beyond it all are sent at once."""

MAX_CACHED_SEGMENTATIONS = 256


class Entry(NamedTuple):
    """One update of a publication: a frame and the group that gets it."""

    group: SubscriberGroup
    frame: Frame


class Reply(NamedTuple):
    """Frames for one client; for `supersedes` see `StreamConnection.send`."""

    connection: StreamConnection
    data: bytes
    supersedes: str


class Segment(NamedTuple):
    """Clients with the same subset of the publication's topics, and their sockets in the same order."""

    groups: tuple[SubscriberGroup, ...]
    connections: list[StreamConnection]
    sockets: list[socket.socket]


class Publication(NamedTuple):
    """Updates that were not sent to any client yet, in order."""

    segments: list[Segment]
    entries: list[Entry]


class Slice(NamedTuple):
    """Up to `slice_sends` clients of a segment, starting at index `begin`, and the frames for each of them."""

    segment: Segment
    begin: int
    frames: list[Frame]


class Fanout:
    """Sends publications and replies in their order."""

    def __init__(self, counters: StreamCounters, limits: StreamLimits) -> None:
        self._counters = counters
        self._limits = limits
        self._pending: deque[Publication | Reply] = deque()
        self._slices: deque[Slice] = deque()
        """The rest of the publication that is being sent."""
        self._segments = lru_cache(MAX_CACHED_SEGMENTATIONS)(_divide)
        self._is_scheduled = False

    @property
    def pending(self) -> int:
        """Publications and replies that wait for the next pass of the loop."""
        return len(self._pending) + bool(self._slices)

    def subscriptions_changed(self) -> None:
        """Clear the cached segments."""
        self._segments.cache_clear()

    def send(self, connection: StreamConnection, data: bytes, supersedes: str = "", is_own_write: bool = False) -> None:
        """Send a reply to one client; see `Hub.send`. With `is_own_write` it waits for the next pass."""
        if self.pending or is_own_write:
            self._pending.append(Reply(connection, data, supersedes))
            self._schedule()
            self._send_excess()
        else:
            connection.send(data, supersedes)

    def publish(self, entries: list[Entry]) -> None:
        """Send updates to the subscribers of their topics, to each client in the given order.

        The first publication of a pass is sent at once. Further ones wait for the next pass, where those that go to
        the same clients leave in one write.
        """
        self._counters.publications += 1
        segments = self._segments(tuple(dict.fromkeys([entry.group for entry in entries])))
        last = self._pending[-1] if self._pending else None
        if isinstance(last, Publication) and last.segments is segments:
            last.entries.extend(entries)
        else:
            self._pending.append(Publication(segments, entries))
        if not self._is_scheduled:
            self._send_pending(self._limits.pass_s)
            self._schedule()
        self._send_excess()

    def _send_excess(self) -> None:
        if len(self._pending) > MAX_PENDING:
            self._send_pending(float("inf"))

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._next_pass)

    def _next_pass(self) -> None:
        self._is_scheduled = False
        if self.pending:
            self._send_pending(self._limits.pass_s)
            self._schedule()

    def _send_pending(self, budget_s: float) -> None:
        """Send pending publications and replies in order, until all are sent or `budget_s` is over."""
        pending, slices, until = self._pending, self._slices, perf_counter() + budget_s
        while slices or pending:
            if slices:
                self._send_slice(slices.popleft())
            else:
                first = pending.popleft()
                if isinstance(first, Publication):
                    slices.extend(_slices(first, self._limits.slice_sends))
                    continue
                first.connection.send(first.data, first.supersedes)
            if perf_counter() >= until:
                return

    def _send_slice(self, part: Slice) -> None:
        (_, connections, sockets), begin, frames = part
        end = begin + self._limits.slice_sends
        connections = connections[begin:end]
        data = frames[0].data if len(frames) == 1 else b"".join([each.data for each in frames])
        counters = self._counters
        counters.frames += len(connections) * len(frames)
        counters.bytes += len(connections) * len(data)
        served = 0 if counters.behind else _send_to_sockets(sockets[begin:end], connections, data, frames)
        for connection in connections[served:]:
            connection.send_updates(data, frames)


def _divide(groups: tuple[SubscriberGroup, ...]) -> list[Segment]:
    """Divide the subscribers of some topics into segments, by the topics that each one is subscribed to."""
    groups_of: dict[StreamConnection, list[SubscriberGroup]] = {}
    for group in groups:
        for connection in group.connections:
            groups_of.setdefault(connection, []).append(group)
    members: dict[tuple[SubscriberGroup, ...], list[StreamConnection]] = {}
    for connection, own in groups_of.items():
        members.setdefault(tuple(own), []).append(connection)
    return [Segment(own, connections, [each.sock for each in connections]) for own, connections in members.items()]


def _slices(publication: Publication, size: int) -> Iterator[Slice]:
    """Divide a publication into slices of at most `size` clients; their frames are in the order of the publication."""
    segments, entries = publication
    frames_of: list[list[Frame]] = [[] for _ in segments]
    recipients: dict[SubscriberGroup, list[list[Frame]]] = {}
    for segment, frames in zip(segments, frames_of, strict=True):
        for group in segment.groups:
            recipients.setdefault(group, []).append(frames)
    for group, frame in entries:
        for frames in recipients[group]:
            frames.append(frame)
    for segment, frames in zip(segments, frames_of, strict=True):
        for begin in range(0, len(segment.connections), size):
            yield Slice(segment, begin, frames)


def _send_to_sockets(
    sockets: list[socket.socket], connections: list[StreamConnection], data: bytes, frames: list[Frame]
) -> int:
    """Send the same bytes to clients without send queues. Returns how many were served before the first failure.

    The loop runs in C and uses only the client's socket: with cold CPU caches, access to each further object costs as
    much as a tenth of the kernel's part of a send.
    """
    sent: list[int] = []
    with suppress(OSError):  # raised by the next client's socket; `StreamConnection.send_updates` handles it
        sent.extend(map(socket.socket.send, sockets, repeat(data)))
    size = len(data)
    if sent.count(size) != len(sent):
        for connection, count in zip(connections, sent, strict=False):
            if count != size:
                connection.enqueue(frames, count)
    return len(sent)
