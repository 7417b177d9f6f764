"""The outbox: publishes every durable commit once, in order, and reads from the journal what the bus has not taken.

The journal passes each commit to `committed`, which only keeps it: the event loop and the commands never wait for the
bus. While `run` has a stream, it sends the commits as they come. Commits that come while the bus is away, or faster
than it takes them, are not kept; `run` then reads them from the journal. `stream.py` is the stream on NATS.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from engine.models.system import BusHealth
from server.bus.messages import CommitMessage
from server.storage.commits import CommitContent, CommitReader, Position, content_of, position_after, resets_in
from server.storage.group_commit import CommitGroup

if TYPE_CHECKING:
    from nats.js.api import PubAck

log = logging.getLogger("trading.bus")

ACK_TIMEOUT_S = 2.0
"""Longest time without an acknowledgement of a message; then the session on the bus ends and a new one begins."""


class BusLost(Exception):
    """The session on the bus cannot go on; a new one begins."""


class StreamEnd(NamedTuple):
    """The end of the stream: the sequence number of its last message, and its position; None for an empty stream."""

    sequence: int
    position: Position | None


class CommitStream(Protocol):
    """The stream of the commits on the bus. Every method raises when the bus is away."""

    async def open(self) -> StreamEnd:
        """Create the stream if it is missing; return its end."""

    async def publish(self, message_id: str, expected: int, data: bytes) -> "asyncio.Future[PubAck]":
        """Send a message that the stream takes only behind message `expected`; return the future acknowledgement."""


@dataclass(frozen=True, slots=True)
class OutboxLimits:
    """Limits of an outbox.

    Attributes:
        messages: Messages that may be under way or wait; beyond it commits are read from the journal.
        message_bytes: Size of the largest message; a larger commit is read from the journal, in pages.
    """

    messages: int = 256
    message_bytes: int = 512 * 1024


@dataclass(slots=True)
class OutboxCounters:
    """Numbers for metrics.

    Attributes:
        sessions: Sessions that found or made a stream.
        published: Messages sent.
        acknowledged: Messages that the stream has.
        republished: Messages of commits that were read from the journal.
    """

    sessions: int = 0
    published: int = 0
    acknowledged: int = 0
    republished: int = 0


class _Waiting(NamedTuple):
    """A durable commit that was not sent yet, and its position."""

    end: Position
    group: CommitGroup


class _Sent(NamedTuple):
    """A message under way: its number, the position behind it, and when it was sent (monotonic seconds)."""

    number: int
    end: Position
    at: float


class Outbox:
    """The commits of one history on their way to the bus. Implements `server.storage.commits.CommitFollower`.

    Args:
        epoch: Epoch of the history.
        position: Position of the last commit before the start.
        generations: How often each account was reset before the start.
        reader: Reads commits from the journal.
        limits: Its bounds.

    Attributes:
        durable: Position of the last commit.
        acknowledged: Position of the last commit that the stream has; at the start the last commit before it.
        acknowledged_seq: Sequence number of the last message that the stream has.
        is_open: Whether there is a stream.
        is_live: Whether commits are sent as they come.
    """

    def __init__(
        self,
        epoch: str,
        position: Position,
        generations: Mapping[str, int],
        reader: CommitReader,
        limits: OutboxLimits | None = None,
    ) -> None:
        self.epoch = epoch
        self.durable = self.acknowledged = position
        self.acknowledged_seq = 0
        self.is_open = self.is_live = False
        self._behind_since = monotonic()
        self.counters = OutboxCounters()
        self._generations = dict(generations)
        self._reader = reader
        self._limits = limits or OutboxLimits()
        self._sent = position
        self._sent_seq = 0
        self._waiting: deque[_Waiting] = deque()
        self._under_way: dict[int, _Sent] = {}
        self._error: BaseException | None = None
        self._wake = asyncio.Event()
        self._followers: list[tuple[Position, asyncio.Future[int]]] = []

    def health(self) -> BusHealth:
        """Return the state of the connection to the bus."""
        status: Literal["connected", "catching-up", "away"] = "away"
        if self.is_open:
            status = "connected" if self.is_live else "catching-up"
        return BusHealth(role="core", status=status, lag=self.lag, lag_ms=round(self.lag_ms), core=None)

    @property
    def lag(self) -> int:
        """Rows of updates (one for each channel and commit) that the stream does not have yet."""
        return self.durable.row - self.acknowledged.row

    @property
    def lag_ms(self) -> float:
        """Age of the oldest message under way; while the outbox catches up or the bus is away, the time since then."""
        if self.durable == self.acknowledged:
            return 0.0
        oldest = next(iter(self._under_way.values()), None) if self.is_live else None
        return 1000 * (monotonic() - (self._behind_since if oldest is None else oldest.at))

    def committed(self, group: CommitGroup) -> None:
        """Keep a durable commit until it is sent, or note that it has to be read from the journal."""
        self.durable = position_after(self.durable, group)
        for account in resets_in(group):
            self._generations[account] = self._generations.get(account, 0) + 1
        if not self.is_live:
            return
        if len(self._waiting) + len(self._under_way) >= self._limits.messages:
            self._fall_behind()
        else:
            self._waiting.append(_Waiting(self.durable, group))
        self._wake.set()

    async def when_acknowledged(self, position: Position) -> int:
        """Wait until the stream has every commit up to a position; return the number of its last message."""
        if self.acknowledged >= position:
            return self.acknowledged_seq
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        entry = (position, future)
        self._followers.append(entry)
        try:
            return await future
        finally:
            self._followers.remove(entry)

    async def run(self, stream: CommitStream) -> None:
        """Publish on a stream until that fails.

        Raises:
            BusLost: The stream refused a message or acknowledged none in time.
        """
        try:
            await self._begin(stream)
            while True:
                await self._catch_up(stream)
                await self._send_as_they_come(stream)
        finally:
            self.is_open = False
            self._fall_behind()

    def _fall_behind(self) -> None:
        """Drop the commits that wait; they are read from the journal."""
        if self.is_live:
            self._behind_since = monotonic()
        self.is_live = False
        self._waiting.clear()

    async def _begin(self, stream: CommitStream) -> None:
        """Continue behind the last message of the stream; an empty one begins with a message without updates."""
        self._error = None
        self._under_way.clear()
        end = await stream.open()
        if end.position is not None:
            if end.position > self.durable:
                raise BusLost(f"the stream has {end.position}, the journal ends at {self.durable}")
            self.acknowledged = end.position
        self._sent, self._sent_seq, self.acknowledged_seq = self.acknowledged, end.sequence, end.sequence
        self.is_open = True
        self.counters.sessions += 1
        log.info("bus connected history=%s message=%d behind=%d", self.epoch, end.sequence, self.lag)
        if end.position is None:
            await self._send(stream, CommitContent(self._sent, [], [], [], []))

    async def _catch_up(self, stream: CommitStream) -> None:
        """Read from the journal and send until nothing is left; then commits are sent as they come."""
        while self._sent < self.durable:
            content = await self._read(self._sent, self.durable)
            await self._wait_for_room()
            self.counters.republished += 1
            await self._send(stream, content)
        self.is_live = True

    async def _read(self, after: Position, until: Position) -> CommitContent:
        if not self._reader.is_threaded:
            await asyncio.sleep(0)
            return self._reader.read(after, until)
        return await asyncio.get_running_loop().run_in_executor(None, self._reader.read, after, until)

    async def _send_as_they_come(self, stream: CommitStream) -> None:
        """Send commits while they come no faster than the stream takes them."""
        while self.is_live:
            while self._waiting and self.is_live:
                commit = self._waiting[0]
                content = content_of(commit.end, commit.group)
                if _size(content) > self._limits.message_bytes:
                    self._fall_behind()
                    return
                self._waiting.popleft()
                await self._send(stream, content)
            await self._wait()

    async def _send(self, stream: CommitStream, content: CommitContent) -> None:
        after, self._sent = self._sent, content.end
        cleared = [(account, self._generations[account]) for account in dict.fromkeys(content.cleared)]
        message = CommitMessage(
            self.epoch, content.end, after, content.updates, cleared, content.opened, content.market
        )
        expected, self._sent_seq = self._sent_seq, self._sent_seq + 1
        sent = self._under_way[self._sent_seq] = _Sent(self._sent_seq, content.end, monotonic())
        self.counters.published += 1
        future = await stream.publish(message.id, expected, message.encode())
        future.add_done_callback(lambda done: self._answered(sent, done))

    def _answered(self, sent: _Sent, done: "asyncio.Future[PubAck]") -> None:
        """Take the answer to a message; an answer of an earlier session changes nothing."""
        if done.cancelled() or self._under_way.get(sent.number) is not sent:
            return
        error = done.exception()
        if error is not None or done.result().seq != sent.number:
            self._error = error or BusLost(f"the stream has message {sent.number} as {done.result().seq}")
            self._wake.set()
            return
        if len(self._under_way) >= self._limits.messages:
            self._wake.set()
        del self._under_way[sent.number]
        self.counters.acknowledged += 1
        self.acknowledged, self.acknowledged_seq = sent.end, sent.number
        for position, future in self._followers:
            if sent.end >= position and not future.done():
                future.set_result(sent.number)

    async def _wait_for_room(self) -> None:
        while len(self._under_way) >= self._limits.messages:
            await self._wait()

    async def _wait(self) -> None:
        """Wait for a commit, for room, or for a failure. Raises: BusLost."""
        while self._error is None and not self._wake.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(ACK_TIMEOUT_S if self._under_way else None):
                    await self._wake.wait()
            oldest = next(iter(self._under_way.values()), None)
            if oldest is not None and monotonic() - oldest.at > ACK_TIMEOUT_S:
                raise BusLost(f"no message was acknowledged for {ACK_TIMEOUT_S} s")
        self._wake.clear()
        if self._error is not None:
            raise BusLost(f"the stream refused a message: {self._error!r}") from self._error


def _size(content: CommitContent) -> int:
    return sum(len(body) for one in content.updates for body in one.bodies)
