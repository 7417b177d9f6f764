"""The external feed and the real program: the example of docs/feeds.md, and a restart before the first tick."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.program import ROOT, ServerProcess


@pytest.fixture
def program() -> Iterator[ServerProcess]:
    started = ServerProcess("--ephemeral", "--feed", "external")
    yield started
    started.close()


def test_a_csv_is_fed_and_refusals_are_told(program: ServerProcess, tmp_path: Path) -> None:
    trades = tmp_path / "trades.csv"
    trades.write_text("symbol,price,size\nAAPL,190.00,100\nAAPL,190.005,1\nAAPL,190.25,50\n")
    command = [sys.executable, "-W", "error", "docs/examples/feed_csv.py", str(trades), program.address, "0"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stderr.splitlines() == ["tick 0, AAPL: price 190.005 is not a multiple of 0.01 above 0; none was taken"]
    (quote,) = program.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert (quote["v"]["lp"], quote["v"]["volume"]) == (190.25, 150)
    bars = program.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1D")["bars"]
    assert bars[-1]["close"] == 190.25


def test_a_restart_before_the_first_tick_keeps_positions_and_orders(tmp_path: Path) -> None:
    arguments = ("--feed", "external", "--data-dir", str(tmp_path / "data"))

    def feed(program: ServerProcess, price: float) -> None:
        time_ms = program.call("GET", "/health")["clock"]["now"]
        program.call("POST", "/datafeed/ticks", {"ticks": [{"symbol": "AAPL", "time": time_ms, "price": price}]})

    first = ServerProcess(*arguments)
    feed(first, 190.0)
    order = {"symbol": "AAPL", "side": 1, "qty": 10}
    first.call("POST", "/broker/orders", order | {"type": 2})
    first.call("POST", "/broker/orders", order | {"type": 1, "limitPrice": 150.0})
    first.call("POST", "/broker/orders", order | {"symbol": "AAPL", "type": 3, "side": -1, "stopPrice": 100.0})
    assert first.stop()[0] == 0
    second = ServerProcess(*arguments)
    try:
        assert second.call("GET", "/broker/account/state")["unrealizedPL"] == 0
        while second.call("GET", "/health")["ticker"]["ticks"] == 0:
            continue  # until a tick has met the restored orders without a price
        feed(second, 191.0)
        assert second.call("GET", "/broker/account/state")["unrealizedPL"] == 10
        assert [one["status"] for one in second.call("GET", "/broker/orders")] == [2, 6, 6]
        status, errors = second.stop()
        assert (status, "tick failed" in errors) == (0, False)
    finally:
        second.close()
