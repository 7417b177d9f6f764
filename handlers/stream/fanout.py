"""Fan-out: ready frames to many clients, each client one write, nobody's trouble awaited by another.

The clients of a publication are divided into cells: a cell is those that get exactly the same frames, which are joined
once for all of them. Cells are kept until somebody's interest changes, so eight topics with the same thousand clients
cost a thousand sends and no lists. What would hold the loop for long goes on in its next pass; everything that goes to
a client, replies too, keeps one order. While nothing waits for any client, a cell is a list of sockets that is handed
to the kernel without a look at the clients.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import repeat
from time import perf_counter
from typing import NamedTuple, Protocol

from handlers.stream.connection import Connection
from handlers.stream.counters import StreamCounters
from handlers.stream.send_queue import Frame

PASS_S = 0.0025
"""Time after which the rest waits for the next pass of the loop."""

SLICE = 100
"""Sends between two looks at the time: about 0.5 ms, and what a pass does at least."""

MAX_WAITING = 1000
"""Publications and replies that may wait for later passes; beyond it the publisher waits for them."""

MAX_PLANS = 256

SEND = socket.socket.send


class Audience(Protocol):
    """The subscribers of one topic."""

    connections: set[Connection]


Entry = tuple[Audience, Frame]


class Cell(NamedTuple):
    """Clients that hold the same of the topics of a publication."""

    audiences: tuple[Audience, ...]
    targets: list[Connection]
    sockets: list[socket.socket]

    @classmethod
    def of(cls, audiences: tuple[Audience, ...], targets: list[Connection]) -> "Cell":
        """Return the cell of some clients."""
        return cls(audiences, targets, [connection.sock for connection in targets])


class Publication:
    """Frames on their way through their cells: `cell` and `target` say how far they are."""

    __slots__ = ("_by_audience", "cell", "cells", "data", "entries", "frames", "target")

    def __init__(self, cells: list[Cell], entries: list[Entry]) -> None:
        self.cells = cells
        self.entries = entries
        self.cell = self.target = 0
        self.frames: list[Frame] = []
        self.data = b""
        self._by_audience: dict[Audience, list[tuple[int, Frame]]] | None = None

    def join(self) -> None:
        """Put together what the current cell gets. A cell costs its own frames, however many others there are."""
        if len(self.cells) == 1:
            self.frames = [frame for _, frame in self.entries]
        else:
            if self._by_audience is None:
                self._by_audience = _by_audience(self.entries)
            found = self._by_audience
            placed = [each for audience in self.cells[self.cell].audiences for each in found[audience]]
            placed.sort()
            self.frames = [frame for _, frame in placed]
        self.data = self.frames[0].data if len(self.frames) == 1 else b"".join([each.data for each in self.frames])

    @property
    def is_begun(self) -> bool:
        """Whether somebody got it already."""
        return bool(self.cell or self.target)


class Fanout:
    """Sends publications and replies, in order.

    Args:
        counters: Where frames and bytes are counted.
    """

    def __init__(self, counters: StreamCounters) -> None:
        self._counters = counters
        self._waiting: deque[Publication | tuple[Connection, bytes, str]] = deque()
        self._plans: dict[tuple[Audience, ...], list[Cell]] = {}
        self._is_scheduled = False

    @property
    def waiting(self) -> int:
        """Publications and replies that wait for the next pass of the loop."""
        return len(self._waiting)

    def forget(self) -> None:
        """Divide the clients anew from now on: somebody's interest changed."""
        self._plans.clear()

    def tell(self, connection: Connection, data: bytes, now: float, fresh: str = "") -> None:
        """Send a reply to one client, behind everything that was published before; `fresh`: see `Connection.send`."""
        if self._waiting:
            self._waiting.append((connection, data, fresh))
            self._bound(now)
        else:
            connection.send(data, now, fresh)

    def publish(self, entries: list[Entry], now: float) -> None:
        """Send frames to the subscribers of their topics, to each client in the given order.

        The first publication of a loop pass leaves at once. Further ones wait for the next pass, where what goes to
        the same clients leaves in one write.
        """
        self._counters.publications += 1
        cells = self._cells(tuple(dict.fromkeys([audience for audience, _ in entries])))
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, Publication) and last.cells is cells and not last.is_begun:
            last.entries += entries
        else:
            self._waiting.append(Publication(cells, entries))
        if not self._is_scheduled:
            self._advance(now, PASS_S)
            self._schedule(now)
        self._bound(now)

    def _bound(self, now: float) -> None:
        if len(self._waiting) > MAX_WAITING:
            self._advance(now, float("inf"))

    def _schedule(self, now: float) -> None:
        self._is_scheduled = True
        asyncio.get_running_loop().call_soon(self._pass, now)

    def _pass(self, now: float) -> None:
        self._is_scheduled = False
        if self._waiting:
            self._advance(now, PASS_S)
            self._schedule(now)

    def _advance(self, now: float, budget_s: float) -> None:
        """Serve what waits, in its order, until it is done or the time is over."""
        waiting, until = self._waiting, perf_counter() + budget_s
        while waiting:
            first = waiting[0]
            if isinstance(first, Publication):
                self._send_slice(first)
                if first.cell == len(first.cells):
                    waiting.popleft()
            else:
                waiting.popleft()
                connection, data, fresh = first
                connection.send(data, now, fresh)
            if perf_counter() >= until:
                return

    def _send_slice(self, publication: Publication) -> None:
        """Serve the next clients of the current cell, at most a slice of them."""
        cell = publication.cells[publication.cell]
        begin = publication.target
        if begin == 0:
            publication.join()
        end = min(begin + SLICE, len(cell.targets))
        publication.target = end
        if end == len(cell.targets):
            publication.cell += 1
            publication.target = 0
        counters, data, frames = self._counters, publication.data, publication.frames
        counters.frames += (end - begin) * len(frames)
        counters.bytes += (end - begin) * len(data)
        if not counters.behind:
            begin += _send_unseen(cell, begin, end, data, frames)
        _send(cell.targets[begin:end], data, frames)

    def _cells(self, audiences: tuple[Audience, ...]) -> list[Cell]:
        """Return the cells of a set of topics, kept until the next change of interest."""
        cells = self._plans.get(audiences)
        if cells is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            cells = self._plans[audiences] = _divide(audiences)
        return cells


