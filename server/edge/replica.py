"""The replica: the core's updates pass through it into the hub of this process, each once and in order.

A message of the stream names the position in the journal before and after its commit. When a position is missing, the
stream was lost with its server: the replica asks the core for the updates of every channel with subscribers. It
does not use the bus itself; `follower.py` calls it.
"""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from engine.topics import Topic
from handlers.edge.core import CoreRefusal, TopicRequest, TopicState
from handlers.edge.hub import EdgeHub, NumberedUpdates
from server.bus.messages import CommitMessage, StatesMessage
from server.edge.market import MarketCopy
from server.edge.requests import CoreRequests
from server.edge.states import ConflatedStates
from server.storage.commits import Position

T = TypeVar("T")

log = logging.getLogger("trading.edge")

PARALLEL = 50
"""Requests to the core at a time, after a loss."""

PAGE_UPDATES = 100
"""Updates that are sent before the sockets are waited for."""

MAX_TOPICS = 10_000
"""Answers of the core that are kept."""

DRAIN_STEPS, DRAIN_S = 10, 0.002
"""Longest wait for slow clients after a full page: steps, and seconds of each."""


class Replica:
    """The state of this process as far as it follows from the stream.

    Args:
        hub: Sends the updates.
        requests: Ask the core for lost updates.
        market: The scenarios of the market.

    Attributes:
        bus_seq: Number of the last message of the stream that was processed.
        position: Position in the journal after that message; None before the first one.
        topics: Answers of the core by the text of the topic, as long as they are valid.
        losses: Number of times that messages were lost.
        updates: Number of updates that were received.
    """

    def __init__(self, hub: EdgeHub, requests: CoreRequests, market: MarketCopy) -> None:
        self.bus_seq = 0
        self.position: Position | None = None
        self.topics: dict[str, TopicState] = {}
        self.losses = 0
        self.updates = 0
        self._hub = hub
        self._requests = requests
        self._market = market
        self._states = ConflatedStates(hub)
        self._waiters: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def note(self, topic: str, state: TopicState) -> None:
        """Keep an answer of the core."""
        if len(self.topics) >= MAX_TOPICS:
            self.topics.clear()
        self.topics[topic] = state

    def begin(self, bus_seq: int) -> None:
        """Follow the stream from the message after `bus_seq` on."""
        self.bus_seq = bus_seq
        self._wake()

    async def receive(self, bus_seq: int, message: CommitMessage) -> None:
        """Process a message. Lost updates are asked for before it. Raises: CoreAway."""
        if self.position is not None and message.after > self.position:
            await self.recover()
        for account_id, generation in message.cleared:
            self._hub.set_generation(account_id, generation)
        if message.cleared or message.opened:
            self.topics.clear()
        updates = [NumberedUpdates(*one) for one in message.updates]
        for channel in await self._deliver(updates):
            await self._fetch(channel)
        self._states.committed(message.txn, updates)
        self._market.apply(message.txn, message.market)
        if self.position is None or message.txn > self.position:
            self.position = message.txn
        self._states.send(self.position)
        for account_id in message.opened:
            self._hub.close_alias_subscribers(account_id)
        self.bus_seq = bus_seq
        self._wake()

    async def recover(self) -> None:
        """Ask for the lost updates of every topic with subscribers; its other channels are numbered anew.

        Raises: CoreAway.
        """
        self.losses += 1
        log.warning("messages of the stream were lost position=%s", self.position)
        self.topics.clear()
        await self._market.refresh()
        self._hub.forget_unfollowed()
        await _in_groups(self._check, self._hub.followed())
        await _in_groups(self._fetch, list(dict.fromkeys(topic.channel for topic in self._hub.followed())))
        self.position = None

    def receive_states(self, message: StatesMessage) -> None:
        """Send states of conflated channels, when the updates before them have arrived."""
        self._states.add(message)
        self._states.send(self.position)

    async def passed(self, bus_seq: int) -> None:
        """Wait until the message with a number was processed."""
        if self.bus_seq >= bus_seq:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (bus_seq, next(self._numbers), future))
        await future

    def release(self) -> None:
        """End every wait: the stream has new numbers, and all lost updates were fetched."""
        waiters, self._waiters = self._waiters, []
        for _, _, future in waiters:
            if not future.done():
                future.set_result(None)

    async def _check(self, topic: Topic) -> None:
        """Close the subscribers of a topic whose channel or epoch is another one now."""
        try:
            state = await self._requests.state(TopicRequest(topic.text, False))
        except CoreRefusal:
            self._hub.close_subscribers(topic)
            return
        if (state.channel, state.epoch) != (topic.channel, self._hub.epochs.of(topic)):
            self._hub.close_subscribers(topic)

    async def _fetch(self, channel: str) -> None:
        """Get the updates of a channel from the core. Its subscribers are closed when some are not stored."""
        seq = self._hub.seq_of(channel)
        if seq is None:
            return
        bodies = await self._requests.all_updates(channel, seq)
        if bodies is None:
            for topic in [one for one in self._hub.followed() if one.channel == channel]:
                self._hub.close_subscribers(topic)
            self._hub.forget_unfollowed()
        else:
            await self._deliver([NumberedUpdates(channel, seq + 1, bodies)])

    async def _deliver(self, updates: Sequence[NumberedUpdates]) -> list[str]:
        """Send updates page by page, so that the sockets take one before the next. Returns channels with missing ones.

        After an outage a client gets many updates; at once they would be too many to wait for it.
        """
        missing: list[str] = []
        for page in pages_of(updates):
            missing += self._hub.deliver(page)
            count = sum(len(one.bodies) for one in page)
            self.updates += count
            if self._hub.pending_sends:
                await asyncio.sleep(0)
            for _ in range(DRAIN_STEPS if count >= PAGE_UPDATES else 0):
                if not (self._hub.pending_sends or self._hub.counters.behind):
                    break
                await asyncio.sleep(DRAIN_S)
        return list(dict.fromkeys(missing))

    def _wake(self) -> None:
        while self._waiters and self._waiters[0][0] <= self.bus_seq:
            _, _, future = heapq.heappop(self._waiters)
            if not future.done():
                future.set_result(None)


async def _in_groups(ask: Callable[[T], Awaitable[None]], values: Sequence[T]) -> None:
    """Call `ask` with each value, `PARALLEL` of them at a time."""
    for begin in range(0, len(values), PARALLEL):
        await asyncio.gather(*map(ask, values[begin : begin + PARALLEL]))


def pages_of(updates: Sequence[NumberedUpdates]) -> Iterator[list[NumberedUpdates]]:
    """Yield updates in pages of about `PAGE_UPDATES`, in their order."""
    page: list[NumberedUpdates] = []
    count = 0
    for channel, first_seq, bodies in updates:
        for begin in range(0, len(bodies), PAGE_UPDATES):
            part = bodies[begin : begin + PAGE_UPDATES]
            page.append(NumberedUpdates(channel, first_seq + begin, part))
            count += len(part)
            if count >= PAGE_UPDATES:
                yield page
                page, count = [], 0
    if page:
        yield page
