"""The storage of a running server: journal, archive, and what happens when the disk fails.

The engine decides before the journal has stored, so a refused group leaves the state in memory ahead of the disk. Then
nothing may change, the waiting commands get their 503, and the state is made anew from what is durable, on a thread;
reads wait for it, quotes go on. When the disk takes something again, the gate opens. A result that has no form in the
journal, or that an error has torn, is refused in the same way.
"""

import asyncio
import logging
import os
import pickle
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic

from engine.broker.command_result import CommandResult
from engine.core import Engine
from engine.errors import Unavailable
from engine.journal import ResultSink
from engine.market.market import Market
from engine.models.market.instruments import Instrument
from handlers.publisher import Publisher
from handlers.stream.hub import Hub
from server.settings import Settings
from server.storage import data_directory, snapshots
from server.storage.archive import SqliteArchive
from server.storage.data_directory import StorageError
from server.storage.disk import Disk
from server.storage.journal import SqliteJournal
from server.storage.recovery import Recovered, State, rebuild

log = logging.getLogger("trading.storage")

SNAPSHOT_EVENTS = 10_000
MAX_LEFT_ROWS = 30_000
"""Orders and executions that a stop still writes down, about 25 us each."""

WATCH_S = 1.0
REST = 9.0
"""So many times as long as a snapshot took, none is made: they take a tenth of a core at most."""

LEAVE_S = 0.5
"""So long a stop waits for the end of a process that makes one: where all processors are busy that takes seconds."""

RUN = Path(__file__).parents[2] / "run.py"


