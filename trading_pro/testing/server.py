"""A server as a process of its own, on a free port and without files: `with Server("--seed", "7") as server:`."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.01
MAX_LOG_LINES = 20


class StartError(Exception):
    """The server did not start; the message contains the end of its log."""


class Server:
    """A server process. It is killed when it does not stop within ten seconds.

    Args:
        arguments: Options of the server, as on the command line: `trading-pro --help` lists them.

    Attributes:
        url: Base of its URLs, such as "http://127.0.0.1:43211"; empty until the server is started.
    """

    def __init__(self, *arguments: str) -> None:
        self.url = ""
        self._arguments = arguments
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it serves. Raises: StartError."""
        self._folder = Path(tempfile.mkdtemp(prefix="trading-pro-"))
        port_file = self._folder / "port"
        own = ("--port", "0", "--port-file", str(port_file), "--ephemeral")
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "trading_pro", *own, *self._arguments], stdout=subprocess.DEVNULL, stderr=log
            )
        until = time.monotonic() + START_TIMEOUT_S
        while not port_file.exists():
            status = self._process.poll()
            if status is not None or time.monotonic() > until:
                reason = f"ended with status {status}" if status is not None else f"took over {START_TIMEOUT_S:.0f} s"
                message = f"trading-pro {' '.join(self._arguments)}: the server {reason}\n{self.log()}"
                self.stop()
                raise StartError(message)
            time.sleep(POLL_S)
        self.url = f"http://127.0.0.1:{int(port_file.read_text())}"

    def stop(self) -> None:
        """Stop it and delete its files; without effect when it is stopped already."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """Return the last lines of its log."""
        lines = (self._folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-MAX_LOG_LINES:])
