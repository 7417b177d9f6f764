"""Older directories: brought up to date after a copy, and served as they were."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from engine.broker.invariants import deep_violations
from engine.broker.ledger import money_out
from engine.broker.serializers import position_payload
from engine.models.broker.orders import OrderStatus
from server.storage import data_directory, integrity, schema
from server.storage.data_directory import Head, StorageError
from server.storage.recovery import open_storage
from tests.conftest import StartLive
from tests.faults.program import Program, run
from tests.server.storage.journals import INSTRUMENTS

FIXTURES = Path(__file__).parent / "fixtures"
ADDRESSES = ("/broker/orders", "/broker/executions?from=0", "/broker/orders/history?from=0")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


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


def left_by_program(version: int, data_dir: Path) -> Path:
    """Make a directory from the rows that the program of schema 2, 3 or 4 stored; returns its database."""
    data_dir.mkdir()
    path = data_dir / "journal.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript((FIXTURES / f"schema-{version}.sql").read_text(encoding="utf-8"))
    close_as_program(connection, data_dir, version)
    return path


def close_as_program(connection: sqlite3.Connection, data_dir: Path, version: int) -> None:
    """Close a database, and write the files beside it as the programs up to schema 3 did."""
    connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={version}")
    head = Head(*connection.execute("SELECT seq, crc FROM events ORDER BY seq DESC LIMIT 1").fetchone())
    connection.close()
    (data_dir / "journal.head").write_bytes(data_directory.pack_head(head))
    data = (data_dir / "journal.db").read_bytes()
    line = f"{head.seq} {len(data)} {hashlib.sha256(data).hexdigest()}"
    (data_dir / "journal.seal").write_text(f"{line} {crc32(line.encode()):08x}\n", encoding="ascii")


def left_by_program_1(data_dir: Path) -> Path:
    """The directory of schema 2 with the tables of schema 1."""
    path = left_by_program(2, data_dir)
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
    close_as_program(connection, data_dir, version=1)
    return path


OLDER: dict[int, Callable[[Path], Path]] = {
    1: left_by_program_1,
    2: lambda data_dir: left_by_program(2, data_dir),
    3: lambda data_dir: left_by_program(3, data_dir),
}


WORKING = {1: ["ORDER-5", "ORDER-6"], 2: ["ORDER-5", "ORDER-6"], 3: ["ORDER-6", "ORDER-7"]}


@pytest.mark.parametrize("version", OLDER)
async def test_directory_of_an_older_program_is_served_as_it_was(version: int, data_dir: Path, live: StartLive) -> None:
    """Its 7 orders: 4 filled at once, 1 canceled, 1 working with the inactive stop of its bracket."""
    path = OLDER[version](data_dir)
    updates = rows(path, "SELECT channel, seq, body FROM updates")
    ended = [body for (body,) in rows(path, "SELECT body FROM orders ORDER BY ended_ms, number")]
    assert (len(updates), len(ended)) == (20 if version == 3 else 21, 5)
    assert run("verify", data_dir).returncode == 0
    program = Program(data_dir)
    orders, executions, history = (program.get(address) for address in ADDRESSES)
    working = [row["id"] for row in orders if row["status"] in (OrderStatus.INACTIVE, OrderStatus.WORKING)]
    assert (working, len(executions), len(history)) == (WORKING[version], 4, 5)
    assert program.place().body == {"orderId": "ORDER-8"}
    program.kill()
    again = await live(data_dir=data_dir, ephemeral=False)
    assert (await again.call("GET", ADDRESSES[1]))[:4] == executions
    await again.server.storage.close()
    assert set(updates) <= set(rows(path, "SELECT channel, seq, body FROM updates"))
    assert ended == [body for (body,) in rows(path, "SELECT body FROM orders ORDER BY ended_ms, number")][:5]
    assert rows(data_dir / f"journal-schema-{version}.db", "PRAGMA user_version") == [(version,)]
    assert not (data_dir / "journal.seal").exists()
    assert run("verify", data_dir).returncode == 0


@pytest.mark.parametrize("version", OLDER)
def test_upgraded_tables_are_those_of_a_new_directory(version: int, data_dir: Path) -> None:
    path = OLDER[version](data_dir)
    open_storage(data_dir, INSTRUMENTS, 1).release()
    new = data_directory.connect(":memory:")
    schema.create(new)
    tables = "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert rows(path, tables) == new.execute(tables).fetchall()
    columns = [f"SELECT * FROM pragma_table_xinfo('{name}')" for name in ("events", "updates", "orders", "meta")]
    assert [rows(path, one) for one in columns] == [new.execute(one).fetchall() for one in columns]
    new.close()
    upgraded = data_directory.connect(path, is_read_only=True)
    assert integrity.check_all(upgraded, path).seq == rows(path, "SELECT max(seq) FROM events")[0][0]
    upgraded.close()


@pytest.mark.parametrize("version", OLDER)
def test_damaged_directory_of_an_older_program_is_refused_and_stays(version: int, data_dir: Path) -> None:
    path = OLDER[version](data_dir)
    data = bytearray(path.read_bytes())
    data[data.index(b'"ORDER-1"') + 1] ^= 1
    path.write_bytes(data)
    with pytest.raises(StorageError, match="damaged"):
        open_storage(data_dir, INSTRUMENTS, 1)
    assert path.read_bytes() == data
    assert not (data_dir / f"journal-schema-{version}.db").exists()


def test_step_that_fails_leaves_the_older_schema(data_dir: Path) -> None:
    """A table that is in the way makes the last step fail, after rows were moved."""
    path = left_by_program(2, data_dir)
    connection = data_directory.connect(path)
    connection.execute("CREATE TABLE old_meta (name TEXT)")
    before = rows(path, "SELECT * FROM updates")
    with pytest.raises(sqlite3.OperationalError, match="old_meta"):
        schema.upgrade(connection)
    assert not connection.in_transaction
    assert connection.execute("SELECT * FROM updates").fetchall() == before
    assert schema.check_identity(connection, path) == 2
    connection.close()


async def test_backup_of_an_older_schema_is_restored(data_dir: Path, tmp_path: Path, live: StartLive) -> None:
    backup = left_by_program(3, tmp_path / "older")
    done = run("restore", data_dir, str(backup))
    assert done.returncode == 0, done.stderr
    server = await live(data_dir=data_dir, ephemeral=False)
    assert len(await server.call("GET", ADDRESSES[1])) == 4


def test_journal_of_the_program_before_exact_averages_is_read_on(data_dir: Path) -> None:
    """It sold 1 of 3 MSFT and 400 of 1,000 USDJPY, whose yen it booked as dollars."""
    left_by_program(4, data_dir)
    recovered = open_storage(data_dir, INSTRUMENTS, 1)
    account = recovered.state.broker.accounts["DEMO-ACCOUNT"]
    told = {symbol: position_payload(account, position) for symbol, position in account.positions.items()}
    assert {symbol: (one["qty"], one["avgPrice"], one["realizedPL"]) for symbol, one in told.items()} == {
        "MSFT": (2, 421.943333, -0.04),
        "USDJPY": (600, 150, 400),
    }
    assert money_out(account.funds.balance) == 100_399.96
    assert list(deep_violations(account)) == []
    recovered.release()


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(statement).fetchall()
    connection.close()
    return found