class Storage(ResultSink):
    """Keeps what the engine decides. With a data directory, to be made on the loop.

    Args:
        recovered: What the start found.
        market: Its catalogue and scenarios.
        hub: Tells what is stored.
        settings: Seed and catalogue, for whoever has to do the same again.
        archive: Reads what is stored.

    Attributes:
        on_fatal: Called when storage is lost for good; the process has to end with an error.
    """

    def __init__(
        self, recovered: Recovered, market: Market, hub: Hub, settings: Settings, archive: SqliteArchive
    ) -> None:
        directory = recovered.directory
        disk = Disk(recovered.connection, directory, recovered.head)
        loop = None if directory is None else asyncio.get_running_loop()
        self.journal = SqliteJournal(disk, recovered.numbers, loop)
        self.archive = archive
        self.publisher = Publisher(self.journal, hub)
        self.on_fatal: Callable[[Exception], None] = lambda _error: None
        self._directory = directory
        self._connection = recovered.connection
        self._market = market
        self._settings = settings
        self._trouble: str | None = None
        self._is_closed = False
        self._snapshot_seq = recovered.snapshot_seq
        self._tasks: set[asyncio.Task[None]] = set()
        self.journal.on_failure = self._failed
        self.journal.on_writable = self._writable

    def attach(self, engine: Engine) -> None:
        """Store snapshots of an engine's state, and replace the state after results that could not be stored."""
        self._engine = engine

    def submit_partial(self, result: CommandResult) -> None:
        """Refuse a result that an error ended midway, with all behind it; the stored state takes its place."""
        self.publisher.submit(result)

    def check_writable(self) -> None:
        """Check that a change can be stored. Raises: Unavailable."""
        if self._trouble is not None:
            raise Unavailable(self._trouble)
        if self.journal.is_full:
            raise Unavailable("nothing was changed, too much waits to be stored; try again")

    def watch(self) -> None:
        """Make snapshots from now on, whenever enough has happened. To be called on the loop."""
        if self._directory is not None:
            self._start(self._make_snapshots(self._directory.path))

    async def close(self) -> None:
        """Store what is pending, leave a snapshot, close the files and let the directory go; once."""
        if self._is_closed:
            return
        self._is_closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        is_whole = self._trouble is None
        while is_whole and (settled := self.publisher.settled()) is not None:
            is_whole = await settled
        self._trouble = "the server is stopping"
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.archive.close)
        await loop.run_in_executor(None, self.journal.close)
        if self._directory is not None:
            if is_whole and self.journal.count > self._snapshot_seq:
                await loop.run_in_executor(None, self._leave_snapshot, self._directory)
            self._directory.unlock()

    def _leave_snapshot(self, directory: data_directory.Directory) -> None:
        """Write the state, if that is done in time; without it the next start replays more."""
        accounts = self._engine.broker.accounts.values()
        if sum(len(account.final) + len(account.executions) for account in accounts) > MAX_LEFT_ROWS:
            return
        try:
            kept = snapshots.Kept(self._engine.broker, self._market.journaled)
            snapshots.write(directory.snapshots, self.journal.head, kept, self._market.instruments)
        except (OSError, TypeError, pickle.PicklingError) as error:
            log.warning("no snapshot was made error=%r", error)

    def _failed(self, error: Exception, is_fatal: bool) -> None:
        self._trouble = f"nothing was changed, storage refused it: {error}"
        self.publisher.throw_away(error)
        if is_fatal:
            self.on_fatal(error)
        else:
            self._start(self._rebuild())

    def _writable(self) -> None:
        self._trouble = None

    async def _rebuild(self) -> None:
        try:
            state, numbers = await asyncio.get_running_loop().run_in_executor(None, self._read_back)
        except (StorageError, sqlite3.Error, OSError) as error:
            self.on_fatal(error)
            return
        self._engine.replace_state(state.broker, state.scenarios)
        self.publisher.rebuilt()
        self.journal.resume(state.head, numbers)

    def _read_back(self) -> tuple[State, dict[str, int]]:
        if self._directory is None:
            return self._read_from(self._connection)
        connection = data_directory.connect(self._directory.database, is_read_only=True)
        try:
            return self._read_from(connection)
        finally:
            connection.close()

    def _read_from(self, connection: sqlite3.Connection) -> tuple[State, dict[str, int]]:
        state = rebuild(self._directory, connection, self._market.instruments, self._settings.seed)
        return state, dict(connection.execute("SELECT channel, max(seq) FROM updates GROUP BY channel"))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _make_snapshots(self, path: Path) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            count = self.journal.count
            if count - self._snapshot_seq >= SNAPSHOT_EVENTS and self._trouble is None:
                self._snapshot_seq = count
                began = monotonic()
                await self.make_snapshot(path)
                await asyncio.sleep(REST * (monotonic() - began))

    async def make_snapshot(self, path: Path) -> None:
        """Have another process make a snapshot: it replays what this one stored, and the loop is never held up."""
        command = self._snapshot_command(path)
        try:
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        except OSError as error:
            log.warning("no snapshot was made error=%r", error)
            return
        stand_back(process.pid)
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LEAVE_S)
            raise
        if status:
            log.warning("no snapshot was made status=%d", status)

    def _snapshot_command(self, path: Path) -> list[str]:
        settings = self._settings
        command = [sys.executable, str(RUN), "snapshot", "--data-dir", str(path), "--seed", str(settings.seed)]
        paths = {"--instruments": settings.instruments, "--replay": settings.replay}
        return command + [part for flag, given in paths.items() if given is not None for part in (flag, str(given))]


def stand_back(process: int) -> None:
    """Let a process have of the processors what nobody else wants: whoever wakes up takes its place at once.

    Where that is not allowed, or the process is over, nothing happens: the snapshot matters more than its rank.
    """
    with suppress(OSError):
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def open_archive(recovered: Recovered, instruments: Mapping[str, Instrument]) -> SqliteArchive:
    """Open what reads the stored updates, orders and executions."""
    return SqliteArchive(_reader(recovered), _reader(recovered), recovered.directory is not None, instruments)


def _reader(recovered: Recovered) -> sqlite3.Connection:
    """Return a connection for reading beside the one that writes; in memory there is only that one."""
    if recovered.directory is None:
        return recovered.connection
    return data_directory.connect(recovered.directory.database, is_read_only=True)
