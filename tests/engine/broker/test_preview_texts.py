"""Texts of the previews of orders and of leverage, as the clients of the original show them."""

from typing import Any

import pytest

from engine.broker import queries
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, BrokerHarness

AT_ONCE = "Market order will execute immediately at the current price"
SLIPPAGE = "Large order: slippage is possible"
LIMITED_SLIPPAGE = "Large order: slippage is possible, up to the limit price"
BIDS, ASKS = {99.98: 40, 99.90: 60}, {100.00: 30, 100.05: 50, 100.10: 5000}
TWO_LEVELS = "Larger than what is displayed at the best price: 2 levels, the last at 100.05"
THREE_LEVELS = "Larger than what is displayed at the best price: 3 levels, the last at 100.10"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"qty": 30}, [AT_ONCE]),
        ({"qty": 31}, [AT_ONCE, SLIPPAGE, TWO_LEVELS]),
        ({"qty": 1001}, [AT_ONCE, SLIPPAGE, THREE_LEVELS]),
        ({"qty": 10, "kind": LIMIT, "limitPrice": 90.0}, None),
        ({"qty": 1000, "kind": LIMIT, "limitPrice": 90.0}, None),
        ({"qty": 1001, "kind": LIMIT, "limitPrice": 90.0}, [LIMITED_SLIPPAGE]),
        ({"qty": 1000, "kind": STOP, "stopPrice": 110.0}, None),
        ({"qty": 1001, "kind": STOP, "stopPrice": 110.0}, [SLIPPAGE]),
    ],
)
def test_an_order_is_warned_of_immediate_execution_and_of_slippage(
    fields: dict[str, Any], expected: list[str] | None
) -> None:
    harness = BrokerHarness(balance=10_000_000)
    harness.book(BIDS, ASKS)
    assert harness.preview(**fields)["warnings"] == expected


@pytest.mark.parametrize("side", [BUY, SELL])
def test_more_than_1000_units_are_warned_of_slippage_where_everything_is_displayed(side: int) -> None:
    harness = BrokerHarness(balance=10_000_000)
    assert harness.preview(side, 1000, MARKET)["warnings"] == [AT_ONCE]
    assert harness.preview(side, 1001, MARKET)["warnings"] == [AT_ONCE, SLIPPAGE]


def test_a_market_order_in_a_halt_does_not_execute_immediately() -> None:
    harness = BrokerHarness()
    harness.halted.add("AAPL")
    assert harness.preview(BUY, 10, MARKET)["warnings"] == ["Trading in AAPL is halted"]


@pytest.mark.parametrize(
    ("leverage", "requirement", "warning"),
    [
        (1, "100.00%", None),
        (3, "33.33%", None),
        (10, "10.00%", None),
        (20, "5.00%", None),
        (21, "4.76%", "Moderate leverage: a price move of 4.76% can lose the whole margin"),
        (25, "4.00%", "Moderate leverage: a price move of 4.00% can lose the whole margin"),
        (50, "2.00%", "Moderate leverage: a price move of 2.00% can lose the whole margin"),
        (51, "1.96%", "High leverage: a price move of 1.96% can lose the whole margin"),
        (100, "1.00%", "High leverage: a price move of 1.00% can lose the whole margin"),
    ],
)
def test_leverage_tells_its_margin_and_its_risk(leverage: int, requirement: str, warning: str | None) -> None:
    harness = BrokerHarness()
    instrument = harness.account.instruments["EURUSD"]
    told = queries.leverage_preview(harness.account, instrument, leverage, harness.view())
    least = ["EURUSD has a margin requirement of at least 2.00% at every leverage"] if leverage > 50 else []
    assert told["infos"] == [f"Margin requirement: {requirement}"]
    assert told["warnings"] == ([warning, *least] if warning else None)
    assert told["errors"] is None


def test_the_requirement_of_the_instrument_is_told_where_it_is_greater() -> None:
    harness = BrokerHarness()
    told = queries.leverage_preview(harness.account, harness.account.instruments["AAPL"], 25, harness.view())
    assert told["infos"] == ["Margin requirement: 4.00%"]
    assert told["warnings"][1:] == ["AAPL has a margin requirement of at least 10.00% at every leverage"]


@pytest.mark.parametrize(
    ("leverage", "message"),
    [
        (101, "leverage 101 exceeds the maximum of 100"),
        (1000, "leverage 1000 exceeds the maximum of 100"),
        (100.5, "leverage 100.5 exceeds the maximum of 100"),
        (0, "leverage 0 is below the minimum of 1"),
        (-5, "leverage -5 is below the minimum of 1"),
        (2.5, "leverage 2.5 is not a whole number"),
    ],
)
def test_a_refused_leverage_tells_the_bound(leverage: float, message: str) -> None:
    harness = BrokerHarness()
    told = queries.leverage_preview(harness.account, harness.account.instruments["AAPL"], leverage, harness.view())
    assert (told["infos"], told["warnings"], told["errors"]) == (None, None, [message])
