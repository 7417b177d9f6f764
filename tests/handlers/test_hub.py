"""The hub against a model: exact interest, exact streams, under any interleaving of everything that can happen."""

import asyncio
import json
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.models.broker.account import EquitySubscriptionRequest
from engine.models.broker.orders import OrderSubscriptionRequest
from engine.topics import ROUTES, Topic, Update
from handlers import fanout
from handlers.connection import Connection
from handlers.frames import frame
from handlers.hub import Hub
from handlers.limits import StreamLimits
from tests.raw import RawClient
from tests.support import ManualClock

ACCOUNTS = ("A", "B", "alias-of-A")
CHANNEL_OF = {"A": "A", "B": "B", "alias-of-A": "A"}


def topic_of(route: str, account: str) -> Topic:
    model = OrderSubscriptionRequest if route == "orders" else EquitySubscriptionRequest
    return Topic.of(route, model(accountId=account), f"{route}:{CHANNEL_OF[account]}")


TOPICS = [*(topic_of("orders", account) for account in ACCOUNTS), topic_of("equity", "A")]
CHANNEL = {topic.text: topic.channel for topic in TOPICS}
CHANNELS = sorted({topic.channel for topic in TOPICS})


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a real TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
    for end in (client, accepted):
        end.setblocking(False)
    return accepted, client


def of(topic: Topic, told: list[tuple[str, int]]) -> list[int]:
    """Return the numbers of one topic's updates."""
    return [seq for text, seq in told if text == topic.text]


class Client:
    """A client, and what it has to get: (topic, number) in order."""

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        server_end, client_end = socket_pair()
        self.reader = RawClient(client_end)
        self.connection = Connection(server_end, loop, hub.limits, hub.counters, hub.gone)
        self.held: set[str] = set()
        self.expected: list[tuple[str, int]] = []
        self.hub = hub

    def received(self, opcode: int, data: bytes) -> None:
        raise AssertionError("clients say nothing here")

    def ended(self) -> None:
        self.hub.leave(self.connection)

    async def got(self) -> list[tuple[str, int]]:
        """Return everything that arrived up to a marker that goes last."""
        self.hub.tell(self.connection, frame(b'{"end":true}'))
        found: list[tuple[str, int]] = []
        while "end" not in (message := await self.reader.message()):
            found.append((message["payload"]["topic"], message["payload"]["seq"]))
        return found


class Interest(RuleBasedStateMachine):
    """Subscribe, unsubscribe, leave in every way, publish, let the loop run: in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = ManualClock()
        self.hub = Hub("epoch", self.clock, StreamLimits(drop_s=0.0))
        self.clients: list[Client] = []
        self.seq = dict.fromkeys(CHANNELS, 0)
        self.chunk, fanout.CHUNK = fanout.CHUNK, 2

    def run(self, what: Callable[[], Any]) -> Any:
        """Call on the loop, without letting anything else run."""

        async def call() -> Any:
            return what()

        return self.loop.run_until_complete(call())

    @initialize()
    def connect_three(self) -> None:
        for _ in range(3):
            self.connect()

    @precondition(lambda self: len(self.clients) < 5)
    @rule()
    def connect(self) -> None:
        def join() -> Client:
            client = Client(self.hub, self.loop)
            self.hub.join(client.connection)
            client.connection.start(client)
            return client

        self.clients.append(self.run(join))

    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def subscribe(self, data: st.DataObject, topic: Topic) -> None:
        for client in data.draw(st.lists(st.sampled_from(self.clients), min_size=1, max_size=3)):
            receipt = self.run(lambda client=client: self.hub.subscribe(client.connection, topic))  # type: ignore[misc]
            if topic.route.is_exact:
                assert receipt.seq == self.seq[topic.channel]
            client.held.add(topic.text)

    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def unsubscribe(self, data: st.DataObject, topic: Topic) -> None:
        client = data.draw(st.sampled_from(self.clients))
        self.run(lambda: self.hub.unsubscribe(client.connection, topic.text))
        client.held.discard(topic.text)

    @precondition(lambda self: len(self.clients) > 2)
    @rule(data=st.data(), is_polite=st.booleans())
    def leave(self, data: st.DataObject, is_polite: bool) -> None:
        client = data.draw(st.sampled_from(self.clients))
        self.clients.remove(client)
        if is_polite:
            self.run(lambda: client.connection.close(1000, "bye"))
        else:
            self.run(lambda: client.connection.lose(None))
        client.reader.close()

    @rule(publications=st.lists(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=4), min_size=1, max_size=4))
    def publish(self, publications: list[list[str]]) -> None:
        """Publish some times in one pass of the loop."""
        batches = [self.updates(channels) for channels in publications]

        def publish_all() -> None:
            for updates in batches:
                self.hub.publish(updates)

        self.run(publish_all)

    def updates(self, channels: list[str]) -> list[Update]:
        updates = []
        for channel in channels:
            if ROUTES[channel.partition(":")[0]].is_exact:
                self.seq[channel] += 1
            for client in self.clients:
                for topic in TOPICS:
                    if topic.channel == channel and topic.text in client.held:
                        client.expected.append((topic.text, self.seq[channel]))
            updates.append(Update(channel, {"n": self.seq[channel]}))
        return updates

    @rule()
    def let_the_loop_run(self) -> None:
        self.loop.run_until_complete(asyncio.sleep(0))

    @invariant()
    def interest_is_the_set_of_subscribers(self) -> None:
        held = {text for client in self.clients for text in client.held}
        told = {topic.text for route in ("orders", "equity") for topic in self.hub.topics(route)}
        assert told == held
        assert self.hub.counts() == (len(held), sum(len(client.held) for client in self.clients))
        for channel in CHANNELS:
            wanted = any(topic.channel == channel and topic.text in held for topic in TOPICS)
            assert self.hub.wants(channel) == wanted
        assert self.hub.connections == {client.connection for client in self.clients}

    def teardown(self) -> None:
        fanout.CHUNK = self.chunk
        try:
            for client in self.clients:
                got = self.loop.run_until_complete(client.got())
                assert [CHANNEL[text] for text, _ in got] == [CHANNEL[text] for text, _ in client.expected]
                for topic in TOPICS:
                    if topic.route.is_exact:
                        assert of(topic, got) == of(topic, client.expected)
        finally:
            for client in self.clients:
                self.run(lambda client=client: client.connection.lose(None))  # type: ignore[misc]
                client.reader.close()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()


TestInterest = Interest.TestCase
TestInterest.settings = hypothesis.settings(max_examples=100, stateful_step_count=50, deadline=None)


def test_an_update_is_encoded_once_for_topics_that_share_it(monkeypatch: Any) -> None:
    encoded: list[Any] = []
    hub = Hub("epoch", ManualClock())

    def dumps(value: Any) -> bytes:
        encoded.append(value)
        return json.dumps(value).encode()

    monkeypatch.setattr("handlers.hub.orjson", SimpleNamespace(dumps=dumps))

    async def run() -> None:
        client = Client(hub, asyncio.get_running_loop())
        for account in ("A", "alias-of-A"):
            hub.subscribe(client.connection, topic_of("orders", account))
        encoded.clear()
        payload = {"id": "1"}
        hub.publish([Update("orders:A", payload), Update("orders:B", {"id": "nobody listens"})])
        assert encoded == [payload]
        client.connection.lose(None)
        client.reader.close()

    asyncio.run(run())
