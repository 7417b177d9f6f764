"""Backups and restores: what is put aside can be read, private stays private, errors name their file."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage import admin, data_directory, recovery, snapshots
from server.storage.data_directory import Directory, StorageError
from server.storage.recovery import open_storage
from tests.conftest import StartLive
from tests.live import Live
from tests.server.storage.journals import INSTRUMENTS


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "var")


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


async def life(live: StartLive, directory: Directory, orders: int) -> Live:
    """Start on a directory and trade."""
    server = await live(data_dir=directory.path, ephemeral=False)
    for _ in range(orders):
        await server.place(qty=1)
    return server


async def killed(live: StartLive, directory: Directory, orders: int, tmp_path: Path) -> None:
    """Leave a directory as a process that was killed does: with a write-ahead log."""
    server = await life(live, directory, orders)
    as_it_was = tmp_path / "as-it-was"
    shutil.copytree(directory.path, as_it_was)
    await server.server.storage.close()
    shutil.rmtree(directory.path)
    as_it_was.rename(directory.path)


def events(file: Path) -> int:
    connection = sqlite3.connect(file)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
        return count
    finally:
        connection.close()


async def test_each_restore_puts_aside_what_can_be_read(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await killed(live, directory, 3, tmp_path)
    assert admin.backup(directory, copy) == 7
    admin.restore(directory, copy)
    server = await life(live, directory, 5)
    await server.server.storage.close()
    admin.restore(directory, copy)
    aside = list(directory.path.glob("replaced/*/journal.db"))
    assert sorted(events(file) for file in aside) == [7, 17]


async def test_restore_that_was_cut_short_goes_on(
    live: StartLive, directory: Directory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await killed(live, directory, 3, tmp_path)
    copy = tmp_path / "copy.db"
    admin.backup(directory, copy)

    def cut(*_arguments: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr(data_directory, "write_head", cut)
        with pytest.raises(OSError, match="power"):
            admin.restore(directory, copy)
    open_storage(directory.path, INSTRUMENTS, 1).release()
    [aside] = directory.path.glob("replaced/*")
    assert {path.name for path in aside.iterdir()} >= {"journal.db", "journal.db-wal", "journal.head"}
    assert events(aside / "journal.db") == 7


async def test_damaged_restore_is_refused_and_the_journal_stays(
    live: StartLive, directory: Directory, tmp_path: Path
) -> None:
    server = await life(live, directory, 2)
    copy = tmp_path / "copy.db"
    admin.backup(directory, copy)
    admin.restore(directory, copy)
    await server.server.storage.close()
    data = bytearray(directory.staged.read_bytes())
    data[data.index(b"ORDER-1")] ^= 1
    directory.staged.write_bytes(data)
    with pytest.raises(StorageError, match=r"restore\.db is damaged"):
        open_storage(directory.path, INSTRUMENTS, 1)
    directory.staged.unlink()
    recovered = open_storage(directory.path, INSTRUMENTS, 1)
    assert recovered.state.head.seq == 5
    recovered.release()


async def test_snapshots_of_a_replaced_history_make_room(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await (await life(live, directory, 1)).server.storage.close()
    admin.backup(directory, copy)
    for _ in range(2):
        await (await life(live, directory, 5)).server.storage.close()
    admin.restore(directory, copy)
    made = admin.snapshot(directory, INSTRUMENTS, 1)
    assert made.exists()
    assert [found.path for found in snapshots.newest(directory.snapshots, INSTRUMENTS)] == [made]


async def test_copies_are_for_their_owner(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    directory.path.mkdir(mode=0o755)
    await (await life(live, directory, 1)).server.storage.close()
    copy = tmp_path / "copy.db"
    admin.backup(directory, copy)
    admin.restore(directory, copy)
    assert [oct(path.stat().st_mode & 0o777) for path in (copy, directory.database)] == ["0o600", "0o600"]


async def test_backup_touches_no_other_file(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    await (await life(live, directory, 1)).server.storage.close()
    other = tmp_path / "copy.db.part"
    other.write_text("mine")
    admin.backup(directory, tmp_path / "copy.db")
    assert other.read_text() == "mine"
    with pytest.raises(StorageError, match="take over"):
        admin.backup(directory, directory.staged)
    assert {path.name for path in tmp_path.iterdir()} == {"var", "copy.db", "copy.db.part"}


async def test_errors_name_the_file_that_is_wrong(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    await (await life(live, directory, 1)).server.storage.close()
    text = tmp_path / "text.txt"
    text.write_text("no database " * 1000)
    with pytest.raises(StorageError, match=r"text\.txt cannot be read: file is not a database"):
        admin.restore(directory, text)
    with pytest.raises(StorageError, match=r"copying to .*/none/\.copy\.db"):
        admin.backup(directory, tmp_path / "none" / "copy.db")
    nothing = Directory(tmp_path / "nothing")
    assert list(admin.find_faults(nothing, INSTRUMENTS, 1)) == [f"there is no journal in {nothing.path}"]
    assert not nothing.path.exists()
    assert recovery.REPLACED not in {path.name for path in directory.path.iterdir()}


async def test_a_copy_that_fails_leaves_no_file(live: StartLive, directory: Directory, tmp_path: Path) -> None:
    await (await life(live, directory, 20)).server.storage.close()
    data = directory.database.read_bytes()
    directory.database.write_bytes(data[:8192] + bytes(len(data) - 8192))
    connection = data_directory.connect(directory.database)
    with pytest.raises(StorageError, match="copying to"):
        data_directory.copy(connection, tmp_path / "copy.db")
    connection.close()
    assert {path.name for path in tmp_path.iterdir()} == {"var"}
