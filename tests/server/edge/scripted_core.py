"""A core of a test: it numbers updates, makes the messages of its commits, and answers requests from its store."""

import asyncio
import json

from engine.market.market import Market
from engine.topics import ROUTES, Topic
from handlers.edge.hub import EdgeHub
from handlers.stream.limits import StreamLimits
from server.bus.messages import CommitMessage
from server.bus.names import BusNames
from server.bus.queries import BusError, SnapshotReply, SnapshotRequest, UpdatesReply, UpdatesRequest
from server.bus.record import CoreRecord
from server.edge.market import MarketCopy
from server.edge.replica import Replica
from server.edge.requests import CoreRequests
from server.settings import Settings
from server.storage.commits import ChannelUpdates, Position
from tests.live import invented_market
from tests.support import ManualClock

EPOCH = "e1"
PAGE = 3
"""Updates in one reply."""


class ScriptedCore:
    """The core. Implements `server.edge.requests.RequestSender`.

    Attributes:
        stored: Updates by channel, oldest first.
        first_stored: Number of the first update that is still stored, by channel.
        asked: The requests, as (subject, channel or topic).
        bus_seq: Number of the last message.
        channels: Account that a name means, where it is an alias.
        refused: Text of a topic that it refuses.
        may_reply: Replies are computed at once and sent when it is set.
    """

    def __init__(self) -> None:
        self.stored: dict[str, list[bytes]] = {}
        self.first_stored: dict[str, int] = {}
        self.generation = 0
        self.asked: list[tuple[str, str]] = []
        self.bus_seq = 0
        self.channels: dict[str, str] = {}
        self.refused = ""
        self.may_reply = asyncio.Event()
        self.may_reply.set()
        self._position = Position(0, 0)

    def commit(self, *channels: str, cleared: int = 0) -> CommitMessage:
        """Store one more update of each channel, and return the message of the commit."""
        updates = []
        for channel in channels:
            bodies = self.stored.setdefault(channel, [])
            bodies.append(b'{"n":%d}' % (len(bodies) + 1))
            updates.append(ChannelUpdates(channel, len(bodies), [bodies[-1]]))
        after, self._position = self._position, Position(self._position.event + 1, self._position.row + len(channels))
        self.bus_seq += 1
        self.generation += cleared
        return CommitMessage(EPOCH, self._position, after, updates, [("A", self.generation)] if cleared else [])

    async def ask(self, subject: str, data: bytes, timeout_s: float) -> bytes:
        """Answer a request."""
        is_snapshot = subject.endswith(".snapshot")
        reply = self._state(data) if is_snapshot else self._updates(UpdatesRequest.decode(data)).encode()
        await self.may_reply.wait()
        return reply

    async def publish(self, subject: str, data: bytes) -> None:
        """Take a message."""

    def _state(self, data: bytes) -> bytes:
        request = SnapshotRequest.decode(data)
        self.asked.append(("snapshot", request.topic))
        if request.topic == self.refused:
            return BusError("UNKNOWN_ACCOUNT", "account A does not exist").encode()
        route, account = channel_of(request.topic).split(":")
        channel = f"{route}:{self.channels.get(account, account)}"
        epoch = f"{EPOCH}.{self.generation}" if self.generation else EPOCH
        bodies = self.stored.get(channel, [])
        state = [json.loads(one) for one in bodies] if request.has_state else None
        return SnapshotReply(self.bus_seq, len(bodies), epoch, channel, state).encode()

    def _updates(self, request: UpdatesRequest) -> UpdatesReply:
        self.asked.append(("updates", request.channel))
        bodies, after = self.stored.get(request.channel, []), request.after_seq
        is_stored = after + 1 >= self.first_stored.get(request.channel, 1)
        return UpdatesReply(self.bus_seq, len(bodies), bodies[after : after + PAGE] if is_stored else None)


def channel_of(topic: str) -> str:
    """Return the channel of a topic's text."""
    route, _, params = topic.partition(":")
    return f"{route}:{json.loads(params)['accountId']}"


def topic_of(route: str = "orders", account: str = "A") -> Topic:
    """Return the topic of an account."""
    return Topic.of(route, ROUTES[route].subscription.model_validate({"accountId": account}), f"{route}:{account}")


def make_market() -> Market:
    """Return the market of the default settings."""
    market = invented_market(Settings(ephemeral=True))
    assert market is not None
    return market


def make_replica(core: ScriptedCore, limits: StreamLimits | None = None) -> tuple[Replica, EdgeHub]:
    """Return a replica of a core, and its hub."""
    clock = ManualClock()
    hub = EdgeHub(EPOCH, "test", clock, limits or StreamLimits())

    async def read_record() -> CoreRecord:
        return CoreRecord("http://core", "1", EPOCH, Position(0, 0), 0, (), {}, False, None, ())

    requests = CoreRequests(core, BusNames(EPOCH))
    return Replica(hub, requests, MarketCopy(make_market(), read_record, clock.now_ms)), hub
