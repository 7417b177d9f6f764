"""Whatever a client sends and whatever the engine decides can be stored, or changes nothing."""

import pytest

from tests.conftest import StartLive

LAST_KEPT = (-(2**63), 2**64 - 1)


def order(number: str) -> bytes:
    """An order whose custom fields hold a number as it is written."""
    return b'{"symbol":"AAPL","type":2,"side":1,"qty":1,"customFields":{"a":[{"b":%b}]}}' % number.encode()


@pytest.mark.parametrize("number", [*map(str, (LAST_KEPT[0] - 1, LAST_KEPT[1] + 1)), "1e400", "NaN", "-Infinity"])
async def test_custom_fields_with_a_number_that_cannot_be_stored_change_nothing(number: str, live: StartLive) -> None:
    server = await live()
    refused = await server.fetch("POST", "/broker/orders", order(number))
    assert refused.code == 422
    assert b"beyond 64 bits" in refused.body
    assert await server.place() == "ORDER-1"
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == ["ORDER-1"]


@pytest.mark.parametrize("number", LAST_KEPT)
async def test_custom_fields_come_back_as_they_were_sent(number: int, live: StartLive) -> None:
    server = await live()
    assert (await server.fetch("POST", "/broker/orders", order(str(number)))).code == 200
    [row] = await server.call("GET", "/broker/orders")
    assert row["customFields"] == {"a": [{"b": number}]}
