"""From the engine to the world: a batch is stored, then told, then answered; always in the order it was decided."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from engine.broker.batch import Batch
from engine.journal import Journal
from engine.topics import Update
from handlers.hub import Hub
from handlers.problems import Unavailable
from handlers.trace import REQUEST_ID, tell

log = logging.getLogger("trading.publisher")

Follower = Callable[[bool, bool], None]
"""`follower(is_stored, was_late)`: whether all that came before was stored, and whether it had to wait for that."""


class _Waiting:
    """A batch on its way to the disk, or behind one that is."""

    __slots__ = ("batch", "future", "is_stored", "market", "request_id")

    def __init__(self, batch: Batch, market: list[Update]) -> None:
        self.batch = batch
        self.market = market
        self.is_stored = not batch.events
        self.request_id = REQUEST_ID.get()
        self.future: asyncio.Future[None] | None = None


class _Following:
    """Something that has its place between batches: it was asked for after those before it were decided."""

    __slots__ = ("follower", "is_valid")

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.is_valid = True


class Publisher:
    """Keeps the order between storing, publishing and answering.

    Args:
        journal: Stores events.
        hub: Tells updates to the subscribers.
    """

    def __init__(self, journal: Journal, hub: Hub) -> None:
        self._journal = journal
        self._hub = hub
        self._queue: deque[_Waiting | _Following] = deque()

    @property
    def waiting(self) -> int:
        """Batches and followers that wait for the disk."""
        return len(self._queue)

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

    def follow(self, follower: Follower) -> bool:
        """Call `follower` when every batch submitted before is published; at once when that is so already.

        Returns whether it has to wait. What it wants to say of the state has to be read before this call: then the
        state holds exactly those batches.
        """
        if not self._queue:
            follower(True, False)
            return False
        self._queue.append(_Following(follower))
        return True

    def _stored(self, entry: _Waiting, error: Exception | None) -> None:
        if error is not None:
            self._fail(entry, error)
        entry.is_stored = True
        while self._queue:
            first = self._queue[0]
            if isinstance(first, _Waiting):
                if not first.is_stored:
                    return
                self._queue.popleft()
                self._tell(first)
                if first.future is not None:
                    first.future.set_result(None)
            else:
                self._queue.popleft()
                first.follower(first.is_valid, True)

    def _fail(self, entry: _Waiting, error: Exception) -> None:
        """Take a batch out of the order; what follows it has seen a state that never was."""
        place = self._queue.index(entry)
        for later in list(self._queue)[place:]:
            if isinstance(later, _Following):
                later.is_valid = False
        self._queue.remove(entry)
        if entry.future is None:
            entry.future = asyncio.get_running_loop().create_future()
        entry.future.set_exception(Unavailable(f"the change could not be stored: {error}"))

    def _tell(self, entry: _Waiting) -> None:
        tell(entry.batch, entry.request_id)
        updates = [*entry.market, *entry.batch.updates] if entry.market else entry.batch.updates
        if updates:
            self._hub.publish(updates)
