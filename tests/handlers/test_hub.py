"""The hub against a model: exact interest, exact streams, under any interleaving of everything that can happen."""

import asyncio
import json
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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


TOPICS = [topic_of(route, account) for route in ("orders", "equity") for account in ACCOUNTS]
CHANNELS = sorted({topic.channel for topic in TOPICS})


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a real TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
    for end in (client, accepted):
        end.setblocking(False)
    return accepted, client


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

    @precondition(lambda self: len(self.clients) < 6)
    @rule()
    def connect(self) -> None:
        def join() -> Client:
            client = Client(self.hub, self.loop)
            self.hub.join(client.connection)
            client.connection.start(client)
            return client

        self.clients.append(self.run(join))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def subscribe(self, data: st.DataObject, topic: Topic) -> None:
        client = data.draw(st.sampled_from(self.clients))
        receipt = self.run(lambda: self.hub.subscribe(client.connection, topic))
        if topic.route.is_exact:
            assert receipt.seq == self.seq[topic.channel]
        client.held.add(topic.text)

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def unsubscribe(self, data: st.DataObject, topic: Topic) -> None:
        client = data.draw(st.sampled_from(self.clients))
        self.run(lambda: self.hub.unsubscribe(client.connection, topic.text))
        client.held.discard(topic.text)

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), is_polite=st.booleans())
    def leave(self, data: st.DataObject, is_polite: bool) -> None:
        client = data.draw(st.sampled_from(self.clients))
        self.clients.remove(client)
        if is_polite:
            self.run(lambda: client.connection.close(1000, "bye"))
        else:
            self.run(lambda: client.connection.lose(None))
        client.reader.close()

    @rule(channels=st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=5))
    def publish(self, channels: list[str]) -> None:
        updates = []
        for channel in channels:
            if ROUTES[channel.partition(":")[0]].is_exact:
                self.seq[channel] += 1
            for client in self.clients:
                for topic in TOPICS:
                    if topic.channel == channel and topic.text in client.held:
                        client.expected.append((topic.text, self.seq[channel]))
            updates.append(Update(channel, {"n": self.seq[channel]}))
        self.run(lambda: self.hub.publish(updates))

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
                assert [topic for topic, _ in got] == [topic for topic, _ in per_pass(client.expected, got)]
                exact = [one for one in got if one[0].startswith("orders")]
                assert exact == [one for one in per_pass(client.expected, got) if one[0].startswith("orders")]
        finally:
            for client in self.clients:
                self.run(lambda client=client: client.connection.lose(None))  # type: ignore[misc]
                client.reader.close()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()


def per_pass(expected: list[tuple[str, int]], got: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return what was expected, topics of one channel in the order in which they came: that order is free."""
    assert len(expected) == len(got), (expected, got)
    return expected if expected == got else sorted_like(expected, got)


def sorted_like(expected: list[tuple[str, int]], got: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Reorder neighbours that carry the same update of one channel to aliases."""
    result, place = [], 0
    while place < len(expected):
        end = place + 1
        while end < len(expected) and same_update(expected[place], expected[end]):
            end += 1
        block = expected[place:end]
        result += [one for one in got[place:end] if one in block] if sorted(block) == sorted(got[place:end]) else block
        place = end
    return result


def same_update(one: tuple[str, int], other: tuple[str, int]) -> bool:
    channels = {topic.text: topic.channel for topic in TOPICS}
    return one[0] != other[0] and (channels[one[0]], one[1]) == (channels[other[0]], other[1])


TestInterest = Interest.TestCase
TestInterest.settings = hypothesis.settings(max_examples=60, stateful_step_count=40, deadline=None)


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
