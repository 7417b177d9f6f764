"""Snapshots fit the server that wants them, whoever makes them, and go without where they cannot be made."""

import asyncio
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.storage import admin, snapshots
from server.storage import service as storage_module
from server.storage.data_directory import Directory
from server.storage.recovery import open_storage
from tests.conftest import StartLive
from tests.server.storage.test_recovery import INSTRUMENTS
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


async def test_snapshots_take_a_tenth_of_a_core_at_most(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    storage, took_s, pauses = server.server.storage, 3.0, list[float]()
    times = iter((100.0, 100.0 + took_s))

    async def make(_path: Path) -> None:
        pass

    async def sleep(pause_s: float) -> None:
        pauses.append(pause_s)
        if len(pauses) > 1 or pause_s > storage_module.WATCH_S:
            raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(storage_module, "SNAPSHOT_EVENTS", 1)
        patched.setattr(storage_module, "monotonic", lambda: next(times))
        patched.setattr(storage, "make_snapshot", make)
        patched.setattr(asyncio, "sleep", sleep)
        with pytest.raises(asyncio.CancelledError):
            await storage._make_snapshots(tmp_path)
    assert pauses == [storage_module.WATCH_S, 9 * took_s]


def test_their_process_takes_what_nobody_else_wants() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        storage_module.stand_back(process.pid)
        policy = os.sched_getscheduler(process.pid)
    storage_module.stand_back(process.pid)
    assert policy == os.SCHED_IDLE


async def test_where_ranks_are_not_to_be_had_snapshots_are_made_all_the_same(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under a sandbox of systemd that answers EPERM."""

    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    storage = server.server.storage
    instruments = server.server.services.engine.market.instruments
    with monkeypatch.context() as patched:
        patched.setattr(os, "sched_setscheduler", refuse)
        await storage.make_snapshot(tmp_path)
    [found] = snapshots.newest(tmp_path / "snapshots", instruments)
    with monkeypatch.context() as patched:
        patched.setattr(os, "nice", refuse)
        path = admin.snapshot(Directory(tmp_path), instruments, storage._settings.seed)
    assert found.head == storage.journal.head
    assert path.exists()


class Starved:
    """A process that no processor has time for: it was killed, and does not get to its end."""

    pid = 2**22 + 1  # beyond the largest that Linux gives

    def __init__(self) -> None:
        self.is_begun, self.is_killed = asyncio.Event(), False

    async def wait(self) -> int:
        self.is_begun.set()
        never: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        return await never

    def kill(self) -> None:
        self.is_killed = True


async def test_a_stop_does_not_wait_for_a_process_that_gets_no_processor(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, process = await live(data_dir=tmp_path, ephemeral=False), Starved()
    await server.place()
    storage = server.server.storage

    async def begin(*_command: str, **_options: object) -> Starved:
        return process

    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "create_subprocess_exec", begin)
        patched.setattr(storage_module, "LEAVE_S", 0.001)
        storage._start(storage.make_snapshot(tmp_path))
        await asyncio.wait_for(process.is_begun.wait(), 5)
        await asyncio.wait_for(storage.close(), 5)
    assert process.is_killed
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    assert recovered.head.seq == 3
    recovered.release()
