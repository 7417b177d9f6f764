"""The socket: confirmed subscriptions, updates in order, errors that cost nothing, release on any kind of end."""

import asyncio
import socket
from typing import Any

import pytest

from engine.topics import ROUTES, Update
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.live import ACCOUNT, Live, Stream
from tests.raw import RawClient
from tests.support import WAIT_S

SUBSCRIPTIONS: dict[str, dict[str, Any]] = {
    "bars": {"symbol": "AAPL", "resolution": "1"},
    "quotes": {"symbols": [], "fast_symbols": ["AAPL"]},
    "depth": {"symbol": "AAPL"},
    "orders": ACCOUNT,
    "positions": ACCOUNT,
    "equity": ACCOUNT,
    "pl": ACCOUNT,
    "individual-positions": ACCOUNT,
    "individual-pl": ACCOUNT,
    "margin-available": ACCOUNT,
    "pip-value": ACCOUNT | {"symbol": "USDJPY"},
    "executions": ACCOUNT,
    "notifications": ACCOUNT,
    "broker-connection": ACCOUNT,
}
CASCADE = ("executions", "orders", "equity", "positions")


async def subscribe_cascade(client: Stream, account: str = "DEMO-ACCOUNT") -> None:
    for route in CASCADE:
        await client.subscribe(route, {"accountId": account})


def topic_of(text: str) -> str:
    return text.partition(":")[0]


def test_every_route_is_tried_here() -> None:
    assert set(SUBSCRIPTIONS) == {name for name, route in ROUTES.items() if route.module != "control"}


@pytest.mark.parametrize("route", SUBSCRIPTIONS)
async def test_a_subscription_is_confirmed_with_its_topic(route: str, live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live())
    reply = await client.ask(f"{route}.subscribe", SUBSCRIPTIONS[route], id=7)
    payload = reply["payload"]
    assert (reply["type"], reply["id"], payload["status"]) == (f"{route}.subscribe.response", 7, "ok")
    assert topic_of(payload["topic"]) == route
    assert ({"epoch", "seq"} <= set(payload)) is ROUTES[route].is_exact


@pytest.mark.parametrize(
    ("route", "payload", "topic"),
    [
        ("bars", {"resolution": "1D", "symbol": "AAPL"}, 'bars:{"resolution":"1D","symbol":"AAPL"}'),
        ("bars", {"symbol": "AAPL", "resolution": "D", "x": 1}, 'bars:{"resolution":"D","symbol":"AAPL"}'),
        ("executions", {"accountId": "A", "symbol": "AAPL"}, 'executions:{"accountId":"A","symbol":"AAPL"}'),
        ("executions", {"accountId": "A", "symbol": None}, 'executions:{"accountId":"A"}'),
        ("orders", {"accountId": "Zürich"}, 'orders:{"accountId":"Zürich"}'),
        (
            "quotes",
            {"symbols": ["MSFT", "AAPL"], "fast_symbols": []},
            'quotes:{"fast_symbols":[],"symbols":["MSFT","AAPL"]}',
        ),
    ],
)
async def test_a_topic_is_the_route_and_the_compact_sorted_payload(
    route: str, payload: dict[str, Any], topic: str, live: StartLive, stream: OpenStream
) -> None:
    client = await stream(await live())
    assert await client.subscribe(route, payload) == topic


