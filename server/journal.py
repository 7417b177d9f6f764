"""The journal: batches in, one durable transaction for all that come together, word back in order.

One thread writes, one group is with it at a time; what comes meanwhile is the next group. The loop makes the rows, the
thread waits for the disk. Where nothing has to survive (`:memory:`) the same rows are written without the thread.

A group that does not reach the disk takes everything behind it along, for it was decided on a state that will never
have been: all of it is refused, and the journal stays closed until `resume`, which the owner calls when the state in
memory is again what is durable.
"""

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from time import monotonic

from engine.broker.batch import Batch
from engine.journal import Done
from server.groups import Group, Unstorable
from server.store import Directory, Head, HeadFile, write_seal

log = logging.getLogger("trading.journal")

MAX_PENDING = 20_000
"""Events that may wait for the disk; beyond it commands are refused."""

CHECKPOINT_BYTES = 16 << 20
RETRY_BYTES = 4 << 20
MAX_LOG_BYTES = 64 << 20
SEAL_WHILE_RUNNING_BYTES = 32 << 20
PROBE_S = 0.5
PROBE_BYTES = 256 << 10
FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN))
"""Errors after which the disk is whole and may take more later."""

NO_SPACE = frozenset((errno.ENOSPC, errno.EDQUOT))
"""The same of the files beside the database, which are only written when a log is emptied."""

OnFailure = Callable[[Exception, bool], None]


class Disk:
    """The writing end of a database: what the journal's thread alone touches once it runs.

    Args:
        connection: The only connection that writes.
        directory: Where it lies; None in memory.
        head: The last durable event.
    """

    def __init__(self, connection: sqlite3.Connection, directory: Directory | None, head: Head) -> None:
        self.connection = connection
        self._directory = directory
        self.head = head
        self._head_file = None if directory is None else HeadFile(directory.head)
        self._full_bytes = CHECKPOINT_BYTES

    def write(self, group: Group) -> None:
        """Make a group durable. Raises: sqlite3.Error, OSError; then nothing of it is stored."""
        try:
            group.write(self.connection)
        except sqlite3.Error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.head = group.head
        if self._head_file is not None:
            self._head_file.write(group.head)

    def tidy(self) -> None:
        """Empty a write-ahead log that is full. Raises: sqlite3.Error, OSError.

        Its file keeps its size, for writing over old blocks is cheaper than growing, and so it is full again when it
        grows. One that grew far beyond that, behind a reader that held it, is cut.
        """
        if self._directory is None or (size := self._directory.wal.stat().st_size) <= self._full_bytes:
            return
        is_done = self.checkpoint("TRUNCATE" if size > MAX_LOG_BYTES else "RESTART", SEAL_WHILE_RUNNING_BYTES)
        size = self._directory.wal.stat().st_size
        self._full_bytes = max(size, CHECKPOINT_BYTES) if is_done else size + RETRY_BYTES

    def checkpoint(self, mode: str, max_bytes: int) -> bool:
        """Move the log into the database and seal that, up to a size. Raises: sqlite3.Error, OSError.

        Returns False when a reader held the log: then it was not emptied.
        """
        assert self._directory is not None
        assert self._head_file is not None
        self._head_file.sync()
        self._directory.seal.unlink(missing_ok=True)
        self._directory.sync()
        is_busy = self.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0]
        if not is_busy and self._directory.database.stat().st_size <= max_bytes:
            write_seal(self._directory, self.head)
        return not is_busy

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
        if self._directory is not None and self._head_file is not None:
            self.checkpoint("TRUNCATE", 1 << 62)
            self._head_file.close()
        self.connection.close()


