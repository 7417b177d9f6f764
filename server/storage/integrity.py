"""The checks that tell a whole journal from a damaged one. recovery.py makes them at every start, admin.py on request.

    PRAGMA integrity_check   the structure of the file: pages, tables, indexes and their agreement
    `events`                 the chain of the events' checksums: a changed, missing or moved event
    `check_tables`           the structure, and the checksum of every other row
    `check_end`              the record of the last event: a tail that is cut off

A changed byte that belongs to no table, index or list of SQLite (free space) is not found, and no row depends on it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from server.storage.data_directory import GENESIS, Head, connect, damaged
from server.storage.schema import (
    CHECKED_COLUMNS,
    SCHEMA_VERSION,
    check_identity,
    event_checksum,
    event_source,
    row_checksum,
)

PAGE_ROWS = 2000

EventRow = tuple[int, int, str, str, int, int, bytes, int]
"""seq, time_ms, account, kind, version, txn, body, crc."""


def structure_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the faults that SQLite finds in the file.

    `quick_check` leaves out the indexes, and a row that its index does not name is missing from history pages.
    """
    for (fault,) in connection.execute("PRAGMA integrity_check"):
        if fault != "ok":
            yield " ".join(fault.split())


def events(connection: sqlite3.Connection, path: Path) -> Iterator[EventRow]:
    """Yield all events, each one checked.

    Raises:
        StorageError: an event is missing, out of place or changed.
        sqlite3.Error: the file cannot be read.
    """
    seq, chain = GENESIS
    statement = (
        "SELECT seq, time_ms, account, kind, version, txn, body, crc FROM events WHERE seq > ? ORDER BY seq"
        f" LIMIT {PAGE_ROWS}"
    )
    while rows := connection.execute(statement, (seq,)).fetchall():
        for row in rows:
            number, time_ms, account, kind, version, txn, body, crc = row
            chain = event_checksum(chain, number, time_ms, event_source(account, kind, version), txn, body)
            seq += 1
            if number != seq or crc != chain:
                raise damaged(path, f"is damaged at event {seq}: its checksum does not fit")
            yield row


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Check the structure, and every row that is no event. Raises: StorageError, sqlite3.Error."""
    if (fault := next(structure_faults(connection), None)) is not None:
        raise damaged(path, f"is damaged: {fault}")
    if check_identity(connection, path) != SCHEMA_VERSION:  # older schemas have no checksums there
        return
    for table, columns in CHECKED_COLUMNS.items():
        for *values, crc in connection.execute(f"SELECT {columns}, crc FROM {table}"):
            if row_checksum(*values) != crc:
                raise damaged(path, f"is damaged in table {table} at {values[0]}: its checksum does not fit")


def check_all(connection: sqlite3.Connection, path: Path) -> Head:
    """Check a whole database; returns its last event. Raises: StorageError, sqlite3.Error."""
    check_tables(connection, path)
    head = GENESIS
    for seq, *_, crc in events(connection, path):
        head = Head(seq, crc)
    return head


def check_file(path: Path) -> Head:
    """Check a database file, such as a backup; returns its last event. Raises: StorageError."""
    try:
        with closing(connect(path, is_read_only=True)) as connection:
            return check_all(connection, path)
    except sqlite3.Error as error:
        raise damaged(path, f"cannot be read: {error}") from None


def check_end(connection: sqlite3.Connection, found: Head, recorded: Head, path: Path) -> None:
    """Compare the last event of the journal with the one in `journal.head`. Raises: StorageError for missing events."""
    if found.seq < recorded.seq:
        raise damaged(path, f"ends at event {found.seq}, but event {recorded.seq} was stored: its tail is cut off")
    row = connection.execute("SELECT crc FROM events WHERE seq = ?", (recorded.seq,)).fetchone()
    if (row[0] if row else GENESIS.crc) != recorded.crc:
        raise damaged(path, f"has another event {recorded.seq} than the one that was stored")
