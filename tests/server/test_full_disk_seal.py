"""No space for the seal while the log is emptied: what is stored is whole, and service goes on."""

from pathlib import Path

import pytest

from server import journal as journal_module
from tests.server.test_journal import Desk


async def test_no_space_for_the_seal_refuses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    monkeypatch.setattr(journal_module, "CHECKPOINT_BYTES", 1)
    monkeypatch.setattr(desk.journal._disk, "_full_bytes", 1)
    failures: list[tuple[Exception, bool]] = []
    desk.journal.on_failure = lambda error, is_fatal: failures.append((error, is_fatal))
    draft = desk.directory.seal.with_suffix(".new")
    draft.symlink_to("/dev/full")
    for number in range(1, 4):
        desk.append(number)
        await desk.wait(number)
    assert failures == []
    assert [is_stored for _, is_stored in desk.answers] == [True] * 3
    assert not desk.directory.seal.exists()
    draft.unlink()
    desk.append(4)
    await desk.wait(4)
    desk.close()
    assert desk.directory.seal.exists()
