"""From the data directory to a running state: open, prove, replay.

The newest good snapshot plus the events behind it, through the code that runs live; every row proved by its checksum,
the end by the record of it, the result by the ledger laws. A directory that does not add up is refused, with the ways
on, and not touched.
"""

import gc
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import orjson

from engine.broker.broker import Broker
from engine.broker.invariants import deep_violations
from engine.market.scenarios import Scenarios
from engine.models.market.instruments import Instrument
from engine.models.market.scenarios import MARKET_EVENTS
from engine.topics import Payload
from server.storage import codec, data_directory, seal, snapshots, units
from server.storage.data_directory import GENESIS, Directory, Head, StorageError
from server.storage.group_commit import lines_of
from server.storage.schema import SCHEMA_VERSION

log = logging.getLogger("trading.recovery")

RESTORED_OVER = "replaced"
STATUS = "broker-connection"


@dataclass(slots=True)
class Recovered:
    """What a start finds.

    Attributes:
        directory: None in memory.
        connection: The only one that may write.
        head: The last durable event.
        numbers: The last number of each exact channel.
        last_ms: Market time of the last event, 0 without one; time must not go on from before it.
        snapshot_seq: The event that the newest usable snapshot stands behind.
        scenarios: What happens to the synthetic market.
        statuses: The last update of each `broker-connection` channel, which new subscribers are told.
    """

    directory: Directory | None
    connection: sqlite3.Connection
    broker: Broker
    epoch: str
    head: Head
    numbers: dict[str, int]
    last_ms: int
    snapshot_seq: int
    statuses: dict[str, Payload]
    scenarios: Scenarios

    def release(self) -> None:
        """Let the storage go without having used it."""
        self.connection.close()
        if self.directory is not None:
            self.directory.unlock()


@dataclass(slots=True)
class State:
    """What the events make, and where that stands in the journal."""

    broker: Broker
    head: Head
    last_ms: int
    snapshot_seq: int
    scenarios: Scenarios = field(default_factory=Scenarios)

    def apply(self, event: codec.Event) -> None:
        """Apply an event that was stored."""
        if isinstance(event, MARKET_EVENTS):
            self.scenarios.evolve(event)
        else:
            self.broker.replay(event)


def open_storage(path: Path | None, instruments: Mapping[str, Instrument], seed: int) -> Recovered:
    """Open a data directory, or storage in memory for None, and bring its state back.

    Raises:
        StorageError: the directory is in use, damaged, of a newer program, or not ours; nothing was changed.
    """
    if path is None:
        connection = data_directory.connect(":memory:")
        data_directory.create(connection)
        return _recovered(None, connection, State(Broker(instruments, seed), GENESIS, 0, 0))
    directory = Directory(path)
    directory.lock()
    try:
        settle_restore(directory)
        if directory.head.exists() and not _has_database(directory):
            raise data_directory.damaged(directory.database, "is gone, although events were stored in it")
        if _is_new(directory):
            _create(directory)
        state = _read(directory, instruments, seed)
        return _recovered(directory, _open(directory, state.head, instruments), state)
    except BaseException as error:
        directory.unlock()
        if isinstance(error, sqlite3.Error):
            raise _explained(error, directory) from None
        if isinstance(error, OSError):
            raise StorageError(f"{directory.path}: {error}") from None
        raise


def _explained(error: sqlite3.Error, directory: Directory) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL:
        return StorageError(f"{directory.path}: there is no space to start in")
    return data_directory.damaged(directory.database, f"cannot be read: {error}")


