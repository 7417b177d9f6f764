"""History that left memory: paging gives every row once, whatever memory still holds."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.conftest import StartLive
from tests.live import Live

KEPT = 20
COUNT = 90
PAGE = 7


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.broker.account.KEPT_FINAL_ORDERS", KEPT)
    monkeypatch.setattr("engine.broker.account.KEPT_EXECUTIONS", KEPT)


async def trade(server: Live, count: int = COUNT) -> None:
    for number in range(count):
        await server.place(side=1 if number % 2 else -1, qty=1, customFields={"number": number})
        server.clock.advance(5)


async def upwards(server: Live, path: str, time_of: str) -> list[dict[str, Any]]:
    """All rows, page by page from the beginning."""
    rows: dict[str, dict[str, Any]] = {}
    since = 0
    while page := await server.call("GET", f"{path}?from={since}&limit={PAGE}"):
        rows |= {row["id"]: row for row in page}
        since = page[-1][time_of] + 1
    return list(rows.values())


async def downwards(server: Live, path: str, time_of: str) -> list[dict[str, Any]]:
    """All rows, page by page from the end."""
    rows: list[dict[str, Any]] = []
    until = 10**15
    while page := await server.call("GET", f"{path}?to={until}&limit={PAGE}"):
        rows = page + rows
        until = page[0][time_of]
    return rows


@pytest.mark.parametrize("is_durable", [True, False])
@pytest.mark.parametrize("walk", [upwards, downwards])
async def test_paging_gives_every_row_once_and_in_order(
    walk: Callable[..., Any], is_durable: bool, live: StartLive, tmp_path: Path
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=not is_durable)
    await trade(server)
    executions = await walk(server, "/broker/executions", "time")
    assert [row["id"] for row in executions] == [f"EXEC-{number + 1}" for number in range(COUNT)]
    orders = await walk(server, "/broker/orders/history", "updateTime")
    assert [row["id"] for row in orders] == [f"ORDER-{number + 1}" for number in range(COUNT)]
    assert [row["customFields"]["number"] for row in orders] == list(range(COUNT))
    account = server.server.services.engine.account(None)
    assert (len(account.final), len(account.executions)) == (KEPT, KEPT)


async def test_rows_of_memory_and_archive_are_the_same(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server, KEPT)
    paths = ("/broker/executions?from=0", "/broker/orders/history?from=0")
    from_memory = [await server.call("GET", path) for path in paths]
    await trade(server, KEPT)
    from_archive = [(await server.call("GET", path))[:KEPT] for path in paths]
    assert from_archive == from_memory


@pytest.mark.parametrize("is_durable", [True, False])
async def test_pages_of_orders_that_ended_in_one_millisecond(is_durable: bool, live: StartLive, tmp_path: Path) -> None:
    """Ten clients at once: their orders may share rows, of which a page may need a part."""
    server = await live(data_dir=tmp_path, ephemeral=not is_durable)
    for _ in range(5):
        await asyncio.gather(*(server.place(side=side) for side in (1, -1) * 5))
        server.clock.advance(5)
    newest = await server.call("GET", f"/broker/orders/history?to={10**15}&limit=17")
    oldest = await server.call("GET", "/broker/orders/history?from=0&limit=17")
    assert [row["id"] for row in newest] == [f"ORDER-{number}" for number in range(34, 51)]
    assert [row["id"] for row in oldest] == [f"ORDER-{number}" for number in range(1, 18)]


async def test_updates_are_read_from_any_number_on_wherever_rows_end(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    for count in (1, 7, 1, 12):
        await asyncio.gather(*(server.place() for _ in range(count)))
    archive = server.server.storage.archive
    whole = archive.updates("orders:DEMO-ACCOUNT", 0, 1000)
    assert whole is not None
    assert [orjson.loads(body)["id"] for body in whole] == [f"ORDER-{number}" for number in range(1, 22)]
    for after in range(22):
        for limit in (1, 3, 100):
            assert archive.updates("orders:DEMO-ACCOUNT", after, limit) == whole[after : after + limit]


async def test_updates_that_are_gone_in_part_are_none(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    for _ in range(5):
        await server.place()
    storage = server.server.storage
    writer = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    writer.execute("DELETE FROM updates WHERE channel = 'orders:DEMO-ACCOUNT' AND seq = 3")
    writer.close()
    assert storage.archive.updates("orders:DEMO-ACCOUNT", 1, 10) is None
    assert storage.archive.updates("orders:DEMO-ACCOUNT", 2, 10) is None
    assert len(storage.archive.updates("orders:DEMO-ACCOUNT", 3, 10) or ()) == 2


async def test_reset_account_has_no_older_history(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server, 30)
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {})
    assert await server.call("GET", "/broker/executions?from=0") == []
    assert await server.call("GET", "/broker/orders/history?from=0") == []
    server.clock.advance(5)
    await trade(server, 30)
    assert [row["id"] for row in await upwards(server, "/broker/executions", "time")] == [
        f"EXEC-{number}" for number in range(31, 61)
    ]
