"""Two programs with one seed are one market: orders of the one are executed on the quotes of the other."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.test_main import Program

TRIES, WANTED = 150, 6
"""Orders that are tried, as a busy machine may need more than one grid point for each, and those that are compared."""


@pytest.fixture
def programs() -> Iterator[tuple[Program, Program]]:
    """A server of market data and a broker that know nothing of each other."""
    own = ("--seed", "42", "--ephemeral")
    both = Program("--modules", "datafeed", *own), Program("--modules", "broker", *own)
    yield both
    for one in both:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


@pytest.mark.parametrize(("symbol", "qty"), [("AAPL", 10), ("EURUSD", 1000), ("BTCUSD", 0.5)])
def test_an_execution_lies_on_the_other_servers_quote(
    symbol: str, qty: float, programs: tuple[Program, Program]
) -> None:
    market, broker = programs

    def quote() -> Any:
        return market.call("POST", "/datafeed/quotes", {"symbols": [symbol]})[0]["v"]

    expected: list[float] = []
    executed: list[float] = []
    for number in range(TRIES):
        side = 1 if number % 2 == 0 else -1
        before = quote()
        broker.call("POST", "/broker/orders", {"symbol": symbol, "type": 2, "side": side, "qty": qty})
        if quote() == before:
            # The same grid point before and after: the order came in between.
            expected.append(before["ask"] if side > 0 else before["bid"])
            executed.append(broker.call("GET", f"/broker/executions/{symbol}")[-1]["price"])
        if len(executed) == WANTED:
            break
    assert len(executed) == WANTED
    assert executed == expected
    assert len(set(executed)) > 1
