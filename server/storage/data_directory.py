"""The data directory: one process at a time, the journal's file, its schema, and the proofs that it is whole.

    journal.db     SQLite in WAL mode: the events, and the read models that are written in the same transactions
    journal.head   number and checksum of the last durable event, outside SQLite: a cut-off tail is noticed
    journal.seal   checksums of journal.db's pages: any flipped byte is noticed, also where no row lies (seal.py)
    snapshots/     states to start from; a cache
    lock           number of the process that serves the directory; the lock itself is on the directory

Nothing here knows what an event means. Called by journal.py, recovery.py and the storage commands.
"""

import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple
from zlib import crc32

from server.storage.schema import APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION

HEAD = struct.Struct("<8sqII")
HEAD_MAGIC = b"TRDHEAD1"
PAGE_ROWS = 2000
BUSY_S = 2.0
STATEMENTS = 256
"""Statements that a connection keeps prepared: one for each count of rows, see intake.py."""


class StorageError(Exception):
    """The data directory cannot be used; the message is one line that says how to go on."""


class Head(NamedTuple):
    """The last durable event: its number and its checksum, which covers everything before it."""

    seq: int
    crc: int


GENESIS = Head(0, 0)

Row = tuple[int, int, str, str, int, int, bytes, int]
"""seq, time_ms, account, kind, version, txn, body, crc."""


def checksum(
    previous: int, seq: int, time_ms: int, account: str, kind: str, version: int, txn: int, body: bytes
) -> int:
    """Return the checksum of a row: CRC-32 of its columns, continued from the row before."""
    return link(previous, seq, time_ms, account, form_of(kind, version), txn, body)


def form_of(kind: str, version: int) -> bytes:
    """Return a kind and a version as `link` takes them."""
    return b"%b\0%d" % (kind.encode(), version)


def link(previous: int, seq: int, time_ms: int, account: str, form: bytes, txn: int, body: bytes) -> int:
    """Return what `checksum` does; the row's kind and version come as `form_of` writes them."""
    return crc32(b"%d\0%d\0%b\0%b\0%d\0%b" % (seq, time_ms, account.encode(), form, txn, body), previous)


class Directory:
    """Names of the files, and the lock. That is on the directory: a file of the lock could be taken away under it.

    Args:
        path: The data directory; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "journal.db"
        self.wal = path / "journal.db-wal"
        self.index = path / "journal.db-shm"
        self.head = path / "journal.head"
        self.seal = path / "journal.seal"
        self.snapshots = path / "snapshots"
        self.staged = path / "restore.db"
        self._lock: int | None = None

    def lock(self) -> None:
        """Take the directory for this process. Raises: StorageError when another one has it."""
        owner = self.path / "lock"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise StorageError(f"data directory {self.path}: {error.strerror}") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            owner.write_text(str(os.getpid()), encoding="ascii")
        except BlockingIOError:
            os.close(handle)
            known = owner.read_text(encoding="ascii").strip() if owner.exists() else ""
            raise StorageError(
                f"data directory {self.path} is in use by process {known or 'unknown'}; "
                "stop it, or give another --data-dir"
            ) from None
        except OSError as error:
            os.close(handle)
            raise StorageError(f"data directory {self.path}: {error.strerror}") from None
        self._lock = handle

    @property
    def is_live(self) -> bool:
        """Whether a process serves the directory now."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def unlock(self) -> None:
        """Let the directory go."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def sync(self) -> None:
        """Make names in the directory durable."""
        sync_path(self.path)


def sync_path(path: Path) -> None:
    """Make a file, or the names in a directory, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class HeadFile:
    """The record of the last durable event, overwritten in place after every commit.

    It follows the commit without an fsync of its own: it survives the process at once and a power cut a little later,
    so that it can be behind the journal but never ahead of it.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def write(self, head: Head) -> None:
        """Overwrite the record."""
        os.pwrite(self._handle, pack_head(head), 0)

    def sync(self) -> None:
        """Make the record durable."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def pack_head(head: Head) -> bytes:
    """Return the record of a head: magic, number, checksum, and a checksum of these."""
    return HEAD.pack(HEAD_MAGIC, head.seq, head.crc, crc32(struct.pack("<qI", head.seq, head.crc)))


