"""Orders larger than the best quote: the levels that they take, and the quantity that stays taken."""

from typing import Any

import pytest

from engine.broker.liquidity import KEPT_LEVELS
from engine.broker.serializers import explanation_payload
from engine.models.broker.account import Commission, Limits, Profile, Slippage
from engine.models.broker.executions import ExecutionExplanation
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, BrokerHarness

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6
BIDS, ASKS = {99.98: 40, 99.90: 60}, {100.00: 30, 100.05: 50, 100.10: 100}
IOC: dict[str, Any] = {"duration": {"type": "IOC"}}
FOK: dict[str, Any] = {"duration": {"type": "FOK"}}
WALKED = [(30, 100.0), (50, 100.05), (100, 100.1)]


def harness_with_book(profile: Profile | None = None, balance: float = 100_000) -> BrokerHarness:
    harness = BrokerHarness(profile, balance)
    harness.book(BIDS, ASKS)
    return harness


@pytest.mark.parametrize(
    ("side", "qty", "kind", "fields", "executed", "status", "reason"),
    [
        (BUY, 30, MARKET, {}, WALKED[:1], FILLED, None),
        (BUY, 31, MARKET, {}, [(30, 100.0), (1, 100.05)], FILLED, None),
        (BUY, 100, MARKET, {}, [*WALKED[:2], (20, 100.1)], FILLED, None),
        (BUY, 1000, MARKET, {}, WALKED, WORKING, None),
        (SELL, 100, MARKET, {}, [(40, 99.98), (60, 99.9)], FILLED, None),
        (BUY, 100, LIMIT, {"limitPrice": 100.0}, WALKED[:1], WORKING, None),
        (BUY, 100, LIMIT, {"limitPrice": 100.05}, WALKED[:2], WORKING, None),
        (BUY, 100, LIMIT, {"limitPrice": 100.07}, WALKED[:2], WORKING, None),
        (SELL, 100, LIMIT, {"limitPrice": 99.95}, [(40, 99.98)], WORKING, None),
        (BUY, 1000, MARKET, IOC, WALKED, CANCELED, "EXPIRED"),
        (BUY, 1000, LIMIT, {"limitPrice": 100.05, **IOC}, WALKED[:2], CANCELED, "EXPIRED"),
        (BUY, 180, MARKET, FOK, WALKED, FILLED, None),
        (BUY, 181, MARKET, FOK, [], REJECTED, "NO_LIQUIDITY"),
        (BUY, 80, LIMIT, {"limitPrice": 100.05, **FOK}, WALKED[:2], FILLED, None),
        (BUY, 81, LIMIT, {"limitPrice": 100.05, **FOK}, [], REJECTED, "NO_LIQUIDITY"),
        (SELL, 101, MARKET, FOK, [], REJECTED, "NO_LIQUIDITY"),
    ],
)
def test_an_order_walks_the_book_and_never_beyond_its_limit(
    side: int, qty: int, kind: Any, fields: dict[str, Any], executed: Any, status: int, reason: str | None
) -> None:
    harness = harness_with_book()
    order = harness.order(harness.place(side, qty, kind, **fields))
    filled = sum(part for part, _ in executed)
    assert (harness.executed(), order["status"], order["reason"]) == (executed, status, reason)
    assert order["filledQty"] == filled
    if filled:
        assert order["avgPrice"] == pytest.approx(sum(part * price for part, price in executed) / filled, abs=1e-6)


def test_a_book_of_one_level_fills_what_it_shows() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=30)
    order = harness.order(harness.place(BUY, 1000))
    assert (harness.executed(), order["status"], order["filledQty"]) == ([(30, 100.0)], WORKING, 30)


@pytest.mark.parametrize(
    ("profile", "executed"),
    [
        (Profile(slippage=Slippage(ticks=2)), [(30, 100.02), (50, 100.07), (20, 100.12)]),
        (Profile(slippage=Slippage(probability=1.0)), [(30, 100.01), (50, 100.06), (20, 100.11)]),
        (Profile(slippage=Slippage(volume_share=0.5)), [(15, 100.0), (25, 100.05), (50, 100.1)]),
        (Profile(unlimited_size=True), [(100, 100.0)]),
    ],
)
def test_each_level_slips_and_shares_by_the_accounts_rules(profile: Profile, executed: Any) -> None:
    harness = harness_with_book(profile)
    harness.place(BUY, 100)
    assert harness.executed() == executed


