"""Further rows of the trading rules: lists, triggers, times, averages, leverage, the ledger audit."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.broker import invariants, queries
from engine.broker.account import Account
from engine.broker.ledger import Holding
from engine.broker.transaction import Transaction
from engine.errors import Denied, Reason
from engine.models.broker.orders import HistoryQuery, OrderStatus
from tests.engine.broker.harness import BUY, LIMIT, SELL, STOP, AllSubscribed, BrokerHarness

CANCELED, FILLED, WORKING = 1, 2, 6
SESSION, NEXT = (1_000_000, 2_000_000), (5_000_000, 6_000_000)


@pytest.mark.parametrize(
    ("ended_ms", "now_ms", "session", "is_listed"),
    [
        (1_100_000, 1_100_000 + 59_999, SESSION, True),
        (1_100_000, 1_999_999, SESSION, True),  # the session goes on
        (1_100_000, 2_000_000, NEXT, False),  # it is over, and so are the 60 s
        (1_950_000, 2_009_999, NEXT, True),  # it is over, the 60 s are not
        (1_950_000, 2_010_000, NEXT, False),
        (1_950_000, 5_000_000, NEXT, False),  # another session
    ],
)
def test_a_final_order_is_listed_until_its_session_ends_and_for_60_seconds(
    ended_ms: int, now_ms: int, session: tuple[int, int], is_listed: bool
) -> None:
    harness = BrokerHarness()
    harness.session, harness.now_ms = SESSION, ended_ms
    harness.place(BUY, 10)
    resting = harness.place(BUY, 10, LIMIT, limitPrice=50.0)
    harness.session, harness.now_ms = session, now_ms
    listed = [order["id"] for order in queries.orders(harness.account, harness.view())]
    assert listed == (["ORDER-1", resting] if is_listed else [resting])
    assert [one["id"] for one in queries.order_history(harness.account, HistoryQuery())] == ["ORDER-1"]


@pytest.mark.parametrize(
    ("symbol", "side", "stop", "quiet", "reached"),
    [
        # Stocks and crypto watch the last price, whatever bid and ask are.
        ("AAPL", BUY, 101.0, (101.0, 101.2, 100.99), (100.9, 101.2, 101.0)),
        ("AAPL", SELL, 99.0, (98.9, 99.0, 99.01), (98.9, 99.2, 99.0)),
        ("BTCUSD", BUY, 61_000.0, (61_000.0, 61_010.0, 60_999.99), (60_990.0, 61_010.0, 61_000.0)),
        ("BTCUSD", SELL, 59_000.0, (58_990.0, 59_000.0, 59_000.01), (58_990.0, 59_010.0, 59_000.0)),
        # In forex a buy watches the ask, a sell the bid.
        ("EURUSD", BUY, 1.081, (1.08, 1.08099, 1.0809), (1.08, 1.081, 1.0805)),
        ("EURUSD", SELL, 1.079, (1.07901, 1.08, 1.0795), (1.079, 1.08, 1.0795)),
    ],
)
def test_stops_watch_the_price_of_their_kind_of_instrument(
    symbol: str, side: int, stop: float, quiet: tuple[float, float, float], reached: tuple[float, float, float]
) -> None:
    harness = BrokerHarness()
    middle = {"AAPL": 100.0, "BTCUSD": 60_000.0, "EURUSD": 1.08}[symbol]
    harness.quote(symbol, middle, middle)
    order_id = harness.place(side, 1, STOP, symbol, stopPrice=stop)
    harness.tick(symbol, *quiet)
    assert harness.order(order_id)["status"] == WORKING
    harness.tick(symbol, *reached)
    assert harness.order(order_id)["status"] == FILLED


@pytest.mark.parametrize(
    ("symbol", "side", "market", "pips", "stop"),
    [
        ("AAPL", SELL, (99.98, 100.0), 150, 98.48),  # the bid less 150 * 0.01
        ("AAPL", BUY, (99.98, 100.0), 150, 101.5),
        ("EURUSD", SELL, (1.08, 1.0801), 25, 1.0775),  # 25 * 0.0001
        ("EURUSD", BUY, (1.08, 1.0801), 2.5, 1.08035),
    ],
)
def test_a_trailing_distance_is_in_pips(
    symbol: str, side: int, market: tuple[float, float], pips: float, stop: float
) -> None:
    harness = BrokerHarness()
    harness.quote(symbol, *market)
    assert harness.order(harness.place(side, 1, STOP, symbol, stopType=1, trailingStopPips=pips))["stopPrice"] == stop


@pytest.mark.parametrize(
    ("duration", "status"), [(None, WORKING), ({"type": "GTC"}, WORKING), ({"type": "DAY"}, CANCELED)]
)
def test_without_a_duration_an_order_outlives_its_session(duration: dict[str, Any] | None, status: int) -> None:
    harness = BrokerHarness()
    harness.session = (0, 2_000_000)
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=50.0, duration=duration)
    harness.session, harness.now_ms = (2_000_000, 3_000_000), 2_500_000
    harness.tick()
    assert harness.order(order_id)["status"] == status


@pytest.mark.parametrize(
    ("first", "second", "average", "filled"),
    [((4, 100.0), (6, 99.5), 99.7, 10), ((1, 100.0), (2, 99.0), 99.333333, 3)],
)
def test_the_average_price_is_that_of_the_executions(
    first: tuple[int, float], second: tuple[int, float], average: float, filled: float
) -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 98.0, first[1], size=first[0])
    order_id = harness.place(BUY, 10)
    seen = [harness.order(order_id)["filledQty"]]
    harness.tick("AAPL", 98.0, second[1], size=second[0])
    seen.append(harness.order(order_id)["filledQty"])
    assert seen == [first[0], filled]
    assert harness.order(order_id)["avgPrice"] == average


@pytest.mark.parametrize(
    ("value", "fits"), [(1, True), (25.0, True), (100, True), (0, False), (101, False), (2.5, False)]
)
def test_leverage_is_a_whole_number_of_1_to_100(value: float, fits: bool) -> None:
    if fits:
        assert queries.read_leverage(value) == value
        return
    with pytest.raises(Denied) as denied:
        queries.read_leverage(value)
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_leverage_is_10_unless_it_is_set() -> None:
    harness = BrokerHarness()
    info = queries.leverage_info(harness.account, harness.instruments["AAPL"])
    assert info == {"title": "Leverage for AAPL", "leverage": 10, "min": 1, "max": 100, "step": 1}


def spoil_balance(account: Account) -> None:
    account.funds.balance += 1


def spoil_filled(account: Account) -> None:
    account.final["ORDER-1"].filled -= 1


def spoil_executions(account: Account) -> None:
    account.traded["ORDER-1"] += 1


def spoil_position(account: Account) -> None:
    account.positions["AAPL"].holding = Holding(9, 90_000)


def spoil_status(account: Account) -> None:
    account.final["ORDER-1"].status = OrderStatus.WORKING


def spoil_list(account: Account) -> None:
    account.working["ORDER-1"] = account.final["ORDER-1"]


def orphan_bracket(account: Account) -> None:
    del account.positions["AAPL"]
    account.net["AAPL"] = 0


@pytest.mark.parametrize(
    ("spoil", "law"),
    [
        (spoil_balance, "is not deposits + realised - commissions"),
        (spoil_filled, "its executions sum up to"),
        (spoil_executions, "its executions sum up to"),
        (spoil_position, "its executions sum up to"),
        (spoil_status, "status WORKING with 10 of 10 filled"),
        (spoil_list, "status FILLED and working are at odds"),
        (orphan_bracket, "without its parent AAPL"),
    ],
)
def test_a_broken_law_is_named_counted_and_kept(spoil: Callable[[Account], None], law: str) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, takeProfit=110.0)
    spoil(harness.account)
    account, audit = harness.account, invariants.LedgerAudit()
    laws = audit.check(account, [*account.working.values(), *account.final.values()], ["AAPL"])
    assert any(law in one for one in laws)
    assert (audit.checks, audit.violations, audit.last) == (1, len(laws), laws[-1])


def test_a_broken_law_is_in_the_result_and_counted() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    spoil_balance(harness.account)
    txn = Transaction(harness.broker, "test", harness.view())
    harness.broker.close_position(txn, harness.account, "AAPL", None)
    result, audit = txn.close(AllSubscribed()), harness.broker.ledger
    assert len(result.violations) == 1
    assert (audit.violations, audit.last) == (1, result.violations[0])


def test_a_sound_account_breaks_no_law() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, takeProfit=110.0)
    harness.place(SELL, 4)
    assert list(invariants.deep_violations(harness.account)) == []
