"""Orders of the dialect, with the answers in Alpaca's own shapes."""

from typing import Any

import pytest

from tests.alpaca.venue import Venue

MARKET: dict[str, Any] = {"symbol": "AAPL", "qty": "10", "side": "buy", "type": "market", "time_in_force": "day"}
LIMIT: dict[str, Any] = {
    "symbol": "AAPL",
    "qty": 10,
    "side": "buy",
    "type": "limit",
    "limit_price": "150",
    "time_in_force": "gtc",
}
BRACKET: dict[str, Any] = {
    **LIMIT,
    "order_class": "bracket",
    "take_profit": {"limit_price": 160},
    "stop_loss": {"stop_price": 140},
}
OCO: dict[str, Any] = LIMIT | {
    "side": "sell",
    "limit_price": None,
    "order_class": "oco",
    "take_profit": {"limit_price": "900"},
    "stop_loss": {"stop_price": "20", "limit_price": "19.5"},
}


def place(venue: Venue, key: str, status: int = 200, **order: Any) -> Any:
    return venue.call(key, "POST", "/v2/orders", order, status)


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        (MARKET, {"type": "market", "status": "filled", "qty": "10", "filled_qty": "10", "order_class": "simple"}),
        (LIMIT, {"type": "limit", "status": "new", "limit_price": "150", "time_in_force": "gtc", "filled_qty": "0"}),
        ({**LIMIT, "type": "stop", "stop_price": 250}, {"type": "stop", "stop_price": "250", "limit_price": None}),
        (
            {**LIMIT, "type": "stop_limit", "stop_price": "250", "limit_price": 251.5},
            {"type": "stop_limit", "stop_price": "250", "limit_price": "251.5"},
        ),
        (
            {**MARKET, "side": "sell", "type": "trailing_stop", "trail_price": "2.5"},
            {"type": "trailing_stop", "trail_price": "2.5", "side": "sell", "status": "new", "limit_price": None},
        ),
        ({**LIMIT, "time_in_force": "ioc"}, {"status": "canceled", "time_in_force": "ioc"}),
        ({**MARKET, "time_in_force": "fok"}, {"status": "filled", "time_in_force": "fok"}),
        ({**MARKET, "symbol": "BTC/USD", "qty": "0.25", "time_in_force": "gtc"}, {"symbol": "BTC/USD", "qty": "0.25"}),
        ({**MARKET, "symbol": "BTCUSD", "qty": 0.25, "time_in_force": "gtc"}, {"asset_class": "crypto"}),
        ({**LIMIT, "client_order_id": "mine-1", "extended_hours": True}, {"client_order_id": "mine-1"}),
        (BRACKET, {"order_class": "bracket", "status": "new"}),
        (OCO, {"order_class": "oco", "status": "new", "type": "limit"}),
        ({**MARKET, "order_class": "oto", "stop_loss": {"stop_price": 10}}, {"order_class": "oto"}),
        ({**MARKET, "qty": None, "notional": "1000"}, {"notional": "1000", "qty": None, "status": "filled"}),
        (
            {**MARKET, "side": "sell", "type": "trailing_stop", "trail_percent": "2.5"},
            {"trail_percent": "2.5", "trail_price": None},
        ),
        ({**MARKET, "position_intent": "buy_to_open"}, {"position_intent": "buy_to_open"}),
        ({**MARKET, "time_in_force": "cls"}, {"time_in_force": "cls", "status": "accepted"}),
    ],
)
def test_order_is_answered_with_its_state(venue: Venue, key: str, order: Any, shown: dict[str, Any]) -> None:
    reply = place(venue, key, **order)
    assert shown.items() <= reply.items()
    assert venue.call(key, "GET", f"/v2/orders/{reply['id']}") == reply


def test_bracket_has_its_legs(venue: Venue, key: str) -> None:
    order = place(venue, key, **BRACKET)
    legs = [(leg["type"], leg["side"], leg["status"], leg["order_class"]) for leg in order["legs"]]
    assert legs == [("limit", "sell", "held", "bracket"), ("stop", "sell", "held", "bracket")]
    nested = venue.call(key, "GET", "/v2/orders?nested=True")
    assert [one["id"] for one in nested] == [order["id"]]
    assert len(nested[0]["legs"]) == 2
    flat = venue.call(key, "GET", "/v2/orders")
    assert {one["id"] for one in flat} == {order["id"], *(leg["id"] for leg in order["legs"])}


