"""Damaged files: a flipped byte or a cut-off tail that changes a row is found at the start, which changes nothing.

A flipped byte that no row depends on may go unnoticed: in free space, or in a page that the write-ahead log replaces.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.market.instruments import Catalogue
from server.storage.data_directory import StorageError
from server.storage.recovery import open_storage
from tests.faults.program import ROOT, Program, StartLive, run, stored_orders
from tests.properties import share

INSTRUMENTS = Catalogue.load().by_name
FLIPS = share(60)
CUTS = share(40)
ORDERS = 40


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose server was stopped, without the snapshots that would spare the replay."""
    path = tmp_path_factory.mktemp("stopped") / "var"
    program = Program(path)
    trade(program)
    assert program.stop() == (0, "")
    shutil.rmtree(path / "snapshots")
    return path


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose server was killed: most of it lies in the write-ahead log."""
    path = tmp_path_factory.mktemp("killed") / "var"
    program = Program(path)
    trade(program)
    program.kill()
    return path


def trade(program: Program) -> None:
    for number in range(ORDERS):
        assert program.place(customFields={"number": number}).status == 200


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Copies a directory to a place where it may be damaged."""

    def make(source: Path) -> Path:
        target = tmp_path / "copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        return target

    yield make


def is_noticed(path: Path) -> bool:
    """Whether a start is refused with a way on."""
    try:
        recovered = open_storage(path, INSTRUMENTS, 1)
    except StorageError as error:
        assert "restore" in str(error), error
        return True
    recovered.release()
    return False


def flip(file: Path, offset: int, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[offset] ^= 1 << bit
    file.write_bytes(data)


def test_undamaged_directories_start(stopped: Path, killed: Path, copy: Callable[[Path], Path]) -> None:
    assert not is_noticed(copy(stopped))
    assert not is_noticed(copy(killed))


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("stopped", "journal.db"),
        ("stopped", "journal.head"),
        ("killed", "journal.db"),
        ("killed", "journal.db-wal"),
        ("killed", "journal.head"),
    ],
)
def test_flipped_byte_is_noticed_or_changes_no_row(
    state: str, name: str, copy: Callable[[Path], Path], request: pytest.FixtureRequest
) -> None:
    source: Path = request.getfixturevalue(state)
    whole = rows(copy(source))
    random = Random(f"{state} {name}")
    noticed = 0
    for _ in range(FLIPS):
        path = copy(source)
        offset, bit = random.randrange((path / name).stat().st_size), random.randrange(8)
        flip(path / name, offset, bit)
        if is_noticed(path):
            noticed += 1
        else:
            assert rows(path) == whole, f"{offset} {bit}"
    # The killed server has not copied its log: no row depends on the pages of its database.
    at_least = {"journal.db": 0 if state == "killed" else 1}.get(name, FLIPS)
    assert noticed >= at_least


def rows(path: Path) -> list[list[Any]]:
    """Return the rows of every table; the indexes have to agree with them."""
    connection = sqlite3.connect(path / "journal.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = [sorted(connection.execute(f"SELECT * FROM {name}")) for name in ("events", "updates", "orders", "meta")]
    connection.close()
    return found


@pytest.mark.parametrize(("state", "name"), [("stopped", "journal.db"), ("killed", "journal.db-wal")])
def test_cut_off_tails(state: str, name: str, copy: Callable[[Path], Path], request: pytest.FixtureRequest) -> None:
    source: Path = request.getfixturevalue(state)
    random = Random(name)
    size = (source / name).stat().st_size
    missed = []
    for length in (0, size - 1, *(random.randrange(size) for _ in range(CUTS))):
        path = copy(source)
        with (path / name).open("rb+") as file:
            file.truncate(length)
        if not is_noticed(path):
            missed.append(length)
    assert missed == []


@pytest.mark.parametrize("name", ["journal.db", "journal.head"])
def test_missing_files(name: str, stopped: Path, copy: Callable[[Path], Path]) -> None:
    path = copy(stopped)
    (path / name).unlink()
    assert is_noticed(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '100', '900') AS BLOB) WHERE kind = 'AccountOpened'",
        "UPDATE events SET account = 'SOMEBODY' WHERE seq = 5",
        "DELETE FROM events WHERE seq = 7",
        "DELETE FROM events WHERE seq > 60",
        "UPDATE events SET crc = crc + 1 WHERE seq = 9",
        "UPDATE events SET time_ms = time_ms + 1 WHERE seq = 9",
    ],
)
def test_rows_changed_by_hand(statement: str, killed: Path, copy: Callable[[Path], Path]) -> None:
    path = copy(killed)
    connection = sqlite3.connect(path / "journal.db")
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()
    assert is_noticed(path)


