"""Fan-out: ready frames to many clients, each client one write, nobody's trouble awaited by another.

The clients of a publication are divided into cells: a cell is those that get exactly the same frames, which are joined
once for all of them. Cells are kept until somebody's interest changes, so eight topics with the same thousand clients
cost a thousand sends and no lists. What would hold the loop for long goes on in its next pass; everything that goes to
a client, replies too, keeps one order.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from handlers.backlog import Frame
from handlers.connection import Connection
from handlers.counters import StreamCounters

CHUNK = 500
"""Sends in one pass of the loop: 2 to 3 ms."""

MAX_WAITING = 1000
"""Publications and replies that may wait for later passes; beyond it the publisher waits for them."""

MAX_PLANS = 256


class Audience(Protocol):
    """The subscribers of one topic."""

    connections: set[Connection]


Entry = tuple[Audience, Frame]


class Cell(NamedTuple):
    """Clients that hold the same of the topics of a publication."""

    audiences: tuple[Audience, ...]
    targets: list[Connection]


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
        self._waiting: deque[Publication | tuple[Connection, bytes]] = deque()
        self._plans: dict[tuple[Audience, ...], list[Cell]] = {}
        self._is_scheduled = False

    @property
    def waiting(self) -> int:
        """Publications and replies that wait for the next pass of the loop."""
        return len(self._waiting)

    def forget(self) -> None:
        """Divide the clients anew from now on: somebody's interest changed."""
        self._plans.clear()

    def tell(self, connection: Connection, data: bytes, now: float) -> None:
        """Send a reply to one client, behind everything that was published before."""
        if self._waiting:
            self._waiting.append((connection, data))
            self._bound(now)
        else:
            connection.send(data, now)

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
            self._advance(now, CHUNK)
            self._schedule(now)
        self._bound(now)

    def _bound(self, now: float) -> None:
        if len(self._waiting) > MAX_WAITING:
            self._advance(now, 1 << 62)

    def _schedule(self, now: float) -> None:
        self._is_scheduled = True
        asyncio.get_running_loop().call_soon(self._pass, now)

    def _pass(self, now: float) -> None:
        self._is_scheduled = False
        if self._waiting:
            self._advance(now, CHUNK)
            self._schedule(now)

    def _advance(self, now: float, budget: int) -> None:
        waiting = self._waiting
        while waiting and budget > 0:
            first = waiting[0]
            if isinstance(first, Publication):
                budget -= self._send_some(first, now, budget)
                if first.cell == len(first.cells):
                    waiting.popleft()
            else:
                waiting.popleft()
                first[0].send(first[1], now)
                budget -= 1

    def _send_some(self, publication: Publication, now: float, budget: int) -> int:
        """Serve at most `budget` clients of the current cell; returns how many."""
        cell = publication.cells[publication.cell]
        begin = publication.target
        if begin == 0:
            publication.join()
        targets = cell.targets
        if begin or len(targets) > budget:
            targets = targets[begin : begin + budget]
        served = len(targets)
        publication.target += served
        if publication.target >= len(cell.targets):
            publication.cell += 1
            publication.target = 0
        counters = self._counters
        counters.frames += served * len(publication.frames)
        counters.bytes += served * len(publication.data)
        _send(targets, publication.data, publication.frames, now)
        return served

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
        return [Cell(audiences, list(first))]
    held: dict[Connection, list[Audience]] = {}
    for audience in audiences:
        for connection in audience.connections:
            held.setdefault(connection, []).append(audience)
    targets: dict[tuple[Audience, ...], list[Connection]] = {}
    for connection, own in held.items():
        targets.setdefault(tuple(own), []).append(connection)
    return [Cell(own, connections) for own, connections in targets.items()]


def _by_audience(entries: list[Entry]) -> dict[Audience, list[tuple[int, Frame]]]:
    """Return each topic's frames with their places in the publication."""
    found: dict[Audience, list[tuple[int, Frame]]] = {}
    for place, (audience, frame) in enumerate(entries):
        found.setdefault(audience, []).append((place, frame))
    return found


def _send(targets: Sequence[Connection], data: bytes, frames: Sequence[Frame], now: float) -> None:
    """Hand the same bytes to every client; the loop that everything else is built around."""
    size = len(data)
    for connection in targets:
        if connection.backlog is None:
            connection.sent_at = now
            try:
                sent = connection.push(data)
            except BlockingIOError:
                sent = 0
            except OSError as error:
                connection.lose(error)
                continue
            if sent != size:
                connection.hold(frames, sent)
        else:
            connection.queue(frames, now)