def test_stop_leg_with_a_limit_price_is_a_stop_limit_order(venue: Venue, key: str) -> None:
    order = place(venue, key, **BRACKET | {"stop_loss": {"stop_price": "140", "limit_price": 139.5}})
    _, leg = order["legs"]
    assert (leg["type"], leg["stop_price"], leg["limit_price"]) == ("stop_limit", "140", "139.5")
    moved = venue.call(key, "PATCH", f"/v2/orders/{leg['id']}", {"stop_price": 141, "limit_price": "140.5"})
    assert (moved["stop_price"], moved["limit_price"], moved["replaces"]) == ("141", "140.5", leg["id"])
    alone = place(venue, key, **{**BRACKET, "order_class": "oto", "take_profit": None, "stop_loss": moved})
    assert [(one["type"], one["order_class"]) for one in alone["legs"]] == [("stop_limit", "oto")]


def test_linked_order_has_the_other_as_its_leg(venue: Venue, key: str) -> None:
    order = place(venue, key, **OCO)
    (leg,) = order["legs"]
    assert (leg["type"], leg["stop_price"], leg["limit_price"]) == ("stop_limit", "20", "19.5")
    venue.call(key, "DELETE", f"/v2/orders/{leg['id']}", status=204)
    assert venue.call(key, "GET", f"/v2/orders/{order['id']}")["status"] == "canceled"


@pytest.mark.parametrize(
    ("order", "status", "code", "text"),
    [
        ({**MARKET, "symbol": "NOPE"}, 422, 40010001, "Invalid symbol"),
        ({**MARKET, "qty": "1.5"}, 422, 40010001, "not a multiple"),
        ({**MARKET, "qty": None}, 422, 40010001, "qty or notional is required"),
        ({**MARKET, "side": "hold"}, 422, 40010001, "side"),
        ({**LIMIT, "limit_price": None}, 422, 40010001, "limit orders require limit_price"),
        ({**LIMIT, "limit_price": "150.001"}, 422, 40010001, "limitPrice"),
        ({**MARKET, "qty": "100000"}, 403, 40310000, "insufficient buying power"),
        ({**LIMIT, "order_class": "bracket"}, 422, 40010001, "bracket orders require take_profit and stop_loss"),
    ],
)
def test_refused_order_is_answered_with_a_code(
    venue: Venue, key: str, order: Any, status: int, code: int, text: str
) -> None:
    answer = place(venue, key, status, **order)
    assert (answer["code"], text in answer["message"], "Value error" in answer["message"]) == (code, True, False), (
        answer
    )


def test_part_of_a_large_order_is_filled(venue: Venue) -> None:
    key = venue.open_account(balance=1e8)
    order = place(venue, key, **MARKET | {"symbol": "BTC/USD", "qty": "80", "time_in_force": "gtc"})
    assert order["status"] == "partially_filled"
    assert 0 < float(order["filled_qty"]) < 80


def test_trailing_stop_shows_its_best_price(venue: Venue, key: str) -> None:
    order = place(venue, key, **{**MARKET, "side": "sell", "type": "trailing_stop", "trail_price": "2.5"})
    assert float(order["hwm"]) == pytest.approx(float(order["stop_price"]) + 2.5)
    moved = venue.call(key, "PATCH", f"/v2/orders/{order['id']}", {"trail": "3"})
    assert (moved["trail_price"], moved["hwm"]) == ("3", order["hwm"])


def test_client_order_id_is_unique(venue: Venue, key: str) -> None:
    order = place(venue, key, **LIMIT, client_order_id="once")
    assert place(venue, key, 422, **LIMIT, client_order_id="once")["message"] == "client_order_id must be unique"
    found = venue.call(key, "GET", "/v2/orders:by_client_order_id?client_order_id=once")
    assert found["id"] == order["id"]


def test_order_without_a_client_id_is_found_by_its_own(venue: Venue, key: str) -> None:
    order = place(venue, key, **LIMIT)
    path = f"/v2/orders:by_client_order_id?client_order_id={order['client_order_id']}"
    assert venue.call(key, "GET", path)["id"] == order["id"]


