"""Brackets whose stop-loss has a limit price: the leg is a stop-limit order."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from tests.engine.broker.harness import BUY, LIMIT, BrokerHarness

CANCELED, FILLED, INACTIVE, WORKING = 1, 2, 3, 6
LEGS: dict[str, Any] = {"takeProfit": 110.0, "stopLoss": 90.0, "stopLossLimit": 89.0}


def opened(**legs: Any) -> BrokerHarness:
    """A position of 10 bought at 100, with legs."""
    harness = BrokerHarness()
    harness.place(BUY, 10, **(legs or LEGS))
    return harness


def triggered() -> BrokerHarness:
    """A position whose stop-limit leg was reached, in a market below its limit price."""
    harness = opened()
    harness.tick("AAPL", 85.0, 85.1)
    return harness


def prices(leg: dict[str, Any]) -> tuple[int, float | None, float | None]:
    return leg["type"], leg["stopPrice"], leg["limitPrice"]


def test_the_leg_is_a_stop_limit_order_and_shows_on_entry_and_position() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=100.0, **LEGS)
    assert (prices(harness.legs()["stop"]), harness.legs()["stop"]["stopType"]) == ((4, 90.0, 89.0), 0)
    for shown in (harness.order(entry), harness.told("positions")[0]):
        assert (shown["takeProfit"], shown["stopLoss"], shown["stopLossLimit"]) == (110.0, 90.0, 89.0)


@pytest.mark.parametrize(
    ("market", "executed"),
    [
        ((91.0, 91.1), []),
        ((89.5, 89.6), [(10, 89.5)]),
        ((85.0, 85.1), []),
        ((110.0, 110.1), [(10, 110.0)]),
    ],
)
def test_the_leg_trades_between_stop_and_limit_only(
    market: tuple[float, float], executed: list[tuple[float, float]]
) -> None:
    harness = opened()
    harness.tick("AAPL", *market)
    assert harness.executed()[1:] == executed
    assert (harness.legs() == {}) == bool(executed)


def test_a_reached_leg_rests_as_a_limit_order_beside_the_take_profit() -> None:
    harness = triggered()
    assert harness.legs().keys() == {"takeProfit", "stop"}
    harness.tick("AAPL", 89.2, 89.3)
    assert harness.executed()[1:] == [(10, 89.0)]
    assert harness.legs() == {}


def test_the_limit_price_of_a_reached_leg_can_be_modified_and_its_stop_price_cannot() -> None:
    harness = triggered()
    leg = harness.legs()["stop"]["id"]
    with pytest.raises(Denied) as denied:
        harness.modify(leg, stopPrice=80.0)
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION
    harness.modify(leg, limitPrice=85.0)
    assert harness.executed()[1:] == [(10, 85.0)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stopLoss": 91.0}, (4, 91.0, 89.0)),
        ({"stopLossLimit": 88.0}, (4, 90.0, 88.0)),
        ({"stopLossLimit": None}, (3, 90.0, None)),
        ({"stopLoss": None}, None),
        ({"stopLoss": None, "guaranteedStop": 90.0}, (3, 90.0, None)),
    ],
)
def test_the_legs_of_an_entry_follow_its_change(change: dict[str, Any], expected: Any) -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **LEGS)
    harness.modify(entry, **change)
    legs = harness.legs()
    assert (prices(legs["stop"]) if "stop" in legs else None) == expected
    assert legs["takeProfit"]["status"] == INACTIVE
    assert harness.order(entry)["stopLossLimit"] == (expected and expected[2])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stopPrice": 91.0}, (91.0, 89.0)),
        ({"limitPrice": 88.0}, (90.0, 88.0)),
        ({"stopPrice": 92.0, "limitPrice": 91.5}, (92.0, 91.5)),
    ],
)
def test_a_modified_leg_shows_on_its_position(change: dict[str, Any], expected: tuple[float, float]) -> None:
    harness = opened()
    harness.modify(harness.legs()["stop"]["id"], **change)
    shown = harness.told("positions")[0]
    assert (shown["stopLoss"], shown["stopLossLimit"]) == expected


@pytest.mark.parametrize(
    ("legs", "change", "reason"),
    [
        (LEGS, {"limitPrice": None}, Reason.PRICE_REQUIRED),
        (LEGS, {"stopPrice": None}, Reason.PRICE_REQUIRED),
        (LEGS, {"stopPrice": 101.0}, Reason.OCO_BAD_PRICES),
        ({"stopLoss": 90.0}, {"limitPrice": 89.0}, Reason.UNSUPPORTED_COMBINATION),
    ],
)
def test_the_prices_of_a_leg_stay_those_of_its_type(
    legs: dict[str, Any], change: dict[str, Any], reason: Reason
) -> None:
    harness = opened(**legs)
    with pytest.raises(Denied) as denied:
        harness.modify(harness.legs()["stop"]["id"], **change)
    assert denied.value.reason is reason


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"stopLoss": 92.0}, (4, 92.0, 89.0)),
        ({"stopLoss": 92.0, "stopLossLimit": 91.0}, (4, 92.0, 91.0)),
        ({"stopLoss": 90.0, "stopLossLimit": None}, (3, 90.0, None)),
        ({"takeProfit": 110.0}, None),
    ],
)
def test_brackets_of_a_position_keep_the_limit_price_that_is_not_given(given: dict[str, Any], expected: Any) -> None:
    harness = opened()
    harness.brackets(**given)
    legs = harness.legs()
    assert (prices(legs["stop"]) if "stop" in legs else None) == expected


def test_a_new_stop_price_of_the_position_replaces_a_reached_leg() -> None:
    harness = triggered()
    before = harness.legs()["stop"]["id"]
    harness.brackets(stopLoss=80.0)
    after = harness.legs()["stop"]
    assert (harness.order(before)["status"], after["id"] != before) == (CANCELED, True)
    assert (after["status"], prices(after)) == (WORKING, (4, 80.0, 89.0))


def test_preview_values_the_leg_at_its_limit_price() -> None:
    sections = {one["header"]: one["rows"] for one in BrokerHarness().preview(**LEGS)["sections"]}
    assert [row["value"] for row in sections["Risk Management"] if row["title"] == "Stop Loss"] == ["89.00"]


def test_legs_are_the_same_after_a_restart() -> None:
    harness = triggered()
    before = harness.legs()
    harness.restart()
    assert harness.legs() == before
