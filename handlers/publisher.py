"""From the engine to the world: a result is stored, then told, then answered; always in the order it was decided.

Reads keep to the same order: what they show is shown when it is durable. When a result cannot be stored, everything
behind it was decided on a state that will never have been: it is refused too, and reads wait for the state that is.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from engine.broker.command_result import CommandResult
from engine.errors import Unavailable
from engine.journal import Done, Journal
from engine.topics import EXACT, Update
from handlers.access_log import NO_REQUEST, tell
from handlers.stream.hub import Hub

log = logging.getLogger("trading.publisher")

Follower = Callable[[bool, bool], None]
"""`follower(is_stored, was_late)`: whether all that came before was stored, and whether it had to wait for that."""


class _Waiting:
    """A result on its way to the disk, or behind one that is."""

    __slots__ = ("done", "error", "is_over", "is_stored", "market", "request_id", "result")

    def __init__(self, result: CommandResult, market: Sequence[Update], is_stored: bool, request_id: str) -> None:
        self.result = result
        self.market = market
        self.is_stored = is_stored
        self.is_over = False
        self.request_id = request_id
        self.error: Unavailable | None = None
        self.done: Done | None = None


class Publisher:
    """Keeps the order between storing, publishing and answering.

    Args:
        journal: Stores events.
        hub: Tells updates to the subscribers.
    """

    def __init__(self, journal: Journal, hub: Hub) -> None:
        self._journal = journal
        self._hub = hub
        self._queue: deque[_Waiting | Follower] = deque()
        self._answers: deque[tuple[Done, Unavailable | None]] = deque()
        self._stranded: list[Follower] | None = None

    @property
    def waiting(self) -> int:
        """Batches and followers that wait for the disk."""
        return len(self._queue)

    def check_writable(self) -> None:
        """Return when a command may change something. Raises: Unavailable."""
        self._journal.check_writable()

    def submit_partial(self, result: CommandResult) -> None:
        """Called with the partial result when a command fails midway: the journal refuses it, the state is rebuilt."""
        self.submit(result)

    def submit(
        self,
        result: CommandResult,
        market: Sequence[Update] = (),
        request_id: str = NO_REQUEST,
        done: Done | None = None,
    ) -> bool:
        """Store a result and publish its updates once it is durable, together with market data of the same tick.

        Returns whether that has happened already. Else `done` is called from the loop: when all that became durable
        together is published, or with Unavailable when the result could not be stored and nothing was published.
        """
        for violation in result.violations:
            log.error("ledger violation cause=%s time_ms=%d law=%r", result.cause, result.time_ms, violation)
        is_stored = not result.events and not any(u.channel.partition(":")[0] in EXACT for u in result.updates)
        entry = _Waiting(result, market, is_stored, request_id)
        if is_stored and not self._queue:
            self._tell(entry)
            return True
        self._queue.append(entry)
        if not is_stored:
            self._journal.append(result, lambda error: self._stored(entry, error))
        if entry.is_over and entry.error is None:
            return True
        entry.done = done
        if entry.is_over:
            self._answer_later(entry)
        return False

    def follow(self, follower: Follower) -> bool:
        """Call `follower` when every result submitted before is published; at once when that is so already.

        Returns whether it has to wait. What it wants to say of the state has to be read before this call: then the
        state holds exactly those results. When they were not stored, `follower` is called once the state is again one
        that is.
        """
        if self._stranded is not None:
            self._stranded.append(follower)
        elif self._queue:
            self._queue.append(follower)
        else:
            follower(True, False)
            return False
        return True

    def settled(self) -> asyncio.Future[bool] | None:
        """Return None when the state in memory is durable and published, else a future that says whether it was."""
        if not self._queue and self._stranded is None:
            return None
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def settle(is_stored: bool, _was_late: bool) -> None:
            if not future.done():
                future.set_result(is_stored)

        self.follow(settle)
        return future

    def throw_away(self, error: Exception) -> None:
        """Refuse everything that is not durable; followers wait for `rebuilt`. Market data goes out all the same."""
        if self._stranded is None:
            self._stranded = []
        while self._queue:
            entry = self._queue.popleft()
            if not isinstance(entry, _Waiting):
                self._stranded.append(entry)
                continue
            entry.is_over = True
            if entry.market:
                self._hub.publish(entry.market)
            entry.error = Unavailable(f"nothing was changed, storage refused it: {error}")
            self._answer_later(entry)

    def rebuilt(self) -> None:
        """Let followers know: the state in memory is the durable one again, and not the one that they saw."""
        followers, self._stranded = self._stranded, None
        for follower in followers or ():
            follower(False, True)

    def _stored(self, entry: _Waiting, error: Exception | None) -> None:
        if entry.is_over:
            return
        if error is not None:
            self.throw_away(error)
            return
        entry.is_stored = True
        while self._queue:
            first = self._queue[0]
            if not isinstance(first, _Waiting):
                self._queue.popleft()
                first(True, True)
                continue
            if not first.is_stored:
                return
            self._queue.popleft()
            first.is_over = True
            self._tell(first)
            self._answer_later(first)

    def _answer_later(self, entry: _Waiting) -> None:
        """Let whoever submitted a result know, behind everything that is published now."""
        if entry.done is None:
            return
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._answer)
        self._answers.append((entry.done, entry.error))

    def _answer(self) -> None:
        try:
            while self._answers:
                done, error = self._answers.popleft()
                done(error)
        finally:
            if self._answers:  # one of them failed, which the loop logs; the others are answered all the same
                asyncio.get_running_loop().call_soon(self._answer)

    def _tell(self, entry: _Waiting) -> None:
        tell(entry.result, entry.request_id)
        updates = [*entry.market, *entry.result.updates] if entry.market else entry.result.updates
        if updates:
            self._hub.publish(updates)
        for account_id, generation in entry.result.cleared:
            self._hub.set_generation(account_id, generation)
        for account_id in entry.result.opened:
            self._hub.close_alias_subscribers(account_id)
