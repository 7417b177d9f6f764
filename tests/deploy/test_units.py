"""The units: what systemd itself says of them, and what the program says to systemd."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import build_parser

ROOT = Path(__file__).parents[2]
UNITS = ["trading-pro.service", "trading-pro@.service"]
MAX_EXPOSURE = 2.0
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def analyze(*arguments: str) -> str:
    assert ANALYZE is not None
    result = subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, timeout=20, check=False)
    return result.stdout + result.stderr


def service(unit: str) -> dict[str, list[str]]:
    """The lines of the service section; a key may stand there more than once."""
    found: dict[str, list[str]] = {}
    section = (ROOT / "deploy" / unit).read_text().partition("[Service]")[2].partition("[Install]")[0]
    for line in section.splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@with_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_hardened(unit: str) -> None:
    report = analyze("security", "--offline=true", "--no-pager", str(ROOT / "deploy" / unit))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", report)
    assert found is not None, report
    assert float(found[1]) <= MAX_EXPOSURE


@with_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_has_nothing_to_say_of_the_unit(unit: str, tmp_path: Path) -> None:
    """The template as the instance that the documentation starts; the program stands where this machine has one."""
    text = (ROOT / "deploy" / unit).read_text()
    path = tmp_path / unit.replace("@", "@broker")
    path.write_text(text.replace("/opt/trading-pro/.venv/bin/python /opt/trading-pro/run.py", sys.executable))
    assert analyze("verify", "--man=no", str(path)) == ""


@pytest.mark.parametrize("unit", UNITS)
def test_every_setting_in_the_unit_is_one_of_the_program(unit: str) -> None:
    flags = {action.dest.upper() for action in build_parser()._actions}
    named = {name for line in service(unit)["Environment"] for name in re.findall(r"TRADING_(\w+)=", line)}
    assert {"AUTH", "JWT_KEY_FILE"} <= named
    assert named - flags - {"DATA_DIR"} == set()


def test_both_units_are_hardened_alike() -> None:
    plain, template = (service(unit) for unit in UNITS)
    different = {"Environment", "EnvironmentFile", "StateDirectory"}
    assert {key: plain[key] for key in plain.keys() - different} == {
        key: template[key] for key in template.keys() - different
    }


@pytest.mark.parametrize("unit", UNITS)
def test_the_process_that_makes_snapshots_may_stand_back(unit: str) -> None:
    """Both are among the calls that the line before takes away; ranks above the usual one stay out of reach."""
    found = service(unit)
    assert found["SystemCallFilter"][-2:] == ["~@privileged @resources", "sched_setscheduler setpriority"]
    assert found["RestrictRealtime"] == ["yes"]
    assert found["CapabilityBoundingSet"] == [""]


def listen(folder: Path) -> socket.socket:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(folder / "notify"))
    manager.settimeout(10)
    return manager


def test_the_program_says_when_it_is_ready_alive_and_stopping(tmp_path: Path) -> None:
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"}
    with listen(tmp_path) as manager:
        program = subprocess.Popen(
            [sys.executable, "run.py", "--port", "0", "--ephemeral"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            said = [manager.recv(4096).decode() for _ in range(4)]
            program.terminate()
            while "STOPPING=1" not in said[-1]:
                said.append(manager.recv(4096).decode())
            assert program.wait(timeout=5) == 0
        finally:
            program.kill()
            program.wait()
    assert said[0].startswith("READY=1")
    assert set(said[1:-1]) == {"WATCHDOG=1"}


def test_a_loop_that_hangs_gives_no_sign_of_life(tmp_path: Path) -> None:
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"}
    command = [sys.executable, "run.py", "--port", "0", "--ephemeral"]
    quiet = subprocess.DEVNULL
    with listen(tmp_path) as manager:
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
        try:
            assert manager.recv(4096).startswith(b"READY=1")
            assert manager.recv(4096) == b"WATCHDOG=1"
            program.send_signal(signal.SIGSTOP)
            manager.settimeout(0.3)
            with pytest.raises(TimeoutError):
                while manager.recv(4096) == b"WATCHDOG=1":
                    continue
            manager.settimeout(10)
            program.send_signal(signal.SIGCONT)
            assert manager.recv(4096) == b"WATCHDOG=1"
        finally:
            program.kill()
            program.wait()


def test_a_manager_that_is_gone_is_no_error(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "run.py", "--port", "0", "--ephemeral"],
        cwd=ROOT,
        env={"NOTIFY_SOCKET": str(tmp_path / "nobody")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdout is not None
    with program.stdout:
        assert program.stdout.readline().startswith(b"listening")
    program.terminate()
    assert program.wait(timeout=10) == 0
