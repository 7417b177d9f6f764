"""`doctor`: says what is there, and what to do about a problem."""

import asyncio
import os
import socket
import time
from pathlib import Path

import pytest

from server import VERSION
from server.main import main
from tests.conftest import Serve
from tests.live import compose
from tests.support import ManualClock


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str]]:
    """Return the exit status; and level, text and advice by subject."""
    status = main(["doctor", *arguments])
    rows: dict[str, str] = {}
    last = ""
    for line in capsys.readouterr().out.splitlines():
        level, _, rest = line.partition(" ")
        if level:
            last, _, text = rest.strip().partition(": ")
            rows[last] = f"{level} {text}"
        else:
            rows[last] += line
    return status, rows


def test_an_installation_in_order_has_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = findings(capsys, "--port", str(free_port()), "--data-dir", str(tmp_path / "new"))
    assert status == 0, rows
    assert rows["program"].startswith(f"ok Trading Pro {VERSION}, checkout in ")
    assert "tornado" in rows["libraries"]
    assert rows["page"] == "ok the page and its chart are there"
    assert rows["data"] == f"ok {tmp_path / 'new'} does not exist yet; a server creates it"
    assert not (tmp_path / "new").exists()


def test_a_taken_port_and_a_folder_that_cannot_be_written_are_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        status, rows = findings(capsys, "--port", str(other.getsockname()[1]), "--data-dir", str(file / "var"))
    assert status == 1
    assert rows["port"].startswith("problem ") and "--port 0" in rows["port"]
    assert rows["data"].startswith("problem ") and "--data-dir" in rows["data"]


async def test_the_program_at_the_port_is_named(
    serve: Serve, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    server = compose(clock)
    address = await serve(server.site)
    status, rows = await asyncio.to_thread(findings, capsys, "--port", address.partition(":")[2], "--ephemeral")
    server.ticker.stop()
    await server.storage.close()
    assert (status, rows["data"]) == (1, "ok nothing is stored")
    assert rows["port"].startswith(f"problem {address} is used by Trading Pro {VERSION}")


def test_a_clock_before_the_last_change_of_the_journal_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"
    file.touch()
    later = time.time() + 3600
    os.utime(file, (later, later))
    status, rows = findings(capsys, "--port", str(free_port()), "--data-dir", str(tmp_path))
    assert status == 1
    assert rows["clock"].startswith("problem ") and "NTP" in rows["clock"]
