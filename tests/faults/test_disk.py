"""The disk fails under a running server: no space, errors, a file system that is cut off."""

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.program import Answer, Load, Program, StartLive, run, stored_orders

SPACE = "4m"
PATIENCE_S = 60.0
"""Longest wait for a state that comes by itself; it only ends a test that fails."""
CUTS = int(os.environ.get("POWER_CUTS", "2"))
MOUNT = f'mount -t tmpfs -o size={SPACE} tmpfs "$0" && exec "$@"'


def in_own_mount(path: Path) -> list[str]:
    """The start of a command line under which `path` is a small file system; skips where that is not allowed."""
    before = ["unshare", *([] if os.geteuid() == 0 else ["-Ur"]), "-m", "sh", "-c", MOUNT, str(path)]
    try:
        tried = subprocess.run([*before, "true"], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except OSError as error:
        pytest.skip(f"no unshare: {error}")
    if tried.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {tried.stderr.strip()}")
    return before


class SmallDisk:
    """A program whose data directory is a file system of its own, of a few megabytes."""

    def __init__(self, path: Path) -> None:
        self.program = Program(path, before=in_own_mount(path))
        self._filler = Path(f"/proc/{self.program.process.pid}/root{path}/filler")

    def fill(self) -> None:
        """Leave not one free byte."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    started = SmallDisk(tmp_path)
    yield started
    if started.program.process.poll() is None:
        started.program.kill()


def refused_order(program: Program) -> None:
    """Place orders until one is refused."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = program.place()
        if answer.status != 200:
            assert (answer.status, answer.body["code"]) == (503, "UNAVAILABLE"), answer
            return
    raise AssertionError("a full disk takes orders")


def test_full_disk_refuses_commands_changes_nothing_and_goes_on_when_it_has_space(disk: SmallDisk) -> None:
    program = disk.program
    assert program.place(symbol="MSFT").status == 200
    disk.fill()
    refused_order(program)
    before = [program.get(f"/broker/{what}") for what in ("orders", "executions")]
    for _ in range(5):
        assert program.place().status == 503
        assert program.ask("DELETE", "/broker/positions/MSFT").status == 503
    assert [program.get(f"/broker/{what}") for what in ("orders", "executions")] == before
    assert program.ask("POST", "/datafeed/quotes", {"symbols": ["AAPL"]}).body[0]["s"] == "ok"
    health = program.ask("GET", "/health")
    assert (health.status, health.body["status"], health.body["storage"]["writable"]) == (503, "degraded", False)
    numbers = [int(row["id"].removeprefix("ORDER-")) for row in before[0]]
    assert numbers == list(range(1, len(numbers) + 1))
    disk.empty()
    deadline = time.monotonic() + PATIENCE_S
    while (answer := program.place()).status != 200:
        assert answer.status == 503
        assert time.monotonic() < deadline, "space is back, and still no order is taken"
    assert answer.body["orderId"] == f"ORDER-{len(numbers) + 1}"
    assert len(program.get("/broker/orders")) == len(numbers) + 1
    assert program.get("/health")["ledger"]["violations"] == 0


def test_full_disk_under_load_loses_nothing(disk: SmallDisk) -> None:
    program = disk.program
    load = Load(program, first=0, connections=8)
    load.wait_for(50)
    disk.fill()
    load.wait_for_refusals(50)
    disk.empty()
    load.wait_for(len(load.acknowledged) + 50)
    load.end()
    orders = {row["customFields"]["number"]: row["id"] for row in program.get("/broker/orders")}
    assert orders == load.acknowledged
    assert set(load.refused) == {503}
    assert program.get("/health")["ledger"]["violations"] == 0


async def test_write_error_ends_the_process(tmp_path: Path, live: StartLive) -> None:
    """A limit on file sizes makes the kernel refuse a write with an error that is not "no space"."""
    program = Program(tmp_path)
    assert program.place().status == 200
    wal = (tmp_path / "journal.db-wal").stat().st_size
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (wal + 1000, wal + 1000))
    statuses = [program.place().status for _ in range(3)]
    assert statuses[0] == 503
    assert 200 not in statuses
    status, errors = program.ended()
    assert status == 1, errors
    assert [row["id"] for row in await stored_orders(live, tmp_path)] == ["ORDER-1"]


async def test_fsync_error_ends_the_process(tmp_path: Path, live: StartLive) -> None:
    """After a failed fsync nobody knows what the disk holds: no order is acknowledged any more."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace to make fsync fail with")
    data_dir = tmp_path / "var"
    assert Program(data_dir).stop()[0] == 0
    inject = "inject=fsync,fdatasync:error=EIO:when=6+"
    before = [strace, "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", inject]
    program = Program(data_dir, before=before)
    if not program.first_line:
        pytest.skip(f"strace may not trace here: {program.ended()[1]}")
    answers: list[Answer] = []
    while not answers or answers[-1].status == 200:
        answers.append(program.place())
        assert len(answers) < 20
    assert answers[-1].status in (503, 0)
    assert program.ended()[0] == 1
    acknowledged = [answer.body["orderId"] for answer in answers if answer.status == 200]
    found = [row["id"] for row in await stored_orders(live, data_dir)]
    assert found[: len(acknowledged)] == acknowledged


@pytest.fixture
def loop_mount(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """An image file and where it is mounted as ext4; skips where that is not allowed."""
    image, mount = tmp_path / "image", tmp_path / "mount"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True, capture_output=True, timeout=PATIENCE_S)
        command = ["mount", "-o", "loop,data=ordered,commit=300", str(image), str(mount)]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or str(error).encode()
        pytest.skip(f"ext4 cannot be loop-mounted here: {said.decode().strip()}")
    yield image, mount
    subprocess.run(["umount", "-l", str(mount)], check=False, capture_output=True, timeout=PATIENCE_S)


def test_power_cut_loses_nothing_acknowledged(loop_mount: tuple[Path, Path], tmp_path: Path) -> None:
    """What reached the image file is what a disk holds at the instant of a power cut; the mount's caches are not."""
    image, mount = loop_mount
    random = Random("power")
    program = Program(mount / "var")
    load = Load(program, first=0, connections=8)
    cuts = []
    for cut in range(CUTS):
        load.wait_for(len(load.acknowledged) + random.randrange(1, 150))
        acknowledged = dict(load.acknowledged)
        program.process.send_signal(signal.SIGSTOP)
        after = tmp_path / f"after-{cut}"
        shutil.copyfile(image, after)
        program.process.send_signal(signal.SIGCONT)
        cuts.append((after, acknowledged))
    program.kill()
    load.end()
    for after, acknowledged in cuts:
        check_after_cut(after, tmp_path / "again", acknowledged)


def check_after_cut(image: Path, mount: Path, acknowledged: dict[int, str]) -> None:
    """Start from what a disk held, and look for what had been acknowledged."""
    mount.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True, capture_output=True, timeout=PATIENCE_S)
    try:
        verified = run("verify", mount / "var")
        assert verified.returncode == 0, verified.stderr
        survivor = Program(mount / "var")
        found = {row["customFields"]["number"]: row["id"] for row in survivor.get("/broker/orders")}
        assert {n: name for n, name in acknowledged.items() if found.get(n) != name} == {}
        assert survivor.stop()[0] == 0
    finally:
        subprocess.run(["umount", str(mount)], check=False, capture_output=True, timeout=PATIENCE_S)
