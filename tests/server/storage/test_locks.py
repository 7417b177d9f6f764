"""One process has a data directory, whatever happens to the file that names it."""

from pathlib import Path

import pytest

from server.storage.data_directory import Directory, StorageError


@pytest.fixture
def owned(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path)
    directory.lock()
    return directory


def test_deleted_lock_file_lets_nobody_in(owned: Directory) -> None:
    (owned.path / "lock").unlink()
    other = Directory(owned.path)
    assert other.is_live
    with pytest.raises(StorageError, match="in use by process unknown"):
        other.lock()
    owned.unlock()
    assert not other.is_live
    other.lock()
    other.unlock()


def test_other_names_of_a_directory_are_the_same_directory(
    owned: Directory, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(owned.path)
    with pytest.raises(StorageError, match="in use"):
        Directory(link).lock()
    owned.unlock()
