"""The data directory: names of its files, the lock of the process that serves it, the record of the last event.

    journal.db     SQLite in WAL mode: the events, and the read models that are written in the same transactions
    journal.head   number and checksum of the last durable event. SQLite drops the damaged or missing end of its
                   write-ahead log without an error; only this record shows that events are missing
    snapshots/     states to start from; a cache
    lock           process id of the owner; the lock itself is on the directory

Read schema.py next for the tables, integrity.py for the checks. Nothing here knows the meaning of an event.
"""

import fcntl
import os
import sqlite3
import struct
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from server.installation import COMMAND

HEAD = struct.Struct("<8sqII")
HEAD_MAGIC = b"TRDHEAD1"
BUSY_S = 2.0
CHECKPOINT_BYTES = 16 << 20
"""The write-ahead log is copied into the database when its file is longer; SQLite cuts it back to this length."""


class StorageError(Exception):
    """The data directory cannot be used; the message is one line that says how to go on."""


class Head(NamedTuple):
    """The last event of a journal: its number, and its checksum, which covers every event before it."""

    seq: int
    crc: int


GENESIS = Head(0, 0)


class Directory:
    """Paths and lock of a data directory. The lock is on the directory, because a lock file could be deleted.

    Args:
        path: The data directory; `lock` creates it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "journal.db"
        self.wal = path / "journal.db-wal"
        self.index = path / "journal.db-shm"
        self.head = path / "journal.head"
        self.page_sums = path / "journal.seal"
        """A file of the programs up to schema 3; no longer used."""
        self.snapshots = path / "snapshots"
        self.staged = path / "restore.db"
        self._lock: int | None = None

    def lock(self) -> None:
        """Lock the directory for this process. Raises: StorageError when another process has it."""
        owner, handle = self.path / "lock", None
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            owner.write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:
            if handle is not None:
                os.close(handle)
            if not isinstance(error, BlockingIOError):
                raise StorageError(f"data directory {self.path}: {error.strerror}") from None
            process_id = owner.read_text(encoding="ascii").strip() if owner.exists() else ""
            raise StorageError(
                f"data directory {self.path} is in use by process {process_id or 'unknown'}; "
                "stop it, or give another --data-dir"
            ) from None
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
        """Release the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def sync(self) -> None:
        """Make renamed and deleted names in the directory durable."""
        sync_path(self.path)


def sync_path(path: Path) -> None:
    """Make a file, or the names in a directory, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_head(path: Path, head: Head) -> None:
    """Write a record of the last event, durably."""
    path.touch(mode=0o600)
    path.write_bytes(pack_head(head))
    sync_path(path)


def pack_head(head: Head) -> bytes:
    """Return the record of a head: magic, number, checksum, and a checksum of these two.

    The journal overwrites the record in place after every commit and does not sync it then: it survives the end of the
    process at once and a power cut some seconds later. So the record may be behind the journal, never ahead of it.
    """
    return HEAD.pack(HEAD_MAGIC, head.seq, head.crc, crc32(struct.pack("<qI", head.seq, head.crc)))


def read_head(path: Path) -> Head:
    """Read the record of the last event. Raises: StorageError when it is missing or damaged."""
    try:
        magic, seq, crc, own = HEAD.unpack(path.read_bytes())
    except (OSError, struct.error):
        raise damaged(path, "is gone or cut off") from None
    if magic != HEAD_MAGIC or own != crc32(struct.pack("<qI", seq, crc)):
        raise damaged(path, "is damaged")
    return Head(seq, crc)


def damaged(path: Path, problem: str) -> StorageError:
    """Return the error of a damaged file: path, problem, and what the reader can do."""
    return StorageError(
        f"{path} {problem}; nothing was changed. "
        f"See what is wrong with '{COMMAND} verify', go back to a backup with '{COMMAND} restore FILE'"
    )


def connect(path: Path | str, is_read_only: bool = False) -> sqlite3.Connection:
    """Open a database. Each statement is a transaction of its own outside BEGIN. Raises: sqlite3.Error."""
    if path == ":memory:":
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    uri = f"{Path(path).resolve().as_uri()}?mode={'ro' if is_read_only else 'rw'}"
    connection = sqlite3.connect(uri, timeout=BUSY_S, isolation_level=None, check_same_thread=False, uri=True)
    connection.execute("PRAGMA synchronous=FULL")
    # SQLite ignores an I/O error of a checkpoint that it starts by itself, so the journal starts them: journal.py.
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute(f"PRAGMA journal_size_limit={CHECKPOINT_BYTES}")
    # Deleted rows are copies of what the events hold: there is no need to overwrite them with zeros.
    connection.execute("PRAGMA secure_delete=OFF")
    return connection


def copy(connection: sqlite3.Connection, file: Path) -> None:
    """Write a database into a new file, durably, readable by its owner only.

    Raises:
        StorageError: it cannot be written or read; then no file is left, because the disk may be full.
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