async def test_nothing_is_sent_before_or_unasked_after_a_subscription(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await server.place()
    client = await stream(server)
    assert await client.drained() == []
    await client.subscribe("orders")
    assert await client.drained() == []


async def test_the_current_broker_status_follows_its_response(live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live())
    reply = await client.ask("broker-connection.subscribe")
    update = (await client.receive())["payload"]
    assert (update["topic"], update["payload"]["status"]) == (reply["payload"]["topic"], 1)
    assert update["seq"] == reply["payload"]["seq"] + 1


async def test_the_broker_status_is_told_however_long_ago_it_changed(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    server.clock.advance(86_400_000)
    server.server.services.hub.trim()
    client = await stream(server)
    await client.subscribe("broker-connection")
    assert [m["payload"]["payload"]["status"] for m in await client.drained()] == [1]


async def test_an_order_cascades_in_the_documented_order(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    await subscribe_cascade(client)
    order_id = await server.place()
    updates = await client.updates(4)
    assert [route for route, _ in updates] == list(CASCADE)
    execution, order, equity, position = (payload for _, payload in updates)
    assert (execution["orderId"], order["id"], order["status"]) == (order_id, order_id, 2)
    assert (position["qty"], equity["balance"]) == (10, 100_000)


@pytest.mark.parametrize("route", ["orders", "positions", "executions"])
async def test_updates_of_exact_routes_are_numbered_without_holes(
    route: str, live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    await server.place()
    client = await stream(server)
    first: int = (await client.ask(f"{route}.subscribe"))["payload"]["seq"]
    for _ in range(3):
        await server.place()
    numbers = [(await client.receive())["payload"]["seq"] for _ in range(3)]
    assert numbers == [first + 1, first + 2, first + 3]
    assert first == 1


async def test_an_unknown_account_is_an_alias_whose_topic_keeps_its_name(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    topics = [await client.subscribe("orders", {"accountId": name}) for name in ("ACCOUNT-01", "TEST-001")]
    await server.place()
    told = [(await client.receive())["payload"] for _ in topics]
    assert {update["topic"] for update in told} == set(topics)
    assert told[0]["seq"] == told[1]["seq"]


async def test_executions_of_one_symbol_are_filtered(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("executions", {**ACCOUNT, "symbol": "MSFT"})
    await server.place(symbol="AAPL")
    await server.place(symbol="MSFT")
    assert [m["payload"]["payload"]["symbol"] for m in await client.drained()] == ["MSFT"]


async def test_subscribing_twice_is_one_subscription(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    for _ in range(2):
        await client.subscribe("orders")
    await server.place()
    assert len(await client.drained()) == 1
    assert (await client.ask("orders.unsubscribe"))["payload"]["message"] == "Unsubscribed"
    await server.place()
    assert await client.drained() == []


async def test_unsubscribing_what_is_not_held_is_ok(live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live())
    reply = await client.ask("orders.unsubscribe")
    assert (reply["type"], reply["payload"]["status"]) == ("orders.unsubscribe.response", "ok")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "NOT_JSON"),
        ("[" * 5000, "NOT_JSON"),
        ("[1,2]", "BAD_MESSAGE"),
        ('"text"', "BAD_MESSAGE"),
        ({"payload": {}}, "BAD_MESSAGE"),
        ({"type": 5}, "BAD_MESSAGE"),
        ({"type": "orders.subscribe", "payload": ACCOUNT, "id": {}}, "BAD_MESSAGE"),
        ({"type": "orders"}, "UNKNOWN_TYPE"),
        ({"type": "orders.explode"}, "UNKNOWN_TYPE"),
        ({"type": "weather.subscribe", "payload": {}}, "UNKNOWN_TYPE"),
        ({"type": "orders.subscribe"}, "INVALID_PAYLOAD"),
        ({"type": "orders.subscribe", "payload": {"accountId": 5}}, "INVALID_PAYLOAD"),
        ({"type": "bars.subscribe", "payload": {"symbol": "AAPL", "resolution": "7"}}, "INVALID_PAYLOAD"),
        ({"type": "quotes.subscribe", "payload": {"symbols": [], "fast_symbols": []}}, "INVALID_PAYLOAD"),
        (b"\x00\x01", "BINARY_FRAME"),
    ],
)
async def test_wrong_input_gets_an_error_and_costs_nothing_else(
    message: Any, code: str, live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("orders")
    await client.send(message)
    reply = await client.receive()
    assert (reply["type"], reply["payload"]["code"]) == ("error", code)
    await server.place()
    assert (await client.receive())["type"] == "orders.update"


async def test_an_error_echoes_the_id(live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live())
    assert (await client.ask("orders.explode", id="a-1"))["id"] == "a-1"


@pytest.mark.parametrize(
    ("route", "payload"),
    [
        ("bars", {"symbol": "NOPE", "resolution": "1"}),
        ("depth", {"symbol": "NOPE"}),
        ("executions", {**ACCOUNT, "symbol": "NOPE"}),
    ],
)
async def test_an_unknown_symbol_creates_nothing(
    route: str, payload: dict[str, Any], live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    reply = await (await stream(server)).ask(f"{route}.subscribe", payload)
    assert (reply["type"], reply["payload"]["status"]) == (f"{route}.subscribe.response", "error")
    assert "NOPE" in reply["payload"]["message"]
    assert server.server.services.hub.counts() == (0, 0)


@pytest.mark.parametrize(
    ("path", "route", "served"),
    [
        ("/broker/ws", "orders", True),
        ("/broker/ws", "bars", False),
        ("/datafeed/ws", "bars", True),
        ("/datafeed/ws", "orders", False),
    ],
)
async def test_a_module_socket_serves_its_own_routes(
    path: str, route: str, served: bool, live: StartLive, stream: OpenStream
) -> None:
    client = await stream(await live(), path)
    reply = await client.ask(f"{route}.subscribe", SUBSCRIPTIONS[route])
    assert (reply["type"] != "error") is served


async def test_a_message_that_is_too_large_closes_with_1009(live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live())
    await client.send("x" * 20_000)
    assert await client.closed() == 1009


async def leave_by_close(client: Stream) -> None:
    client.socket.close()


async def leave_by_drop(client: Stream) -> None:
    client.socket.protocol.stream.socket.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


async def leave_by_reset(client: Stream) -> None:
    raw = client.socket.protocol.stream.socket  # type: ignore[union-attr]
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    client.socket.protocol.stream.close()  # type: ignore[union-attr]


async def leave_by_broken_frame(client: Stream) -> None:
    await client.socket.protocol.stream.write(b"\xff\xff\xff\xff")  # type: ignore[union-attr]


async def leave_by_binary(client: Stream) -> None:
    await client.send(b"\x00")
    client.socket.close()


@pytest.mark.parametrize(
    "leave", [leave_by_close, leave_by_drop, leave_by_reset, leave_by_broken_frame, leave_by_binary]
)
async def test_a_client_that_leaves_does_not_change_anothers_stream(
    leave: Any, live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    staying, leaving = await stream(server), await stream(server)
    for client in (staying, leaving):
        await subscribe_cascade(client)
        await client.subscribe("bars", SUBSCRIPTIONS["bars"])
    await server.place()
    await leave(leaving)
    for _ in range(5):
        await server.place()
        server.step()
    messages = [m for m in await staying.drained() if m["type"] != "equity.update"]
    routes = [m["type"].removesuffix(".update") for m in messages]
    assert routes.count("bars") == 5
    assert [route for route in routes if route != "bars"] == ["executions", "orders", "positions"] * 6
    assert [m["payload"]["seq"] for m in messages if m["type"] == "orders.update"] == [1, 2, 3, 4, 5, 6]
    await until_left(server, {"orders", "executions", "positions", "equity", "bars"})


async def until_left(server: Live, routes: set[str]) -> None:
    """Wait until only one subscription of each route is left."""

    async def poll() -> None:
        while server.server.services.hub.counts() != (len(routes), len(routes)):
            await asyncio.sleep(0)

    await asyncio.wait_for(poll(), WAIT_S)


async def test_the_last_one_to_leave_ends_the_topic_and_the_ticks(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("bars", SUBSCRIPTIONS["bars"])
    assert server.server.ticker.health().running
    client.socket.close()
    await until_left(server, set())
    assert not server.server.services.engine.needs_ticks()


async def test_one_write_per_connection_and_tick(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    client = await raw(server)
    for symbol in ("AAPL", "MSFT", "JPM"):
        await client.subscribe("bars", {"symbol": symbol, "resolution": "1"})
    before = segments_received(client)
    server.step()
    assert {(await client.message())["type"] for _ in range(3)} == {"bars.update"}
    assert segments_received(client) - before == 1


def segments_received(client: RawClient) -> int:
    """Return how many TCP segments with data have come; without Nagle's algorithm every small write is one."""
    place = 152  # of tcpi_data_segs_in in Linux's struct tcp_info
    return int.from_bytes(client.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)[place : place + 4], "little")


async def test_the_broker_status_leaves_in_a_later_write_than_the_response(live: StartLive, raw: OpenRaw) -> None:
    client = await raw(await live())
    before = segments_received(client)
    await client.subscribe("broker-connection", ACCOUNT)
    assert (await client.message())["type"] == "broker-connection.update"
    assert segments_received(client) - before == 2


async def test_a_broker_status_that_is_published_at_once_comes_behind_the_earlier_one(
    live: StartLive, raw: OpenRaw
) -> None:
    server = await live()
    client = await raw(server)
    response = await client.subscribe("broker-connection", ACCOUNT)
    server.server.services.hub.publish([Update("broker-connection:DEMO-ACCOUNT", {"status": 2})])
    numbers = [(await client.message())["payload"]["seq"] for _ in range(2)]
    assert numbers == [response["seq"] + 1, response["seq"] + 2]