def test_each_execution_is_charged() -> None:
    harness = harness_with_book(Profile(commission=Commission(per_trade=1, per_unit=0.01)))
    harness.place(BUY, 100)
    assert [told["commission"] for told in harness.told("executions")] == [1.3, 1.5, 1.2]


def test_a_triggered_stop_and_stop_limit_walk_the_book() -> None:
    harness = BrokerHarness()
    stop = harness.place(BUY, 60, STOP, stopPrice=101.0)
    limited = harness.place(BUY, 60, STOP_LIMIT, stopPrice=101.0, limitPrice=101.05)
    harness.book({101.0: 50}, {101.02: 40, 101.05: 40, 101.1: 100})
    harness.tick()
    assert harness.executed() == [(40, 101.02), (20, 101.05), (20, 101.05)]
    assert (harness.order(stop)["status"], harness.order(limited)["filledQty"]) == (FILLED, 20)


def test_a_resting_limit_takes_the_best_level_only_at_its_own_price() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 100, LIMIT, limitPrice=99.5)
    harness.book({99.0: 50}, {99.2: 30, 99.4: 50})
    harness.tick()
    assert harness.executed() == [(30, 99.5)]
    assert harness.told("executions")[0]["maker"] is True


@pytest.mark.parametrize(
    ("asks", "executed"),
    [
        ({100.00: 30, 100.05: 50, 100.10: 100}, [(30, 100.0), (60, 100.1)]),
        ({100.00: 30, 100.05: 70, 100.10: 100}, [(30, 100.0), (70, 100.05), (60, 100.1)]),
        ({100.01: 10, 100.05: 50, 100.10: 100}, [(10, 100.01), (60, 100.1)]),
        ({100.05: 50, 100.10: 100}, [(50, 100.05), (60, 100.1)]),
    ],
)
def test_what_was_taken_of_a_level_stays_taken_until_its_size_is_another(asks: dict[float, int], executed: Any) -> None:
    harness = harness_with_book()
    harness.place(BUY, 120)
    harness.book(BIDS, asks)
    harness.place(BUY, 500, **IOC)
    assert harness.executed()[3:] == executed


def test_two_orders_of_one_quote_share_its_levels() -> None:
    harness = harness_with_book()
    harness.place(BUY, 50)
    harness.place(BUY, 50)
    assert harness.executed() == [(30, 100.0), (20, 100.05), (30, 100.05), (20, 100.1)]


def test_the_rest_of_a_market_order_does_not_take_the_same_levels_again() -> None:
    harness = harness_with_book()
    order_id = harness.place(BUY, 1000)
    harness.tick()
    assert harness.order(order_id)["filledQty"] == 180
    harness.book(BIDS, ASKS)
    harness.tick()
    assert harness.order(order_id)["filledQty"] == 210


def test_what_was_taken_is_known_after_a_restart() -> None:
    harness = harness_with_book()
    harness.place(BUY, 50)
    harness.restart()
    harness.place(BUY, 50)
    assert harness.executed() == [(30, 100.0), (20, 100.05), (30, 100.05), (20, 100.1)]


def test_a_level_is_displayed_anew_after_many_others_were_taken() -> None:
    harness = BrokerHarness(balance=10_000_000)
    for number in range(KEPT_LEVELS + 1):
        harness.book({99.98: 1}, {100.00: 1, 100.05 + number / 100: 1})
        harness.place(BUY, 2, **IOC)
    before = len(harness.executed())
    harness.book({99.98: 1}, {100.01: 1, 100.05: 1})
    harness.place(BUY, 2, **IOC)
    assert harness.executed()[before:] == [(1, 100.01), (1, 100.05)]


