"""Fixtures of the contract and client tests: the Node tools that `make` installs, and a running program."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.program import ServerProcess

CLIENTS = Path(__file__).parents[2] / "clients"
PYTHON = sys.executable


@pytest.fixture(scope="session")
def client_tools() -> Path:
    """The folder with the installed tools of the clients; without them the test is skipped."""
    if shutil.which("node") is None:
        pytest.skip("needs Node >= 20")
    if not (CLIENTS / "node_modules" / "typescript").is_dir():
        pytest.skip("needs the tools in clients/node_modules: make test installs them")
    return CLIENTS


@pytest.fixture(scope="session")
def program() -> Iterator[ServerProcess]:
    """A server in a process of its own, with fast ticks."""
    started = ServerProcess("--ephemeral", "--control", "--tick-ms", "20")
    yield started
    started.close()


@pytest.fixture
def running(program: ServerProcess) -> Iterator[str]:
    """The address of a new world of the server."""
    world = program.call("POST", "/worlds", {})["id"]
    yield f"{program.address}/w/{world}"
    program.call("DELETE", f"/worlds/{world}")
