"""Replay: the updates that a subscriber missed, from its resume position to now; all of them or none.

A short replay is read in the turn of the loop that subscribes. A long one is read page by page before, one page per
pass of the loop, whoever waits for it. Used by `subscriptions.py` and `hub.py`.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from engine.topics import Topic
from handlers.stream.channels import Channel, Epochs, TopicEncoder
from handlers.stream.history import UpdateArchive
from handlers.stream.limits import StreamLimits


class Replay:
    """The updates of one topic behind a resume position, as far as they have been read.

    Attributes:
        epoch, after_seq: The resume position: the epoch that the client knows, and the last update that it has.
        read_seq: Number of the last update that was read.
        pages: The updates as frames, joined page by page.
        is_accepted: Whether it was found short enough once; it may grow while it is read.
        is_lost: Whether an update of it is stored nowhere.
    """

    __slots__ = ("_encoder", "after_seq", "epoch", "is_accepted", "is_lost", "pages", "read_seq", "topic")

    def __init__(self, topic: Topic, epoch: str, after_seq: int) -> None:
        self.topic = topic
        self.epoch = epoch
        self.after_seq = self.read_seq = after_seq
        self.pages: list[bytes] = []
        self.is_accepted = self.is_lost = False
        self._encoder = TopicEncoder(topic)

    def accept(self) -> None:
        """Take note that it may be read, however it grows meanwhile."""
        self.is_accepted = True

    def add_page(self, bodies: Sequence[bytes], wanted: int) -> None:
        """Append the next updates; the replay is lost when they are fewer than wanted."""
        if len(bodies) < wanted:
            self.is_lost = True
            return
        frames = [self._encoder.frame(body, seq) for seq, body in enumerate(bodies, self.read_seq + 1)]
        self.pages.append(b"".join(frames))
        self.read_seq += len(bodies)


class PendingRead(NamedTuple):
    """A replay that is being read, and the callback for its end."""

    replay: Replay
    done: Callable[[], None]


class ReplayReader:
    """Reads replays from the memory of the hub's channels, and from the archive where that is too short."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        epochs: Epochs,
        archive: UpdateArchive | None,
        limits: StreamLimits,
        monotonic: Callable[[], float],
    ) -> None:
        self._channels = channels
        self._epochs = epochs
        self._archive = archive
        self._limits = limits
        self._monotonic = monotonic
        self._waiting: deque[PendingRead] = deque()

    def is_long(self, replay: Replay) -> bool:
        """Whether a replay can be read, but not in one turn: it is more than a page, or not in memory."""
        channel = self._channels.get(replay.topic.channel)
        if channel is None or not self._is_readable(replay, channel):
            return False
        return channel.seq - replay.read_seq > min(self._limits.replay_page, self._kept(channel))

    def read(self, replay: Replay, done: Callable[[], None]) -> None:
        """Read a long replay, then call `done` from the loop. Replays are read in turn."""
        replay.accept()
        self._waiting.append(PendingRead(replay, done))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._read_next_page)

    def read_rest(self, replay: Replay, channel: Channel) -> list[bytes] | None:
        """Read what is left of a replay. Returns all its pages, None when an update is missing."""
        while self._is_readable(replay, channel):
            if replay.read_seq == channel.seq:
                return replay.pages
            self._read_page(replay, channel, channel.seq - replay.read_seq)
        return None

    def _read_next_page(self) -> None:
        replay, done = self._waiting[0]
        if self.is_long(replay):
            self._read_page(replay, self._channels[replay.topic.channel], self._limits.replay_page)
        is_done = not self.is_long(replay)
        if is_done:
            self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._read_next_page)
        if is_done:
            done()

    def _read_page(self, replay: Replay, channel: Channel, limit: int) -> None:
        """Read the next updates: from memory when all that are left are there, else those before from the archive."""
        left, kept = channel.seq - replay.read_seq, self._kept(channel)
        if channel.recent is not None and left <= kept:
            replay.add_page(channel.recent.bodies(left, limit), min(left, limit))
            return
        wanted = min(limit, left - kept)
        if self._archive is not None:
            replay.add_page(self._archive.updates(replay.topic.channel, replay.read_seq, wanted) or (), wanted)
        else:
            replay.add_page((), wanted)

    def _is_readable(self, replay: Replay, channel: Channel) -> bool:
        """Whether a replay belongs to the current history and is not too long."""
        left = channel.seq - replay.read_seq
        if replay.is_lost or left < 0 or channel.recent is None or replay.epoch != self._epochs.of(replay.topic):
            return False
        return replay.is_accepted or left <= max(self._kept(channel), self._limits.journal_updates)

    def _kept(self, channel: Channel) -> int:
        """Return how many of the newest updates are in memory."""
        if channel.recent is None:
            return 0
        channel.recent.remove_older(self._monotonic() - self._limits.history_s)
        return len(channel.recent)
