"""Replay: the updates that a subscriber missed, from its resume position to now; all of them or none.

A short replay is read in the pass of the loop that subscribes. A long one is read before the subscription, one page per
pass of the loop for all clients together. Used by `subscriptions.py` and `hub.py`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.topics import Topic
from handlers.stream.channels import Channel, frame_prefix, update_frame
from handlers.stream.limits import StreamLimits


class Epochs:
    """The names of the histories in which updates are numbered.

    Attributes:
        stored: Id of the stored history; sequence numbers of different epochs cannot be compared.
    """

    def __init__(self, stored: str) -> None:
        self.stored = stored
        self._generations: dict[str, int] = {}

    def set_generation(self, account_id: str, generation: int) -> None:
        """Start a new history for an account after a reset: clients with the earlier epoch cannot resume."""
        self._generations[account_id] = generation

    def generation_of(self, account_id: str) -> int:
        """Return the number of resets of an account."""
        return self._generations.get(account_id, 0)

    def of(self, topic: Topic) -> str:
        """Return the epoch of a topic: the stored one, the account's generation, and the account that an alias means.

        When an account with the alias's name is opened, the topic belongs to that account and has a new history.
        """
        generation = self.generation_of(topic.channel.split(":", 2)[1])
        epoch = f"{self.stored}.{generation}" if generation else self.stored
        return epoch if topic.alias_of is None else f"{epoch}@{topic.alias_of}"


class UpdateArchive(Protocol):
    """Stored updates of exact channels. The server's archive is one."""

    def updates(self, channel: str, after_seq: int, limit: int) -> list[bytes] | None:
        """Return the encoded updates after_seq + 1, after_seq + 2, ... without gaps, at most `limit` of them.

        Fewer are returned where no more are stored; None when the first of them is not stored.
        """


class Replay:
    """The updates of one topic after a resume position, as far as they have been read.

    Attributes:
        epoch, after_seq: The resume position: the epoch that the client knows, and the last update that it has.
        read_seq: Number of the last update that was read.
        pages: The updates as frames, joined page by page.
        is_accepted: Whether its length was accepted; it may then grow beyond the limit while it is read.
        is_lost: Whether one of its updates is not stored any more.
    """

    def __init__(self, topic: Topic, epoch: str, after_seq: int) -> None:
        self.topic = topic
        self.epoch = epoch
        self.after_seq = self.read_seq = after_seq
        self.pages: list[bytes] = []
        self.is_accepted = self.is_lost = False

    def accept(self) -> None:
        """Accept the length: the limit does not apply while the replay is read."""
        self.is_accepted = True

    def add_page(self, bodies: Sequence[bytes], wanted: int) -> None:
        """Append the next updates; the replay is lost when they are fewer than wanted."""
        if len(bodies) < wanted:
            self.is_lost = True
            return
        prefix = frame_prefix(self.topic)
        frames = [update_frame(prefix, body, seq) for seq, body in enumerate(bodies, self.read_seq + 1)]
        self.pages.append(b"".join(frames))
        self.read_seq += len(bodies)


@dataclass(slots=True)
class ReplayReader:
    """Reads replays from the hub's channels, and older updates from the archive."""

    channels: Mapping[str, Channel]
    epochs: Epochs
    archive: UpdateArchive | None
    limits: StreamLimits
    monotonic: Callable[[], float]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_long(self, replay: Replay) -> bool:
        """Whether a replay is readable, but needs several passes: it exceeds a page, or is not all in memory."""
        channel = self.channels.get(replay.topic.channel)
        if channel is None or not self._is_readable(replay, channel):
            return False
        return channel.seq - replay.read_seq > min(self.limits.replay_page, channel.trim(self.monotonic()))

    async def read(self, replay: Replay) -> None:
        """Read a long replay until its rest is short, a page per pass of the loop. One replay is read at a time."""
        replay.accept()
        async with self.turn:
            while self.is_long(replay):
                self._read_page(replay, self.channels[replay.topic.channel], self.limits.replay_page)
                await asyncio.sleep(0)

    def read_rest(self, replay: Replay, channel: Channel) -> list[bytes] | None:
        """Read the rest of a replay. Returns all its pages, None when the replay is not possible."""
        while self._is_readable(replay, channel):
            if replay.read_seq == channel.seq:
                return replay.pages
            self._read_page(replay, channel, channel.seq - replay.read_seq)
        return None

    def _read_page(self, replay: Replay, channel: Channel, limit: int) -> None:
        """Read the next updates: from memory if it has all the rest, else older ones from the archive."""
        left, kept = channel.seq - replay.read_seq, channel.trim(self.monotonic())
        if left <= kept:
            replay.add_page(channel.bodies(left, limit), min(left, limit))
            return
        wanted = min(limit, left - kept)
        stored = None if self.archive is None else self.archive.updates(replay.topic.channel, replay.read_seq, wanted)
        replay.add_page(stored or (), wanted)

    def _is_readable(self, replay: Replay, channel: Channel) -> bool:
        """Whether a replay belongs to the current history and is not too long."""
        topic, left = replay.topic, channel.seq - replay.read_seq
        if replay.is_lost or left < 0 or not topic.route.is_exact or replay.epoch != self.epochs.of(topic):
            return False
        return replay.is_accepted or left <= max(channel.trim(self.monotonic()), self.limits.journal_updates)
