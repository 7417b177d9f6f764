"""Floods from one client: bounded, refused with the right codes, and felt by nobody else."""

import contextlib
from typing import Any

import pytest
from tornado.websocket import WebSocketClosedError

from tests.conftest import OpenStream, StartLive
from tests.guarded import ORDER
from tests.live import Live, Stream

ASKED_TOPICS = 400


async def served(server: Live) -> None:
    """Somebody else is served as if nothing happened."""
    assert (await server.fetch("GET", "/health")).code == 200
    assert (await server.fetch("POST", "/broker/orders", ORDER)).code == 200


async def replies(client: Stream) -> list[dict[str, Any]]:
    """Everything that comes until the server closes."""
    found = []
    with contextlib.suppress(AssertionError):
        while True:
            found.append(await client.receive())
    return found


async def test_a_flood_of_messages_is_warned_and_cut_with_4013(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    with contextlib.suppress(WebSocketClosedError):
        for number in range(400):
            await client.send({"type": "orders.subscribe", "payload": {"accountId": "DEMO-ACCOUNT"}, "id": number})
    answers = await replies(client)
    assert client.socket.close_code == 4013
    assert any(answer.get("payload", {}).get("code") == "RATE_LIMIT" for answer in answers)
    assert server.server.services.hub.counts() == (0, 0)
    await served(server)


async def test_a_flood_of_topics_holds_256(live: StartLive, stream: OpenStream) -> None:
    """The clock gives the messages back, so that only the topics are too many."""
    server = await live()
    client = await stream(server)
    refused = 0
    for number in range(ASKED_TOPICS):
        server.clock.advance(100)
        reply = await client.ask("orders.subscribe", {"accountId": f"A-{number}"})
        refused += reply["payload"]["status"] == "error"
    assert (server.server.services.hub.counts(), refused) == ((256, 256), ASKED_TOPICS - 256)
    client.socket.close()
    await client.closed()
    await served(server)
    assert server.server.services.hub.counts() == (0, 0)


@pytest.mark.parametrize("symbol", ["NOPE", "A" * 64, "\u202e", "../../x"])
async def test_unknown_symbols_create_nothing(symbol: str, live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    for route, payload in (
        ("bars", {"symbol": symbol, "resolution": "5"}),
        ("depth", {"symbol": symbol}),
        ("executions", {"accountId": "DEMO-ACCOUNT", "symbol": symbol}),
    ):
        assert (await client.ask(f"{route}.subscribe", payload))["payload"]["status"] == "error"
    assert server.server.services.hub.counts() == (0, 0)


async def test_a_flood_of_connections_is_turned_away_with_4504(live: StartLive, stream: OpenStream) -> None:
    server = await live(max_connections=20)
    clients = [await stream(server) for _ in range(20)]
    codes = [await (await stream(server)).closed() for _ in range(40)]
    assert set(codes) == {4504}
    await clients[0].subscribe("orders")
    await served(server)
