"""What generated cases found, kept as plain tests."""

from typing import Any

import pytest

from tests.conftest import StartLive

LIMIT = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 100}


async def test_closing_has_one_method_each(live: StartLive) -> None:
    server = await live()
    await server.place()
    response = await server.fetch("DELETE", "/broker/positions/AAPL/close")
    assert (response.code, response.headers["Allow"]) == (405, "POST")
    assert len(await server.call("GET", "/broker/positions")) == 1


@pytest.mark.parametrize("query", ["accountId=%17", "accountId=%20"])
async def test_a_query_keeps_its_length(query: str, live: StartLive) -> None:
    assert (await (await live()).fetch("GET", f"/broker/account?{query}")).code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"type": 1.0, "side": 1.0}, 200),
        ({"side": 1.5}, 422),
        ({"duration": {"type": "GTC", "datetime": 1e12}}, 200),
        ({"duration": {"type": "GTC", "datetime": 0.5}}, 422),
        ({"duration": {"type": "GTC", "datetime": 1e300}}, 422),
    ],
)
async def test_a_whole_number_may_be_written_with_a_fraction_of_zero(
    change: dict[str, Any], status: int, live: StartLive
) -> None:
    assert (await (await live()).fetch("POST", "/broker/orders", LIMIT | change)).code == status


async def test_zero_is_not_false(live: StartLive) -> None:
    server = await live()
    for hedging, status in ((0, 422), (True, 200), (False, 200)):
        assert (await server.fetch("POST", "/broker/accounts", {"profile": {"hedging": hedging}})).code == status


@pytest.mark.parametrize("resolution", ["", "7", "1d"])
async def test_a_resolution_outside_its_schema_is_refused(resolution: str, live: StartLive) -> None:
    path = f"/datafeed/bars?symbol=AAPL&resolution={resolution}"
    assert (await (await live()).fetch("GET", path)).code == 422
