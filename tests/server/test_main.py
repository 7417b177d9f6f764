"""The program as a newcomer starts it: a subprocess, its first line, a trade, a clean stop."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Program:
    """`python run.py` on a free port."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "error", "run.py", "--port", "0", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline().strip()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        base = self.first_line.removeprefix("listening on ") + "/api/v1"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; returns exit status and what it wrote to standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@pytest.fixture
def program() -> Iterator[Program]:
    started = Program("--ephemeral")
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.communicate()


def test_it_says_where_it_listens_and_trades(program: Program) -> None:
    assert program.first_line.startswith("listening on http://127.0.0.1:")
    program.call("POST", "/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10})
    assert [position["qty"] for position in program.call("GET", "/broker/positions")] == [10]
    assert program.call("GET", "/health")["status"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(number: signal.Signals, program: Program) -> None:
    status, log = program.stop(number)
    assert status == 0
    lines = [line.split(" ", 2)[1:] for line in log.splitlines()]
    assert [level for level, _ in lines] == ["INFO", "INFO"]
    assert [text.split()[1] for _, text in lines] == ["started", "stopped"]


def test_a_taken_port_is_one_line_and_status_2(program: Program) -> None:
    port = program.first_line.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "run.py", "--port", port], cwd=ROOT, capture_output=True, text=True, timeout=10, check=False
    )
    assert (second.returncode, second.stderr.count("\n"), second.stdout) == (2, 1, "")
