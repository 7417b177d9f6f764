"""verify, backup and restore, beside a running server and without one."""

from pathlib import Path

import pytest

from server.storage import data_directory
from server.storage.data_directory import StorageError
from tests.faults.program import Program, StartLive, run, run_program, stored_orders


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


def ids(program: Program) -> list[str]:
    return [row["id"] for row in program.get("/broker/orders")]


async def test_backup_beside_a_running_server_holds_what_was_acknowledged(
    data_dir: Path, tmp_path: Path, live: StartLive
) -> None:
    program = Program(data_dir)
    assert [program.place().status for _ in range(3)] == [200, 200, 200]
    made = run_program("backup", data_dir, str(tmp_path / "copy.db"))
    assert (made.returncode, made.stderr) == (0, "")
    assert program.place().status == 200
    verified = run("verify", data_dir)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "whole" in verified.stdout
    program.kill()
    other = tmp_path / "other"
    assert run("restore", other, str(tmp_path / "copy.db")).returncode == 0
    restored = await live(data_dir=other, ephemeral=False)
    assert [row["id"] for row in await restored.call("GET", "/broker/orders")] == ["ORDER-1", "ORDER-2", "ORDER-3"]
    assert await restored.place() == "ORDER-4"


async def test_restore_is_another_history_and_keeps_the_old_one_aside(
    data_dir: Path, tmp_path: Path, live: StartLive
) -> None:
    program = Program(data_dir)
    program.place()
    assert run("backup", data_dir, str(tmp_path / "copy.db")).returncode == 0
    program.place()
    assert program.stop()[0] == 0
    before = epoch(data_dir / "journal.db")
    done = run("restore", data_dir, str(tmp_path / "copy.db"))
    assert (done.returncode, "events restored" in done.stdout) == (0, True)
    assert epoch(data_dir / "journal.db") != before
    assert epoch(data_dir / "replaced" / epoch(data_dir / "journal.db") / "journal.db") == before
    assert [row["id"] for row in await stored_orders(live, data_dir)] == ["ORDER-1"]


async def test_restore_under_a_running_server_waits_for_its_next_start(
    data_dir: Path, tmp_path: Path, live: StartLive
) -> None:
    program = Program(data_dir)
    program.place()
    assert run("backup", data_dir, str(tmp_path / "copy.db")).returncode == 0
    program.place()
    done = run("restore", data_dir, str(tmp_path / "copy.db"))
    assert (done.returncode, "laid ready" in done.stdout) == (0, True)
    assert ids(program) == ["ORDER-1", "ORDER-2"]
    assert program.stop()[0] == 0
    assert [row["id"] for row in await stored_orders(live, data_dir)] == ["ORDER-1"]


async def test_bad_backups_are_refused_and_nothing_changes(data_dir: Path, tmp_path: Path, live: StartLive) -> None:
    server = await live(data_dir=data_dir, ephemeral=False)
    await server.place()
    copy = tmp_path / "copy.db"
    assert run("backup", data_dir, str(copy)).returncode == 0
    assert run("backup", data_dir, str(copy)).returncode == 1
    await server.server.storage.close()
    data = bytearray(copy.read_bytes())
    place = data.index(b"ORDER-1")
    data[place] ^= 1
    copy.write_bytes(data)
    for file in (copy, tmp_path / "none.db", Path(__file__)):
        refused = run("restore", data_dir, str(file))
        assert (refused.returncode, refused.stdout) == (1, ""), file
    assert [row["id"] for row in await stored_orders(live, data_dir)] == ["ORDER-1"]


@pytest.mark.parametrize("command", ["verify", "backup"])
def test_directory_without_a_journal_is_said_so(command: str, data_dir: Path, tmp_path: Path) -> None:
    refused = run(command, data_dir, *([str(tmp_path / "copy.db")] if command == "backup" else []))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert not data_dir.exists()


def test_lock_names_its_owner(tmp_path: Path) -> None:
    first, second = data_directory.Directory(tmp_path), data_directory.Directory(tmp_path)
    assert not first.is_live
    first.lock()
    assert second.is_live
    with pytest.raises(StorageError, match="in use by process"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def epoch(path: Path) -> str:
    connection = data_directory.connect(path, is_read_only=True)
    found: str = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
    connection.close()
    return found
