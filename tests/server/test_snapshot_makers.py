"""Snapshots fit the server that wants them, whoever makes them, and go without where they cannot be made."""

import logging
import sys
from pathlib import Path

import pytest

from server import snapshots
from server.recovery import open_storage
from tests.conftest import StartLive
from tests.server.test_recovery import INSTRUMENTS
from tests.support import MONDAY_MORNING_MS

BEGIN_S = MONDAY_MORNING_MS // 1000 - 3600


async def test_state_of_another_seed_is_made_anew(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    await server.server.storage.close()
    found = {}
    for seed in (1, 2):
        recovered = open_storage(tmp_path, INSTRUMENTS, seed)
        found[seed] = (recovered.snapshot_seq, recovered.broker.seed)
        recovered.release()
    assert found == {1: (3, 1), 2: (0, 2)}


async def test_snapshots_of_a_replay_are_of_its_instruments(live: StartLive, tmp_path: Path) -> None:
    folder = tmp_path / "prices"
    folder.mkdir()
    rows = "".join(f"{BEGIN_S + 60 * number},100,101,99,100,1000\n" for number in range(120))
    (folder / "AAPL.csv").write_text(f"time,open,high,low,close,volume\n{rows}")
    server = await live(data_dir=tmp_path / "var", ephemeral=False, replay=folder)
    await server.place()
    storage, instruments = server.server.storage, server.server.services.engine.market.instruments
    await storage.make_snapshot(tmp_path / "var")
    [found] = snapshots.newest(tmp_path / "var" / "snapshots", instruments)
    assert (found.head, list(instruments)) == (storage.journal.head, ["AAPL"])


async def test_a_process_that_cannot_be_started_is_logged(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "replaced-by-an-upgrade"))
    with caplog.at_level(logging.WARNING, "trading.storage"):
        await server.server.storage.make_snapshot(tmp_path)
    assert "no snapshot was made" in caplog.text