def read_head(path: Path) -> Head:
    """Read a head's record. Raises: StorageError when it is gone or damaged."""
    try:
        magic, seq, crc, own = HEAD.unpack(path.read_bytes())
    except (OSError, struct.error):
        raise damaged(path, "is gone or cut off") from None
    if magic != HEAD_MAGIC or own != crc32(struct.pack("<qI", seq, crc)):
        raise damaged(path, "is damaged")
    return Head(seq, crc)


def damaged(path: Path, what: str) -> StorageError:
    """Return the error of a damaged file, with the ways on."""
    return StorageError(
        f"{path} {what}; nothing was changed. "
        "See what is wrong with 'run.py verify', go back to a backup with 'run.py restore FILE'"
    )


def connect(path: Path | str, is_read_only: bool = False) -> sqlite3.Connection:
    """Open a database: one statement is one transaction unless said otherwise. Raises: sqlite3.Error."""
    if path == ":memory:":
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS)
    uri = f"{Path(path).resolve().as_uri()}?mode={'ro' if is_read_only else 'rw'}"
    connection = sqlite3.connect(
        uri, timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS, uri=True
    )
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    # What is deleted was told to clients long ago and stands in the events too: no need to write zeros over it.
    connection.execute("PRAGMA secure_delete=OFF")
    return connection


def copy(connection: sqlite3.Connection, file: Path) -> None:
    """Write a database into a new file, durably and for its owner's eyes alone.

    Raises:
        StorageError: it cannot be written or read; then no file is left, for space may be what is missing.
    """
    file.unlink(missing_ok=True)
    try:
        file.touch(mode=0o600, exist_ok=False)
        connection.execute("VACUUM INTO ?", (str(file),))
        sync_path(file)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            file.unlink()
        raise StorageError(f"copying to {file}: {error}") from None


def create(connection: sqlite3.Connection) -> None:
    """Give an empty database the schema and an epoch, all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('epoch', ?)", (token_hex(8),))
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")


def check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """Return a database's schema version. Raises: StorageError for a stranger's file or a newer program's."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise StorageError(f"{path} is not a journal of this program (application id {application:#x})")
    if version > SCHEMA_VERSION:
        raise StorageError(
            f"{path} has schema {version}, this program knows up to {SCHEMA_VERSION}: "
            "run the newer program, or restore a backup made before the upgrade"
        )
    return version


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an older schema up to date, one transaction per step, after a backup beside it."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    backup = path.with_name(f"{path.stem}-schema-{version}.db")
    copy(connection, backup)
    for step in range(version, SCHEMA_VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in MIGRATIONS[step]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={step + 1}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            connection.execute("ROLLBACK")
            raise


def rows(connection: sqlite3.Connection, after: Head, path: Path | str = ":memory:") -> Iterator[list[Row]]:
    """Yield the events behind `after` in pages, each row proved by the chain of checksums.

    Raises:
        StorageError: a row is missing, out of place or changed.
        sqlite3.Error: the file cannot be read.
    """
    seq, chain = after
    while page := connection.execute(
        "SELECT seq, time_ms, account, kind, version, txn, body, crc FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
        (seq, PAGE_ROWS),
    ).fetchall():
        for number, time_ms, account, kind, version, txn, body, crc in page:
            chain = checksum(chain, number, time_ms, account, kind, version, txn, body)
            seq += 1
            if number != seq or crc != chain:
                raise damaged(Path(path), f"is damaged at event {seq}: its checksum does not fit")
        yield page


def check_tail(found: Head, recorded: Head, crc_at_recorded: int | None, path: Path) -> None:
    """Hold the journal's end against the record of it. Raises: StorageError when the tail is cut off or another."""
    if found.seq < recorded.seq:
        raise damaged(path, f"ends at event {found.seq}, but event {recorded.seq} was stored: its tail is cut off")
    if crc_at_recorded != recorded.crc:
        raise damaged(path, f"has another event {recorded.seq} than the one that was stored")
