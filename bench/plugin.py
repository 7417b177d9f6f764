"""Time of a small project of tests with the pytest plugin: three tests on two workers, in a temporary folder.

    python -m bench.plugin --rounds 5

It prints the median of the rounds and the parts of the time: pytest without a server, and one start of a server. Read
`trading_pro/testing/plugin.py` next.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.running import ROOT
from trading_pro.testing import Server

TESTS = """
import pytest
from trading_pro.testing import Refused

def test_buys(world):
    world.buy("AAPL", 10)
    assert [position["qty"] for position in world.positions()] == [10]

def test_starts_from_nothing(world):
    assert world.positions() == []

def test_is_refused(world):
    with pytest.raises(Refused, match="BAD_QTY_STEP"):
        world.buy("AAPL", 1.5)
"""
PLUGINS = ("-p", "xdist", "-p", "trading_pro.testing.plugin")


class Cost(NamedTuple):
    """Seconds of the clock, and of the processor in all processes."""

    wall_s: float
    cpu_s: float


def pytest(folder: str, *arguments: str) -> None:
    """Run the project with pytest, xdist and our plugin only, as in a fresh environment."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *PLUGINS, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def start_and_stop() -> None:
    """Start a server and stop it."""
    with Server():
        pass


def cost(work: Callable[[], None]) -> Cost:
    """Return the cost of a piece of work in child processes."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_bot.py").write_text(TESTS)
        works: dict[str, Callable[[], None]] = {
            "three tests on two workers": lambda: pytest(folder, "-n", "2"),
            "pytest without a server": lambda: pytest(folder, "--collect-only"),
            "a server, start to stop": start_and_stop,
        }
        for name, work in works.items():
            costs = [cost(work) for _ in range(rounds)]
            wall, cpu = (statistics.median(values) for values in zip(*costs, strict=True))
            print(f"{name:<28}{wall:6.2f} s, of the processor {cpu:5.2f} s", flush=True)


if __name__ == "__main__":
    main()
