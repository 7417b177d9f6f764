"""Requests to the core over the bus, repeated until the core answers or the time is over.

The messages are in `server/bus/queries.py`. Called by `core_client.py` and `replica.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol, TypeVar

from handlers.edge.core import CoreAway, CoreRefusal, TopicRequest
from server.bus.names import BusNames
from server.bus.queries import BusError, SnapshotReply, SnapshotRequest, UpdatesReply, UpdatesRequest

T = TypeVar("T")

TRY_S = 2.0
"""Longest wait for one reply."""

PAUSE_S = 0.1
"""Pause between two attempts."""

PATIENCE_S = 10.0
"""Time after which a client is told that the core is away."""

RETRIED = "UNAVAILABLE"
"""Code of a core that cannot answer yet."""


class RequestSender(Protocol):
    """A connection to the bus that sends requests and messages."""

    async def ask(self, subject: str, data: bytes, timeout_s: float) -> bytes:
        """Return the reply to a request. Raises: TimeoutError: there is none in time."""

    async def publish(self, subject: str, data: bytes) -> None:
        """Send a message that may be lost."""


class CoreRequests:
    """Requests of one history.

    Attributes:
        counts: Number of requests by kind.
        failures: Number of requests without an answer in time.
    """

    def __init__(self, bus: RequestSender, names: BusNames) -> None:
        self.counts: Counter[str] = Counter()
        self.failures = 0
        self._bus = bus
        self._names = names

    async def state(self, request: TopicRequest) -> SnapshotReply:
        """Return the state of a topic. Raises: CoreAway; CoreRefusal."""
        opening = None if request.opening is None else request.opening.model_dump(mode="json", exclude_unset=True)
        question = SnapshotRequest(request.topic, request.has_snapshot, opening)
        self.counts["snapshot"] += 1
        return await self._answer(self._names.snapshot, question.encode(), SnapshotReply.decode)

    async def updates(self, channel: str, after_seq: int) -> UpdatesReply:
        """Return the next updates of a channel, or only the first of them. Raises: CoreAway; CoreRefusal."""
        question = UpdatesRequest(channel, after_seq)
        self.counts["updates"] += 1
        return await self._answer(self._names.updates, question.encode(), UpdatesReply.decode)

    async def all_updates(self, channel: str, after_seq: int) -> list[bytes] | None:
        """Return all updates of a channel after a number; None when some are not stored. Raises: CoreAway."""
        found: list[bytes] = []
        while True:
            try:
                reply = await self.updates(channel, after_seq + len(found))
            except CoreRefusal:
                return None
            if reply.updates is None:
                return None
            found += reply.updates
            if not reply.updates or after_seq + len(found) >= reply.seq:
                return found

    async def _answer(self, subject: str, data: bytes, decode: Callable[[bytes], T]) -> T:
        """Return the decoded reply to a request. Raises: CoreRefusal; CoreAway: none came within `PATIENCE_S`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        while loop.time() < until:
            try:
                return decode(await self._bus.ask(subject, data, TRY_S))
            except TimeoutError:
                await asyncio.sleep(PAUSE_S)
            except BusError as error:
                if error.code != RETRIED:
                    raise CoreRefusal(str(error)) from None
                await asyncio.sleep(PAUSE_S)
        self.failures += 1
        raise CoreAway
