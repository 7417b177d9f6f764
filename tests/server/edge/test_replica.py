"""The replica: every update once and in order, whatever happens to the messages of the stream."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import CloseCode
from handlers.stream.limits import StreamLimits
from server.bus.messages import ClockReading, CommitMessage, StatesMessage
from server.storage.commits import ChannelUpdates, Position
from tests.handlers.stream.test_hub import Client, of
from tests.properties import examples
from tests.server.edge.scripted_core import EPOCH, ScriptedCore, make_replica, topic_of

ORDERS, EXECUTIONS = "orders:A", "executions:A"
TOPIC = topic_of()


async def test_an_update_is_sent_under_the_number_of_the_core() -> None:
    core = ScriptedCore()
    core.commit(ORDERS, EXECUTIONS)
    replica, hub = make_replica(core)
    client = Client(hub)
    hub.follow(ORDERS, 0, 1)
    hub.subscribe(client.connection, TOPIC)
    await replica.receive(2, core.commit(ORDERS, EXECUTIONS, ORDERS))
    assert of(TOPIC, await client.got()) == [2, 3]
    assert (replica.bus_seq, hub.seq_of(EXECUTIONS)) == (2, 2)
    client.reader.close()


async def test_a_repeated_message_is_ignored() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    client = Client(hub)
    hub.subscribe(client.connection, TOPIC)
    messages = [core.commit(ORDERS), core.commit(ORDERS)]
    for seq, message in enumerate([*messages, *messages], 1):
        await replica.receive(seq, message)
    assert of(TOPIC, await client.got()) == [1, 2]
    assert core.asked == []
    client.reader.close()


async def test_lost_updates_of_followed_topics_are_asked_for_and_others_are_numbered_anew() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    client = Client(hub)
    hub.subscribe(client.connection, TOPIC)
    await replica.receive(1, core.commit(ORDERS, EXECUTIONS))
    for _ in range(7):
        core.commit(ORDERS, EXECUTIONS)
    await replica.receive(9, core.commit(ORDERS))
    assert of(TOPIC, await client.got()) == [*range(1, 10)]
    assert hub.seq_of(EXECUTIONS) is None
    assert replica.losses == 1
    client.reader.close()


@pytest.mark.parametrize("reason", ["not stored any more", "reset of the account"])
async def test_subscribers_are_closed_when_lost_updates_cannot_be_given(reason: str) -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    client = Client(hub)
    hub.subscribe(client.connection, TOPIC)
    await replica.receive(1, core.commit(ORDERS))
    core.commit(ORDERS, cleared=int(reason == "reset of the account"))
    if reason == "not stored any more":
        core.first_stored[ORDERS] = 3
    await replica.receive(3, core.commit(ORDERS))
    assert client.connection.close_code == CloseCode.RESUBSCRIBE
    client.reader.close()
    await hub.wait_closed()


async def test_a_client_that_reads_takes_more_than_may_wait_for_it() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core, StreamLimits(backlog_frames=150))
    client = Client(hub)
    hub.subscribe(client.connection, TOPIC)
    await replica.receive(1, core.commit(ORDERS))
    for _ in range(2000):
        core.commit(ORDERS)
    reading = asyncio.ensure_future(read_until(client, 2002))
    await replica.receive(2002, core.commit(ORDERS))
    assert await reading == [*range(1, 2003)]
    client.reader.close()


async def read_until(client: Client, last_seq: int) -> list[int]:
    """Read until the update with a number; returns all numbers."""
    found: list[int] = []
    while not found or found[-1] < last_seq:
        found.append((await client.reader.message())["payload"]["seq"])
    return found


async def test_a_reset_starts_another_history() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    before = hub.epochs.of(TOPIC)
    await replica.receive(1, core.commit(ORDERS, cleared=1))
    assert (before, hub.epochs.of(TOPIC)) == ("e1", "e1.1")


async def test_a_state_is_used_when_its_message_was_processed() -> None:
    core = ScriptedCore()
    replica, _ = make_replica(core)
    replica.begin(0)
    waiting = [asyncio.ensure_future(replica.passed(seq)) for seq in (2, 1, 0)]
    await replica.receive(1, core.commit(ORDERS))
    await asyncio.sleep(0)
    assert [one.done() for one in waiting] == [False, True, True]
    await replica.receive(2, core.commit(ORDERS))
    await asyncio.gather(*waiting)


async def test_a_repeated_state_is_sent_once() -> None:
    replica, hub = make_replica(ScriptedCore())
    client, equity = Client(hub), topic_of("equity")
    hub.subscribe(client.connection, equity)
    for body in (b'{"equity":1}', b'{"equity":1}', b'{"equity":2}'):
        replica.receive_states(states_message(0, {"equity:A": body, "equity:B": body}))
    assert len(of(equity, await client.got())) == 2
    client.reader.close()


def states_message(txn: int, states: dict[str, bytes]) -> StatesMessage:
    return StatesMessage(EPOCH, Position(txn, txn), 0, ClockReading(0, 0, 1.0), states)


async def test_states_keep_their_place_among_the_updates() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    client, equity = Client(hub), topic_of("equity")
    for topic in (TOPIC, equity):
        hub.subscribe(client.connection, topic)
    await replica.receive(1, core.commit(ORDERS))
    second, third = core.commit(ORDERS), core.commit(ORDERS)
    replica.receive_states(states_message(3, {"equity:A": b"3"}))  # waits for the commit at position 3
    updates = [*second.updates, ChannelUpdates("equity:A", 0, [b"2"])]
    await replica.receive(2, CommitMessage.decode(replace(second, updates=updates).encode()))
    await replica.receive(3, third)
    replica.receive_states(states_message(2, {"equity:A": b"1"}))  # older than the account's commit
    replica.receive_states(states_message(3, {"equity:A": b"3"}))  # repeated
    found = await client.got()
    client.reader.close()
    assert found == [(TOPIC.text, 1), (TOPIC.text, 2), (equity.text, 1), (TOPIC.text, 3), (equity.text, 2)]


STEPS = st.lists(st.sampled_from(["commit", "lose", "repeat", "join"]), max_size=30)


@given(STEPS)
@examples(20)
def test_every_client_gets_every_update_once_and_in_order(steps: list[str]) -> None:
    async def run() -> None:
        core = ScriptedCore()
        replica, hub = make_replica(core)
        clients: list[tuple[Client, int]] = []
        for number, step in enumerate(steps, 1):
            if step == "join":
                client, seq = Client(hub), len(core.stored.get(ORDERS, ()))
                hub.follow(ORDERS, 0, seq)
                clients.append((client, hub.subscribe(client.connection, TOPIC).seq))
                continue
            message = core.commit(ORDERS)
            if step != "lose":
                await replica.receive(number, message)
            if step == "repeat":
                await replica.receive(number, message)
        await replica.receive(len(steps) + 1, core.commit(ORDERS))
        for client, seq in clients:
            assert of(TOPIC, await client.got()) == [*range(seq + 1, len(core.stored[ORDERS]) + 1)]
            client.reader.close()

    asyncio.run(run())
