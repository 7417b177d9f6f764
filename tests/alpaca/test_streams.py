"""The streams of the dialect, spoken to directly: authentication, encodings, errors, resume."""

import json
from typing import Any

import msgpack
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from handlers.stream.limits import StreamLimits
from tests.alpaca import oracle
from tests.alpaca.sockets import Client, opened
from tests.conftest import Connect, StartLive
from tests.live import Live

KEYS = {"key": "DEMO-ACCOUNT", "secret": "any"}
LOGIN = {"action": "authenticate", "data": {"key_id": "DEMO-ACCOUNT", "secret_key": "any"}}
HALT = {"symbol": "AAPL", "kind": "halt"}
LISTEN: dict[str, Any] = {"action": "listen", "data": {"streams": ["trade_updates"]}}


async def trading(connect: Connect, server: Live, since: int | None = None) -> Client:
    client = await opened(connect, server, "/stream")
    assert (await client.ask(LOGIN))["data"]["status"] == "authorized"
    message = LISTEN if since is None else {**LISTEN, "data": {**LISTEN["data"], "since": since}}
    assert await client.ask(message) == {"stream": "listening", "data": {"streams": ["trade_updates"]}}
    return client


async def updates(client: Client, count: int) -> list[dict[str, Any]]:
    messages = [await client.receive() for _ in range(count)]
    assert {message["stream"] for message in messages} == {"trade_updates"}
    for message in messages:
        oracle.check("GET", "/v2/orders/x", 200, message["data"]["order"])
    return messages


def told(messages: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["data"]["event"], one["data"]["order"]["status"], one["data"]["order"]["type"]) for one in messages]


async def alpaca(server: Live, method: str, path: str, body: Any) -> int:
    """Send a request to the dialect, and return the status of its answer."""
    headers = {"APCA-API-KEY-ID": "DEMO-ACCOUNT", "APCA-API-SECRET-KEY": "any"}
    url, sent = f"http://{server.address}/alpaca{path}", None if body is None else json.dumps(body)
    request = HTTPRequest(url, method=method, headers=headers | {"Content-Type": "application/json"}, body=sent)
    return (await AsyncHTTPClient().fetch(request, raise_error=False)).code


