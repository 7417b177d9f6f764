"""The writing end of a database: commits, and the log on its way into the database beside them.

Two threads meet here. The writer commits; `copy` and `settle` run on the other, while it does. A checkpoint moves what
was committed before it began and nobody is held up by that, but while commits go on it never gets all of it, and the
log begins anew only when nothing is left. So the bulk is copied beside the commits, and `finish`, between two commits,
moves the few pages that have come since.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from server.storage import batch_insert, data_directory, seal
from server.storage.data_directory import Directory, Head, HeadFile
from server.storage.group_commit import Group
from server.storage.seal import Seal
from server.storage.wal import PAGE_BYTES, Log

CHECKPOINT_BYTES = 16 << 20
RETRY_BYTES = 4 << 20
MAX_LOG_BYTES = 64 << 20
ROUNDS = 6
FEW_FRAMES = 128
"""Frames that the writer moves itself: half a megabyte."""

MANY_FRAMES = 1024
"""Frames that it moves where commits are as fast as the copy; when more are left, they are copied later."""

PROBE_BYTES = 256 << 10


class Disk:
    """What makes groups durable.

    Args:
        connection: The only connection that writes.
        directory: Where it lies; None in memory.
        head: The last durable event.
    """

    def __init__(self, connection: sqlite3.Connection, directory: Directory | None, head: Head) -> None:
        batch_insert.prepare(connection)
        self.connection = connection
        self.head = head
        self._files = None if directory is None else Files(directory)

    def write(self, group: Group) -> None:
        """Make a group durable. Raises: sqlite3.Error, OSError; then nothing of it is stored."""
        group.write(self.connection)
        self.head = group.head
        if self._files is not None:
            self._files.head.write(group.head)

    @property
    def is_full(self) -> bool:
        """Whether the log is to be moved into the database; to be asked after a commit, by the writer."""
        return self._files is not None and self._files.is_full

    def copy(self) -> bool:
        """Move the log into the database while commits go on. Raises: sqlite3.Error, OSError.

        Returns whether so little is left that the writer can `finish`; not so while a reader holds the log.
        """
        assert self._files is not None
        self._files.begin()
        for _ in range(ROUNDS):
            left = self._files.copy(self.head.seq)
            if self._files.is_held:
                return False
            if left <= FEW_FRAMES:
                return True
        return left <= MANY_FRAMES or self._files.is_long

    def finish(self) -> bool:
        """Move what is left, between two commits. Raises: sqlite3.Error, OSError.

        Returns whether nothing is left, so that the next commit begins the log anew.
        """
        assert self._files is not None
        return self._files.finish(self.connection, self.head.seq)

    def settle(self) -> None:
        """Seal the database as it is after a `finish` that left nothing. Raises: OSError."""
        assert self._files is not None
        self._files.settle()

    def probe(self) -> None:
        """Find out whether there is space for a good many rows. Raises: sqlite3.Error, OSError."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("INSERT INTO probe VALUES (zeroblob(?))", (PROBE_BYTES,))
            self.connection.execute("COMMIT")
            self.connection.execute("DELETE FROM probe")
        except sqlite3.Error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Checkpoint, seal and close."""
        if self._files is None:
            self.connection.close()
        else:
            self._files.close(self.connection, self.head.seq)


class Files:
    """The files of a database that is written to: log, seal and the record of its end.

    The rule that everything here follows: whenever the log may begin anew, the seal on disk says what the database is
    then. So the seal goes first, from the log's own checksums, and only what it has is copied.
    """

    def __init__(self, directory: Directory) -> None:
        self.head = HeadFile(directory.head)
        self.is_held = False
        self._directory = directory
        found = seal.read(directory.seal)
        self._seal: Seal | None = found.seal if found else None
        self._copier = data_directory.connect(directory.database)
        self._guard = data_directory.connect(directory.database)
        with self._guarded():
            self._log = Log(directory.wal, directory.index)
        self._database = os.open(directory.database, os.O_RDONLY)
        self._salts = b""
        self._followed = self._seen = self._sealed_seq = 0
        self._full_frames = CHECKPOINT_BYTES // PAGE_BYTES

    @property
    def is_full(self) -> bool:
        """Whether enough is in the log to copy it."""
        frames = self._log.frames
        if frames < self._seen:
            self._full_frames = CHECKPOINT_BYTES // PAGE_BYTES
        self._seen = frames
        return frames >= self._full_frames

    def begin(self) -> None:
        """Get ready to copy; when that fails, it is not tried again before more is in the log."""
        self._wait_for_more()
        self.head.sync()

    @property
    def is_long(self) -> bool:
        """Whether the log is longer than it may become, but behind a reader."""
        return self._log.frames * PAGE_BYTES > MAX_LOG_BYTES

    def copy(self, seq: int) -> int:
        """Copy what is committed by now. Returns how many frames have come since, or were held."""
        self.is_held = False
        before = self._log.frames
        with self._guarded():
            self._follow(seq)
            is_busy, _, copied = self._copier.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        os.fdatasync(self._database)  # SQLite leaves that to whoever copies the last page, which is the writer
        if is_busy:  # the writer was just about to publish a commit: nothing was looked at
            return self._log.frames
        self.is_held = copied < before
        left: int = self._log.frames - copied
        return left

    def finish(self, connection: sqlite3.Connection, seq: int) -> bool:
        """Copy the rest, nobody commits meanwhile. Returns whether that was all."""
        self._follow(seq)
        is_busy, frames, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._wait_for_more()
        if is_busy or copied < frames:
            return False
        if self._log.size > MAX_LOG_BYTES:
            self._cut(connection)
        return True

    def settle(self) -> None:
        """Write the seal once more: no page is on its way now."""
        if self._seal is not None:
            self._seal.write(self._directory, self._sealed_seq, is_moving=False)

    def close(self, connection: sqlite3.Connection, seq: int) -> None:
        """Copy everything, close, seal. What cannot be copied stays in the log. Raises: sqlite3.Error, OSError."""
        is_whole = False
        try:
            self.head.sync()
            self._follow(seq)
            is_whole = not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            for each in (self._copier, self._guard, connection):
                each.close()
            self._log.close()
            os.close(self._database)
            self.head.close()
        if self._seal is not None and is_whole:
            self._seal.finish(self._directory, seq)

    def _follow(self, seq: int) -> None:
        """Let the seal on disk say what the database will be when all that is committed by now is copied.

        The log does not begin anew meanwhile: the guard keeps it, or the writer itself is here.
        """
        if self._seal is None:
            return
        if self._log.salts != self._salts:
            self._salts, self._followed = self._log.salts, 0
        frames = self._log.frames
        self._seal.follow(self._log, self._followed, frames)
        self._followed, self._sealed_seq = frames, seq
        if self._seal.is_too_big:
            self._seal.close()
            self._seal = None
            seal.forget(self._directory)
        else:
            self._seal.write(self._directory, seq, is_moving=True)

    def _wait_for_more(self) -> None:
        self._full_frames = self._log.frames + RETRY_BYTES // PAGE_BYTES

    def _cut(self, connection: sqlite3.Connection) -> None:
        """Give back the space of a log that grew behind a reader; when one is there now, next time."""
        connection.execute("PRAGMA busy_timeout=0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(f"PRAGMA busy_timeout={int(1000 * data_directory.BUSY_S)}")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Keep the log from beginning anew, and nothing from being copied that is committed from now on."""
        self._guard.execute("BEGIN")
        try:
            self._guard.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
            yield
        finally:
            self._guard.execute("ROLLBACK")
