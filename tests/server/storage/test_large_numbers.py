"""Money beyond 64 bits: no deposit is as large, but what is lost or won may be."""

from pathlib import Path

import pytest

from engine.broker.events import MarginCallChanged
from server.storage import codec
from server.storage.admin import find_faults
from server.storage.data_directory import Directory
from tests.conftest import StartLive
from tests.server.storage.journals import INSTRUMENTS
from tests.server.storage.test_recovery import restart


@pytest.mark.parametrize("equity", [2**63 - 1, 2**64, -(2**63), -(2**63) - 1, -(10**22) - 1])
def test_money_is_exact_at_any_size(equity: int) -> None:
    event = MarginCallChanged("A", 1, True, equity, 2**70)
    assert codec.decode("MarginCallChanged", 1, codec.encode(event)) == event


async def test_account_that_lost_more_than_64_bits_is_stored_and_comes_back(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    profile = {"leverage": 100, "unlimited_size": True, "stop_out": None, "limits": {"max_open_orders": None}}
    await server.call("POST", "/broker/accounts", {"id": "BIG", "balance": 500_000_000, "profile": profile})
    for _ in range(20):
        order = {"symbol": "AAPL", "type": 2, "side": -1, "qty": 1_000_000}
        await server.call("POST", "/broker/orders?accountId=BIG", order)
    await server.call("POST", "/datafeed/scenarios", {"symbol": "AAPL", "kind": "shock", "factor": 100.0})
    for _ in range(3):
        server.step()
    state = await server.call("GET", "/broker/account/state?accountId=BIG")
    assert state["equity"] * 10**10 < -(2**63)
    assert state["message"]["type"] == "warning"
    again = await restart(live, server, tmp_path)
    assert await again.call("GET", "/broker/account/state?accountId=BIG") == state
    assert list(find_faults(Directory(tmp_path), INSTRUMENTS, 1)) == []
