"""The storage of a running server: recovery after a refused commit, snapshots, the end.

The engine decides before the journal has stored, so a refused commit leaves the state in memory ahead of the disk. The
journal then refuses commands, the waiting ones are answered 503, and the state is read back from the durable events on
a thread; reads wait for it, quotes go on. A result that cannot be encoded, or that an error left partial, is handled in
the same way. journal.py writes; recovery.py reads back; server/app.py connects the parts.
"""

import asyncio
import logging
import pickle
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from engine.core import Engine
from engine.models.market.instruments import Instrument
from handlers.publisher import Publisher
from server.installation import ROOT
from server.settings import Settings
from server.storage import data_directory, recovery, snapshots
from server.storage.archive import SqliteArchive
from server.storage.commits import CommitFollower
from server.storage.data_directory import StorageError
from server.storage.journal import JournalDatabase, SqliteJournal
from server.storage.recovery import Recovered, ReplayedState

log = logging.getLogger("trading.storage")

MAX_SNAPSHOT_ROWS = 30_000
"""Orders and executions that a stop still writes into a snapshot, about 25 us each."""


@dataclass(frozen=True, slots=True)
class SnapshotSchedule:
    """When snapshots are made.

    Attributes:
        events: Durable events between two snapshots.
        check_s: Seconds between two looks at the number of events.
        pause: Pause after a snapshot, in multiples of the time that it took: 9 is a tenth of a core at most.
        kill_s: Seconds that a stop waits for a killed snapshot process, whose end takes long without a free processor.
    """

    events: int = 10_000
    check_s: float = 1.0
    pause: float = 9.0
    kill_s: float = 0.5


class Stores(NamedTuple):
    """The journal that writes and the archive that reads."""

    journal: SqliteJournal
    archive: SqliteArchive


def open_stores(
    recovered: Recovered, instruments: Mapping[str, Instrument], follower: CommitFollower | None = None
) -> Stores:
    """Open journal and archive. With a data directory, to be called on the loop. `follower` gets the commits."""
    directory = recovered.directory
    loop = None if directory is None else asyncio.get_running_loop()
    database = JournalDatabase(recovered.connection, directory, recovered.state.head)
    journal = SqliteJournal(database, recovered.state.numbers, loop, follower=follower)
    if directory is None:
        return Stores(journal, SqliteArchive(recovered.connection, recovered.connection, False, instruments))
    pages, recent = (data_directory.connect(directory.database, is_read_only=True) for _ in range(2))
    return Stores(journal, SqliteArchive(pages, recent, True, instruments))


class Storage:
    """Keeps state and storage together.

    Args:
        recovered: The storage at the start.
        stores: Its journal and archive; attributes afterwards.
        engine: Its state is replaced after a refused commit.
        publisher: Its followers learn of the replaced state.
        settings: Seed and catalogue, for the process that makes snapshots.
        schedule: When snapshots are made.
    """

    def __init__(
        self,
        recovered: Recovered,
        stores: Stores,
        engine: Engine,
        publisher: Publisher,
        settings: Settings,
        schedule: SnapshotSchedule | None = None,
    ) -> None:
        self.journal, self.archive = stores
        self._directory = recovered.directory
        self._connection = recovered.connection
        self._engine = engine
        self._publisher = publisher
        self._settings = settings
        self._schedule = schedule or SnapshotSchedule()
        self._snapshot_seq = recovered.state.snapshot_seq
        self._is_closed = False
        self._closing_steps = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._fatal: asyncio.Queue[Exception] = asyncio.Queue()
        with suppress(RuntimeError):  # storage in memory may be composed without a loop
            self._start(self._recover_from_failures)

    @property
    def steps(self) -> int:
        """Grows whenever a commit, a checkpoint or a step of `close` is done; a disk that hangs leaves it as it is."""
        return self.journal.steps + self._closing_steps

    async def failed(self) -> Exception:
        """Wait until storage is lost for this process, which has to end with an error; returns the reason."""
        return await self._fatal.get()

    def watch(self) -> None:
        """Make snapshots from now on. To be called on the loop."""
        if self._directory is not None:
            self._start(partial(self._make_snapshots, self._directory.path))

    async def close(self) -> None:
        """Store everything pending, write a snapshot, close the files, unlock the directory. Later calls do nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        is_whole = self.journal.is_writable
        while is_whole and (settled := self._publisher.settled()) is not None:
            is_whole = await settled
        self._step()
        self.journal.refuse("the server is stopping")
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.archive.close)
        self._step()
        await loop.run_in_executor(None, self.journal.close)
        if self._directory is not None:
            if is_whole and self.journal.count > self._snapshot_seq:
                await loop.run_in_executor(None, self._write_snapshot, self._directory)
            self._directory.unlock()

    def _step(self) -> None:
        self._closing_steps += 1

    def _write_snapshot(self, directory: data_directory.Directory) -> None:
        """Write the state unless it is large; without a snapshot the next start replays more."""
        accounts = self._engine.broker.accounts.values()
        if sum(len(account.final) + len(account.executions) for account in accounts) > MAX_SNAPSHOT_ROWS:
            return
        try:
            market = self._engine.market
            contents = snapshots.Contents(self._engine.broker, market.journaled)
            snapshots.write(directory.snapshots, self.journal.head, contents, market.instruments, self._step)
        except (OSError, TypeError, pickle.PicklingError) as error:
            log.warning("no snapshot was made error=%r", error)

    async def _recover_from_failures(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            error, is_fatal = await self.journal.failed()
            if not is_fatal:
                try:
                    self._replace_state(await loop.run_in_executor(None, self._rebuild))
                    continue
                except (StorageError, sqlite3.Error, OSError) as cause:
                    error = cause
            self._fatal.put_nowait(error)

    def _replace_state(self, state: ReplayedState) -> None:
        self._engine.replace_state(state.broker, state.scenarios)
        self._publisher.state_restored()
        self.journal.resume(state.head, state.numbers)

    def _rebuild(self) -> ReplayedState:
        directory, instruments, seed = self._directory, self._engine.market.instruments, self._settings.seed
        if directory is None:
            return recovery.rebuild(None, self._connection, instruments, seed)
        with closing(data_directory.connect(directory.database, is_read_only=True)) as connection:
            return recovery.rebuild(directory, connection, instruments, seed)

    def _start(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _make_snapshots(self, path: Path) -> None:
        schedule = self._schedule
        while True:
            await asyncio.sleep(schedule.check_s)
            count = self.journal.count
            if count - self._snapshot_seq >= schedule.events and self.journal.is_writable:
                self._snapshot_seq = count
                began = monotonic()
                await self.make_snapshot(path)
                await asyncio.sleep(schedule.pause * (monotonic() - began))

    async def make_snapshot(self, path: Path) -> None:
        """Have another process make a snapshot of the data directory `path`, so that the loop is not held up."""
        settings = self._settings
        program = [sys.executable, str(ROOT / "run.py")]
        command = [*program, "snapshot", "--data-dir", str(path), "--seed", str(settings.seed)]
        for flag, given in (("--instruments", settings.instruments), ("--replay", settings.replay)):
            command += [] if given is None else [flag, str(given)]
        try:
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        except OSError as error:
            log.warning("no snapshot was made error=%r", error)
            return
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self._schedule.kill_s)
            raise
        if status:
            log.warning("no snapshot was made status=%d", status)
