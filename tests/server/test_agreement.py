"""Two programs with one seed have one market: orders of the one are executed at the quotes of the other."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from tests.server.program import ServerProcess

COMPARED = 6
"""Executions that are compared. An order counts when the other program's quote was the same before and after it."""


@pytest.fixture(scope="module")
def programs() -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """A server of market data and a broker, without a connection between them."""
    own = ("--seed", "42", "--ephemeral")
    both = ServerProcess("--modules", "datafeed", *own), ServerProcess("--modules", "broker", *own)
    yield both
    for one in both:
        one.close()


@pytest.mark.parametrize(("symbol", "qty"), [("AAPL", 10), ("EURUSD", 1000), ("BTCUSD", 0.5)])
def test_an_execution_lies_on_the_other_servers_quote(
    symbol: str, qty: float, programs: tuple[ServerProcess, ServerProcess]
) -> None:
    market, broker = programs

    def quote() -> Any:
        return market.call("POST", "/datafeed/quotes", {"symbols": [symbol]})[0]["v"]

    expected: list[float] = []
    executed: list[float] = []
    for side in cycle((1, -1)):
        before = quote()
        broker.call("POST", "/broker/orders", {"symbol": symbol, "type": 2, "side": side, "qty": qty})
        if quote() == before:
            expected.append(before["ask"] if side > 0 else before["bid"])
            executed.append(broker.call("GET", f"/broker/executions/{symbol}")[-1]["price"])
        if len(executed) == COMPARED:
            break
    assert executed == expected
    assert len(set(executed)) > 1
