"""The seal's file: what it is, whose it is, and what is done when it says nothing."""

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from server.storage import admin, seal
from server.storage.data_directory import Directory, StorageError, read_head
from server.storage.recovery import open_storage
from tests.server.storage.test_disk import Crash, Desk
from tests.server.storage.test_recovery import INSTRUMENTS


def stopped(path: Path) -> Directory:
    """Leave a directory as a clean stop does."""
    desk = Desk(path / "stopped")
    desk.commit()
    desk.close()
    return desk.directory


def killed(path: Path) -> Directory:
    """Leave a directory in the middle of a checkpoint, with a record of both kinds."""
    desk = Desk(path / "running")
    for _ in range(3):
        desk.commit(9000)
        desk.cycle()
    desk.commit(9000)
    desk.disk.copy()
    left = Crash(desk, path / "killed").directory
    desk.close()
    return left


def as_it_was_before(path: Path) -> None:
    """Make of a seal one that the program before wrote: its records are as long, and hold other sums."""
    data = path.read_bytes()
    made = bytearray(len(data))
    for at in (0, seal.SECOND_AT):
        found = seal._read(data[at:])
        if found is not None:
            record = seal.EARLIER_MAGIC + data[at + 8 : at + seal.HEAD.size] + b"\x01" * 8 * len(found.seal.sums)
            record += seal.OWN.pack(crc32(record))
            made[at : at + len(record)] = record
    path.write_bytes(made)


@pytest.mark.parametrize("make", [stopped, killed])
def test_seal_of_other_sums_says_nothing_and_is_made_anew_at_the_start(
    make: Callable[[Path], Directory], tmp_path: Path
) -> None:
    directory = make(tmp_path)
    as_it_was_before(directory.seal)
    assert seal.read(directory.seal) is None
    assert not seal.check(directory, read_head(directory.head))
    open_storage(directory.path, INSTRUMENTS, 1).release()
    found = seal.read(directory.seal)
    assert found is not None
    assert found.seal.sums.tolist() == seal.Seal.of(directory.database).sums.tolist()
    assert seal.check(directory, read_head(directory.head))


def test_no_flipped_bit_makes_a_seal_another_programs(tmp_path: Path) -> None:
    directory = stopped(tmp_path)
    data = directory.seal.read_bytes()
    for bit in range(8 * seal.HEAD.size):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        directory.seal.write_bytes(flipped)
        with pytest.raises(StorageError, match="is damaged"):
            seal.read(directory.seal)


def test_seal_that_cannot_be_read_is_damage_with_the_ways_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = stopped(tmp_path)
    directory.seal.unlink()
    directory.seal.mkdir()
    with pytest.raises(StorageError, match="is damaged; nothing was changed"):
        seal.check(directory, read_head(directory.head))
    assert admin.verify(directory, INSTRUMENTS, 1) == 1
    assert "journal.seal is damaged" in capsys.readouterr().err
