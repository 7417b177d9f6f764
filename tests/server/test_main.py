"""The program as a user starts it: its first line, a trade, a clean stop, and starts that are refused."""

import asyncio
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.installation import COMMAND
from server.main import close_storage, main
from tests.faults.program import close_code, upgrade
from tests.server.program import ROOT, TIMEOUT_S, ServerProcess
from tests.tokens import ALIEN_KEY, bearer, key_file, token


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
def program(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that replaces the port file of another one."""
    (tmp_path / "port").write_text("1\n")
    started = ServerProcess("--ephemeral", "--port-file", str(tmp_path / "port"))
    yield started
    started.close()


def test_first_line_and_port_file_have_the_address_and_it_trades(program: ServerProcess, tmp_path: Path) -> None:
    assert program.first_line.startswith("listening on http://127.0.0.1:")
    assert (tmp_path / "port").read_text() == f"{program.port}\n"
    program.call("POST", "/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10})
    assert [position["qty"] for position in program.call("GET", "/broker/positions")] == [10]
    assert program.call("GET", "/health")["status"] == "ok"


def test_a_taken_port_is_one_line_and_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = [sys.executable, "run.py", "--port", str(other.getsockname()[1]), "--ephemeral"]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stderr.count("\n"), second.stdout) == (2, 1, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_is_clean_and_closes_websockets_with_1012_and_idle_connections(
    number: signal.Signals, program: ServerProcess
) -> None:
    """A WebSocket and an idle connection are open at the stop; tests/faults/test_stop.py does it under load."""
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(upgrade(program.port))
        idle = stack.enter_context(socket.create_connection(("127.0.0.1", program.port), TIMEOUT_S))
        status, log = program.stop(number)
        assert status == 0
        assert close_code(client) == 1012
        assert idle.recv(1) == b""
    lines = [line.split(" ", 2)[1:] for line in log.splitlines()]
    assert [level for level, _ in lines] == ["INFO", "INFO"]
    assert [text.split()[1] for _, text in lines] == ["started", "stopped"]


def test_changed_key_is_read_at_sighup(tmp_path: Path) -> None:
    program = ServerProcess("--ephemeral", "--auth", "jwt", "--jwt-key-file", str(key_file(tmp_path)))
    try:
        request = urllib.request.Request(program.address + "/api/v1/datafeed/time", headers=bearer(token()))
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            assert response.status == 200
        client = upgrade(program.port, f"trading.v1, bearer.{token()}")
        key_file(tmp_path, ALIEN_KEY)
        program.process.send_signal(signal.SIGHUP)
        assert program.process.stderr is not None
        while "key read again" not in program.process.stderr.readline():
            continue
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=TIMEOUT_S)
        assert refused.value.code == 401
        refused.value.close()
        assert close_code(client) == 4005
        client.close()
        assert program.stop()[0] == 0
    finally:
        program.close()


def test_debug_restarts_when_a_file_changes(tmp_path: Path) -> None:
    """The test changes the time of one file in a copy of the program."""
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
        for second in range(1, 300):  # the first check of the files only records their times
            os.utime(tmp_path / "server" / "clock.py", (second, second))
            if select.select([program.stdout], [], [], 0.1)[0]:
                break
        assert program.stdout.readline().startswith("listening on ")
        program.terminate()
        assert program.wait(timeout=TIMEOUT_S) == 0
    finally:
        program.kill()
        program.communicate()


def test_a_port_file_in_a_folder_that_does_not_exist_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--ephemeral", "--port-file", str(tmp_path / "no" / "port")]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{COMMAND}: --port-file: there is no folder {tmp_path / 'no'}\n")
