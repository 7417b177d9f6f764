"""What the tests of contract and clients share: the node tools that `make` installs, and a program that runs."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.test_main import Program

CLIENTS = Path(__file__).parents[2] / "clients"
PYTHON = sys.executable


@pytest.fixture(scope="session")
def client_tools() -> Path:
    """The folder with the tools of the clients, installed; without them the test is skipped, aloud."""
    if shutil.which("node") is None:
        pytest.skip("needs Node >= 20")
    if not (CLIENTS / "node_modules" / "typescript").is_dir():
        pytest.skip("needs the tools in clients/node_modules: make test installs them")
    return CLIENTS


@pytest.fixture
def running() -> Iterator[str]:
    """The address of a real server in a process of its own, with fast ticks."""
    program = Program("--ephemeral", "--tick-ms", "20")
    yield program.first_line.removeprefix("listening on ")
    if program.process.poll() is None:
        program.process.terminate()
    program.process.communicate(timeout=10)
