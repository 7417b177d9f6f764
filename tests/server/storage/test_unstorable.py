"""Whatever a client sends and whatever the engine decides can be stored, or changes nothing."""

import asyncio
from pathlib import Path

import pytest

from engine.broker.broker import Broker
from engine.core import Engine
from engine.errors import Unavailable
from engine.journal import Outcome
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder, Side
from tests.conftest import OpenStream, StartLive
from tests.support import WAIT_S, stored

REQUEST = PreOrder(symbol="AAPL", type=OrderType.MARKET, side=Side.BUY, qty=1)
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


@pytest.mark.parametrize("is_ephemeral", [True, False])
async def test_a_batch_without_a_form_in_the_journal_changes_nothing(
    is_ephemeral: bool, live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    """A model that was not validated stands for a defect that nobody knows yet."""
    server = await live(ephemeral=is_ephemeral, **({} if is_ephemeral else {"data_dir": tmp_path}))
    client = await stream(server)
    await client.subscribe("orders")
    assert await server.place() == "ORDER-1"
    engine, publisher = server.server.services.engine, server.server.services.publisher
    outcome = engine.place_order(None, REQUEST.model_copy(update={"customFields": {"a": 1 << 64}}))
    told = stored(publisher, outcome.result)
    assert told is not None
    with pytest.raises(Unavailable, match="nothing was changed"):
        await asyncio.wait_for(told, WAIT_S)
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == ["ORDER-1"]
    async with asyncio.timeout(WAIT_S):
        while (await server.fetch("GET", "/health")).code == 503:
            await asyncio.sleep(0)
    assert await server.place() == "ORDER-2"
    assert [m["payload"]["payload"]["id"] for m in await client.drained()] == ["ORDER-1", "ORDER-2"]
    count, accounts = [server.server.storage.journal.count, len(engine.broker.accounts)]
    assert (count, accounts) == (5, 1)


@pytest.mark.parametrize("is_ephemeral", [True, False])
async def test_a_command_that_an_error_tears_changes_nothing(
    is_ephemeral: bool, live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect behind the first event of a command: nothing of it is left."""
    server = await live(ephemeral=is_ephemeral, **({} if is_ephemeral else {"data_dir": tmp_path}))
    assert await server.place() == "ORDER-1"

    def torn(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(Broker, "_match", torn)
        with pytest.raises(RuntimeError, match="a defect"):
            server.server.services.engine.place_order(None, REQUEST)
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == ["ORDER-1"]
    async with asyncio.timeout(WAIT_S):
        while (await server.fetch("GET", "/health")).code == 503:
            await asyncio.sleep(0)
    assert await server.place() == "ORDER-2"
    assert server.server.storage.journal.count == 5


@pytest.mark.parametrize("is_ephemeral", [True, False])
async def test_a_command_whose_answer_cannot_be_written_is_stored(
    is_ephemeral: bool, live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect behind the decision: what the engine did is in its state, and so it has to be in the journal."""
    server = await live(ephemeral=is_ephemeral, **({} if is_ephemeral else {"data_dir": tmp_path}))
    place = Engine.place_order

    def unwritable(engine: Engine, account_id: str | None, request: PreOrder) -> Outcome[int]:
        return Outcome(1 << 64, place(engine, account_id, request).result)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "place_order", unwritable)
        with pytest.raises(AssertionError, match="answered 500"):  # no answer that the contract knows
            await server.place()
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == ["ORDER-1"]
    assert server.server.storage.journal.count == 3
    assert await server.place() == "ORDER-2"
    assert server.server.services.admission.active == 0


async def test_a_tick_that_an_error_tears_changes_nothing(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    expiry = {"type": "GTD", "datetime": server.clock.now_ms() + 1000}
    await server.place(type=1, limitPrice=90.0, duration=expiry)

    def torn(*_arguments: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(Broker, "_mark", torn)
        with pytest.raises(RuntimeError, match="a defect"):
            server.step(1500)
        [row] = await server.call("GET", "/broker/orders")
        assert row["status"] == OrderStatus.WORKING
    async with asyncio.timeout(WAIT_S):
        while (await server.fetch("GET", "/health")).code == 503:
            await asyncio.sleep(0)
    server.step()
    [row] = await server.call("GET", "/broker/orders")
    assert (row["status"], row["reason"]) == (OrderStatus.CANCELED, "EXPIRED")
