"""A subscription: an asynchronous iterator over the updates of one topic, with a bounded queue."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from trading_pro_client.errors import Overrun

T = TypeVar("T")

MAX_WAITING = 10_000


class Subscription(Generic[T]):
    """Updates of one topic, oldest first.

    When more than `max_waiting` updates wait, a conflated topic drops the oldest update, and an exact topic ends with
    `Overrun`, since it never drops an update without an error.

    Args:
        is_exact: Whether the topic is exact.
        end: Called by `cancel`.
        max_waiting: Updates that may wait to be read.

    Attributes:
        topic: The topic's name.
        seq: Number of the update that was taken last.
    """

    def __init__(
        self, is_exact: bool, end: Callable[["Subscription[T]"], Awaitable[None]], max_waiting: int = MAX_WAITING
    ) -> None:
        self._max_waiting = max_waiting
        self._is_exact = is_exact
        self._end = end
        self._waiting: deque[tuple[T, int]] = deque()
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self._is_over = False
        self.topic = ""
        self.seq = 0

    def __aiter__(self) -> "Subscription[T]":
        return self

    async def __anext__(self) -> T:
        """Return the next update. Raises: Overrun, SubscriptionError; StopAsyncIteration after `cancel`."""
        while not self._waiting:
            if self._error is not None:
                raise self._error
            if self._is_over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        payload, self.seq = self._waiting.popleft()
        return payload

    async def cancel(self) -> None:
        """Stop listening; the last listener of a topic ends the subscription at the server."""
        if not self._is_over:
            self.finish(None)
            await self._end(self)

    def put(self, payload: Any, seq: int) -> None:
        """Take an update from the stream."""
        if self._is_over:
            return
        if len(self._waiting) >= self._max_waiting:
            if self._is_exact:
                self.finish(Overrun(f"{self._max_waiting} updates of {self.topic} were not taken"))
                return
            self._waiting.popleft()
        self._waiting.append((payload, seq))
        self._news.set()

    def finish(self, error: Exception | None) -> None:
        """End it; what waits can still be taken."""
        self._is_over = True
        self._error = error
        self._news.set()
