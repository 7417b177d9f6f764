"""A real nats-server with JetStream for tests of the bus; the fixtures `nats` and `shared_nats` start it."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

NATS_SERVER = shutil.which("nats-server", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
START_TRIES = 500

needs_nats = [
    pytest.mark.skipif(os.environ.get("NATS_TESTS") == "skip", reason="NATS_TESTS=skip"),
    pytest.mark.skipif(NATS_SERVER is None, reason="nats-server is not installed: .ci/nats"),
]
"""Marks of a test that needs a NATS server: `pytestmark = needs_nats`."""


class NatsServer:
    """`nats-server` with JetStream on 127.0.0.1.

    Args:
        folder: Folder of its files; a killed server finds them again.

    Attributes:
        port: Its port, the same after each start.
    """

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL for clients."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        """Id of its process, which runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it accepts connections and JetStream is ready."""
        assert NATS_SERVER is not None
        command = [NATS_SERVER, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(START_TRIES):
            with socket.socket() as connection:
                connection.settimeout(1.0)
                if connection.connect_ex(("127.0.0.1", self.port)) == 0 and connection.recv(4) == b"INFO":
                    return
            try:
                self._process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            break
        pytest.fail("nats-server did not start:\n" + (self._folder / "log").read_text())

    def kill(self) -> None:
        """Kill it with SIGKILL, if it runs, stopped or not; everything that it had in memory is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
