"""Folders that all test processes of a run share, each made once by the first process that needs it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder of this run; pytest-xdist gives each process a folder below it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def make_once(target: Path, make: Callable[[Path], object]) -> Path:
    """Make a folder, unless another test process has done it; returns the folder."""
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            make(target)
    return target
