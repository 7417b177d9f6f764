"""REST over real sockets: every address answers in its shape, every wrong request gets its problem body."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.operations import Address
from server.routes import addresses
from tests.conftest import OpenStream, StartLive
from tests.live import Live
from tests.support import MONDAY_MORNING_MS

ORDER = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}
LEVERAGE = {"symbol": "AAPL", "leverage": 20}
RESTING = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 1.0}

TABLE = addresses(("broker", "datafeed"), is_debug=True)
UDF_RANGE = "symbol=NASDAQ:AAPL&from=1767000000&to=1767700000&resolution=1D"
QUERIES = {
    "/udf/symbols": "symbol=AAPL",
    "/udf/symbol_info": "group=NASDAQ",
    "/udf/search": "query=AAP&type=stock&exchange=&limit=30",
    "/udf/history": UDF_RANGE,
    "/udf/quotes": "symbols=NASDAQ:AAPL,NOPE",
    "/udf/marks": UDF_RANGE,
    "/udf/timescale_marks": UDF_RANGE,
    "/charts_storage/1.1/drawing_templates": "tool=LineToolRay&name=Thick",
    "/api/v1/datafeed/bars": "symbol=AAPL&resolution=5&count_back=10",
    "/api/v1/datafeed/search": "user_input=a",
    "/api/v1/broker/leverage/info": "symbol=AAPL&orderType=1&side=1",
}
VALUES = {
    "{orderId}": "ORDER-2",
    "{positionId}": "AAPL",
    "{individualPositionId}": "POSITION-1",
    "{symbol}": "AAPL",
    "{executionId}": "EXEC-1",
    "{accountId}": "DEMO-ACCOUNT",
    "{scenarioId}": "SCENARIO-1",
}
BODIES: dict[str, Any] = {
    "placeOrder": ORDER,
    "placeLinkedOrders": {"orders": [RESTING, RESTING]},
    "modifyOrder": RESTING | {"limitPrice": 2.0},
    "getQuotes": {"symbols": ["AAPL", "NOPE"]},
    "resolveSymbols": {"symbols": ["AAPL", "MSFT"]},
    "getSparklines": {"symbols": ["AAPL", "MSFT"]},
    "publishTicks": {"ticks": [{"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0}]},
    "addScenario": {"symbol": "MSFT", "kind": "shock", "factor": 0.9},
    "closePositionPart": {"amount": 4},
    "previewOrder": ORDER | {"takeProfit": 9000.0, "stopLoss": 1.0},
    "editPositionBrackets": {"brackets": {"takeProfit": 9000.0}, "customFields": None},
    "editIndividualPositionBrackets": {"exitLevels": [{"qty": 5, "takeProfit": 9000.0}, {"qty": 5, "stopLoss": 1.0}]},
    "saveChart": {"name": "First", "content": "{}", "symbol": "AAPL", "resolution": "1D"},
    "saveStudyTemplate": {"name": "Trend", "content": "{}"},
    "saveDrawingTemplate": {"content": "{}"},
    "createAccount": {"name": "Second", "balance": 5000, "profile": {"commission": {"per_trade": 5}}},
    "resetAccount": {"balance": 7000},
    "setLeverage": {"symbol": "AAPL", "orderType": 1, "side": 1, "leverage": 25},
    "previewLeverage": {"symbol": "AAPL", "orderType": 1, "side": 1, "leverage": 5},
}


async def prepared(live: StartLive, hedging: bool = False) -> Live:
    """A server with a filled order, a resting one, a position and a scenario."""
    server = await live(debug=True)
    if hedging:
        await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {"profile": {"hedging": True}})
    await server.call("POST", "/datafeed/scenarios", {"symbol": "MSFT", "kind": "spread", "factor": 2})
    await server.place()
    await server.place(**RESTING)
    return server


def path_of(address: Address) -> str:
    path = address.full_path.removeprefix("/api/v1")
    for name, value in VALUES.items():
        path = path.replace(name, value)
    query = QUERIES.get(address.full_path)
    return f"{path}?{query}" if query else path


@pytest.mark.parametrize(
    ("address", "method"),
    [pytest.param(a, m, id=f"{m} {a.full_path}") for a in TABLE for m in a.operations],
)
async def test_every_operation_answers_in_the_shape_of_its_model(
    address: Address, method: str, live: StartLive
) -> None:
    operation = address.operations[method]
    is_individual = "individual-positions" in address.path
    server = await (live(feed="external") if operation.id == "publishTicks" else prepared(live, is_individual))
    answer = await server.call(method, path_of(address), BODIES.get(operation.id))
    model: Any = list[operation.reply] if operation.is_list else operation.reply  # type: ignore[name-defined]
    validated = TypeAdapter(model).validate_python(answer)
    assert TypeAdapter(model).dump_python(validated, mode="json", by_alias=True) == answer


async def test_another_method_is_405_with_the_allowed_ones(live: StartLive) -> None:
    """One server for all addresses: a refused method changes nothing."""
    server = await live(debug=True)
    for address in TABLE:
        response = await server.fetch("PATCH", path_of(address))
        assert response.code == 405, address.full_path
        assert set(response.headers["Allow"].split(", ")) >= set(address.operations), address.full_path


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nothing", None, 404, "NOT_FOUND"),
        ("GET", "/broker/orders/ORDER-99", None, 404, "UNKNOWN_ORDER"),
        ("DELETE", "/broker/orders/ORDER-99", None, 404, "UNKNOWN_ORDER"),
        ("DELETE", "/broker/orders/ORDER-1", None, 409, "ORDER_FINAL"),
        ("PUT", "/broker/orders/ORDER-1", ORDER, 409, "ORDER_FINAL"),
        ("POST", "/broker/positions/MSFT/close", {}, 404, "UNKNOWN_POSITION"),
        ("GET", "/broker/executions/NOPE", None, 404, "UNKNOWN_SYMBOL"),
        ("GET", "/broker/symbols/NOPE", None, 404, "UNKNOWN_SYMBOL"),
        ("GET", "/broker/account?accountId=NOPE", None, 404, "UNKNOWN_ACCOUNT"),
        ("GET", "/datafeed/resolve/NOPE", None, 404, "UNKNOWN_SYMBOL"),
        ("GET", "/datafeed/bars?symbol=NOPE&resolution=1", None, 404, "UNKNOWN_SYMBOL"),
        ("GET", "/datafeed/bars?symbol=AAPL&resolution=7", None, 422, "VALIDATION"),
        ("GET", "/datafeed/bars?symbol=AAPL&resolution=1&from_time=x", None, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"symbol": "NOPE"}, 400, "UNKNOWN_SYMBOL"),
        ("POST", "/broker/orders", ORDER | {"qty": 1.5}, 400, "BAD_QTY_STEP"),
        ("POST", "/broker/orders", ORDER | {"takeProfit": 1.0}, 400, "OCO_BAD_PRICES"),
        ("POST", "/broker/orders", ORDER | {"duration": {"type": "NEVER"}}, 400, "UNSUPPORTED_COMBINATION"),
        ("POST", "/broker/positions/MSFT/reverse", None, 404, "UNKNOWN_POSITION"),
        ("PUT", "/broker/positions/MSFT/brackets", {"brackets": {}}, 404, "UNKNOWN_POSITION"),
        ("PUT", "/broker/positions/AAPL/brackets", {"takeProfit": 1.0}, 400, "OCO_BAD_PRICES"),
        ("GET", "/broker/executions/EXEC-99/explain", None, 404, "UNKNOWN_ORDER"),
        ("GET", "/broker/leverage/info?symbol=NOPE", None, 400, "UNKNOWN_SYMBOL"),
        ("PUT", "/broker/leverage/set", {"symbol": "AAPL", "leverage": 101}, 400, "UNSUPPORTED_COMBINATION"),
        ("POST", "/broker/accounts", {"id": "DEMO-ACCOUNT", "name": "x"}, 400, "ACCOUNT_LIMIT"),
        ("POST", "/broker/accounts", {"name": "x", "currency": "EUR"}, 400, "UNSUPPORTED_COMBINATION"),
        ("POST", "/broker/accounts", {"name": "x", "balance": -1}, 422, "VALIDATION"),
        ("POST", "/broker/accounts", {"id": "a b", "name": "x"}, 422, "VALIDATION"),
        ("POST", "/broker/accounts/NOPE/reset", {}, 404, "UNKNOWN_ACCOUNT"),
        ("POST", "/broker/orders", ORDER | {"qty": "10"}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"qty": True}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"qty": 1e16}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"type": 9}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"type": True}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"side": 0}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"side": True}, 422, "VALIDATION"),
        ("POST", "/broker/orders", ORDER | {"stopType": False}, 422, "VALIDATION"),
        ("PUT", "/broker/leverage/set", LEVERAGE | {"orderType": True}, 422, "VALIDATION"),
        ("PUT", "/broker/leverage/set", LEVERAGE | {"side": True}, 422, "VALIDATION"),
        ("PUT", "/broker/leverage/set", LEVERAGE | {"side": "1"}, 422, "VALIDATION"),
        ("PUT", "/broker/leverage/set", LEVERAGE | {"leverage": True}, 422, "VALIDATION"),
        ("POST", "/broker/leverage/preview", LEVERAGE | {"orderType": 2.5}, 422, "VALIDATION"),
        ("POST", "/broker/orders", {"symbol": "AAPL"}, 422, "VALIDATION"),
        ("POST", "/broker/orders", b'{"symbol":"AAPL","type":2,"side":1,"qty":NaN}', 422, "VALIDATION"),
        ("POST", "/broker/orders", b'{"symbol":"AAPL","type":2,"side":1,"qty":Infinity}', 422, "VALIDATION"),
        ("POST", "/broker/orders", b"{", 422, "VALIDATION"),
        ("POST", "/broker/orders", b"\xff\xfe", 422, "VALIDATION"),
        ("POST", "/broker/orders", b"[" * 10_000, 422, "VALIDATION"),
        ("POST", "/broker/orders", b"x" * 70_000, 413, "BODY_TOO_LARGE"),
    ],
)
async def test_a_wrong_request_gets_its_problem_and_changes_nothing(
    method: str, path: str, body: Any, status: int, code: str, live: StartLive
) -> None:
    server = await prepared(live)
    before = await server.call("GET", "/broker/orders"), await server.call("GET", "/broker/positions")
    response = await server.fetch(method, path, body)
    problem = json.loads(response.body)
    assert (response.code, problem["status"], problem["code"]) == (status, status, code), problem
    assert response.headers["Content-Type"] == "application/problem+json"
    assert isinstance(problem["detail"], str) and problem["detail"]
    assert ("errors" in problem) is (status == 422)
    assert (await server.call("GET", "/broker/orders"), await server.call("GET", "/broker/positions")) == before


async def test_a_body_that_is_not_json_is_415(live: StartLive) -> None:
    response = await (await live()).fetch("POST", "/broker/orders", ORDER, headers={"Content-Type": "text/plain"})
    assert response.code == 415


async def test_unknown_fields_are_ignored_and_null_is_absent(live: StartLive) -> None:
    server = await live()
    order_id = await server.place(colour="red", limitPrice=None, duration=None)
    order = await server.call("GET", f"/broker/orders/{order_id}")
    assert (order["status"], order["limitPrice"], "colour" in order) == (2, None, False)


@pytest.mark.parametrize(
    ("modules", "path", "status"),
    [
        (("broker",), "/broker/account", 200),
        (("broker",), "/datafeed/config", 404),
        (("datafeed",), "/datafeed/config", 200),
        (("datafeed",), "/broker/account", 404),
        (("broker",), "/datafeed/health", 404),
        (("datafeed",), "/broker/ws", 404),
    ],
)
async def test_a_module_that_is_switched_off_is_not_there(
    modules: tuple[str, ...], path: str, status: int, live: StartLive
) -> None:
    assert (await (await live(modules=modules)).fetch("GET", path)).code == status


@pytest.mark.parametrize("name", ["execute-orders", "reset"])
async def test_debug_addresses_are_closed_without_debug(name: str, live: StartLive) -> None:
    assert (await (await live()).fetch("POST", f"/broker/debug/{name}")).code == 404


async def test_a_rest_only_clients_resting_order_fills_with_nobody_subscribed(live: StartLive) -> None:
    server = await live(tick_ms=10)
    (quote,) = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    order_id = await server.place(type=1, limitPrice=quote["v"]["ask"])
    order = await server.call("GET", f"/broker/orders/{order_id}")
    assert (order["status"], order["filledQty"]) == (2, 10)


async def test_an_order_beyond_the_displayed_size_works_through_the_ticks(live: StartLive) -> None:
    server = await live()
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {"balance": 100_000_000})
    order_id = await server.place(symbol="BTCUSD", qty=120)
    order = await server.call("GET", f"/broker/orders/{order_id}")
    executions = await server.call("GET", "/broker/executions/BTCUSD")
    assert (order["status"], len(executions), sum(one["qty"] for one in executions)) == (6, 10, order["filledQty"])
    for _ in range(10):
        server.step()
    assert (await server.call("GET", f"/broker/orders/{order_id}"))["status"] == 2


async def test_the_ticker_runs_while_an_order_works_and_stops_after_it(live: StartLive) -> None:
    server = await live()
    assert not server.server.ticker.health().running
    order_id = await server.place(**RESTING)
    assert server.server.ticker.health().running
    await server.call("DELETE", f"/broker/orders/{order_id}")
    assert not server.server.services.engine.needs_ticks()


async def test_cancel_many_cancels_what_matches(live: StartLive) -> None:
    server = await live()
    for symbol, side, price in (("AAPL", 1, 1.0), ("AAPL", -1, 9999.0), ("MSFT", 1, 1.0)):
        await server.place(**RESTING | {"symbol": symbol, "side": side, "limitPrice": price})
    answer = await server.call("DELETE", "/broker/orders?symbol=AAPL&side=1&ids=ORDER-1,ORDER-3")
    assert answer == {"success": True, "message": "1 orders canceled"}
    assert [o["status"] for o in await server.call("GET", "/broker/orders")] == [1, 6, 6]


async def test_history_is_paged_oldest_first(live: StartLive) -> None:
    server = await live()
    for _ in range(5):
        await server.place()
        server.clock.advance(1000)
    start = MONDAY_MORNING_MS
    newest = await server.call("GET", "/broker/executions?limit=2")
    page = await server.call("GET", f"/broker/executions?from={start + 1000}&to={start + 4000}&limit=2")
    assert [e["id"] for e in newest] == ["EXEC-4", "EXEC-5"]
    assert [e["id"] for e in page] == ["EXEC-2", "EXEC-3"]
    assert [o["id"] for o in await server.call("GET", "/broker/orders/history?limit=1")] == ["ORDER-5"]


async def test_config_says_what_is_true(live: StartLive) -> None:
    config = await (await live()).call("GET", "/broker/config")
    assert config["supportOrderBrackets"] and not config["supportModifyOrderType"]
    assert [duration["value"] for duration in config["durations"]] == ["DAY", "GTC", "GTD", "FOK", "IOC", "OPG", "CLS"]
    assert [duration["value"] for duration in config["durations"] if duration["default"]] == ["GTC"]


async def test_every_update_has_the_shape_of_its_model(live: StartLive, stream: OpenStream) -> None:
    from engine.topics import ROUTES
    from tests.handlers.stream.test_stream import SUBSCRIPTIONS

    server = await live()
    # A margin call at ten times the margin used: 800 shares are too many for 100,000.
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {"profile": {"margin_call": 10, "hedging": True}})
    client = await stream(server)
    for route, payload in SUBSCRIPTIONS.items():
        await client.ask(f"{route}.subscribe", payload)
    await server.place(qty=800, customFields={"note": "x"}, currentQuotes={"ask": 1.0, "bid": 0.9})
    for _ in range(3):
        server.step()
    seen = set()
    for message in await client.drained():
        kind = ROUTES[message["type"].removesuffix(".update")]
        payload = message["payload"]["payload"]
        assert kind.update.model_validate(payload).model_dump(mode="json") == payload
        seen.add(kind.name)
    assert seen == {name for name, route in ROUTES.items() if route.module != "control"}
