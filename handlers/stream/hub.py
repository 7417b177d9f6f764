"""The hub: who listens to what, how updates are numbered, encoded and kept. It knows topics and bytes, not trading.

Interest is the set of subscribers, there is no second counter. An update is encoded once and framed once per topic;
`Fanout` brings the frames to the clients, `Lives` looks after their connections.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from engine.clock import Clock
from engine.topics import ROUTES, Payload, Topic, Update
from handlers.stream.channels import Channel, Listeners
from handlers.stream.connection import RESUBSCRIBE, Connection
from handlers.stream.counters import StreamCounters
from handlers.stream.fanout import Entry, Fanout
from handlers.stream.history import Gap, Journal, Recent
from handlers.stream.keepalive import Lives
from handlers.stream.limits import StreamLimits
from handlers.stream.send_queue import Frame

TRIM_S = 10.0
"""Time between two looks for updates that are too old."""

PAGE = 100
"""Missed updates read back in one pass of the loop, whoever waits for them: about 1 ms from the journal."""


class Receipt(NamedTuple):
    """Where a subscriber stands.

    Attributes:
        seq: Number of the last update before the first that it will get.
        missed: The updates since the place that it wanted to go on from, pages of frames; None when it cannot.
        is_new: Whether the subscriber did not listen to the topic before.
        is_first: Whether nobody did.
    """

    epoch: str
    seq: int
    missed: list[bytes] | None
    is_new: bool
    is_first: bool


class Hub:
    """Topics and their subscribers.

    Args:
        epoch: Names the history that sequence numbers count in; another history has another epoch.
        clock: Market time for stamps, monotonic time for ages.
        limits: What clients may take.
        journal: Where updates that are no longer in memory come from.
    """

    def __init__(
        self, epoch: str, clock: Clock, limits: StreamLimits | None = None, journal: Journal | None = None
    ) -> None:
        self.epoch = epoch
        self.generations: dict[str, int] = {}
        self.limits = StreamLimits() if limits is None else limits
        self.counters = StreamCounters()
        self.now_s = clock.monotonic
        self.lives = Lives(clock, self.limits, self.tell, self.heard_at)
        self.journal = journal
        self.connections: set[Connection] = set()
        self._sockets: set[Connection] = set()
        self._all_gone: asyncio.Future[None] | None = None
        self._fanout = Fanout(self.counters)
        self._channels: dict[str, Channel] = {}
        self._listeners: dict[str, Listeners] = {}
        self._by_route: dict[str, dict[str, Listeners]] = {name: {} for name in ROUTES}
        self._gaps: deque[tuple[Gap, Callable[[], None]]] = deque()
        self._passing_seq = 0
        self._trim_at = 0.0
        self._subscriptions = 0

    # Interest

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""
        found = self._channels.get(channel)
        return found is not None and bool(found.topics)

    def topics(self, route: str) -> Iterator[Topic]:
        """Yield the topics of a route that have subscribers."""
        return (listeners.topic for listeners in self._by_route[route].values())

    def counts(self) -> tuple[int, int]:
        """Return how many topics have subscribers, and how many subscriptions there are."""
        return len(self._listeners), self._subscriptions

    def names(self, connection: Connection) -> int:
        """Return how many names a client follows in all its quotes topics."""
        return sum(self._listeners[text].topic.names for text in connection.topics)

    # Connections

    def join(self, connection: Connection) -> None:
        """Take note of a connection and look after it."""
        self.counters.accepted += 1
        self.connections.add(connection)
        self._sockets.add(connection)
        self.lives.add(connection)

    def leave(self, connection: Connection) -> None:
        """Remove a connection from everything it held, however it ended."""
        self.connections.discard(connection)
        for text in list(connection.topics):
            self.unsubscribe(connection, text)

    def close_all(self, code: int, reason: str) -> None:
        """Close every connection; each is gone within a second or so."""
        for connection in list(self.connections):
            connection.close(code, reason)

    def gone(self, connection: Connection) -> None:
        """Take note that a connection's socket is closed."""
        self._sockets.discard(connection)
        if not self._sockets and self._all_gone is not None:
            self._all_gone.set_result(None)
            self._all_gone = None

    async def wait_closed(self) -> None:
        """Wait until the sockets of all connections are closed; each takes a second at most, once it is told to."""
        if self._sockets:
            if self._all_gone is None:
                self._all_gone = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._all_gone)

    def tell(self, connection: Connection, data: bytes, fresh: str = "") -> None:
        """Send whole frames to one client, behind everything that was published before.

        With `fresh`, the topic that begins with them, what waits of it from an earlier subscription is dropped.
        """
        self._fanout.tell(connection, data, self.now_s(), fresh)

    def heard_at(self, connection: Connection) -> float:
        """Return when a client was last sent something: a reply, or an update of a topic that it holds."""
        return max([connection.sent_at, *(self._listeners[text].sent_at for text in connection.topics)])

    # Histories

    def epoch_of(self, topic: Topic) -> str:
        """Return the epoch of a topic: the hub's, how often its account started anew, and for an alias whose it is.

        An alias becomes an account once one of that name is opened; what its follower knows is another's history then.
        """
        generation = self.generations.get(topic.channel.split(":", 2)[1], 0) if self.generations else 0
        epoch = f"{self.epoch}.{generation}" if generation else self.epoch
        return epoch if topic.alias_of is None else f"{epoch}@{topic.alias_of}"

    def renew(self, account_id: str, generation: int) -> None:
        """Let another history begin for the channels of an account: who comes back with the old epoch reads anew."""
        self.generations[account_id] = generation

    def claim(self, account_id: str) -> None:
        """Send those away who follow another account under the name of one that was opened: they come back to it."""
        for listeners in list(self._listeners.values()):
            topic = listeners.topic
            if topic.alias_of is not None and topic.account_name == account_id:
                self._send_away(listeners)

    # Subscriptions

    def subscribe(self, connection: Connection, topic: Topic, gap: Gap | None = None) -> Receipt:
        """Add a subscriber; subscribing twice is one subscription.

        Args:
            connection: The subscriber.
            topic: What it wants to hear.
            gap: What it missed, to go on from there.
        """
        listeners = self._listeners.get(topic.text)
        if listeners is not None and listeners.topic.channel != topic.channel:
            self.unsubscribe(connection, topic.text)
            self._send_away(listeners)
            listeners = None
        is_first = listeners is None
        channel = self._channel(topic.channel, topic.route.is_exact)
        if listeners is None:
            listeners = self._listeners[topic.text] = Listeners(topic)
            self._by_route[topic.route.name][topic.text] = listeners
            channel.topics[topic.text] = listeners
        is_new = connection not in listeners.connections
        if is_new:
            listeners.connections.add(connection)
            connection.topics.add(topic.text)
            self._subscriptions += 1
            self._fanout.forget()
        epoch, missed = self.epoch_of(topic), None if gap is None else self._since(gap, channel)
        if gap is None or missed is None:
            self.counters.refused += gap is not None
            return Receipt(epoch, channel.seq, None, is_new, is_first)
        self.counters.recovered += 1
        return Receipt(epoch, gap.after, missed, is_new, is_first)

    def unsubscribe(self, connection: Connection, text: str) -> None:
        """Remove a subscriber; without effect when it is none. The last one gone ends the topic."""
        connection.topics.discard(text)
        listeners = self._listeners.get(text)
        if listeners is None or connection not in listeners.connections:
            return
        listeners.connections.discard(connection)
        self._subscriptions -= 1
        self._fanout.forget()
        if not listeners.connections:
            topic = listeners.topic
            del self._listeners[text]
            del self._by_route[topic.route.name][text]
            channel = self._channels[topic.channel]
            del channel.topics[text]
            if not channel.topics and not topic.route.is_exact:
                self._passing_seq = max(self._passing_seq, channel.seq)
                del self._channels[topic.channel]

    def _send_away(self, listeners: Listeners) -> None:
        """Close those who listen under a name that means another account now; the topic ends with the last of them."""
        for connection in list(listeners.connections):
            connection.close(RESUBSCRIBE, "the name of an account means another one now; subscribe again")

    def update(self, topic: Topic, payload: Payload) -> bytes:
        """Return a frame that tells one subscriber of a conflated topic its state; the others miss a number."""
        channel = self._channels[topic.channel]
        channel.seq += 1
        return self._listeners[topic.text].frame(orjson.dumps(payload), channel.seq)

    def last(self, channel: str) -> bytes | None:
        """Return the body of an exact channel's newest update, None when none is kept."""
        found = self._channels.get(channel)
        return None if found is None or found.recent is None else found.recent.last()

    def last_frame(self, topic: Topic) -> bytes | None:
        """Return the newest update of an exact topic that has subscribers, under its own number."""
        body = self.last(topic.channel)
        return None if body is None else self._listeners[topic.text].frame(body, self._channels[topic.channel].seq)

    # Updates

    def publish(self, updates: Iterable[Update]) -> None:
        """Number the updates and send them to their subscribers: to each in the given order.

        Payloads are encoded once each, even when several topics share one, and must not change afterwards.
        """
        encoded: dict[int, bytes] = {}
        entries: list[Entry] = []
        now = self.now_s()
        for update in updates:
            channel = self._channels.get(update.channel)
            if channel is None:
                if not ROUTES[update.channel.partition(":")[0]].is_exact:
                    continue
                channel = self._channel(update.channel, is_exact=True)
            channel.seq += 1
            body: bytes | None = None
            if channel.topics:
                body = encoded.get(id(update.payload))
                if body is None:
                    body = encoded[id(update.payload)] = orjson.dumps(update.payload)
                for listeners in channel.topics.values():
                    listeners.sent_at = now
                    entries.append((listeners, Frame(listeners.frame(body, channel.seq), listeners.slot(update))))
            if channel.recent is not None:
                channel.recent.add(update.payload if body is None else body, now, self.limits)
        if entries:
            self._fanout.publish(entries, now)
        if now >= self._trim_at:
            self.trim()

    def restore(self, channel: str, seq: int, recent: Sequence[Payload] = ()) -> None:
        """Continue the numbering of an exact channel, before anything is published to it.

        Args:
            channel: Its name.
            seq: Number of its last update.
            recent: The newest updates up to that one, oldest first; they count as new from now on.
        """
        restored = self._channel(channel, is_exact=True)
        restored.seq = seq
        assert restored.recent is not None
        for payload in recent:
            restored.recent.add(payload, self.now_s(), self.limits)

    def trim(self) -> None:
        """Let go of updates that are too old to be recovered, also in channels that have fallen silent."""
        now = self.now_s()
        self._trim_at = now + TRIM_S
        oldest = now - self.limits.history_s
        for channel in self._channels.values():
            if channel.recent is not None:
                channel.recent.trim(oldest)

    # Gaps

    def is_long(self, gap: Gap) -> bool:
        """Whether a gap can be filled, but is to be read back before: it is more than a page, or not in memory."""
        channel = self._channels.get(gap.topic.channel)
        if channel is None or not self._is_fillable(gap, channel):
            return False
        return channel.seq - gap.upto > min(PAGE, self._kept(channel))

    def fill(self, gap: Gap, done: Callable[[], None]) -> None:
        """Read back a long gap, then call `done`; one gap after the other, one page in a pass of the loop."""
        gap.is_begun = True
        self._gaps.append((gap, done))
        if len(self._gaps) == 1:
            asyncio.get_running_loop().call_soon(self._fill_next)

    def _fill_next(self) -> None:
        gap, done = self._gaps[0]
        if self.is_long(gap):
            self._read_page(gap, self._channels[gap.topic.channel], PAGE)
        is_done = not self.is_long(gap)
        if is_done:
            self._gaps.popleft()
        if self._gaps:
            asyncio.get_running_loop().call_soon(self._fill_next)
        if is_done:
            done()

    def _read_page(self, gap: Gap, channel: Channel, most: int) -> None:
        """Read back the next updates of a gap, from memory where it has them all."""
        left, kept = channel.seq - gap.upto, self._kept(channel)
        if channel.recent is not None and left <= kept:
            bodies: Sequence[bytes] = channel.recent.newest(left, most)
        else:
            most = min(most, left - kept)
            bodies = (self.journal and self.journal(gap.topic.channel, gap.upto, most)) or ()
            if len(bodies) < most:
                gap.is_lost = True
                return
        listeners = Listeners(gap.topic)
        gap.pages.append(b"".join([listeners.frame(body, seq) for seq, body in enumerate(bodies, gap.upto + 1)]))
        gap.upto += len(bodies)

    def _since(self, gap: Gap, channel: Channel) -> list[bytes] | None:
        """Return every update of a gap, as pages of frames; None when one of them is not there."""
        while self._is_fillable(gap, channel):
            if gap.upto == channel.seq:
                return gap.pages
            self._read_page(gap, channel, channel.seq - gap.upto)
        return None

    def _is_fillable(self, gap: Gap, channel: Channel) -> bool:
        """Whether a gap is one of this history, and not too long."""
        left = channel.seq - gap.upto
        if gap.is_lost or left < 0 or channel.recent is None or gap.epoch != self.epoch_of(gap.topic):
            return False
        return gap.is_begun or left <= max(self._kept(channel), self.limits.journal_updates)

    def _kept(self, channel: Channel) -> int:
        """Return how many of the newest updates are in memory."""
        if channel.recent is None:
            return 0
        channel.recent.trim(self.now_s() - self.limits.history_s)
        return len(channel.recent)

    def _channel(self, name: str, is_exact: bool) -> Channel:
        """Return a channel, a new one if need be. Numbers of a conflated one go on from all that went before."""
        channel = self._channels.get(name)
        if channel is None:
            least = int(ROUTES[name.partition(":")[0]].is_status)
            channel = Channel(0, Recent(least)) if is_exact else Channel(self._passing_seq, None)
            self._channels[name] = channel
        return channel
