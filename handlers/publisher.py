"""From the engine to the world: a batch is stored, then told, then answered; always in the order it was decided."""

import asyncio
import logging
from collections import deque

from engine.broker.batch import Batch
from engine.journal import Journal
from engine.topics import Update
from handlers.hub import Hub
from handlers.problems import Unavailable
from handlers.trace import REQUEST_ID, tell

log = logging.getLogger("trading.publisher")


class _Waiting:
    """A batch on its way to the disk, or behind one that is."""

    __slots__ = ("batch", "future", "is_stored", "market", "request_id")

    def __init__(self, batch: Batch, market: list[Update]) -> None:
        self.batch = batch
        self.market = market
        self.is_stored = not batch.events
        self.request_id = REQUEST_ID.get()
        self.future: asyncio.Future[None] | None = None


class Publisher:
    """Keeps the order between storing, publishing and answering.

    Args:
        journal: Stores events.
        hub: Tells updates to the subscribers.
    """

    def __init__(self, journal: Journal, hub: Hub) -> None:
        self._journal = journal
        self._hub = hub
        self._queue: deque[_Waiting] = deque()

    def submit(self, batch: Batch, market: list[Update] | None = None) -> asyncio.Future[None] | None:
        """Store a batch and publish its updates once it is durable, together with market data of the same tick.

        Returns None when that has happened already, else a future. The future raises: Unavailable, when the batch
        could not be stored; then nothing of it was published.
        """
        for violation in batch.violations:
            log.error("ledger violation cause=%s time_ms=%d law=%r", batch.cause, batch.time_ms, violation)
        entry = _Waiting(batch, market or [])
        if entry.is_stored and not self._queue:
            self._tell(entry)
            return None
        self._queue.append(entry)
        if not entry.is_stored:
            self._journal.append(batch, lambda error: self._stored(entry, error))
        if entry not in self._queue:
            return None
        if entry.future is None:
            entry.future = asyncio.get_running_loop().create_future()
        return entry.future

    def _stored(self, entry: _Waiting, error: Exception | None) -> None:
        if error is not None:
            self._queue.remove(entry)
            if entry.future is None:
                entry.future = asyncio.get_running_loop().create_future()
            entry.future.set_exception(Unavailable(f"the change could not be stored: {error}"))
        entry.is_stored = True
        while self._queue and self._queue[0].is_stored:
            first = self._queue.popleft()
            self._tell(first)
            if first.future is not None:
                first.future.set_result(None)

    def _tell(self, entry: _Waiting) -> None:
        tell(entry.batch, entry.request_id)
        updates = [*entry.market, *entry.batch.updates] if entry.market else entry.batch.updates
        if updates:
            self._hub.publish(updates)