@pytest.mark.parametrize(
    ("qty", "kind", "is_asked"), [(30, MARKET, False), (30, LIMIT, False), (31, MARKET, True), (10, STOP, False)]
)
def test_the_book_is_asked_for_only_when_the_best_level_is_not_enough(qty: int, kind: Any, is_asked: bool) -> None:
    harness = harness_with_book()
    harness.place(BUY, qty, kind, limitPrice=100.0, stopPrice=101.0)
    assert (harness.depth_calls > 0) == is_asked


def test_an_execution_tells_its_level() -> None:
    harness = harness_with_book()
    harness.place(BUY, 50)
    harness.place(BUY, 40)
    told = [explanation_payload(event, INSTRUMENTS["AAPL"]) for event in harness.account.executions]
    assert [ExecutionExplanation.model_validate(one).model_dump(mode="json") for one in told] == told
    seen = [(one["level"], one["levelPrice"], one["displayed"], one["takenBefore"]) for one in told]
    assert seen == [(1, 100.0, 30, 0), (2, 100.05, 50, 0), (2, 100.05, 50, 20), (3, 100.1, 100, 0)]


def test_a_guaranteed_stop_takes_no_level() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.place(SELL, 10, STOP, stopPrice=95.0, stopType=2)
    harness.tick("AAPL", 90.0, 90.2, size=1)
    explained = explanation_payload(harness.account.executions[-1], INSTRUMENTS["AAPL"])
    assert (explained["level"], explained["levelPrice"], explained["displayed"]) == (None, None, None)


@pytest.mark.parametrize("fields", [{}, FOK])
def test_what_the_account_cannot_carry_as_a_whole_is_not_taken_in_part(fields: dict[str, Any]) -> None:
    harness = harness_with_book(balance=1801)
    order = harness.order(harness.place(BUY, 180, **fields))
    assert (order["status"], order["reason"], harness.executed()) == (REJECTED, "INSUFFICIENT_MARGIN", [])


def test_margin_is_that_of_the_walked_average() -> None:
    # 30 * 100 + 50 * 100.05 + 100 * 100.10 = 18,012.50, a tenth of it is margin; the average is rounded up to 100.07.
    harness = harness_with_book(balance=1801.26)
    assert harness.order(harness.place(BUY, 180, **FOK))["status"] == FILLED


def test_a_walk_that_reduces_and_opens_needs_the_margin_of_what_it_opens() -> None:
    harness = BrokerHarness(balance=2000)
    harness.place(SELL, 100)
    harness.book(BIDS, ASKS)
    assert harness.order(harness.place(BUY, 180))["status"] == FILLED
    assert harness.position() == (80, 100.1)


def test_the_position_limit_holds_for_the_whole_walk() -> None:
    harness = harness_with_book(Profile(limits=Limits(max_position=100)))
    assert harness.order(harness.place(BUY, 101))["reason"] == "POSITION_LIMIT"
    assert harness.order(harness.place(BUY, 100))["status"] == FILLED


def test_a_closing_order_walks_no_further_than_the_position() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 70)
    harness.book(BIDS, ASKS)
    order_id = harness.place(SELL, 90, isClose=True)
    assert harness.executed()[1:] == [(40, 99.98), (30, 99.9)]
    assert (harness.position(), harness.order(order_id)["qty"], harness.order(order_id)["status"]) == (None, 70, FILLED)


def test_brackets_grow_with_every_level_to_the_whole_quantity() -> None:
    harness = harness_with_book()
    harness.place(BUY, 100, takeProfit=110.0, stopLoss=90.0)
    assert {leg["qty"] for leg in harness.legs().values()} == {100}
    assert harness.routes() == ["executions"] * 3 + ["orders", "equity", "positions", "orders", "orders"]


def preview_of(harness: BrokerHarness, **fields: Any) -> tuple[dict[str, str], list[str], list[str]]:
    told = harness.preview(**fields)
    rows = {row["title"]: row["value"] for row in told["sections"][1]["rows"]}
    return rows, told["warnings"] or [], told["errors"] or []


