"""History that left memory: paging gives every row once, whatever memory still holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
