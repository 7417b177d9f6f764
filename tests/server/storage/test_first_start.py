"""A first start that was interrupted begins again; a directory with events never counts as new."""

import sqlite3
from pathlib import Path

import pytest

from server.storage import data_directory, schema
from server.storage.data_directory import Directory, StorageError
from server.storage.recovery import open_storage
from tests.conftest import StartLive
from tests.server.storage.journals import INSTRUMENTS


class PowerCut(BaseException):
    """Nothing behind it happens."""


def cut(*_arguments: object) -> None:
    raise PowerCut


@pytest.mark.parametrize(
    ("owner", "name"),
    [(schema, "create"), (data_directory, "write_head"), (data_directory.Directory, "sync")],
)
def test_a_first_start_that_was_cut_short_is_begun_again(
    owner: object, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, cut)
        with pytest.raises(PowerCut):
            open_storage(tmp_path, INSTRUMENTS, 1)
    assert Directory(tmp_path).database.stat().st_size > 0
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    assert recovered.state.head.seq == 0
    recovered.release()


async def test_a_journal_with_events_is_never_begun_again(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    await server.server.storage.close()
    (tmp_path / "journal.head").unlink()
    with pytest.raises(StorageError, match=r"journal\.head is gone"):
        open_storage(tmp_path, INSTRUMENTS, 1)


def test_a_stranger_s_database_stays(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE events (own INTEGER)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="not a journal of this program"):
        open_storage(tmp_path, INSTRUMENTS, 1)
    assert file.read_bytes() == before