def test_a_refused_start_changes_nothing_and_says_what_to_do(killed: Path, copy: Callable[[Path], Path]) -> None:
    path = copy(killed)
    wal = path / "journal.db-wal"
    flip(wal, wal.stat().st_size // 2, 3)
    before = {file.name: file.read_bytes() for file in path.iterdir() if file.suffix != ".db-shm"}
    line = [sys.executable, "run.py", "--port", "0", "--data-dir", str(path)]
    refused = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "tail is cut off" in refused.stderr
    assert "run.py restore FILE" in refused.stderr
    after = {file.name: file.read_bytes() for file in path.iterdir()}
    assert {name: after[name] == data for name, data in before.items() if name not in ("lock", "journal.db-shm")} == {
        name: True for name in before if name not in ("lock", "journal.db-shm")
    }
    verified = run("verify", path)
    assert verified.returncode == 1
    assert "tail is cut off" in verified.stderr


def test_a_look_with_another_program_after_a_crash_is_no_damage(killed: Path, copy: Callable[[Path], Path]) -> None:
    path = copy(killed)
    connection = sqlite3.connect(path / "journal.db")
    assert connection.execute("SELECT count(*) FROM events").fetchone()[0] > ORDERS
    connection.close()  # the last one out empties the write-ahead log
    assert not (path / "journal.db-wal").exists()
    assert not is_noticed(path)


async def test_readers_beside_the_server_take_nothing_away_and_a_second_server_is_refused(
    tmp_path: Path, live: StartLive
) -> None:
    """SQLite deletes the log when the last connection is closed: a reader has to see the connection of the server."""
    data_dir = tmp_path / "var"
    program = Program(data_dir)
    trade(program)
    look = f"import sqlite3; c = sqlite3.connect({str(data_dir / 'journal.db')!r})"
    look += "; print(c.execute('SELECT count(*) FROM events').fetchone()[0]); c.close()"
    for count in range(1, 3):
        seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True)
        assert int(seen.stdout) > ORDERS
        assert (data_dir / "journal.db-wal").exists()
        assert program.place().body == {"orderId": f"ORDER-{ORDERS + count}"}
    line = [sys.executable, "run.py", "--port", "0", "--data-dir", str(data_dir)]
    second = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (second.returncode, second.stdout) == (1, "")
    assert f"in use by process {program.process.pid}" in second.stderr
    assert program.place().status == 200
    program.kill()
    assert len(await stored_orders(live, data_dir)) == ORDERS + 3


@pytest.mark.parametrize(
    ("statement", "said"),
    [("PRAGMA user_version=99", "run the newer program"), ("PRAGMA application_id=7", "not a journal of this program")],
)
def test_foreign_and_newer_files_are_refused(
    statement: str, said: str, killed: Path, copy: Callable[[Path], Path]
) -> None:
    path = copy(killed)
    connection = sqlite3.connect(path / "journal.db")
    connection.execute(statement)
    connection.close()
    with pytest.raises(StorageError, match=said):
        open_storage(path, INSTRUMENTS, 1)
