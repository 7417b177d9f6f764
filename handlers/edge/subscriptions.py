"""A subscribe request at an edge, for a topic of the broker: the core decides its channel and gives its state.

The response is sent when this process has received every update that the state contains, so the client gets each update
once, whichever edge it asks. Where the channel is known and its missed updates are in memory, the core is not asked.
Read `../stream/subscriptions.py` first; `hub.py` holds the numbers.
"""

import asyncio
from dataclasses import dataclass, field, replace

import orjson

from engine.models.broker.account import AccountCreate
from engine.topics import Update
from handlers.edge.core import Core, CoreAway, CoreRefusal, TopicRequest, TopicState
from handlers.edge.hub import CONNECTION, EdgeHub
from handlers.errors import CloseCode
from handlers.stream.messages import response_frame
from handlers.stream.replay import Replay
from handlers.stream.subscriptions import SubscribeRequest

MAX_ATTEMPTS = 3
"""Number of states to ask for, when updates of the channel are lost while missed updates are read."""


@dataclass
class EdgeSubscribeRequest(SubscribeRequest):
    """One subscribe request.

    Attributes:
        hub: The hub of the edge.
        core: The core.
        opening: The account to open before, because the client's token names it.
    """

    hub: EdgeHub = field(kw_only=True)
    core: Core = field(kw_only=True)
    opening: AccountCreate | None = field(default=None, kw_only=True)

    def start(self) -> bool:
        """Subscribe and respond, now or later. Returns whether the response was sent."""
        if self.topic.route.name == CONNECTION:
            self._confirm_connection()
            return True
        known = None if self._wants_snapshot else self.core.known(self.topic.text)
        if known is not None and self._is_in_memory(known):
            self._confirm_at(known)
            return True
        self._responding = asyncio.ensure_future(self._respond())
        return False

    def _is_in_memory(self, known: TopicState) -> bool:
        """Whether this process can answer without the core. A client may have more updates than this process."""
        if not self.topic.route.is_exact:
            return self.hub.wants(known.channel)
        seq = self.hub.seq_of(known.channel)
        if seq is None or self._replay is None:
            return seq is not None
        missed = seq - self._replay.after_seq
        is_short = 0 <= missed <= self.hub.limits.replay_page
        return is_short and self.hub.has_updates(known.channel, self._replay.after_seq)

    async def _respond(self) -> None:
        """Ask the core, and respond when its updates have arrived. While it is away, the client connects again."""
        try:
            for _ in range(MAX_ATTEMPTS):
                request = TopicRequest(self.topic.text, self._wants_snapshot, self.opening)
                state = await self.core.topic_state(request)
                if not self.topic.route.is_exact and await self.core.announce(state.channel):
                    state = await self.core.topic_state(request)
                await self._read_missed(state)
                if not self.connection.is_open:
                    return
                if not self.topic.route.is_exact or self.hub.seq_of(state.channel) is not None:
                    self._confirm_at(state)
                    self.resume()
                    return
            raise CoreAway
        except CoreRefusal as refusal:
            response = response_frame(self.message, "error", str(refusal), self.topic.text)
            self.hub.send(self.connection, response)
            self.resume()
        except CoreAway:
            self.connection.close(CloseCode.RESTARTING, "the core cannot be reached; connect again")
        except Exception:
            self.connection.fail()

    async def _read_missed(self, state: TopicState) -> None:
        """Read the updates that the client missed: from memory where all are there, else from the core."""
        hub, recover = self.hub, self.message.resume.recover
        hub.follow(state.channel, state.generation, state.seq)
        topic = replace(self.topic, channel=state.channel)
        if recover is None:
            return
        self._replay = replay = Replay(topic, recover.epoch, recover.seq)
        if not topic.route.is_exact or recover.epoch != hub.epochs.of(topic):
            return
        if hub.has_updates(topic.channel, recover.seq):
            await hub.replays.read(replay)
            return
        bodies = await self.core.updates(topic.channel, recover.seq)
        if bodies is None:
            return
        replay.accept()
        # The rest comes from the stream; updates behind the last one that arrived here will arrive later.
        bodies = bodies[: max(0, (hub.seq_of(topic.channel) or 0) - recover.seq)]
        size = hub.limits.replay_page
        for begin in range(0, len(bodies), size):
            page = bodies[begin : begin + size]
            replay.add_page(page, len(page))

    def _confirm_at(self, state: TopicState) -> None:
        """Subscribe and respond: with the missed updates, else with the state and the updates after it."""
        self.topic = topic = replace(self.topic, channel=state.channel)
        hub, replay = self.hub, self._replay
        if replay is not None and replay.topic.channel != state.channel:
            self._replay = replay = Replay(topic, replay.epoch, replay.after_seq)
        self._snapshot = state.snapshot
        subscribed = hub.subscribe(self.connection, topic, replay)
        is_recovered = subscribed.replayed is not None
        if self._wants_snapshot and not is_recovered and topic.route.is_exact and state.seq < subscribed.seq:
            since = Replay(topic, subscribed.epoch, state.seq)
            subscribed = hub.subscribe(self.connection, topic, since)
            if subscribed.replayed is None:
                self.connection.close(CloseCode.RESUBSCRIBE, "updates are not available any more; subscribe again")
                return
        pages = subscribed.replayed or []
        more = self._resume_fields(subscribed.epoch, subscribed.seq, is_recovered)
        response = response_frame(self.message, "ok", "Subscribed", topic.text, **more)
        supersedes = topic.text if subscribed.is_new and not topic.route.is_exact else ""
        hub.send(self.connection, b"".join((response, *pages[:1])), supersedes)
        for page in pages[1:]:
            hub.send(self.connection, page)

    def _confirm_connection(self) -> None:
        """Subscribe to the state of the connection to the core, which this process knows."""
        state = self.core.connection()
        if self.hub.last_body(self.topic.channel) != orjson.dumps(state):
            self.hub.publish([Update(self.topic.channel, state)])
        self._confirm()
