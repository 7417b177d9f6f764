"""The log on its way into the database: a crash at every step, commits between any two, and readers in the way."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.broker.command_result import CommandResult
from engine.models.market.scenarios import ScenarioAdded
from engine.topics import Update
from server.storage import data_directory, seal, wal
from server.storage import disk as disk_module
from server.storage.data_directory import Directory, Head, StorageError, check_tail, read_head, rows
from server.storage.disk import Disk, Files
from server.storage.group_commit import Group
from server.storage.recovery import open_storage
from tests.server.storage.test_recovery import INSTRUMENTS

SEEDS = range(4)
STEPS = 12


class Steps:
    """A connection that tells between which of its statements one is."""

    def __init__(self, connection: sqlite3.Connection, step: Callable[[], None]) -> None:
        self._connection = connection
        self._step = step

    def execute(self, statement: str) -> sqlite3.Cursor:
        self._step()
        found = self._connection.execute(statement)
        self._step()
        return found

    def close(self) -> None:
        self._connection.close()


class Desk:
    """A disk without threads: one commit at a time, of whatever size.

    Attributes:
        step: Called before and after everything that a checkpoint does to the files.
        is_finishing: Whether it is the writer that does it, which does not commit then.
    """

    def __init__(self, path: Path) -> None:
        recovered = open_storage(path, INSTRUMENTS, 1)
        assert recovered.directory is not None
        self.directory: Directory = recovered.directory
        self.numbers = recovered.numbers
        self.disk = Disk(recovered.connection, recovered.directory, recovered.head)
        self.step: Callable[[], None] = lambda: None
        self.is_finishing = False
        self.files._copier = Steps(self.files._copier, self.passed)  # type: ignore[assignment]

    @property
    def files(self) -> Files:
        assert self.disk._files is not None
        return self.disk._files

    def commit(self, size: int = 100) -> None:
        """Store an event and an update of so many bytes."""
        group, number = Group(self.disk.head), self.disk.head.seq + 1
        event = ScenarioAdded(number, f"SCENARIO-{number}", "AAPL", "halt", 1.0, number, None)
        group.add(
            CommandResult("test", number, (event,), [Update("orders:A", {"status": 6, "x": "y" * size})]),
            self.numbers,
            print,
        )
        group.complete()
        self.disk.write(group)

    def finish(self) -> bool:
        connection = Steps(self.disk.connection, self.passed)
        self.is_finishing = True
        try:
            return self.files.finish(connection, self.disk.head.seq)  # type: ignore[arg-type]
        finally:
            self.is_finishing = False

    def passed(self) -> None:
        self.step()

    def cycle(self) -> None:
        """Everything that is done when the log is full."""
        if self.disk.copy() and self.finish():
            self.step()
            self.disk.settle()
            self.step()

    def close(self) -> None:
        self.disk.close()
        self.directory.unlock()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "var")
    yield made
    made.close()


class Crash:
    """What a disk holds when the process is gone."""

    def __init__(self, desk: Desk, path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(desk.directory.path, path, ignore=shutil.ignore_patterns("*-shm", "lock"))
        self.directory = Directory(path)
        self.head = desk.disk.head

    def prove(self) -> None:
        """Start from it as a server does. Raises: StorageError."""
        seal.check(self.directory, read_head(self.directory.head))
        connection = data_directory.connect(self.directory.database, is_read_only=True)
        found = Head(0, 0)
        for page in rows(connection, found):
            found = Head(page[-1][0], page[-1][7])
        connection.close()
        check_tail(found, self.head, found.crc, self.directory.database)

    @property
    def exempt(self) -> set[int]:
        """Pages that the database's file need not have right, for the log has them."""
        found = seal.read(self.directory.seal)
        assert found is not None
        return wal.pages(self.directory.wal) if found.is_moving else set()

    def spoil(self, page: int, offset: int) -> None:
        data = bytearray(self.directory.database.read_bytes())
        data[(page - 1) * wal.PAGE_BYTES + offset] ^= 1 << offset % 8
        self.directory.database.write_bytes(data)


