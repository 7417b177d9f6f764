"""The hub against a model: exact interest, exact streams, under any interleaving of everything that can happen."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tornado.websocket import WebSocketHandler

from engine.models.broker.account import EquitySubscriptionRequest
from engine.models.broker.orders import OrderSubscriptionRequest
from engine.topics import ROUTES, Topic, Update
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import frame
from handlers.stream.hub import Hub
from handlers.stream.limits import StreamLimits
from handlers.stream.replay import Epochs
from tests.properties import examples
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
    """Two ends of a real TCP connection, the second of which has little room for what it does not read."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(server.getsockname())
        accepted, _ = server.accept()
    for end in (client, accepted):
        end.setblocking(False)
    return accepted, client


def of(topic: Topic, told: list[tuple[str, int]]) -> list[int]:
    """Return the numbers of one topic's updates."""
    return [seq for text, seq in told if text == topic.text]


class Client:
    """A client and its connection, and what it has to get: (topic, number) in order. To be made on the loop."""

    def __init__(self, hub: Hub) -> None:
        server_end, client_end = socket_pair()
        self.reader = RawClient(client_end)
        self.connection = StreamConnection(cast(WebSocketHandler, self), hub)
        self.connection.start(server_end)
        hub.join(self.connection)
        self.held: set[str] = set()
        self.expected: list[tuple[str, int]] = []
        self.hub = hub

    def on_ws_connection_close(self, close_code: int | None = None, close_reason: str | None = None) -> None:
        self.hub.leave(self.connection)

    def has_received(self) -> bool:
        """Whether bytes have arrived that are not read yet."""
        try:
            return bool(self.reader.sock.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False

    async def got(self) -> list[tuple[str, int]]:
        """Return everything that arrived up to a marker that goes last."""
        self.hub.send(self.connection, frame(b'{"end":true}'))
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
        small = StreamLimits(drop_s=0.0, send_buffer_bytes=4096, slice_sends=2, pass_s=0.0)
        limits = replace(small, backlog_bytes=1 << 30)
        self.hub = Hub(Epochs("epoch"), self.clock, limits)
        self.clients: list[Client] = []
        self.seq = dict.fromkeys(CHANNELS, 0)
        self.connections: list[StreamConnection] = []
        """All that were ever opened."""

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
        client: Client = self.run(lambda: Client(self.hub))
        self.clients.append(client)
        self.connections.append(client.connection)

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
            self.run(client.connection.abort)
        client.reader.close()

    @rule(
        publications=st.lists(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=4), min_size=1, max_size=4),
        size=st.sampled_from((0, 0, 0, 5000)),
    )
    def publish(self, publications: list[list[str]], size: int) -> None:
        """Publish some times in one pass of the loop; sometimes more than the kernel takes."""
        results = [self.updates(channels, size) for channels in publications]

        def publish_all() -> None:
            for updates in results:
                self.hub.publish(updates)

        self.run(publish_all)

    def updates(self, channels: list[str], size: int) -> list[Update]:
        updates = []
        for channel in channels:
            if ROUTES[channel.partition(":")[0]].is_exact:
                self.seq[channel] += 1
            for client in self.clients:
                for topic in TOPICS:
                    if topic.channel == channel and topic.text in client.held:
                        client.expected.append((topic.text, self.seq[channel]))
            updates.append(Update(channel, {"n": self.seq[channel], "fill": "x" * size}))
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

    @invariant()
    def it_is_known_for_how_many_something_waits(self) -> None:
        is_socket_open = [each for each in self.connections if each.sock.fileno() != -1]
        waiting = [each for each in is_socket_open if each.send_queue is not None]
        assert self.hub.counters.behind == len(waiting)

    def teardown(self) -> None:
        try:
            for client in self.clients:
                got = self.loop.run_until_complete(client.got())
                if not self.hub.counters.conflated:
                    assert [CHANNEL[text] for text, _ in got] == [CHANNEL[text] for text, _ in client.expected]
                for topic in TOPICS:
                    if topic.route.is_exact:
                        assert of(topic, got) == of(topic, client.expected)
        finally:
            for client in self.clients:
                self.run(lambda client=client: client.connection.abort())  # type: ignore[misc]
                client.reader.close()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()


TestInterest = Interest.TestCase
TestInterest.settings = examples(100, stateful_step_count=50)


# Fan-out


UPDATE = {"type": "orders.update", "payload": {"topic": TOPICS[0].text, "payload": {"n": 1}, "seq": 1}}


async def published(count: int, **limits: Any) -> tuple[Hub, list[Client]]:
    """Return clients that an update was published to; only the first pass of the loop is over."""
    hub, topic = (
        Hub(Epochs("epoch"), ManualClock(), StreamLimits(drop_s=0.0, send_buffer_bytes=4096, **limits)),
        TOPICS[0],
    )
    clients = [Client(hub) for _ in range(count)]
    for client in clients:
        hub.subscribe(client.connection, topic)
    hub.publish([Update(topic.channel, {"n": 1})])
    return hub, clients


async def all_sent(hub: Hub) -> None:
    while hub.pending_sends:
        await asyncio.sleep(0)


def part(hub: Hub, clients: list[Client]) -> None:
    for client in clients:
        client.connection.abort()
        client.reader.close()
    assert (hub.counters.behind, hub.counts()) == (0, (0, 0))


async def test_a_pass_ends_when_its_time_is_over() -> None:
    hub, clients = await published(5, slice_sends=2, pass_s=0.0)
    served = [hub.counters.frames]
    for _ in range(2):
        await asyncio.sleep(0)
        served.append(hub.counters.frames)
    assert (served, hub.pending_sends) == ([2, 4, 5], 0)
    part(hub, clients)


async def test_a_client_that_is_closed_while_an_update_is_being_sent_gets_nothing_behind_the_close() -> None:
    hub, clients = await published(4, slice_sends=1, pass_s=0.0)
    closed, lost, other = (client for client in clients if not client.has_received())
    closed.connection.close(1000, "bye")
    lost.connection.abort()
    await all_sent(hub)
    assert [each.code for each in await closed.reader.rest()] == [1000]
    assert await other.reader.message() == UPDATE
    part(hub, clients)


async def test_a_client_that_cannot_be_served_costs_the_others_nothing() -> None:
    hub, clients = await published(300)
    await all_sent(hub)
    silent = clients[150]
    many, seq = [Update(TOPICS[0].channel, {"fill": "x" * 2000})], 1
    reading = [client for client in clients if client is not silent]
    for client in reading:
        assert await client.reader.message() == UPDATE
    while silent.connection.send_queue is None:
        hub.publish(many)
        seq += 1
        await all_sent(hub)
        for client in reading:
            assert (await client.reader.message())["payload"]["seq"] == seq
    assert hub.counters.behind == 1
    assert [number for _, number in await silent.got()] == list(range(1, seq + 1))
    part(hub, clients)
