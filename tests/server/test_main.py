"""The program as a newcomer starts it: a subprocess, its first line, a trade, a clean stop."""

import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.main import close_storage
from tests.contract import wire
from tests.faults.program import close_code, upgrade
from tests.tokens import ALIEN_KEY, bearer, key_file, token

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
            answer = response.read()
            wire.check_reply(method, path, wire.Reply(response.status, response.headers.get_content_type(), answer))
            return json.loads(answer)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; returns exit status and what it wrote to standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


class SlowStorage:
    """Storage on a disk that does its work step by step, a step at each look; or that hangs after some steps.

    Args:
        work: Steps until it is closed.
        hangs_after: Steps that the disk does.
    """

    def __init__(self, work: int, hangs_after: int) -> None:
        self._steps = 0
        self._work, self._most = work, min(work, hangs_after)
        self._is_closed = asyncio.Event()

    @property
    def steps(self) -> int:
        if self._steps < self._most:
            self._steps += 1
        if self._steps == self._work:
            self._is_closed.set()
        return self._steps

    async def close(self) -> None:
        await self._is_closed.wait()


@pytest.mark.parametrize(("work", "hangs_after", "is_stored"), [(1, 9, True), (300, 999, True), (300, 200, False)])
async def test_a_stop_waits_for_a_slow_disk_and_not_for_one_that_hangs(
    work: int, hangs_after: int, is_stored: bool
) -> None:
    """300 steps are 30 times as long as a hang may be."""
    assert await close_storage(SlowStorage(work, hangs_after), hang_s=0.01) is is_stored
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


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


def test_a_stop_answers_what_was_begun_tells_the_sockets_and_is_quick(program: Program) -> None:
    """One socket and one idle connection are open when the stop comes; under load: tests/faults/test_stop.py."""
    port = int(program.first_line.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(upgrade(port))
        idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
        began = time.monotonic()
        status, _ = program.stop()
        assert (status, time.monotonic() - began < 5) == (0, True)
        assert close_code(client) == 1012
        assert idle.recv(1) == b""


def test_another_key_is_read_at_hangup(tmp_path: Path) -> None:
    program = Program("--ephemeral", "--auth", "jwt", "--jwt-key-file", str(key_file(tmp_path)))
    try:
        request = urllib.request.Request(
            program.first_line.split()[-1] + "/api/v1/datafeed/time", headers=bearer(token())
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 200
        client = upgrade(int(program.first_line.rpartition(":")[2]), f"trading.v1, bearer.{token()}")
        key_file(tmp_path, ALIEN_KEY)
        program.process.send_signal(signal.SIGHUP)
        assert program.process.stderr is not None
        while "key read again" not in program.process.stderr.readline():
            continue
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 401
        refused.value.close()
        assert close_code(client) == 4005
        client.close()
    finally:
        assert program.stop()[0] == 0


def test_debug_starts_anew_when_a_file_changes(tmp_path: Path) -> None:
    """A copy of the program, of which one file is touched."""
    for name in ("run.py", "server", "handlers", "engine"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    command = [sys.executable, "run.py", "--port", "0", "--ephemeral", "--debug"]
    program = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("listening on ")
        assert program.stdout.readline().startswith("account ")
        for second in range(1, 100):  # the first look only remembers what is there
            os.utime(tmp_path / "server" / "clock.py", (second, second))
            if select.select([program.stdout], [], [], 0.1)[0]:
                break
        assert program.stdout.readline().startswith("listening on ")
        program.terminate()
        assert program.wait(timeout=10) == 0
    finally:
        program.kill()
        program.communicate()
