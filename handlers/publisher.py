"""The publisher: each result is stored, then published, then answered, in the order in which the engine made them.

Reads keep the same order: an answer shows a state only when that state is durable. When a result cannot be stored, all
later results are refused too, because they depend on a state that is discarded. Reads then wait until the durable state
is in memory again. `handlers/base.py` commits commands; the storage reports which results are stored.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.broker.command_result import CommandResult
from engine.errors import Unavailable
from engine.journal import Journal, ResultSink
from engine.topics import EXACT, Update
from handlers.access_log import NO_REQUEST, log_order_events
from handlers.result_feed import ResultFeed
from handlers.stream.hub import Hub

log = logging.getLogger("trading.publisher")

Follower = Callable[[bool, bool], None]
"""`follower(is_stored, was_late)`: whether all results before it were stored, and whether it had to wait for that."""


@dataclass(slots=True, eq=False)
class _Submission:
    """A result that waits until it and all results before it are stored.

    Attributes:
        market: Market data of the same tick, published with the result.
        is_stored: Whether it is durable, or has nothing to store.
        is_over: Whether it was published or refused.
        error: The refusal.
        waiter: Future that is completed after that; None when no command waits.
    """

    result: CommandResult
    market: Sequence[Update]
    request_id: str
    is_stored: bool
    is_over: bool = False
    error: Unavailable | None = None
    waiter: asyncio.Future[None] | None = None

    def answer(self) -> None:
        """Complete the waiter. Its task continues in the next pass of the loop, after the current publications."""
        if self.waiter is None or self.waiter.done():
            return
        if self.error is None:
            self.waiter.set_result(None)
        else:
            self.waiter.set_exception(self.error)
            self.waiter.exception()  # retrieved, so that asyncio logs no error if the task has ended


class Publisher(ResultSink):
    """Keeps the order between storing, publishing and answering.

    Args:
        journal: Stores events.
        hub: Sends updates to the subscribers.
        feed: Passes on the events of durable results.
    """

    def __init__(self, journal: Journal, hub: Hub, feed: ResultFeed | None = None) -> None:
        self._journal = journal
        self._hub = hub
        self._feed = feed or ResultFeed()
        self._queue: deque[_Submission | Follower] = deque()
        self._waiting_for_restore: list[Follower] | None = None
        """Followers that wait for `state_restored`; None unless a result was refused."""

    @property
    def waiting(self) -> int:
        """Number of results and followers that wait for the journal."""
        return len(self._queue)

    # Called by the engine

    def check_writable(self) -> None:
        """Check that results can be stored. Raises: Unavailable."""
        self._journal.check_writable()

    def submit(self, result: CommandResult, market: Sequence[Update] = ()) -> None:
        """Store a result and publish its updates once it is durable, together with market data of the same tick.

        The journal refuses a partial result, and then the state is rebuilt.
        """
        self._enter(result, market, NO_REQUEST)

    # Results

    def commit(self, result: CommandResult, request_id: str) -> asyncio.Future[None] | None:
        """Submit the result of a command whose answer waits for it.

        Returns None when the result is published already, else a future. The future is done when all results that
        became durable together are published. It fails with Unavailable when this one was refused and not published.
        """
        entry = self._enter(result, (), request_id)
        if entry.is_over and entry.error is None:
            return None
        entry.waiter = asyncio.get_running_loop().create_future()
        if entry.is_over:
            entry.answer()
        return entry.waiter

    def follow(self, follower: Follower) -> bool:
        """Call `follower` when every result submitted before is published; at once when that is so already.

        The caller reads the state before this call, so that the state holds exactly those results. When they are
        refused, `follower` is called once the durable state is in memory again.

        Returns whether the follower has to wait.
        """
        if self._waiting_for_restore is not None:
            self._waiting_for_restore.append(follower)
        elif self._queue:
            self._queue.append(follower)
        else:
            follower(True, False)
            return False
        return True

    def settled(self) -> asyncio.Future[bool] | None:
        """Return None when the state in memory is durable and published, else a future of whether it was stored."""
        if not self._queue and self._waiting_for_restore is None:
            return None
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def settle(is_stored: bool, _was_late: bool) -> None:
            if not future.done():
                future.set_result(is_stored)

        self.follow(settle)
        return future

    def _enter(self, result: CommandResult, market: Sequence[Update], request_id: str) -> _Submission:
        for violation in result.violations:
            log.error("ledger violation cause=%s time_ms=%d law=%r", result.cause, result.time_ms, violation)
        is_stored = not result.events and not any(u.channel.partition(":")[0] in EXACT for u in result.updates)
        entry = _Submission(result, market, request_id, is_stored)
        if is_stored and not self._queue:
            self._publish(entry)
            return entry
        self._queue.append(entry)
        if not is_stored:
            self._journal.append(result, lambda error: self._stored(entry, error))
        return entry

    def _stored(self, entry: _Submission, error: Exception | None) -> None:
        """Publish a durable result and those that waited for it; after an error, refuse all that are not durable."""
        if entry.is_over:
            return
        if error is not None:
            self.refuse_pending(error)
            return
        entry.is_stored = True
        while self._queue:
            first = self._queue[0]
            if not isinstance(first, _Submission):
                self._queue.popleft()
                first(True, True)
                continue
            if not first.is_stored:
                return
            self._queue.popleft()
            self._publish(first)
            first.answer()

    def _publish(self, entry: _Submission) -> None:
        entry.is_over = True
        log_order_events(entry.result, entry.request_id)
        for account_id, generation in entry.result.cleared:
            self._hub.set_generation(account_id, generation)
        updates = [*entry.market, *entry.result.updates] if entry.market else entry.result.updates
        if updates:
            self._hub.publish(updates)
        self._feed.publish(entry.result)
        for account_id in entry.result.opened:
            self._hub.close_alias_subscribers(account_id)

    # Called by the storage

    def refuse_pending(self, error: Exception) -> None:
        """Refuse every result that is not durable; followers wait for `state_restored`.

        The market data of a refused result is published nevertheless.
        """
        refusal = Unavailable(f"nothing was changed, storage refused it: {error}")
        if self._waiting_for_restore is None:
            self._waiting_for_restore = []
        while self._queue:
            entry = self._queue.popleft()
            if not isinstance(entry, _Submission):
                self._waiting_for_restore.append(entry)
                continue
            entry.is_over = True
            if entry.market:
                self._hub.publish(entry.market)
            entry.error = refusal
            entry.answer()

    def state_restored(self) -> None:
        """Call the followers: the durable state is in memory again, without the results that they waited for."""
        followers, self._waiting_for_restore = self._waiting_for_restore, None
        for follower in followers or ():
            follower(False, True)
