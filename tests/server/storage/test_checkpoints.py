"""The write-ahead log on its way into the database: its length, readers that hold it, errors, crashes."""

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest

from server.storage import data_directory
from server.storage.data_directory import CHECKPOINT_BYTES
from server.storage.journal import JournalDatabase
from server.storage.recovery import open_storage
from tests.server.storage.journals import INSTRUMENTS, OpenJournal, note
from tests.support import WAIT_S

LARGE = note(CHECKPOINT_BYTES // 16)
"""An update of 1 MiB: some sixteen commits fill the log."""


def log_bytes(one: OpenJournal) -> int:
    return one.directory.wal.stat().st_size


async def test_log_keeps_its_length_however_often_it_is_filled(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    lengths = []
    for number in range(50):
        await one.store(number, LARGE)
        lengths.append(log_bytes(one))
    assert CHECKPOINT_BYTES / 2 < max(lengths) < 1.2 * CHECKPOINT_BYTES
    assert one.directory.database.stat().st_size > 2 * CHECKPOINT_BYTES
    one.close()
    assert not one.directory.wal.exists()
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    assert recovered.state.head == one.journal.head
    recovered.release()


async def test_log_grows_behind_a_reader_and_is_cut_when_it_left(tmp_path: Path) -> None:
    """A backup takes seconds; commits go on meanwhile and wait for nothing."""
    one = OpenJournal(tmp_path)
    await one.store(0)
    reader = data_directory.connect(one.directory.database, is_read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    for number in range(1, 30):
        await one.store(number, LARGE)
    assert log_bytes(one) > 1.5 * CHECKPOINT_BYTES
    assert reader.execute("SELECT count(*) FROM events").fetchone() == (1,)
    reader.close()
    for number in range(30, 40):
        await one.store(number, LARGE)
    assert log_bytes(one) <= 1.2 * CHECKPOINT_BYTES
    one.close()


def broken(code: int) -> type[JournalDatabase]:
    """A database whose checkpoints end with an error of SQLite."""

    class Broken(JournalDatabase):
        def checkpoint_when_full(self) -> None:
            error = sqlite3.OperationalError("broken")
            error.sqlite_errorcode = code
            raise error

    return Broken


async def test_checkpoint_with_an_io_error_ends_storage(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path, database=broken(sqlite3.SQLITE_IOERR_FSYNC))
    await one.store(0)
    failure = await asyncio.wait_for(one.journal.failed(), WAIT_S)
    assert (failure.is_fatal, one.journal.is_writable) == (True, False)
    await one.store(1)
    assert one.answers == [(0, True), (1, False)]
    one.close()


async def test_checkpoint_without_space_is_tried_again(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path, database=broken(sqlite3.SQLITE_FULL))
    for number in range(3):
        await one.store(number)
    assert one.journal.is_writable
    assert one.answers == [(number, True) for number in range(3)]
    one.close()


@pytest.mark.parametrize("count", [1, 5, 18, 40])
async def test_crash_after_any_number_of_commits_loses_nothing(count: int, tmp_path: Path) -> None:
    """In the log, in the database, or in both; the files are copied as a process that is killed leaves them."""
    one = OpenJournal(tmp_path / "var")
    for number in range(count):
        await one.store(number, LARGE)
    left = tmp_path / "left"
    shutil.copytree(one.directory.path, left, ignore=shutil.ignore_patterns("*-shm", "lock"))
    recovered = open_storage(left, INSTRUMENTS, 1)
    assert recovered.state.head == one.journal.head
    recovered.release()
    one.close()
