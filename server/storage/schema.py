"""The tables of the journal's database, and the steps from older schemas to this one.

Every row has a checksum. An event's covers the event before it too (`event_checksum`), so the events are a chain; other
rows are checked one by one (`row_checksum`). integrity.py compares them with the rows.
"""

import sqlite3
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from zlib import crc32

from server.storage.data_directory import StorageError, damaged

APPLICATION_ID = 0x54524450
"""`TRDP`."""

SCHEMA_VERSION = 4

EVENTS = """CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    txn INTEGER NOT NULL,
    body BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT"""
"""What happened. The authority: the other tables can be made from it. Events of one command or tick share `txn`."""

EXECUTIONS = "CREATE INDEX executions ON events (account, time_ms, seq) WHERE kind = 'OrderExecuted'"

UPDATES = """CREATE TABLE updates (
    channel TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT"""
"""The newest updates of each exact channel. A row holds those of one commit, a line each, under the last one's number.
Rows lie in the order of the commits: a commit fills a few pages at the end, whatever channels it concerns."""

UPDATES_INDEX = "CREATE UNIQUE INDEX told ON updates (channel, seq)"

ORDERS = """CREATE TABLE orders (
    number INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    ended_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT"""
"""Final orders by the time of their end: a line each, those of one commit and millisecond in one row."""

ORDERS_INDEX = "CREATE INDEX ended ON orders (account, ended_ms, number)"
META = "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID"
PROBE = "CREATE TABLE probe (body BLOB NOT NULL) STRICT"
"""Empty; written to find out whether the disk has space again."""

SCHEMA = (EVENTS, EXECUTIONS, UPDATES, UPDATES_INDEX, ORDERS, ORDERS_INDEX, META, PROBE)

CHECKED_COLUMNS = {
    "updates": "channel, seq, body",
    "orders": "number, account, ended_ms, body",
    "meta": "name, value",
}
"""By table: the columns that a row's checksum covers, in its order."""

MIGRATIONS: dict[int, tuple[str, ...]] = {
    # Rows of updates and orders lie in the order of the commits, and may hold several lines. Both older forms can be
    # read as they are, until the last step makes the tables anew.
    1: (),
    2: (),
    # Rows other than events get a checksum.
    3: (
        "ALTER TABLE updates RENAME TO old_updates",
        UPDATES,
        "INSERT INTO updates SELECT channel, seq, body, row_checksum(channel, seq, body) FROM old_updates"
        " ORDER BY channel, seq",
        "DROP TABLE old_updates",
        UPDATES_INDEX,
        "ALTER TABLE orders RENAME TO old_orders",
        ORDERS,
        "INSERT INTO orders SELECT number, account, ended_ms, body, row_checksum(number, account, ended_ms, body)"
        " FROM old_orders ORDER BY number",
        "DROP TABLE old_orders",
        ORDERS_INDEX,
        "ALTER TABLE meta RENAME TO old_meta",
        META,
        "INSERT INTO meta SELECT name, value, row_checksum(name, value) FROM old_meta",
        "DROP TABLE old_meta",
    ),
}
"""By schema version: the statements that make it the next one. `row_checksum` is a function of the connection."""


def event_checksum(previous: int, seq: int, time_ms: int, source: bytes, txn: int, body: bytes) -> int:
    """Return the checksum of an event: CRC-32 of its columns, continued from the event before (0 for the first).

    `source` is its account, kind and version as `event_source` writes them.
    """
    return crc32(b"%d\0%d\0%b\0%d\0%b" % (seq, time_ms, source, txn, body), previous)


@lru_cache(maxsize=10_000)
def event_source(account: str, kind: str, version: int) -> bytes:
    """Return the account, the kind and the version of an event as its checksum covers them."""
    return b"%b\0%b\0%d" % (account.encode(), kind.encode(), version)


def row_checksum(*columns: int | str | bytes) -> int:
    """Return the checksum of a row that is no event: CRC-32 of its columns."""
    return crc32(b"\0".join([one if isinstance(one, bytes) else str(one).encode() for one in columns]))


def update_checksum(channel: str, seq: int, body: bytes) -> int:
    """Return the `row_checksum` of updates. Every commit has several such rows, and this takes a third of the time."""
    return crc32(b"%b\0%d\0%b" % (channel.encode(), seq, body))


def create(connection: sqlite3.Connection) -> None:
    """Give an empty database the tables and an epoch, in one transaction."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement)
        put_meta(connection, "epoch", token_hex(8))
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def put_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Store a value of the table `meta`."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (name, value, row_checksum(name, value)))


def get_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a value of the table `meta`."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """Return a database's schema version.

    Raises:
        StorageError: the file is of another program, or of a newer version of this one.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise damaged(path, f"is not a journal of this program (application id {application:#x})")
    if version > SCHEMA_VERSION:
        raise StorageError(
            f"{path} has schema {version}, this program knows up to {SCHEMA_VERSION}: "
            "run the newer program, or restore a backup made before the upgrade"
        )
    if version not in MIGRATIONS and version != SCHEMA_VERSION:
        raise damaged(path, f"has an unknown schema {version}")
    return version


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an older schema up to date in one transaction. The caller has checked the rows and made a copy."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.create_function("row_checksum", -1, row_checksum, deterministic=True)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for step in range(version, SCHEMA_VERSION):
            for statement in MIGRATIONS[step]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