def _divide(audiences: tuple[Audience, ...]) -> list[Cell]:
    first = audiences[0].connections
    if all(other.connections == first for other in audiences[1:]):
        return [Cell.of(audiences, list(first))]
    held: dict[Connection, list[Audience]] = {}
    for audience in audiences:
        for connection in audience.connections:
            held.setdefault(connection, []).append(audience)
    targets: dict[tuple[Audience, ...], list[Connection]] = {}
    for connection, own in held.items():
        targets.setdefault(tuple(own), []).append(connection)
    return [Cell.of(own, connections) for own, connections in targets.items()]


def _by_audience(entries: list[Entry]) -> dict[Audience, list[tuple[int, Frame]]]:
    """Return each topic's frames with their places in the publication."""
    found: dict[Audience, list[tuple[int, Frame]]] = {}
    for place, (audience, frame) in enumerate(entries):
        found.setdefault(audience, []).append((place, frame))
    return found


def _send_unseen(cell: Cell, begin: int, end: int, data: bytes, frames: Sequence[Frame]) -> int:
    """Hand the same bytes to clients for whom nothing waits; returns how many were served before one that cannot be.

    The loop that everything else is built around: it is in C and touches nothing of a client but its socket, since
    with cold caches every other object costs as much as a tenth of the kernel's share.
    """
    sent: list[int] = []
    with suppress(OSError):  # nothing went to that one; who looks at it next finds out why
        sent.extend(map(SEND, cell.sockets[begin:end], repeat(data)))
    size = len(data)
    if sent.count(size) != len(sent):
        for place, count in enumerate(sent, begin):
            if count != size:
                cell.targets[place].hold(frames, count)
    return len(sent)


def _send(targets: Sequence[Connection], data: bytes, frames: Sequence[Frame]) -> None:
    """Hand the same bytes to every client, or put them in line for it."""
    size = len(data)
    for connection in targets:
        if connection.backlog is not None:
            connection.queue(frames)
            continue
        try:
            sent = connection.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            connection.lose(error)
            continue
        if sent != size:
            connection.hold(frames, sent)
