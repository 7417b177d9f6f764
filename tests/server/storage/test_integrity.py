"""A flipped byte in any row, index or page list is found; one in free space changes nothing."""

import re
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.topics import Update
from server.storage import data_directory, integrity
from server.storage.data_directory import GENESIS, StorageError
from server.storage.recovery import open_storage
from tests.server.storage.journals import INSTRUMENTS, OpenJournal, note

FLIPS = 150


def contents(file: Path) -> dict[str, list[Any]]:
    """Return all rows of a database by table."""
    connection = data_directory.connect(file, is_read_only=True)
    tables = ("events", "updates", "orders", "meta")
    found = {name: sorted(connection.execute(f"SELECT * FROM {name}")) for name in tables}
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    return found


async def stopped(path: Path) -> bytes:
    """Fill a journal and stop it; returns its database file."""
    one = OpenJournal(path)
    for number in range(1, 61):
        await one.store(number, note(700), Update("orders:B", {"id": "B-1", "status": 2, "updateTime": number}))
    await one.store(61, note(50_000))
    one.close()
    return one.directory.database.read_bytes()


class Spoiled:
    """A stopped directory whose database is damaged in one place after the other.

    Attributes:
        data: The whole file.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.data = data
        self._file = path / "journal.db"
        self._contents = contents(self._file)

    def is_refused(self, place: int, bit: int = 0) -> bool:
        """Flip a bit and start. Whether that is refused; else every row has to be as it was."""
        spoiled = bytearray(self.data)
        spoiled[place] ^= 1 << bit
        self._file.write_bytes(spoiled)
        try:
            recovered = open_storage(self._file.parent, INSTRUMENTS, 1)
        except StorageError as error:
            assert "restore" in str(error), error
            return True
        recovered.release()
        assert contents(self._file) == self._contents, f"byte {place} changed a row"
        return False


async def test_flipped_bit_anywhere_is_refused_or_changes_no_row(tmp_path: Path) -> None:
    """The header of the file, of pages and of rows, keys, bodies, indexes, free space: places drawn at random."""
    one, random = Spoiled(tmp_path, await stopped(tmp_path)), Random("flips")
    places = [*range(100), *(random.randrange(len(one.data)) for _ in range(FLIPS))]
    refused = [one.is_refused(place, random.randrange(8)) for place in places]
    assert sum(refused) > FLIPS / 2


TEXTS = [b'"SCENARIO-7"', b'"SCENARIO-61"', b'"note":"xxx', b'{"id":"B-1"', b"x" * 2000, b"epoch"]


@pytest.mark.parametrize("text", TEXTS)
async def test_flipped_bit_in_a_row_is_refused(text: bytes, tmp_path: Path) -> None:
    """Copies of the text may lie in free space, because rows move when a page is full; one of them is the row."""
    one = Spoiled(tmp_path, await stopped(tmp_path))
    places = [match.end() - 2 for match in re.finditer(re.escape(text), one.data)]
    assert sum(map(one.is_refused, places)) > 0


CHANGES = {
    "updates": "UPDATE updates SET body = x'7b7d' WHERE seq = 5",
    "number of an update": "UPDATE updates SET seq = 1000 WHERE seq = 5",
    "orders": "UPDATE orders SET ended_ms = ended_ms + 1",
    "account of an order": "UPDATE orders SET account = 'C'",
    "meta": "UPDATE meta SET value = 'another' WHERE name = 'epoch'",
    "checksum": "UPDATE meta SET crc = crc + 1 WHERE name = 'epoch'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_row_that_does_not_fit_its_checksum_is_refused(change: str, tmp_path: Path) -> None:
    await stopped(tmp_path)
    connection = sqlite3.connect(tmp_path / "journal.db")
    assert connection.execute(change).rowcount > 0
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="damaged in table"):
        open_storage(tmp_path, INSTRUMENTS, 1)


async def test_index_that_lacks_a_row_is_refused(tmp_path: Path) -> None:
    """History is read by index: without this check a row of it would be missing."""
    data, file = bytearray(await stopped(tmp_path)), tmp_path / "journal.db"
    connection = sqlite3.connect(file)
    [(root,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'told'")
    connection.close()
    page = data[(root - 1) * 4096 : root * 4096]
    data[(root - 1) * 4096 + page.rindex(b"orders:A")] ^= 2
    file.write_bytes(data)
    with pytest.raises(StorageError, match="restore"):
        open_storage(tmp_path, INSTRUMENTS, 1)


async def test_whole_database_has_the_last_event_and_no_faults(tmp_path: Path) -> None:
    await stopped(tmp_path)
    connection = data_directory.connect(tmp_path / "journal.db", is_read_only=True)
    assert list(integrity.structure_faults(connection)) == []
    head = integrity.check_all(connection, tmp_path)
    assert (head.seq, head == GENESIS) == (61, False)
    integrity.check_end(connection, head, head, tmp_path)
    with pytest.raises(StorageError, match="its tail is cut off"):
        integrity.check_end(connection, head, head._replace(seq=62), tmp_path)
    with pytest.raises(StorageError, match="another event 60"):
        integrity.check_end(connection, head, head._replace(seq=60), tmp_path)
    connection.close()