def _read(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> State:
    """Prove a locked directory and return its state. Reads only: what is damaged stays as it is."""
    if not seal.check(directory, data_directory.read_head(directory.head)):
        seal.forget(directory)
    connection = data_directory.connect(directory.database, is_read_only=True)
    try:
        if data_directory.check_identity(connection, directory.database) < SCHEMA_VERSION:
            connection.close()
            seal.forget(directory)
            connection = data_directory.connect(directory.database)
            data_directory.migrate(connection, directory.database)
        state = rebuild(directory, connection, instruments, seed)
        check_end(directory, connection, state.head)
        return state
    finally:
        connection.close()


def _recovered(directory: Directory | None, connection: sqlite3.Connection, state: State) -> Recovered:
    epoch = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
    numbers = dict(connection.execute("SELECT channel, max(seq) FROM updates GROUP BY channel"))
    rows = connection.execute(
        "SELECT channel, body FROM updates WHERE channel >= ? AND channel < ? ORDER BY channel, seq",
        (f"{STATUS}:", f"{STATUS};"),
    )
    statuses = {channel: orjson.loads(lines_of(body)[-1]) for channel, body in rows}
    return Recovered(
        directory,
        connection,
        state.broker,
        epoch,
        state.head,
        numbers,
        state.last_ms,
        state.snapshot_seq,
        statuses,
        state.scenarios,
    )


def _open(directory: Directory, head: Head, instruments: Mapping[str, Instrument]) -> sqlite3.Connection:
    """Open the database of a locked and proved directory for writing; what it lacks of seal and scales it gets."""
    connection = data_directory.connect(directory.database)
    connection.execute("PRAGMA journal_mode=WAL")
    wanted = units.merged(connection, instruments, directory.database)
    if wanted is not None:
        seal.forget(directory)
        units.keep(connection, wanted)
    if seal.read(directory.seal) is not None:
        return connection
    seal.forget(directory)  # an earlier program's
    is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.close()  # nobody may have it open while the file is read
    if not is_busy and directory.database.stat().st_size <= seal.SEALED_BYTES:
        seal.Seal.of(directory.database).finish(directory, head.seq)
    return data_directory.connect(directory.database)


def _has_database(directory: Directory) -> bool:
    return directory.database.exists() and directory.database.stat().st_size > 0


def _is_new(directory: Directory) -> bool:
    """Whether nothing was ever stored: there is no journal, or one whose making was cut short."""
    if directory.seal.exists() or (directory.head.exists() and directory.head.stat().st_size > 0):
        return False
    if not _has_database(directory):
        return True
    with closing(data_directory.connect(directory.database, is_read_only=True)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None:
            return True
        data_directory.check_identity(connection, directory.database)
        return connection.execute("SELECT 1 FROM events LIMIT 1").fetchone() is None


def _create(directory: Directory) -> None:
    """Make a new database. The record of its end comes last: without it nothing was ever stored."""
    for path in (directory.database, directory.wal, directory.index):
        path.unlink(missing_ok=True)
    directory.database.touch(mode=0o600)
    connection = data_directory.connect(directory.database)
    connection.execute("PRAGMA journal_mode=WAL")
    data_directory.create(connection)
    connection.close()
    directory.sync()
    head_file = data_directory.HeadFile(directory.head)
    head_file.write(GENESIS)
    head_file.sync()
    head_file.close()
    directory.sync()


def rebuild(
    directory: Directory | None, connection: sqlite3.Connection, instruments: Mapping[str, Instrument], seed: int
) -> State:
    """Return the state that the durable events make. Proves every row; holds up cyclic garbage collection meanwhile.

    Raises:
        StorageError: a row is damaged, or is no event this program knows, or the catalogue counts in other units.
        sqlite3.Error: the database cannot be read.
    """
    began = monotonic()
    path = directory.database if directory else Path(":memory:")
    units.check(connection, instruments, path)
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        state = _start(directory, connection, instruments, seed)
        since = state.head.seq
        _replay(connection, state, path)
    finally:
        if was_collecting:
            gc.enable()
    _prove(state.broker)
    took_ms = 1000 * (monotonic() - began)
    log.info("recovered events=%d replayed=%d ms=%.0f", state.head.seq, state.head.seq - since, took_ms)
    return state


def _start(
    directory: Directory | None, connection: sqlite3.Connection, instruments: Mapping[str, Instrument], seed: int
) -> State:
    """Return the state of the newest good snapshot, or the state before everything."""
    for found in snapshots.newest(directory.snapshots, instruments) if directory else ():
        row = connection.execute("SELECT crc FROM events WHERE seq = ?", (found.head.seq,)).fetchone()
        if row is None or row[0] != found.head.crc:
            log.warning("snapshot ignored path=%s: it is of another history", found.path.name)
            continue
        try:
            kept = snapshots.load(found, instruments)
        except snapshots.BadSnapshot as error:
            log.warning("snapshot ignored path=%s: %s", found.path.name, error)
            continue
        if kept.broker.seed != seed:
            log.warning("snapshot ignored path=%s: it was made with another seed", found.path.name)
            continue
        return State(kept.broker, found.head, 0, found.head.seq, kept.scenarios)
    return State(Broker(instruments, seed), GENESIS, 0, 0)


def _replay(connection: sqlite3.Connection, state: State, path: Path) -> None:
    """Prove all rows, and let the broker go through those behind its state."""
    start, apply, decode = state.head.seq, state.apply, codec.decode
    for page in data_directory.rows(connection, GENESIS, path):
        last = page[-1]
        state.head, state.last_ms = Head(last[0], last[7]), last[1]
        if last[0] <= start:
            continue
        for row in page:
            if row[0] > start:
                try:
                    apply(decode(row[3], row[4], row[6]))
                except (codec.BadBody, KeyError, AttributeError) as error:
                    raise StorageError(_unknown(path, row, error)) from None


def _unknown(path: Path, row: data_directory.Row, error: Exception) -> str:
    """Say why an undamaged event cannot be applied: another program wrote it, or another catalogue."""
    return (
        f"{path}: event {row[0]} ({row[3]}) cannot be applied: {error!r}; "
        "run the program and the --instruments that wrote it"
    )


def _prove(broker: Broker) -> None:
    """Hold the state against the ledger laws; a breach is shown in /health and does not pass silently."""
    for account in broker.accounts.values():
        for violation in deep_violations(account):
            log.error("ledger violation cause=recovery law=%r", violation)
            broker.ledger.violations += 1
            broker.ledger.last = violation


def check_end(directory: Directory, connection: sqlite3.Connection, found: Head) -> None:
    """Hold the journal's end against the record of it. Raises: StorageError when events are missing."""
    recorded = data_directory.read_head(directory.head)
    row = connection.execute("SELECT crc FROM events WHERE seq = ?", (recorded.seq,)).fetchone()
    data_directory.check_tail(found, recorded, row[0] if row else GENESIS.crc, directory.database)


def settle_restore(directory: Directory) -> None:
    """Let a restored database take the place of the one that is there; the old files move aside, into a folder of it.

    Raises:
        StorageError: what was laid ready is damaged; nothing was changed.
    """
    if not directory.staged.exists():
        return
    epoch, head = _prove_staged(directory)
    aside = directory.path / RESTORED_OVER / epoch
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The database moves last: when it lies there, all of them do, and what lies here is the restored one's.
    if not (aside / directory.database.name).exists():
        for path in (directory.head, directory.seal, directory.wal, directory.index, directory.database):
            with suppress(FileNotFoundError):
                path.replace(aside / path.name)
    head_file = data_directory.HeadFile(directory.head)
    head_file.write(head)
    head_file.sync()
    head_file.close()
    directory.staged.rename(directory.database)
    directory.sync()
    log.warning("the restored journal took over; what it replaced is in %s", aside)


def _prove_staged(directory: Directory) -> tuple[str, Head]:
    """Return the epoch and the last event of what a restore laid ready. Raises: StorageError."""
    head = GENESIS
    try:
        connection = data_directory.connect(directory.staged, is_read_only=True)
        with closing(connection):
            data_directory.check_identity(connection, directory.staged)
            for page in data_directory.rows(connection, GENESIS, directory.staged):
                head = Head(page[-1][0], page[-1][7])
            epoch = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
    except sqlite3.Error as error:
        raise data_directory.damaged(directory.staged, f"cannot be read: {error}") from None
    return epoch, head
