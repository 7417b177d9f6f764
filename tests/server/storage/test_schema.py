"""Older directories: brought up to date step by step after a copy, and served as they were."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from server.storage import data_directory, schema, seal
from server.storage.data_directory import Directory, Head, StorageError
from tests.faults.program import Program, run

FIXTURES = Path(__file__).parent / "fixtures"
ADDRESSES = ("/broker/orders", "/broker/executions?from=0", "/broker/orders/history?from=0")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_older_schema_is_brought_up_to_date_after_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    connection = data_directory.connect(path)
    data_directory.create(connection)
    monkeypatch.setattr(data_directory, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 2)
    steps = {
        schema.SCHEMA_VERSION: ("ALTER TABLE meta ADD COLUMN note TEXT",),
        schema.SCHEMA_VERSION + 1: ("UPDATE meta SET note = 'new'",),
    }
    monkeypatch.setattr(data_directory, "MIGRATIONS", steps)
    data_directory.migrate(connection, path)
    assert connection.execute("SELECT note FROM meta").fetchone() == ("new",)
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION + 2,)
    connection.close()
    backup = sqlite3.connect(tmp_path / f"journal-schema-{schema.SCHEMA_VERSION}.db")
    assert len(backup.execute("PRAGMA table_info(meta)").fetchall()) == 2
    backup.close()


def test_failed_step_leaves_the_older_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    connection = data_directory.connect(path)
    data_directory.create(connection)
    monkeypatch.setattr(data_directory, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    steps = {schema.SCHEMA_VERSION: ("ALTER TABLE meta ADD COLUMN note TEXT", "UPDATE nothing SET a = 1")}
    monkeypatch.setattr(data_directory, "MIGRATIONS", steps)
    with pytest.raises(sqlite3.OperationalError):
        data_directory.migrate(connection, path)
    assert not connection.in_transaction
    assert len(connection.execute("PRAGMA table_info(meta)").fetchall()) == 2
    assert data_directory.check_identity(connection, path) == schema.SCHEMA_VERSION
    connection.close()


def test_every_schema_step_is_there() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.SCHEMA_VERSION))


SCHEMA_1 = (
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,"
    " version INTEGER NOT NULL, txn INTEGER NOT NULL, body BLOB NOT NULL, crc INTEGER NOT NULL) STRICT",
    "CREATE INDEX executions ON events (account, time_ms, seq) WHERE kind = 'OrderExecuted'",
    "CREATE TABLE updates (channel TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID",
    "CREATE TABLE orders (account TEXT NOT NULL, ended_ms INTEGER NOT NULL, number INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY (account, ended_ms, number)) STRICT, WITHOUT ROWID",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE probe (body BLOB NOT NULL) STRICT",
)


def as_program_2_left_it(data_dir: Path) -> Path:
    """Make a directory from what the program of schema 2 stored; returns its database."""
    data_dir.mkdir()
    path = data_dir / "journal.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript((FIXTURES / "schema-2.sql").read_text(encoding="utf-8"))
    seal_as_program_2(connection, data_dir, version=2)
    return path


def seal_as_program_2(connection: sqlite3.Connection, data_dir: Path, version: int) -> None:
    """Close a database, and leave the files beside it as the programs of schemas 1 and 2 did."""
    connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={version}")
    head = Head(*connection.execute("SELECT seq, crc FROM events ORDER BY seq DESC LIMIT 1").fetchone())
    connection.close()
    (data_dir / "journal.head").write_bytes(data_directory.pack_head(head))
    data = (data_dir / "journal.db").read_bytes()
    line = f"{head.seq} {len(data)} {hashlib.sha256(data).hexdigest()}"
    (data_dir / "journal.seal").write_text(f"{line} {crc32(line.encode()):08x}\n", encoding="ascii")


def as_program_1_left_it(data_dir: Path) -> Path:
    """The same directory with the tables of schema 1."""
    path = as_program_2_left_it(data_dir)
    path.rename(data_dir / "new.db")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    for statement in SCHEMA_1:
        connection.execute(statement)
    connection.execute("ATTACH ? AS new", (str(data_dir / "new.db"),))
    for table, columns in (
        ("events", "*"),
        ("updates", "*"),
        ("orders", "account, ended_ms, number, body"),
        ("meta", "*"),
    ):
        connection.execute(f"INSERT INTO {table} SELECT {columns} FROM new.{table}")
    seal_as_program_2(connection, data_dir, version=1)
    return path


@pytest.mark.parametrize(("version", "make"), [(1, as_program_1_left_it), (2, as_program_2_left_it)])
def test_directory_of_an_older_program_is_served_as_it_was(
    version: int, make: Callable[[Path], Path], data_dir: Path
) -> None:
    """Its 7 orders: 4 filled at once, 1 canceled, 1 resting with the inactive stop of its bracket."""
    path = make(data_dir)
    told = rows(path, "SELECT channel, seq, body FROM updates")
    ended = [body for (body,) in rows(path, "SELECT body FROM orders ORDER BY ended_ms, number")]
    assert (len(told), len(ended)) == (21, 5)
    assert run("verify", data_dir).returncode == 0
    program = Program(data_dir)
    orders, executions, history = (program.get(address) for address in ADDRESSES)
    assert (len(orders), len(executions), len(history)) == (7, 4, 5)
    assert program.place().body == {"orderId": "ORDER-8"}
    program.kill()
    again = Program(data_dir)
    assert again.get(ADDRESSES[1])[:4] == executions
    assert again.stop() == (0, "")
    assert set(told) <= set(rows(path, "SELECT channel, seq, body FROM updates"))
    assert ended == [body for (body,) in rows(path, "SELECT body FROM orders ORDER BY ended_ms, number")][:5]
    assert (data_dir / f"journal-schema-{version}.db").exists()
    assert seal.read(data_dir / "journal.seal") is not None


@pytest.mark.parametrize("name", ["journal.db", "journal.seal"])
def test_flipped_byte_under_the_seal_of_an_older_program_is_noticed(name: str, data_dir: Path) -> None:
    as_program_2_left_it(data_dir)
    directory = Directory(data_dir)
    head = data_directory.read_head(directory.head)
    assert seal.check(directory, head)
    file = data_dir / name
    whole = file.read_bytes()
    for offset in range(0, len(whole), 997 if name == "journal.db" else 1):
        file.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        with pytest.raises(StorageError, match="restore"):
            seal.check(directory, head)


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(statement).fetchall()
    connection.close()
    return found
