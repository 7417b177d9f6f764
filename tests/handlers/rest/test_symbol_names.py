"""Names of symbols: answers have the plain name, requests may have EXCHANGE:NAME wherever a symbol is."""

import json
from typing import Any

import pytest

from tests.conftest import OpenStream, StartLive
from tests.live import ACCOUNT
from tests.support import MONDAY_MORNING_MS

FULL = "NASDAQ:AAPL"
ORDER = {"symbol": FULL, "type": 2, "side": 1, "qty": 10}
RESTING = ORDER | {"type": 1, "limitPrice": 1.0}
UDF_RANGE = "from=1767000000&to=1767700000&resolution=1D"

REQUESTS: list[tuple[str, str, Any]] = [
    ("POST", "/broker/orders", ORDER),
    ("POST", "/broker/orders/preview", ORDER),
    ("PUT", "/broker/orders/ORDER-2", RESTING | {"limitPrice": 2.0}),
    ("DELETE", f"/broker/orders?symbol={FULL}", None),
    ("DELETE", f"/broker/positions/{FULL}", None),
    ("DELETE", "/broker/positions/NASDAQ%3AAAPL?amount=4", None),
    ("POST", f"/broker/positions/{FULL}/close", {"amount": 4}),
    ("POST", f"/broker/positions/{FULL}/reverse", None),
    ("PUT", f"/broker/positions/{FULL}/brackets", {"brackets": {"takeProfit": 9000.0}}),
    ("GET", f"/broker/executions/{FULL}", None),
    ("GET", f"/broker/symbols/{FULL}", None),
    ("GET", f"/broker/leverage/info?symbol={FULL}&orderType=2&side=1", None),
    ("PUT", "/broker/leverage/set", {"symbol": FULL, "leverage": 5}),
    ("POST", "/broker/leverage/preview", {"symbol": FULL, "leverage": 5}),
    ("GET", f"/datafeed/resolve/{FULL}", None),
    ("GET", f"/datafeed/search?user_input={FULL}", None),
    ("GET", f"/datafeed/bars?symbol={FULL}&resolution=1D&count_back=2", None),
    ("POST", "/datafeed/quotes", {"symbols": [FULL]}),
    ("POST", "/datafeed/sparklines", {"symbols": [FULL]}),
    ("GET", f"/datafeed/depth/{FULL}", None),
    ("POST", "/datafeed/scenarios", {"symbol": FULL, "kind": "shock", "factor": 0.9}),
    ("GET", f"/udf/symbols?symbol={FULL}", None),
    ("GET", f"/udf/search?query={FULL}", None),
    ("GET", f"/udf/history?symbol={FULL}&{UDF_RANGE}", None),
    ("GET", f"/udf/quotes?symbols={FULL}", None),
    ("GET", f"/udf/marks?symbol={FULL}&{UDF_RANGE}", None),
    ("GET", f"/udf/timescale_marks?symbol={FULL}&{UDF_RANGE}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
async def test_the_full_name_is_accepted_and_means_the_plain_one(
    method: str, path: str, body: Any, live: StartLive
) -> None:
    answers = []
    for name in (FULL, "AAPL"):
        server = await live()
        await server.place()
        await server.place(type=1, limitPrice=1.0)
        text = json.dumps(body).replace(FULL, name)
        route = path.replace(FULL, name).replace("NASDAQ%3AAAPL", name)
        answer = await server.fetch(method, route, None if body is None else text.encode())
        assert answer.code == 200, answer.body
        orders = await server.call("GET", "/broker/orders")
        assert {order["symbol"] for order in orders} == {"AAPL"}
        assert {one["symbol"] for one in await server.call("GET", "/broker/positions")} <= {"AAPL"}
        answers.append((answer.body.replace(FULL.encode(), b"AAPL"), orders))
    assert answers[0] == answers[1]


async def test_ticks_may_have_the_full_name(live: StartLive) -> None:
    server = await live(feed="external")
    tick = {"symbol": FULL, "time": MONDAY_MORNING_MS, "price": 190.0}
    assert await server.call("POST", "/datafeed/ticks", {"ticks": [tick]}) == {"accepted": 1}


@pytest.mark.parametrize(
    ("route", "payload"),
    [
        ("bars", {"symbol": FULL, "resolution": "1"}),
        ("quotes", {"symbols": [], "fast_symbols": [FULL]}),
        ("depth", {"symbol": FULL}),
        ("executions", ACCOUNT | {"symbol": FULL}),
    ],
)
async def test_subscriptions_may_have_the_full_name(
    route: str, payload: dict[str, Any], live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    client = await stream(server)
    topic = await client.subscribe(route, payload)
    assert FULL in topic
    await server.place()
    server.step()
    assert (await client.receive())["payload"]["topic"] == topic


async def test_tickers_are_plain_names(live: StartLive) -> None:
    server = await live()
    for path in ("/datafeed/search", "/udf/search?query="):
        assert all(one["ticker"] == one["symbol"] for one in await server.call("GET", path))
    for path in ("/datafeed/resolve/nasdaq:aapl", "/udf/symbols?symbol=nasdaq:aapl"):
        symbol = await server.call("GET", path)
        assert (symbol["name"], symbol["ticker"], symbol["full_name"]) == ("AAPL", "AAPL", FULL)
    columns = await server.call("GET", "/udf/symbol_info?group=NASDAQ")
    assert columns["ticker"] == columns["symbol"]


async def test_several_symbols_are_resolved_at_once_and_unknown_ones_left_out(live: StartLive) -> None:
    server = await live()
    found = await server.call("POST", "/datafeed/resolve", {"symbols": ["AAPL", "NOPE", "FOREX:EURUSD"]})
    assert [one["full_name"] for one in found] == ["NASDAQ:AAPL", "FOREX:EURUSD"]
    assert found[0] == await server.call("GET", "/datafeed/resolve/AAPL")
