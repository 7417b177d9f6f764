"""A server in a process of its own, for tests of the program."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.contract import wire

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 60
"""Longest wait for the program; generous, as the machine may be busy."""


class ServerProcess:
    """`python run.py` on a free port."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "error", "run.py", "--port", "0", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline().strip()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        base = self.address + "/api/v1"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            answer = response.read()
            wire.check_reply(method, path, wire.Reply(response.status, response.headers.get_content_type(), answer))
            return json.loads(answer)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; returns the exit status and the text on standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, errors

    def close(self) -> None:
        """Kill it if it still runs, and close its pipes."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    @property
    def address(self) -> str:
        """The base of its URLs."""
        return self.first_line.removeprefix("listening on ")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])