def test_the_preview_of_an_order_within_the_best_level_is_the_quote() -> None:
    rows, warnings, errors = preview_of(harness_with_book(), qty=30)
    assert (rows["Estimated Price"], rows["Order Value"], errors) == ("100.00", "3000.00 USD", [])
    assert not any("displayed" in warning for warning in warnings)


def test_the_preview_of_a_larger_order_is_the_walked_average() -> None:
    rows, warnings, errors = preview_of(harness_with_book(Profile(commission=Commission(per_trade=1))), qty=100)
    # 30 * 100 + 50 * 100.05 + 20 * 100.10 = 10,004.50; margin is that of the average in whole cents, rounded up.
    assert rows["Estimated Price"] == "100.045"
    assert (rows["Order Value"], rows["Commission"]) == ("10004.50 USD", "3.00 USD")
    assert (rows["Margin Required"], errors) == ("1000.50 USD", [])
    assert "Larger than what is displayed at the best price: 3 levels, the last at 100.10" in warnings


@pytest.mark.parametrize(
    ("fields", "shown", "price"),
    [({"qty": 1000}, 180, "100.0945"), ({"qty": 500, "kind": LIMIT, "limitPrice": 100.05}, 80, "100.05")],
)
def test_the_preview_tells_what_has_to_wait(fields: dict[str, Any], shown: int, price: str) -> None:
    rows, warnings, _ = preview_of(harness_with_book(), **fields)
    assert rows["Estimated Price"] == price
    assert f"Only {shown} is displayed: the rest will wait for the next quotes" in warnings


TOP = {100.00: 10, 100.02: 10}


def told(harness: BrokerHarness) -> list[tuple[float, float, bool]]:
    """Quantity, price and maker of every execution."""
    return [(*one, event.is_maker) for one, event in zip(harness.executed(), harness.account.executions, strict=True)]


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("is_stop", [False, True])
def test_what_is_left_of_a_limit_that_took_goes_on_taking_until_the_market_is_beyond_it(
    is_stop: bool, is_restarted: bool
) -> None:
    harness = BrokerHarness()
    if is_stop:
        order_id = harness.place(BUY, 100, STOP_LIMIT, stopPrice=100.5, limitPrice=110.0)
        harness.book({100.5: 40}, TOP)
        harness.tick()
    else:
        harness.book({99.98: 40}, TOP)
        order_id = harness.place(BUY, 100, LIMIT, limitPrice=110.0)
    if is_restarted:
        harness.restart()
    taken = [(10, 100.0, False), (10, 100.02, False)]
    assert told(harness) == taken
    harness.book({99.98: 40}, {100.01: 15, 100.02: 20})
    harness.tick()
    taken += [(15, 100.01, False), (20, 100.02, False)]
    assert told(harness) == taken
    harness.tick("AAPL", 111.0, 111.02, size=5)
    if is_restarted:
        harness.restart()
    harness.tick("AAPL", 108.0, 108.02, size=5)
    assert told(harness) == [*taken, (5, 110.0, True)]
    assert harness.order(order_id)["filledQty"] == 60


def test_a_limit_that_finds_nothing_left_takes_at_the_next_quote() -> None:
    harness = harness_with_book()
    harness.place(BUY, 180)
    harness.place(BUY, 20, LIMIT, limitPrice=110.0)
    harness.tick("AAPL", 99.98, 100.02, size=20)
    assert told(harness)[3:] == [(20, 100.02, False)]


def test_other_terms_can_end_the_taking() -> None:
    harness = harness_with_book()
    order_id = harness.place(BUY, 200, LIMIT, limitPrice=110.0)
    harness.modify(order_id, limitPrice=99.99)
    harness.tick("AAPL", 99.90, 99.92, size=5)
    assert told(harness)[3:] == [(5, 99.99, True)]


def test_on_bars_what_is_left_of_a_limit_that_took_takes_the_quote() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    harness.place(BUY, 10, LIMIT, limitPrice=105.0)
    harness.bar(100.0, 102.0, 99.5, 101.0, size=4)
    assert told(harness) == [(4, 100.0, False), (6, 100.01, False)]
