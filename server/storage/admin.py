"""What a person does to a data directory: verify, backup, restore, snapshot; while a server runs on it or not."""

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex

from engine.broker.invariants import deep_violations
from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.models.market.instruments import Instrument
from server.app import make_market
from server.settings import Command, Settings
from server.storage import data_directory, recovery, seal, snapshots
from server.storage.data_directory import GENESIS, Directory, Head, StorageError, sync_path

NICE = 10


def run(command: Command) -> int:
    """Run a storage command; returns the exit status: 0, or 1 when the directory or the file is not good."""
    directory = Directory(command.settings.data_dir)
    try:
        if command.name == "verify":
            return verify(directory, instruments_of(command.settings), command.settings.seed)
        if command.name == "snapshot":
            print(f"snapshot {snapshot(directory, instruments_of(command.settings), command.settings.seed)}")
        elif command.name == "backup":
            assert command.file is not None
            print(f"{backup(directory, command.file)} events are in {command.file}")
        else:
            assert command.file is not None
            print(restore(directory, command.file))
    except (StorageError, sqlite3.Error, OSError) as error:
        print(f"run.py {command.name}: {explain(error, directory)}", file=sys.stderr)
        return 1
    return 0


def instruments_of(settings: Settings) -> Mapping[str, Instrument]:
    """Return the instruments that a server with these settings has; a replay has those of its files only."""
    if settings.replay is not None:
        return make_market(settings)[0].instruments
    return Catalogue.load(settings.instruments or DEFAULT_FILE).by_name


def explain(error: Exception, directory: Directory) -> str:
    """Return an error as one line that names a file."""
    return f"{directory.database}: {error}" if isinstance(error, sqlite3.Error) else str(error)


def open_to_read(directory: Directory) -> sqlite3.Connection:
    """Open a directory's database beside whoever serves it. Raises: StorageError when there is none of ours."""
    if not directory.database.exists():
        raise StorageError(f"there is no journal in {directory.path}")
    connection = data_directory.connect(directory.database, is_read_only=True)
    data_directory.check_identity(connection, directory.database)
    return connection


def verify(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> int:
    """Look at everything that can be wrong and say what was found; changes nothing. Returns 0, or 1 for damage."""
    troubles = list(findings(directory, instruments, seed))
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    if troubles:
        return 1
    connection = open_to_read(directory)
    count, accounts = connection.execute("SELECT count(*), count(DISTINCT nullif(account, '')) FROM events").fetchone()
    connection.close()
    print(f"{directory.database}: {count} events of {accounts} accounts, whole; the ledger laws hold")
    return 0


def findings(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> Iterator[str]:
    """Yield what is wrong with a directory, most telling first."""
    if not directory.head.exists() and not directory.database.exists():
        yield f"there is no journal in {directory.path}"
        return
    try:
        recorded = data_directory.read_head(directory.head)
        if not directory.is_live:
            seal.check(directory, recorded)
        connection = open_to_read(directory)
    except (StorageError, sqlite3.Error) as error:
        yield explain(error, directory)
        return
    try:
        yield from (f"{directory.database}: {fault}" for fault in structure_faults(connection))
        state = recovery.rebuild(None, connection, instruments, seed)
        row = connection.execute("SELECT crc FROM events WHERE seq = ?", (recorded.seq,)).fetchone()
        data_directory.check_tail(state.head, recorded, row[0] if row else GENESIS.crc, directory.database)
        for account in state.broker.accounts.values():
            yield from deep_violations(account)
    except (StorageError, sqlite3.Error) as error:
        yield explain(error, directory)
    finally:
        connection.close()


def structure_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong."""
    for (fault,) in connection.execute("PRAGMA integrity_check"):
        if fault != "ok":
            yield fault


def snapshot(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> Path:
    """Write a snapshot of the newest durable state, standing back behind a server that runs. Returns its path."""
    with suppress(OSError):  # where a sandbox forbids it, it competes with the server
        os.nice(NICE)
    connection = open_to_read(directory)
    try:
        state = recovery.rebuild(directory, connection, instruments, seed)
    finally:
        connection.close()
    kept = snapshots.Kept(state.broker, state.scenarios)
    return snapshots.write(directory.snapshots, state.head, kept, instruments)


def backup(directory: Directory, file: Path) -> int:
    """Copy the journal as it is at one instant into a file of its own, durably. Returns how many events it holds.

    Raises:
        StorageError: the file exists, or the journal is damaged; then no file is left.
    """
    if file.exists():
        raise StorageError(f"{file} exists already")
    if file.resolve() == directory.staged.resolve():
        raise StorageError(f"{file} is where restore lays a backup ready: it would take over at the next start")
    connection = open_to_read(directory)
    draft = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        data_directory.copy(connection, draft)
        head = check_copy(draft)
        draft.rename(file)
        sync_path(file.resolve().parent)
    finally:
        connection.close()
        draft.unlink(missing_ok=True)
    return head.seq


def check_copy(file: Path) -> Head:
    """Prove the events of a backup. Returns the last one. Raises: StorageError."""
    try:
        with closing(data_directory.connect(file, is_read_only=True)) as connection:
            data_directory.check_identity(connection, file)
            faults = list(structure_faults(connection))
            if faults:
                raise StorageError(f"{file} is damaged: {faults[0]}")
            head = GENESIS
            for page in data_directory.rows(connection, GENESIS, file):
                head = Head(page[-1][0], page[-1][7])
            return head
    except sqlite3.Error as error:
        raise StorageError(f"{file}: {error}") from None


def restore(directory: Directory, file: Path) -> str:
    """Let a backup take the place of a directory's journal; what is there moves aside. Returns what happened.

    The history has a new epoch, so no client resumes across it. While a server runs, the backup is laid ready and takes
    over at its next start.

    Raises:
        StorageError: the file is no good backup; nothing was changed.
    """
    if not file.is_file():
        raise StorageError(f"{file} is not there")
    check_copy(file)
    directory.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = directory.path / "restore.part"
    source = data_directory.connect(file, is_read_only=True)
    try:
        data_directory.copy(source, draft)
    finally:
        source.close()
    connection = data_directory.connect(draft)
    connection.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (token_hex(8),))
    connection.close()
    head = check_copy(draft)
    sync_path(draft)
    draft.rename(directory.staged)
    directory.sync()
    if directory.is_live:
        return f"{head.seq} events are laid ready; they take over when the server on {directory.path} starts again"
    directory.lock()
    try:
        recovery.settle_restore(directory)
    finally:
        directory.unlock()
    return f"{head.seq} events restored into {directory.path}; what was there is in {recovery.RESTORED_OVER}/"