@pytest.mark.parametrize("seed", SEEDS)
def test_crash_at_any_step_of_a_checkpoint_loses_nothing_and_hides_nothing(
    seed: int, desk: Desk, tmp_path: Path
) -> None:
    """Commits come between any two steps. A flipped byte is noticed, unless the log has its page."""
    random = Random(seed)
    seen: set[tuple[bool, bool]] = set()

    def crash() -> None:
        if not desk.is_finishing and random.random() < 0.3:
            desk.commit(random.choice((10, 100, 9000)))
        left = Crash(desk, tmp_path / "left")
        left.prove()
        page = random.randrange(left.directory.database.stat().st_size // wal.PAGE_BYTES) + 1
        is_exempt = page in left.exempt
        left.spoil(page, random.randrange(wal.PAGE_BYTES))
        if is_exempt:
            left.prove()
        else:
            with pytest.raises(StorageError, match="not as it was left"):
                left.prove()
        seen.add((bool(left.exempt), is_exempt))

    desk.step = crash
    for _ in range(STEPS):
        for _ in range(random.randrange(1, 6)):
            desk.commit(random.choice((10, 100, 9000)))
        crash()
        desk.cycle()
    assert seen == {(False, False), (True, False), (True, True)}
    desk.step = lambda: None


def test_page_torn_by_a_power_cut_while_it_is_copied_is_no_damage(desk: Desk, tmp_path: Path) -> None:
    for _ in range(5):
        desk.commit(9000)
    torn: list[int] = []

    def tear() -> None:
        left = Crash(desk, tmp_path / "left")
        data = bytearray(left.directory.database.read_bytes())
        for page in left.exempt:
            end = page * wal.PAGE_BYTES
            data[end - 512 : end] = b"\xff" * 512
            torn.append(page)
        left.directory.database.write_bytes(data)
        left.prove()

    desk.step = tear
    desk.disk.copy()
    assert torn
    desk.step = lambda: None


def test_record_torn_by_a_power_cut_leaves_the_one_before(desk: Desk, tmp_path: Path) -> None:
    """Two records in turn: what is written now may be lost at any byte, for nothing was copied by it yet."""
    for _ in range(2):
        desk.commit(9000)
        desk.cycle()
    desk.commit(9000)
    before = desk.directory.seal.read_bytes()
    after: list[bytes] = []
    desk.step = lambda: after.append(desk.directory.seal.read_bytes())
    desk.disk.copy()
    desk.step = lambda: None
    changed = [place for place, (old, new) in enumerate(zip(before, after[0], strict=True)) if old != new]
    for cut in (changed[0] + 1, changed[len(changed) // 2], changed[-1]):
        left = Crash(desk, tmp_path / "left")
        left.directory.seal.write_bytes(after[0][:cut] + before[cut:])
        found = seal.read(left.directory.seal)
        assert found is not None
        assert not found.is_moving


def test_log_begins_anew_after_a_checkpoint(desk: Desk) -> None:
    for _ in range(20):
        desk.commit(9000)
    full = desk.files._log.frames
    desk.cycle()
    desk.commit(10)
    assert desk.files._log.frames < full / 4
    assert desk.directory.wal.stat().st_size >= full * wal.FRAME_BYTES, "its blocks are written over"


def test_log_stays_as_long_as_it_is_however_often_it_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times 256 KiB, and what is committed while it is copied, in a file of less than twice that."""
    monkeypatch.setattr(disk_module, "CHECKPOINT_BYTES", 256 << 10)
    desk = Desk(tmp_path)
    desk.step = lambda: None if desk.is_finishing else desk.commit(10)
    for _ in range(10):
        desk.commit()
        while not desk.disk.is_full:
            desk.commit(9000)
        desk.cycle()
    assert desk.directory.wal.stat().st_size < 2 * (256 << 10)
    desk.close()


@pytest.mark.parametrize(
    ("rows", "left", "expected"), [(1, 5000, True), (disk_module.ROUNDS, 5000, False), (disk_module.ROUNDS, 1000, True)]
)
def test_copy_that_is_put_off_is_tried_again(
    rows: int, left: int, expected: bool, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint that meets a commit at its last step is busy. The writer gets what is left when that is bearable."""
    answers = [left] * rows + [0] * disk_module.ROUNDS
    monkeypatch.setattr(desk.files, "copy", lambda _seq: answers.pop(0))
    assert desk.disk.copy() is expected


def test_log_that_a_reader_holds_is_left_to_grow_before_the_next_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup takes seconds: commits go on and nobody waits; when it is done, the log is emptied and its file cut."""
    monkeypatch.setattr(disk_module, "RETRY_BYTES", 64 << 10)
    monkeypatch.setattr(disk_module, "MAX_LOG_BYTES", 64 << 10)
    desk.commit()
    reader = data_directory.connect(desk.directory.database, is_read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    for _ in range(20):
        desk.commit(9000)
    assert not desk.disk.copy()
    assert not desk.disk.is_full
    while not desk.disk.is_full:
        desk.commit(9000)
    reader.close()
    desk.cycle()
    assert desk.directory.wal.stat().st_size == 0
    desk.commit()
    assert not desk.disk.is_full


def test_database_that_grows_too_big_loses_its_seal(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "SEALED_BYTES", 200 << 10)
    desk.commit()
    desk.cycle()
    assert desk.directory.seal.exists()
    for _ in range(20):
        desk.commit(9000)
    desk.cycle()
    assert not desk.directory.seal.exists()
    Crash(desk, tmp_path / "left").prove()


def test_seal_that_cannot_be_written_is_none(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without space it is broken rather than left behind what is copied; it is made again when there is some."""

    def refuse(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    desk.commit()
    desk.cycle()
    desk.commit()
    with monkeypatch.context() as full:
        full.setattr("os.pwrite", refuse)
        with pytest.raises(OSError, match="No space"):
            desk.disk.copy()
    assert not desk.directory.seal.exists()
    Crash(desk, tmp_path / "left").prove()
    desk.commit()
    desk.cycle()
    found = seal.read(desk.directory.seal)
    assert found is not None
    assert found.seq == desk.disk.head.seq


def test_clean_stop_leaves_one_record_and_no_log(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.commit()
    desk.cycle()
    desk.commit()
    head = desk.disk.head
    desk.close()
    assert not desk.directory.wal.exists()
    found = seal.read(desk.directory.seal)
    assert found is not None
    assert (found.seq, found.is_moving, len(found.seal.sums)) == (
        head.seq,
        False,
        desk.directory.database.stat().st_size // wal.PAGE_BYTES,
    )
    assert seal.check(desk.directory, head)
