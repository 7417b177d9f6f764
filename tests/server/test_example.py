"""The example of docs/feeds.md against the real program."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.test_main import ROOT, Program


@pytest.fixture
def program() -> Iterator[Program]:
    started = Program("--ephemeral", "--feed", "external")
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.communicate()


def test_a_csv_is_fed_and_refusals_are_told(program: Program, tmp_path: Path) -> None:
    trades = tmp_path / "trades.csv"
    trades.write_text("symbol,price,size\nAAPL,190.00,100\nAAPL,190.005,1\nAAPL,190.25,50\n")
    base = program.first_line.removeprefix("listening on ")
    command = [sys.executable, "-W", "error", "docs/examples/feed_csv.py", str(trades), base, "0"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert ran.stderr.splitlines() == ["tick 0, AAPL: price 190.005 is not a multiple of 0.01 above 0; none was taken"]
    (quote,) = program.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert (quote["v"]["lp"], quote["v"]["volume"]) == (190.25, 150)
    bars = program.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1D")["bars"]
    assert bars[-1]["close"] == 190.25