class SqliteJournal:
    """An `engine.journal.Journal` on SQLite.

    Args:
        disk: The database.
        numbers: The last number of each exact channel.
        loop: Where the word comes back; None writes at once, on the caller's time.

    Attributes:
        commits: Groups made durable.
        on_failure: Called with the error of a group that is not, and whether storage is lost for good.
        on_writable: Called when a closed journal takes batches again.
    """

    def __init__(self, disk: Disk, numbers: dict[str, int], loop: asyncio.AbstractEventLoop | None) -> None:
        self.kind = "memory" if loop is None else "sqlite"
        self.is_writable = True
        self.commits = 0
        self.lag_ms = 0.0
        self.on_failure: OnFailure = lambda _error, _is_fatal: None
        self.on_writable: Callable[[], None] = lambda: None
        self._disk = disk
        self._numbers = numbers
        self._loop = loop
        self._open = Group(disk.head)
        self._is_in_flight = self._is_scheduled = self._is_fatal = False
        self._durable = disk.head.seq
        self._inbox: SimpleQueue[Group | float | None] = SimpleQueue()
        self._thread: Thread | None = None
        if loop is not None:
            self._thread = Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()

    @property
    def count(self) -> int:
        """Durable events."""
        return self._durable

    @property
    def head(self) -> Head:
        """The last event that was appended; durable when nothing is pending."""
        return self._open.head

    @property
    def is_full(self) -> bool:
        """Whether more events wait for the disk than may."""
        return self._open.head.seq - self._durable >= MAX_PENDING

    def append(self, batch: Batch, done: Done) -> None:
        """Store the events and the exact updates of a batch; `done` is called when they are durable, or refused."""
        if not self.is_writable:
            done(ConnectionError("storage does not take anything now"))
            return
        self._open.add(batch, self._numbers, done)
        if self._loop is None:
            self._write_now()
        elif not self._is_in_flight and not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._hand_over)

    def resume(self, head: Head, numbers: dict[str, int]) -> None:
        """Go on from what is durable, as soon as the disk takes it. `on_writable` says when."""
        self._numbers = numbers
        self._open = Group(head)
        self._durable = head.seq
        if self._thread is None:
            self._probed(None)
        else:
            self._inbox.put(0.0)

    def close(self) -> None:
        """Store what is pending and close the database; blocks until that is done."""
        if self._thread is None:
            self._disk.close()
            return
        if self.is_writable and self._open.dones:
            self._inbox.put(self._open)
        self._inbox.put(None)
        self._thread.join()
        self._thread = None

    def _write_now(self) -> None:
        group = self._open
        self._open = Group(group.head)
        self._finished(group, self._attempt(lambda: self._disk.write(group)), 0.0)

    def _hand_over(self) -> None:
        self._is_scheduled = False
        if self._open.dones and self.is_writable and not self._is_in_flight:
            group = self._open
            self._open = Group(group.head)
            self._is_in_flight = True
            self._inbox.put(group)

    def _finished(self, group: Group, error: Exception | None, took_s: float) -> None:
        self._is_in_flight = False
        if error is not None:
            self._refuse(group, error)
            return
        self.commits += 1
        self.lag_ms = 1000 * took_s
        self._durable = group.head.seq
        self._hand_over()
        group.finish(None)

    def _refuse(self, group: Group, error: Exception) -> None:
        self.is_writable = False
        is_fatal = not (isinstance(error, Unstorable) or is_full_disk(error))
        log.error("nothing can be stored error=%s fatal=%s", error, is_fatal)
        later, self._open = self._open, Group(group.head)
        self.on_failure(error, is_fatal)
        group.finish(error)
        later.finish(error)

    def _probed(self, error: Exception | None) -> None:
        if error is not None:
            assert self._loop is not None
            self._loop.call_later(PROBE_S, self._inbox.put, 0.0)
            return
        log.warning("storage takes events again")
        self.is_writable = True
        self.on_writable()

    # The thread

    def _run(self) -> None:
        assert self._loop is not None
        while (item := self._inbox.get()) is not None:
            if isinstance(item, Group):
                began = monotonic()
                error = self._attempt(lambda group=item: self._disk.write(group))  # type: ignore[misc]
                self._tell(self._finished, item, error, monotonic() - began)
                if error is None and (error := self._attempt(self._disk.tidy)) is not None:
                    self._tell(self._untidy, error)
            else:
                self._tell(self._probed, self._attempt(self._disk.probe))
        self._attempt(self._disk.close)

    def _attempt(self, action: Callable[[], None]) -> Exception | None:
        try:
            action()
        except (sqlite3.Error, OSError, Unstorable) as error:
            return error
        return None

    def _tell(self, callback: Callable[..., None], *arguments: object) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            log.warning("the loop ended before the journal")

    def _untidy(self, error: Exception) -> None:
        """The log could not be emptied: it is whole and grows on, unless the disk itself is at fault."""
        if not is_full_disk(error) and not (isinstance(error, OSError) and error.errno in NO_SPACE):
            self.is_writable = False
            self.on_failure(error, True)


def is_full_disk(error: Exception) -> bool:
    """Whether the disk is whole after an error and may take more later."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode in FULL