def test_replaced_order_is_a_new_one(venue: Venue, key: str) -> None:
    first = place(venue, key, **LIMIT)
    second = venue.call(key, "PATCH", f"/v2/orders/{first['id']}", {"limit_price": "151", "qty": "20"})
    assert (second["replaces"], second["limit_price"], second["qty"]) == (first["id"], "151", "20")
    old = venue.call(key, "GET", f"/v2/orders/{first['id']}")
    assert (old["status"], old["replaced_by"], old["limit_price"]) == ("replaced", second["id"], "150")
    assert [one["id"] for one in venue.call(key, "GET", "/v2/orders")] == [second["id"]]
    assert {one["id"] for one in venue.call(key, "GET", "/v2/orders?status=all")} == {first["id"], second["id"]}
    for method, body in (("DELETE", None), ("PATCH", {"qty": 5})):
        assert venue.call(key, method, f"/v2/orders/{first['id']}", body, 422)["code"] == 42210000
    third = venue.call(key, "PATCH", f"/v2/orders/{second['id']}", {"limit_price": 152})
    assert (third["replaces"], third["qty"]) == (second["id"], "20")


@pytest.mark.parametrize("body", [{}, {"limit_price": "150"}, {"qty": 10, "time_in_force": "gtc"}])
def test_replacement_that_changes_nothing_is_refused(venue: Venue, key: str, body: dict[str, Any]) -> None:
    path = f"/v2/orders/{place(venue, key, **LIMIT)['id']}"
    assert venue.call(key, "PATCH", path, body, 422)["code"] == 42210000
    assert venue.call(key, "GET", path)["status"] == "new"


def test_replacement_may_have_another_client_id(venue: Venue, key: str) -> None:
    first = place(venue, key, **LIMIT, client_order_id="one")
    path = f"/v2/orders/{first['id']}"
    second = venue.call(key, "PATCH", path, {"limit_price": 151, "client_order_id": "two"})
    assert second["client_order_id"] == "two"
    assert venue.call(key, "GET", path)["client_order_id"] == "one"
    for name in ("one", "two"):
        found = venue.call(key, "GET", f"/v2/orders:by_client_order_id?client_order_id={name}")
        assert found["client_order_id"] == name
    body = {"limit_price": 152, "client_order_id": "one"}
    venue.call(key, "PATCH", f"/v2/orders/{second['id']}", body, 422)


def test_canceled_order_is_final(venue: Venue, key: str) -> None:
    order = place(venue, key, **LIMIT)
    venue.call(key, "DELETE", f"/v2/orders/{order['id']}", status=204)
    shown = venue.call(key, "GET", f"/v2/orders/{order['id']}")
    assert shown["status"] == "canceled" and shown["canceled_at"]
    assert venue.call(key, "DELETE", f"/v2/orders/{order['id']}", status=422)["code"] == 42210000


def test_every_open_order_is_canceled(venue: Venue, key: str) -> None:
    ids = {place(venue, key, **LIMIT)["id"] for _ in range(3)}
    rows = venue.call(key, "DELETE", "/v2/orders", status=207)
    assert {row["id"] for row in rows} == ids
    assert {row["status"] for row in rows} == {200}
    assert venue.call(key, "GET", "/v2/orders") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["GOOGL", "AAPL"]),
        ("?direction=asc", ["AAPL", "GOOGL"]),
        ("?limit=1", ["GOOGL"]),
        ("?symbols=AAPL,MSFT", ["AAPL"]),
        ("?status=closed", ["MSFT"]),
        ("?status=all", ["MSFT", "GOOGL", "AAPL"]),
        ("?side=sell", []),
        ("?asset_class=us_equity", ["GOOGL", "AAPL"]),
        ("?asset_class=crypto", []),
        ("?status=all&side=sell", []),
        ("?after=2026-01-05T15:00:00Z&status=all", []),
        ("?until=2999-01-01T00:00:00Z", ["GOOGL", "AAPL"]),
    ],
)
def test_orders_are_listed_by_query(venue: Venue, key: str, query: str, expected: list[str]) -> None:
    for symbol, order in (("AAPL", LIMIT), ("GOOGL", LIMIT), ("MSFT", MARKET)):
        place(venue, key, **{**order, "symbol": symbol, "qty": 1})
    assert [one["symbol"] for one in venue.call(key, "GET", f"/v2/orders{query}")] == expected


@pytest.mark.parametrize("order_id", ["00000000-0000-8000-8000-000000000001", "nonsense"])
def test_unknown_order_is_not_found(venue: Venue, key: str, order_id: str) -> None:
    assert venue.call(key, "GET", f"/v2/orders/{order_id}", status=404)["code"] == 40410000


def test_order_of_another_account_is_not_found(venue: Venue, key: str) -> None:
    order = place(venue, key, **LIMIT)
    assert venue.call(venue.open_account(), "GET", f"/v2/orders/{order['id']}", status=404)["code"] == 40410000
