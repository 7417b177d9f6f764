"""The hub of an edge: which updates it numbers itself, and which channels it keeps."""

from engine.topics import Update
from tests.handlers.stream.test_hub import Client, of
from tests.server.edge.scripted_core import ScriptedCore, make_replica, topic_of


async def test_the_state_of_the_connection_is_numbered_here_and_begins_anew_without_subscribers() -> None:
    core = ScriptedCore()
    replica, hub = make_replica(core)
    connection, epochs = topic_of("broker-connection"), set[str]()
    for _ in range(2):
        client = Client(hub)
        hub.subscribe(client.connection, connection)
        epochs.add(hub.epochs.of(connection))
        await replica.receive(1, core.commit("broker-connection:A"))
        hub.publish([Update(connection.channel, {"status": 2})])
        assert of(connection, await client.got()) == [1]
        client.reader.close()
        hub.leave(client.connection)
    assert len(epochs) == 2


async def test_interest_names_each_conflated_channel_once() -> None:
    _, hub = make_replica(ScriptedCore())
    client = Client(hub)
    for topic in (topic_of("equity"), topic_of("pl"), topic_of("pl", "B"), topic_of("orders")):
        hub.subscribe(client.connection, topic)
    assert hub.conflated_channels() == ["equity:A", "pl:A", "pl:B"]
    assert [topic.channel for topic in hub.followed()] == ["orders:A"]
    client.reader.close()
