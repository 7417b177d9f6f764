"""From the data directory to the state of a running server: open, check, replay.

The newest usable snapshot and the events behind it, through the code that runs live. Every row is checked, the end is
compared with the record of it, the result with the ledger laws. A damaged directory is refused and not changed; the
message says how to go on. Read integrity.py for the checks, snapshots.py for the snapshots.
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
from engine.errors import Denied
from engine.market.scenarios import Scenarios
from engine.models.market.instruments import Instrument
from engine.models.market.scenarios import MARKET_EVENTS
from engine.topics import Payload
from server.storage import codec, data_directory, integrity, schema, snapshots, units
from server.storage.data_directory import GENESIS, Directory, Head, StorageError
from server.storage.group_commit import lines_of

log = logging.getLogger("trading.recovery")

REPLACED = "replaced"
"""Folder of the journals that a restore replaced, each in a folder named after the epoch that followed."""

STATUS = "broker-connection"


@dataclass(slots=True)
class ReplayedState:
    """The state after the durable events.

    Attributes:
        broker: Accounts and orders.
        head: The last event.
        last_ms: Market time of the last event, 0 without one.
        snapshot_seq: Number of the event that the snapshot stands behind; 0 without a snapshot.
        scenarios: Scenarios of the market.
        numbers: The last number of each exact channel.
    """

    broker: Broker
    head: Head = GENESIS
    last_ms: int = 0
    snapshot_seq: int = 0
    scenarios: Scenarios = field(default_factory=Scenarios)
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Recovered:
    """The storage at a start, and the state in it.

    Attributes:
        directory: None in memory.
        connection: The only connection that may write.
        state: Accounts, orders and scenarios. Market time must not begin before its last event.
        epoch: Names the history; another one after a restore.
        statuses: The last update of each `broker-connection` channel; new subscribers get it.
    """

    directory: Directory | None
    connection: sqlite3.Connection
    state: ReplayedState
    epoch: str
    statuses: dict[str, Payload]

    def release(self) -> None:
        """Close the storage without having used it."""
        self.connection.close()
        if self.directory is not None:
            self.directory.unlock()


def open_storage(path: Path | None, instruments: Mapping[str, Instrument], seed: int) -> Recovered:
    """Open a data directory, or storage in memory for None, and bring its state back.

    Raises:
        StorageError: the directory is in use, damaged, of a newer program, or not ours; nothing was changed.
    """
    if path is None:
        connection = data_directory.connect(":memory:")
        schema.create(connection)
        return _recovered(None, connection, ReplayedState(Broker(instruments, seed)))
    directory = Directory(path)
    directory.lock()
    try:
        finish_restore(directory)
        if directory.head.exists() and not _has_database(directory):
            raise data_directory.damaged(directory.database, "is gone, although events were stored in it")
        if _is_new(directory):
            _create(directory)
        state = _read(directory, instruments, seed)
        return _recovered(directory, _open(directory, instruments), state)
    except BaseException as error:
        directory.unlock()
        if isinstance(error, sqlite3.Error):
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise StorageError(f"{directory.path}: there is no space to start in") from None
            raise data_directory.damaged(directory.database, f"cannot be read: {error}") from None
        if isinstance(error, OSError):
            raise StorageError(f"{directory.path}: {error}") from None
        raise


def _read(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> ReplayedState:
    """Check a locked directory and return its state. Changes nothing but an older schema."""
    recorded = data_directory.read_head(directory.head)
    with closing(data_directory.connect(directory.database, is_read_only=True)) as connection:
        version = schema.check_identity(connection, directory.database)
        if version == schema.SCHEMA_VERSION:
            integrity.check_tables(connection, directory.database)
            state = rebuild(directory, connection, instruments, seed)
            integrity.check_end(connection, state.head, recorded, directory.database)
            return state
        head = integrity.check_all(connection, directory.database)
        integrity.check_end(connection, head, recorded, directory.database)
        data_directory.copy(connection, directory.database.with_name(f"journal-schema-{version}.db"))
    with closing(data_directory.connect(directory.database)) as writer:
        schema.upgrade(writer)
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log.warning("schema %d was brought up to %d", version, schema.SCHEMA_VERSION)
    return _read(directory, instruments, seed)


def _recovered(directory: Directory | None, connection: sqlite3.Connection, state: ReplayedState) -> Recovered:
    rows = connection.execute(
        "SELECT channel, body FROM updates WHERE channel >= ? AND channel < ? ORDER BY channel, seq",
        (f"{STATUS}:", f"{STATUS};"),
    )
    statuses = {channel: orjson.loads(lines_of(body)[-1]) for channel, body in rows}
    epoch = schema.get_meta(connection, "epoch")
    assert epoch is not None
    return Recovered(directory, connection, state, epoch, statuses)


def _open(directory: Directory, instruments: Mapping[str, Instrument]) -> sqlite3.Connection:
    """Open the database of a locked and checked directory for writing, and store the scales that it lacks."""
    connection = data_directory.connect(directory.database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("DELETE FROM probe")  # an error when the file cannot be written
    units.keep(connection, instruments, directory.database)
    directory.page_sums.unlink(missing_ok=True)
    return connection


def _has_database(directory: Directory) -> bool:
    return directory.database.exists() and directory.database.stat().st_size > 0


def _is_new(directory: Directory) -> bool:
    """Whether nothing was ever stored: there is no journal, or its creation was interrupted."""
    if directory.head.exists() and directory.head.stat().st_size > 0:
        return False
    if not _has_database(directory):
        return True
    with closing(data_directory.connect(directory.database, is_read_only=True)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None:
            return True
        schema.check_identity(connection, directory.database)
        return connection.execute("SELECT 1 FROM events LIMIT 1").fetchone() is None


def _create(directory: Directory) -> None:
    """Create a database. The record of its end comes last: without it nothing was ever stored."""
    for path in (directory.database, directory.wal, directory.index):
        path.unlink(missing_ok=True)
    directory.database.touch(mode=0o600)
    with closing(data_directory.connect(directory.database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        schema.create(connection)
    directory.sync()
    data_directory.write_head(directory.head, GENESIS)
    directory.sync()


def rebuild(
    directory: Directory | None, connection: sqlite3.Connection, instruments: Mapping[str, Instrument], seed: int
) -> ReplayedState:
    """Return the state after the durable events, from a snapshot if the directory is given.

    Checks every event. Cyclic garbage collection is off meanwhile.

    Raises:
        StorageError: an event is damaged or unknown to this program, or the catalogue has other scales.
        sqlite3.Error: the database cannot be read.
    """
    began = monotonic()
    path = directory.database if directory else Path(":memory:")
    units.check(connection, instruments, path)
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        state = _from_snapshot(directory, connection, instruments, seed) or ReplayedState(Broker(instruments, seed))
        _replay(connection, state, path)
        state.numbers = dict(connection.execute("SELECT channel, max(seq) FROM updates GROUP BY channel"))
    finally:
        if was_collecting:
            gc.enable()
    _check_ledger(state.broker)  # a violation is shown in /health
    replayed, took_ms = state.head.seq - state.snapshot_seq, 1000 * (monotonic() - began)
    log.info("recovered events=%d replayed=%d ms=%.0f", state.head.seq, replayed, took_ms)
    return state


def _from_snapshot(
    directory: Directory | None, connection: sqlite3.Connection, instruments: Mapping[str, Instrument], seed: int
) -> ReplayedState | None:
    """Return the state of the newest usable snapshot."""
    for file in snapshots.newest(directory.snapshots, instruments) if directory else ():
        try:
            row = connection.execute("SELECT crc FROM events WHERE seq = ?", (file.head.seq,)).fetchone()
            if row is None or row[0] != file.head.crc:
                raise snapshots.BadSnapshot("it is of another history")
            contents = snapshots.load(file, instruments)
            if contents.broker.seed != seed:
                raise snapshots.BadSnapshot("it was made with another seed")
        except snapshots.BadSnapshot as error:
            log.warning("snapshot ignored path=%s: %s", file.path.name, error)
            continue
        return ReplayedState(contents.broker, file.head, 0, file.head.seq, contents.scenarios)
    return None


def _replay(connection: sqlite3.Connection, state: ReplayedState, path: Path) -> None:
    """Check all events, and apply those behind the state."""
    start, decode = state.head.seq, codec.decode
    seq, crc = state.head
    for row in integrity.events(connection, path):
        seq, state.last_ms, _account, kind, version, _txn, body, crc = row
        if seq > start:
            try:
                event = decode(kind, version, body)
                if isinstance(event, MARKET_EVENTS):
                    state.scenarios.evolve(event)
                else:
                    state.broker.replay(event)
            except (codec.BadBody, Denied, KeyError, AttributeError) as error:
                raise StorageError(
                    f"{path}: event {seq} ({kind}) cannot be applied: {error!r}; "
                    "run the program and the --instruments that wrote it"
                ) from None
    state.head = Head(seq, crc)


def _check_ledger(broker: Broker) -> None:
    for account in broker.accounts.values():
        for violation in deep_violations(account):
            log.error("ledger violation cause=recovery law=%r", violation)
            broker.ledger.violations += 1
            broker.ledger.last = violation


def finish_restore(directory: Directory) -> None:
    """Put a staged backup in the place of the journal, and move the journal's files into a folder of `REPLACED`.

    Raises:
        StorageError: the staged backup is damaged; nothing was changed.
    """
    if not directory.staged.exists():
        return
    head = integrity.check_file(directory.staged)
    with closing(data_directory.connect(directory.staged, is_read_only=True)) as connection:
        aside = directory.path / REPLACED / str(schema.get_meta(connection, "epoch"))
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The database moves last. Once it is there, all old files are, and the files here belong to the backup.
    if not (aside / directory.database.name).exists():
        for path in (directory.head, directory.page_sums, directory.wal, directory.index, directory.database):
            with suppress(FileNotFoundError):
                path.replace(aside / path.name)
    data_directory.write_head(directory.head, head)
    directory.staged.rename(directory.database)
    directory.sync()
    log.warning("the restored journal took over; the journal that it replaced is in %s", aside)
