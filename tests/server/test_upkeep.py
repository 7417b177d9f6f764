"""verify, backup and restore, beside a running server and without one; schema migrations."""

import sqlite3
from pathlib import Path

import pytest

from server import schema, store
from server.store import StorageError
from tests.faults.program import Program, run


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


def ids(program: Program) -> list[str]:
    return [row["id"] for row in program.get("/broker/orders")]


def test_backup_beside_a_running_server_holds_what_was_acknowledged(data_dir: Path, tmp_path: Path) -> None:
    program = Program(data_dir)
    assert [program.place().status for _ in range(3)] == [200, 200, 200]
    made = run("backup", data_dir, str(tmp_path / "copy.db"))
    assert (made.returncode, made.stderr) == (0, "")
    assert program.place().status == 200
    verified = run("verify", data_dir)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "whole" in verified.stdout
    program.kill()
    other = tmp_path / "other"
    assert run("restore", other, str(tmp_path / "copy.db")).returncode == 0
    restored = Program(other)
    assert ids(restored) == ["ORDER-1", "ORDER-2", "ORDER-3"]
    assert restored.place().body == {"orderId": "ORDER-4"}
    assert restored.stop() == (0, "")


def test_restore_is_another_history_and_keeps_the_old_one_aside(data_dir: Path, tmp_path: Path) -> None:
    program = Program(data_dir)
    program.place()
    assert run("backup", data_dir, str(tmp_path / "copy.db")).returncode == 0
    program.place()
    assert program.stop()[0] == 0
    before = epoch(data_dir / "journal.db")
    done = run("restore", data_dir, str(tmp_path / "copy.db"))
    assert (done.returncode, "events restored" in done.stdout) == (0, True)
    assert epoch(data_dir / "journal.db") != before
    assert epoch(data_dir / "replaced" / epoch(data_dir / "journal.db") / "journal.db") == before
    again = Program(data_dir)
    assert ids(again) == ["ORDER-1"]
    assert again.stop()[0] == 0


def test_restore_under_a_running_server_waits_for_its_next_start(data_dir: Path, tmp_path: Path) -> None:
    program = Program(data_dir)
    program.place()
    assert run("backup", data_dir, str(tmp_path / "copy.db")).returncode == 0
    program.place()
    done = run("restore", data_dir, str(tmp_path / "copy.db"))
    assert (done.returncode, "laid ready" in done.stdout) == (0, True)
    assert ids(program) == ["ORDER-1", "ORDER-2"]
    assert program.stop()[0] == 0
    again = Program(data_dir)
    assert ids(again) == ["ORDER-1"]
    assert again.stop()[0] == 0


def test_bad_backups_are_refused_and_nothing_changes(data_dir: Path, tmp_path: Path) -> None:
    program = Program(data_dir)
    program.place()
    copy = tmp_path / "copy.db"
    assert run("backup", data_dir, str(copy)).returncode == 0
    assert run("backup", data_dir, str(copy)).returncode == 1
    assert program.stop()[0] == 0
    data = bytearray(copy.read_bytes())
    place = data.index(b"ORDER-1")
    data[place] ^= 1
    copy.write_bytes(data)
    for file in (copy, tmp_path / "none.db", Path(__file__)):
        refused = run("restore", data_dir, str(file))
        assert (refused.returncode, refused.stdout) == (1, ""), file
    again = Program(data_dir)
    assert ids(again) == ["ORDER-1"]
    assert again.stop()[0] == 0


@pytest.mark.parametrize("command", ["verify", "backup"])
def test_directory_without_a_journal_is_said_so(command: str, data_dir: Path, tmp_path: Path) -> None:
    refused = run(command, data_dir, *([str(tmp_path / "copy.db")] if command == "backup" else []))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert not data_dir.exists()


def test_older_schema_is_brought_up_to_date_after_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    connection = store.connect(path)
    store.create(connection)
    monkeypatch.setattr(store, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 2)
    steps = {
        schema.SCHEMA_VERSION: ("ALTER TABLE meta ADD COLUMN note TEXT",),
        schema.SCHEMA_VERSION + 1: ("UPDATE meta SET note = 'new'",),
    }
    monkeypatch.setattr(store, "MIGRATIONS", steps)
    store.migrate(connection, path)
    assert connection.execute("SELECT note FROM meta").fetchone() == ("new",)
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION + 2,)
    connection.close()
    backup = sqlite3.connect(tmp_path / f"journal-schema-{schema.SCHEMA_VERSION}.db")
    assert len(backup.execute("PRAGMA table_info(meta)").fetchall()) == 2
    backup.close()


def test_failed_step_leaves_the_older_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    connection = store.connect(path)
    store.create(connection)
    monkeypatch.setattr(store, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    steps = {schema.SCHEMA_VERSION: ("ALTER TABLE meta ADD COLUMN note TEXT", "UPDATE nothing SET a = 1")}
    monkeypatch.setattr(store, "MIGRATIONS", steps)
    with pytest.raises(sqlite3.OperationalError):
        store.migrate(connection, path)
    assert not connection.in_transaction
    assert len(connection.execute("PRAGMA table_info(meta)").fetchall()) == 2
    assert store.check_identity(connection, path) == schema.SCHEMA_VERSION
    connection.close()


def test_every_schema_step_is_there() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.SCHEMA_VERSION))


def test_lock_names_its_owner(tmp_path: Path) -> None:
    first, second = store.Directory(tmp_path), store.Directory(tmp_path)
    assert not first.is_live
    first.lock()
    assert second.is_live
    with pytest.raises(StorageError, match="in use by process"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def epoch(path: Path) -> str:
    connection = store.connect(path, is_read_only=True)
    found: str = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
    connection.close()
    return found


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


def as_schema_1(data_dir: Path) -> None:
    """Make a stopped directory one that the program of schema 1 left."""
    path = data_dir / "journal.db"
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
    connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version=1")
    connection.close()
    store.write_seal(store.Directory(data_dir), store.read_head(data_dir / "journal.head"))


def test_directory_of_schema_1_is_served_as_it_was(data_dir: Path) -> None:
    program = Program(data_dir)
    for _ in range(3):
        program.place()
    addresses = ("/broker/orders", "/broker/executions", "/broker/orders/history")
    before = [program.get(address) for address in addresses]
    assert program.stop() == (0, "")
    updates = rows(data_dir, "SELECT channel, seq, body FROM updates")
    as_schema_1(data_dir)
    assert run("verify", data_dir).returncode == 0
    again = Program(data_dir)
    assert [again.get(address) for address in addresses] == before
    assert again.place().body == {"orderId": "ORDER-4"}
    again.kill()
    third = Program(data_dir)
    assert third.place().body == {"orderId": "ORDER-5"}
    assert third.stop() == (0, "")
    assert set(updates) <= set(rows(data_dir, "SELECT channel, seq, body FROM updates"))
    assert (data_dir / "journal-schema-1.db").exists()


def rows(data_dir: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data_dir / "journal.db")
    found = connection.execute(statement).fetchall()
    connection.close()
    return found
