"""The units: the checks of systemd itself, and the messages of the program to systemd."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import Settings

ROOT = Path(__file__).parents[2]
UNITS = ["trading-pro.service", "trading-pro@.service"]
CORE, EDGE = "trading-pro-core.service", "trading-pro-edge@.service"
MAX_EXPOSURE = 2.0
TIMEOUT_S = 60
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def analyze(*arguments: str) -> str:
    assert ANALYZE is not None
    result = subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
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
@pytest.mark.parametrize("unit", [*UNITS, CORE, EDGE])
def test_the_unit_is_hardened(unit: str) -> None:
    report = analyze("security", "--offline=true", "--no-pager", str(ROOT / "deploy" / unit))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", report)
    assert found is not None, report
    assert float(found[1]) <= MAX_EXPOSURE


@with_systemd
@pytest.mark.parametrize("unit", [*UNITS, CORE, EDGE])
def test_systemd_finds_no_fault_in_the_unit(unit: str, tmp_path: Path) -> None:
    """The template is checked as the instance of docs/operations.md, with a program that exists on this machine."""
    text = (ROOT / "deploy" / unit).read_text()
    path = tmp_path / unit.replace("@", "@broker")
    path.write_text(text.replace("/opt/trading-pro/.venv/bin/python /opt/trading-pro/run.py", sys.executable))
    assert analyze("verify", "--man=no", str(path)) == ""


@pytest.mark.parametrize("unit", [*UNITS, CORE, EDGE])
def test_every_setting_in_the_unit_is_one_of_the_program(unit: str) -> None:
    settings = {name.upper() for name in Settings.model_fields}
    named = {name for line in service(unit)["Environment"] for name in re.findall(r"TRADING_(\w+)=", line)}
    assert {"AUTH", "JWT_KEY_FILE"} <= named
    assert named - settings == set()


def test_both_units_are_hardened_alike() -> None:
    plain, template = (service(unit) for unit in UNITS)
    different = {"Environment", "EnvironmentFile", "StateDirectory"}
    assert {key: plain[key] for key in plain.keys() - different} == {
        key: template[key] for key in template.keys() - different
    }


def test_the_unit_of_a_core_is_hardened_alike_and_has_the_same_state() -> None:
    plain, core = service(UNITS[0]), service(CORE)
    different = {"Environment", "EnvironmentFile", "IPAddressAllow"}
    assert {key: plain[key] for key in plain.keys() - different} == {key: core[key] for key in core.keys() - different}


def test_the_unit_of_an_edge_is_hardened_alike_and_stores_nothing() -> None:
    plain, edge = service(UNITS[0]), service(EDGE)
    different = {"Environment", "EnvironmentFile", "StateDirectory", "StateDirectoryMode", "SystemCallFilter"}
    different |= {"IPAddressAllow"}
    assert {key: plain[key] for key in plain.keys() - different} == {key: edge[key] for key in edge.keys() - different}
    assert "StateDirectory" not in edge
    assert edge["SystemCallFilter"] == plain["SystemCallFilter"][:2]


def listen(folder: Path) -> socket.socket:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(folder / "notify"))
    manager.settimeout(TIMEOUT_S)
    return manager


def test_program_notifies_ready_watchdog_while_its_loop_runs_and_stopping(tmp_path: Path) -> None:
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"}
    command = [sys.executable, "run.py", "--port", "0", "--ephemeral"]
    quiet = subprocess.DEVNULL
    with listen(tmp_path) as manager:
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
        try:
            assert manager.recv(4096).startswith(b"READY=1")
            assert [manager.recv(4096) for _ in range(3)] == [b"WATCHDOG=1"] * 3
            program.send_signal(signal.SIGSTOP)
            manager.settimeout(0.3)
            with pytest.raises(TimeoutError):
                while manager.recv(4096) == b"WATCHDOG=1":
                    continue
            manager.settimeout(TIMEOUT_S)
            program.send_signal(signal.SIGCONT)
            assert manager.recv(4096) == b"WATCHDOG=1"
            program.terminate()
            while b"STOPPING=1" not in (said := manager.recv(4096)):
                assert said == b"WATCHDOG=1"
            assert program.wait(timeout=TIMEOUT_S) == 0
        finally:
            program.kill()
            program.wait()


def test_missing_manager_is_no_error(tmp_path: Path) -> None:
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
    assert program.wait(timeout=TIMEOUT_S) == 0


@pytest.mark.parametrize("unit", [*UNITS, CORE])
def test_snapshot_process_may_lower_its_priority(unit: str) -> None:
    filters = re.findall(r"^SystemCallFilter=(.*)$", (ROOT / "deploy" / unit).read_text(), re.MULTILINE)
    assert "setpriority" in filters[-1].split()
