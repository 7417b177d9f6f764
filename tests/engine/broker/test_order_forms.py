"""Forms of an order beyond quantity and price: notional, trailing in percent, at the open and the close, revisions."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, BrokerHarness

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6


@pytest.mark.parametrize(
    ("notional", "fields", "qty"),
    [(1050.0, {}, 10), (999.99, {}, 9), (1050.0, {"kind": LIMIT, "limitPrice": 50.0}, 21)],
)
def test_notional_order_buys_the_largest_quantity_within_its_value(notional: float, fields: Any, qty: float) -> None:
    harness = BrokerHarness()
    order = harness.order(harness.place(BUY, 0, notional=notional, **fields))
    assert (order["qty"], order["notional"]) == (qty, notional)


def test_notional_order_of_less_than_one_step_is_denied() -> None:
    with pytest.raises(Denied) as denied:
        BrokerHarness().place(BUY, 0, notional=50.0)
    assert denied.value.reason is Reason.QTY_RANGE


def test_trailing_stop_in_percent_keeps_its_rate() -> None:
    harness = BrokerHarness()
    order_id = harness.place(SELL, 10, STOP, stopType=1, trailPercent=10.0)
    assert harness.order(order_id)["stopPrice"] == 89.98
    harness.tick("AAPL", 200.0, 200.02)
    assert harness.order(order_id)["stopPrice"] == 180.0
    harness.tick("AAPL", 190.0, 190.02)
    assert harness.order(order_id)["stopPrice"] == 180.0
    harness.modify(order_id, trailPercent=20.0)
    assert harness.order(order_id)["stopPrice"] == 160.0


def before_the_open() -> BrokerHarness:
    harness = BrokerHarness()
    harness.session = (5_000_000, 9_000_000)
    return harness


@pytest.mark.parametrize(
    ("fields", "status", "filled"),
    [({"kind": MARKET}, FILLED, 10), ({"kind": LIMIT, "limitPrice": 90.0}, CANCELED, 0)],
)
def test_order_at_the_open_trades_then_or_is_canceled(fields: Any, status: int, filled: float) -> None:
    harness = before_the_open()
    order_id = harness.place(BUY, 10, duration={"type": "OPG"}, **fields)
    harness.tick()
    assert harness.order(order_id)["status"] == WORKING
    harness.now_ms = 5_000_000
    harness.tick("AAPL", 99.98, 100.0)
    assert (harness.order(order_id)["status"], harness.order(order_id)["filledQty"]) == (status, filled)


def test_order_at_the_close_arrives_a_minute_before_it() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, duration={"type": "CLS"})
    harness.tick()
    assert harness.order(order_id)["status"] == WORKING
    harness.now_ms = 10_000_000 - 60_000
    harness.tick("AAPL", 99.98, 100.0)
    assert harness.order(order_id)["status"] == FILLED


@pytest.mark.parametrize(
    ("now_ms", "fields"),
    [
        (1_000_000, {"duration": {"type": "OPG"}}),
        (9_950_000, {"duration": {"type": "CLS"}}),
        (1_000_000, {"duration": {"type": "CLS"}, "kind": STOP, "stopPrice": 120.0}),
    ],
)
def test_order_after_its_auction_is_denied(now_ms: int, fields: Any) -> None:
    harness = BrokerHarness()
    harness.now_ms = now_ms
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 10, **fields)
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_each_modification_by_the_owner_is_a_revision() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=90.0)
    harness.modify(order_id, limitPrice=91.0)
    harness.modify(order_id, qty=20)
    assert harness.order(order_id)["revision"] == 2
    harness.restart()
    earlier = harness.account.order(order_id).earlier
    assert [(one.terms.limit_price, one.terms.qty) for one in earlier] == [(9000, 10), (9100, 10)]


def test_modification_that_changes_nothing_is_no_revision() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=90.0, duration={"type": "GTC"})
    harness.modify(order_id, limitPrice=90.0, duration={"type": "GTC"})
    assert harness.order(order_id)["revision"] == 0


@pytest.mark.parametrize(
    ("sent", "change", "removed"),
    [
        ({"notional": 900.0, "limitPrice": 90.0, "kind": LIMIT}, {"qty": 4.0}, "notional"),
        ({"trailPercent": 10.0, "stopType": 1, "kind": STOP}, {"trailingStopPips": 300.0}, "trailPercent"),
    ],
)
def test_new_value_replaces_the_other_way_to_give_it(sent: Any, change: dict[str, float], removed: str) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, **sent)
    harness.modify(order_id, **change)
    assert change.items() <= harness.order(order_id).items()
    assert harness.order(order_id)[removed] is None


def test_brackets_that_follow_a_position_are_not_revised() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, takeProfit=110.0, stopLoss=90.0)
    harness.close(amount=4)
    assert {leg["revision"] for leg in harness.legs().values()} == {0}


@pytest.mark.parametrize(
    ("profile", "side", "reason"),
    [
        (Profile(long_only=True), SELL, "SHORT_SALE"),
        (Profile(suspended=True), BUY, "ACCOUNT_SUSPENDED"),
        (Profile(long_only=True), BUY, None),
    ],
)
def test_rules_of_the_account_refuse_new_risk(profile: Profile, side: int, reason: str | None) -> None:
    harness = BrokerHarness(profile)
    assert harness.order(harness.place(side, 10))["reason"] == reason


@pytest.mark.parametrize("profile", [Profile(long_only=True), Profile(suspended=True)])
def test_rules_of_the_account_allow_closing(profile: Profile) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.change_profile(profile)
    assert harness.order(harness.place(SELL, 10))["status"] == FILLED


def test_documents_are_kept_over_a_reset_and_a_restart() -> None:
    harness = BrokerHarness()
    broker, account = harness.broker, harness.account
    harness.run(lambda txn: broker.store_document(txn, account, "kept", {"a": [1]}))
    harness.run(lambda txn: broker.store_document(txn, account, "gone", {"b": 2}))
    harness.run(lambda txn: broker.store_document(txn, account, "gone", None))
    harness.reset()
    harness.restart()
    assert harness.account.documents == {"kept": {"a": [1]}}