async def test_fill_has_price_quantity_and_position(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    await server.place(qty=10)
    new, fill = await updates(client, 2)
    assert told([new, fill]) == [("new", "new", "market"), ("fill", "filled", "market")]
    assert (new["data"]["order"]["filled_qty"], fill["data"]["order"]["filled_qty"]) == ("0", "10")
    assert (fill["data"]["qty"], fill["data"]["position_qty"]) == ("10", "10")
    assert fill["data"]["price"] == fill["data"]["order"]["filled_avg_price"]
    assert fill["seq"] > new["seq"]


async def test_partial_fills_add_up(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    await server.place(symbol="BTCUSD", qty=8, side=-1)
    messages = [await client.receive()]
    while messages[-1]["data"]["event"] != "fill":
        server.step()
        messages.append(await client.receive())
    fills = messages[1:]
    assert len(fills) > 1
    total = 0.0
    for one in fills:
        total += float(one["data"]["qty"])
        assert float(one["data"]["order"]["filled_qty"]) == pytest.approx(total)
        assert float(one["data"]["position_qty"]) == pytest.approx(-total)
    assert [one["data"]["event"] for one in fills] == ["partial_fill"] * (len(fills) - 1) + ["fill"]


async def test_every_change_of_an_order_is_told(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    limit = {"type": 1, "limitPrice": 150.0}
    order_id = await server.place(**limit)
    await server.call("PUT", f"/broker/orders/{order_id}", {"symbol": "AAPL", "side": 1, "qty": 20} | limit)
    await server.call("DELETE", f"/broker/orders/{order_id}")
    await server.place(qty=100_000)
    messages = await updates(client, 5)
    assert told(messages)[:4] == [
        ("new", "new", "limit"),
        ("replaced", "replaced", "limit"),
        ("new", "new", "limit"),
        ("canceled", "canceled", "limit"),
    ]
    assert told(messages)[4][0] == "rejected"
    old, new = (one["data"]["order"] for one in messages[1:3])
    assert (old["replaced_by"], new["replaces"]) == (new["id"], old["id"])
    assert (old["qty"], new["qty"]) == ("10", "20")


async def test_legs_are_held_until_their_entry_trades(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    await server.place(takeProfit=900.0, stopLoss=10.0)
    assert told(await updates(client, 6)) == [
        ("new", "new", "market"),
        ("held", "held", "limit"),
        ("held", "held", "stop"),
        ("fill", "filled", "market"),
        ("new", "new", "limit"),
        ("new", "new", "stop"),
    ]


async def test_client_resumes_after_a_number(live: StartLive, connect: Connect) -> None:
    server = await live()
    first = await trading(connect, server)
    await server.place(qty=1)
    new, _ = await updates(first, 2)
    first.socket.close()
    await server.place(qty=2)
    second = await trading(connect, server, since=new["seq"])
    missed = await updates(second, 3)
    assert [one["data"]["event"] for one in missed] == ["fill", "new", "fill"]
    third = await trading(connect, server, since=10_000)
    assert (await third.receive())["stream"] == "error"


REFUSALS: list[tuple[str, dict[str, Any] | None, bool, str | None]] = [
    ("PATCH", {"limit_price": "-1"}, True, None),
    ("PATCH", {"limit_price": "151"}, False, None),
    ("PATCH", {}, True, "order_replace_rejected"),
    ("PATCH", {"limit_price": "151.001"}, True, "order_replace_rejected"),
    ("PATCH", {"qty": "15", "client_order_id": "mine"}, True, "order_replace_rejected"),
    ("PATCH", {"qty": "1000000"}, True, "order_replace_rejected"),
    ("DELETE", None, False, None),
]
"""Requests for an order, whether the order is known, and the update about the refusal."""


async def test_refused_change_of_a_known_order_is_told(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    await server.place(type=1, limitPrice=150.0, clientOrderId="mine")
    (new,) = await updates(client, 1)
    order = new["data"]["order"]
    for method, body, is_known, event in REFUSALS:
        order_id = order["id"] if is_known else "00000000-0000-8000-8000-000000000001"
        await alpaca(server, method, f"/v2/orders/{order_id}", body)
        if event is not None:
            (refused,) = await updates(client, 1)
            assert (refused["data"]["event"], refused["data"]["order"], refused["seq"]) == (event, order, new["seq"])
    assert await alpaca(server, "DELETE", f"/v2/orders/{order['id']}", None) == 204
    assert (await updates(client, 1))[0]["data"]["event"] == "canceled"
    assert await alpaca(server, "DELETE", f"/v2/orders/{order['id']}", None) == 422
    (refused,) = await updates(client, 1)
    assert (refused["data"]["event"], refused["data"]["order"]["status"]) == ("order_cancel_rejected", "canceled")


async def test_updates_of_another_account_are_not_sent(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await trading(connect, server)
    await server.call("POST", "/broker/accounts", {"id": "OTHER"})
    await server.call("POST", "/broker/orders?accountId=OTHER", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1})
    await server.place(qty=3)
    assert (await client.receive())["data"]["order"]["qty"] == "3"


async def test_listening_needs_authentication(live: StartLive, connect: Connect) -> None:
    client = await opened(connect, await live(), "/stream/")
    assert (await client.ask(LISTEN))["data"]["status"] == "unauthorized"
    assert (await client.ask({"action": "auth", **KEYS}))["data"]["status"] == "authorized"
    assert (await client.ask({"action": "dance"}))["stream"] == "error"


async def market(connect: Connect, server: Live, path: str, is_msgpack: bool = False, **channels: list[str]) -> Client:
    headers = {"Content-Type": "application/msgpack"} if is_msgpack else {}
    client = await opened(connect, server, path, **headers)
    assert await client.receive() == [{"T": "success", "msg": "connected"}]
    assert await client.ask({"action": "auth", **KEYS}) == [{"T": "success", "msg": "authenticated"}]
    (reply,) = await client.ask({"action": "subscribe", **channels})
    assert reply["T"] == "subscription"
    assert {name: reply[name] for name in channels} == channels
    return client


async def test_quotes_and_trades_are_sent_at_a_tick(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v2/iex", trades=["AAPL"], quotes=["AAPL"])
    server.step()
    found = {message[0]["T"]: message[0] for message in [await client.receive() for _ in range(2)]}
    assert found.keys() == {"t", "q"}
    assert {message["S"] for message in found.values()} == {"AAPL"}
    assert found["q"].keys() == {"T", "S", "t", "bp", "bs", "ap", "as", "bx", "ax", "c", "z"}
    assert found["q"]["t"].endswith("Z")


async def test_msgpack_is_chosen_by_the_content_type(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v1beta3/crypto/us", True, quotes=["BTC/USD"])
    server.step()
    (quote,) = await client.receive()
    assert (quote["T"], quote["S"], type(quote["t"])) == ("q", "BTC/USD", msgpack.Timestamp)


async def test_complete_minute_is_a_bar(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v1beta2/crypto", bars=["BTC/USD"], updatedBars=["BTC/USD"], dailyBars=[])
    kinds = []
    server.step(30_000)
    kinds.append((await client.receive())[0]["T"])
    server.step(30_000)
    kinds += sorted([(await client.receive())[0]["T"] for _ in range(3)])
    assert kinds == ["u", "b", "u", "u"]


async def test_order_book_is_sent_whole(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v1beta3/crypto/us", orderbooks=["BTC/USD"])
    server.step()
    (book,) = await client.receive()
    assert (book["T"], book["r"], len(book["b"])) == ("o", True, 10)


async def test_halt_is_a_status(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v2/sip", statuses=["AAPL"])
    server.step()
    await server.call("POST", "/datafeed/scenarios", HALT | {"end": server.clock.now_ms() + 10_000})
    server.step(1000)
    (status,) = await client.receive()
    assert (status["T"], status["S"], status["sc"]) == ("s", "AAPL", "H")
    server.step(20_000)
    (status,) = await client.receive()
    assert (status["sc"], status["sm"]) == ("T", "Trading Resumption")


async def test_star_means_every_symbol_and_unsubscribing_ends_it(live: StartLive, connect: Connect) -> None:
    server = await live()
    client = await market(connect, server, "/v2/iex", quotes=[])
    (reply,) = await client.ask({"action": "subscribe", "quotes": ["*"]})
    assert reply["quotes"] == ["AAPL", "GOOGL", "MSFT", "JPM", "EURUSD", "USDJPY", "SAP"]
    (reply,) = await client.ask({"action": "unsubscribe", "quotes": ["*"]})
    assert reply["quotes"] == []
    assert server.server.services.hub.counts() == (0, 0)


async def test_channel_without_messages_is_listed_empty(live: StartLive, connect: Connect) -> None:
    client = await market(connect, await live(), "/v2/iex", quotes=["AAPL"])
    (reply,) = await client.ask({"action": "subscribe", "lulds": ["AAPL"], "corrections": ["*"]})
    assert (reply["quotes"], reply["lulds"], reply["corrections"], reply["cancelErrors"]) == (["AAPL"], [], [], [])


async def test_subscriptions_have_a_limit(live: StartLive, connect: Connect) -> None:
    client = await opened(connect, await live(limits=StreamLimits(topics=2)), "/v2/sip")
    await client.receive()
    await client.ask({"action": "auth", **KEYS})
    (reply,) = await client.ask({"action": "subscribe", "trades": ["AAPL", "MSFT", "JPM"]})
    assert (reply["T"], reply["code"]) == ("error", 405)


async def test_waiting_order_is_accepted_and_expires(live: StartLive, connect: Connect) -> None:
    server = await live(sessions="exchange")
    server.step(5 * 86_400_000)  # to Saturday
    client = await trading(connect, server)
    await server.place(type=1, limitPrice=150.0, duration={"type": "DAY"})
    server.step(3 * 86_400_000)
    assert told(await updates(client, 2)) == [("accepted", "accepted", "limit"), ("expired", "expired", "limit")]


async def test_wrong_message_gets_an_error_code(live: StartLive, connect: Connect) -> None:
    client = await opened(connect, await live(), "/v2/iex")
    await client.receive()
    for message, code in (
        ({"action": "subscribe", "quotes": ["AAPL"]}, 401),
        (["not", "an", "object"], 400),
        ({"action": "auth", **KEYS}, None),
        ({"action": "auth", **KEYS}, 403),
        ({"action": "subscribe", "orderbooks": ["AAPL"]}, 410),
    ):
        (reply,) = await client.ask(message)
        assert reply.get("code") == code
