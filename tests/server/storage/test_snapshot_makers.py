"""Snapshots fit the server that reads them, and a server goes on without them where they cannot be made."""

import asyncio
import logging
import os
import sys
from pathlib import Path

import pytest

from server.settings import Settings
from server.storage import admin, snapshots
from server.storage.data_directory import Directory
from server.storage.recovery import open_storage
from server.storage.service import SnapshotSchedule, Storage, Stores
from tests.conftest import StartLive
from tests.live import Live
from tests.server.storage.journals import INSTRUMENTS
from tests.support import MONDAY_MORNING_MS, WAIT_S

BEGIN_S = MONDAY_MORNING_MS // 1000 - 3600


async def test_state_of_another_seed_is_made_anew(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    await server.server.storage.close()
    found = {}
    for seed in (1, 2):
        recovered = open_storage(tmp_path, INSTRUMENTS, seed)
        found[seed] = (recovered.state.snapshot_seq, recovered.state.broker.seed)
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


async def watched(live: StartLive, data_dir: Path, kill_s: float = WAIT_S) -> tuple[Live, Storage]:
    """Return a live server with an order, and a storage service for it that makes a snapshot after every event."""
    recovered = open_storage(data_dir, INSTRUMENTS, 1)
    server = await live(recovered=recovered, data_dir=data_dir, ephemeral=False)
    await server.place()
    own, services = server.server.storage, server.server.services
    stores, schedule = Stores(own.journal, own.archive), SnapshotSchedule(events=1, check_s=0.001, kill_s=kill_s)
    settings = Settings(data_dir=data_dir)
    return server, Storage(recovered, stores, services.engine, services.publisher, settings, schedule)


async def test_snapshots_are_made_when_enough_was_stored(live: StartLive, tmp_path: Path) -> None:
    server, storage = await watched(live, tmp_path)
    storage.watch()
    async with asyncio.timeout(WAIT_S):
        while not (found := list(snapshots.newest(tmp_path / "snapshots", INSTRUMENTS))):
            await asyncio.sleep(0.01)
    assert found[0].head == server.server.storage.journal.head
    await storage.close()


async def test_snapshot_is_made_where_a_sandbox_forbids_a_lower_priority(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    monkeypatch.setattr(os, "nice", refuse)
    assert admin.snapshot(Directory(tmp_path), INSTRUMENTS, 1).exists()


class StarvedProcess:
    """A process without a processor: it was killed and does not end."""

    def __init__(self) -> None:
        self.is_begun, self.is_killed = asyncio.Event(), False

    async def wait(self) -> int:
        self.is_begun.set()
        never: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        return await never

    def kill(self) -> None:
        self.is_killed = True


async def test_a_stop_does_not_wait_for_a_snapshot_process_without_a_processor(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = StarvedProcess()

    async def begin(*_command: str, **_options: object) -> StarvedProcess:
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    _server, storage = await watched(live, tmp_path, kill_s=0.001)
    storage.watch()
    await asyncio.wait_for(process.is_begun.wait(), WAIT_S)
    await asyncio.wait_for(storage.close(), WAIT_S)
    assert process.is_killed
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    assert recovered.state.head.seq == 3
    recovered.release()
