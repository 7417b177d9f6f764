"""The storage commands: verify, backup, restore, snapshot; with or without a server that runs on the directory."""

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
from server.command_line import Command
from server.installation import COMMAND
from server.market_setup import make_market
from server.settings import Settings
from server.storage import data_directory, integrity, recovery, schema, snapshots
from server.storage.data_directory import Directory, StorageError, sync_path

NICE = 10


def run(command: Command) -> int:
    """Run a storage command; returns the exit status: 0, or 1 when the directory or the file cannot be used."""
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
        print(f"{COMMAND} {command.name}: {explain(error, directory)}", file=sys.stderr)
        return 1
    return 0


def instruments_of(settings: Settings) -> Mapping[str, Instrument]:
    """Return the instruments of a server with these settings; a replay has those of its files only."""
    if settings.replay is not None:
        return make_market(settings)[0].instruments
    return Catalogue.load(settings.instruments or DEFAULT_FILE).by_name


def explain(error: Exception, directory: Directory) -> str:
    """Return an error as one line that names a file."""
    return f"{directory.database}: {error}" if isinstance(error, sqlite3.Error) else str(error)


def open_to_read(directory: Directory) -> sqlite3.Connection:
    """Open the database of a directory, also while a server runs on it. Raises: StorageError."""
    if not directory.database.exists():
        raise StorageError(f"there is no journal in {directory.path}")
    connection = data_directory.connect(directory.database, is_read_only=True)
    schema.check_identity(connection, directory.database)
    return connection


def verify(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> int:
    """Check everything and print the result; changes nothing. Returns 0, or 1 for damage."""
    if faults := list(find_faults(directory, instruments, seed)):
        print(*faults, sep="\n", file=sys.stderr)
        return 1
    with closing(open_to_read(directory)) as connection:
        counts = connection.execute("SELECT count(*), count(DISTINCT nullif(account, '')) FROM events").fetchone()
    print(f"{directory.database}: {counts[0]} events of {counts[1]} accounts, whole; the ledger laws hold")
    return 0


def find_faults(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> Iterator[str]:
    """Yield the faults of a directory. Faults of the file's structure end the search."""
    if not directory.head.exists() and not directory.database.exists():
        yield f"there is no journal in {directory.path}"
        return
    try:
        recorded = data_directory.read_head(directory.head)
        with closing(open_to_read(directory)) as connection:
            integrity.check_tables(connection, directory.database)
            state = recovery.rebuild(None, connection, instruments, seed)
            integrity.check_end(connection, state.head, recorded, directory.database)
            for account in state.broker.accounts.values():
                yield from deep_violations(account)
    except (StorageError, sqlite3.Error) as error:
        yield explain(error, directory)


def snapshot(directory: Directory, instruments: Mapping[str, Instrument], seed: int) -> Path:
    """Write a snapshot of the newest durable state, at a low priority beside a server. Returns its path."""
    with suppress(OSError):  # a sandbox may forbid it
        os.nice(NICE)
    with closing(open_to_read(directory)) as connection:
        state = recovery.rebuild(directory, connection, instruments, seed)
    contents = snapshots.Contents(state.broker, state.scenarios)
    return snapshots.write(directory.snapshots, state.head, contents, instruments)


def backup(directory: Directory, file: Path) -> int:
    """Copy the journal at one instant into a new file, durably. Returns the number of its events.

    Raises:
        StorageError: the file exists, or the journal is damaged; then no file is left.
    """
    if file.exists():
        raise StorageError(f"{file} exists already")
    if file.resolve() == directory.staged.resolve():
        raise StorageError(f"{file} is where restore stages a backup: it would take over at the next start")
    draft = file.with_name(f".{file.name}.{token_hex(4)}")
    with closing(open_to_read(directory)) as connection:
        try:
            data_directory.copy(connection, draft)
            head = integrity.check_file(draft)
            draft.rename(file)
            sync_path(file.resolve().parent)
        finally:
            draft.unlink(missing_ok=True)
    return head.seq


def restore(directory: Directory, file: Path) -> str:
    """Put a backup in the place of a directory's journal, which moves aside. Returns a sentence for the terminal.

    The history gets a new epoch, so that no client resumes across it. While a server runs, the backup is staged and
    takes over at its next start.

    Raises:
        StorageError: the file is no usable backup; nothing was changed.
    """
    if not file.is_file():
        raise StorageError(f"{file} is not there")
    integrity.check_file(file)
    directory.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = directory.path / "restore.part"
    with closing(data_directory.connect(file, is_read_only=True)) as source:
        data_directory.copy(source, draft)
    with closing(data_directory.connect(draft)) as connection:
        schema.upgrade(connection)
        schema.put_meta(connection, "epoch", token_hex(8))
    head = integrity.check_file(draft)
    sync_path(draft)
    draft.rename(directory.staged)
    directory.sync()
    if directory.is_live:
        return f"{head.seq} events are laid ready; they take over when the server on {directory.path} starts again"
    directory.lock()
    try:
        recovery.finish_restore(directory)
    finally:
        directory.unlock()
    return f"{head.seq} events restored into {directory.path}; the journal before it is in {recovery.REPLACED}/"
