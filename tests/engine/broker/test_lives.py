"""Times in force, post-only, trailing and guaranteed stops, and client order ids."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Limits, Profile
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, BrokerHarness

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6
TRAILING: dict[str, Any] = {"stopType": 1, "trailingStopPips": 50}


def duration(kind: str, **fields: Any) -> dict[str, Any]:
    return {"duration": {"type": kind, **fields}}


@pytest.mark.parametrize(
    ("side", "qty", "kind", "fields", "status", "filled", "reason"),
    [
        (BUY, 20, MARKET, duration("IOC"), FILLED, 20, None),
        (BUY, 100, MARKET, duration("IOC"), CANCELED, 30, "EXPIRED"),
        (BUY, 100, LIMIT, {"limitPrice": 100.0, **duration("IOC")}, CANCELED, 30, "EXPIRED"),
        (BUY, 10, LIMIT, {"limitPrice": 99.0, **duration("IOC")}, CANCELED, 0, "EXPIRED"),
        (BUY, 30, MARKET, duration("FOK"), FILLED, 30, None),
        (BUY, 31, MARKET, duration("FOK"), REJECTED, 0, "NO_LIQUIDITY"),
        (BUY, 10, LIMIT, {"limitPrice": 99.99, **duration("FOK")}, REJECTED, 0, "NO_LIQUIDITY"),
        (SELL, 30, LIMIT, {"limitPrice": 99.98, **duration("FOK")}, FILLED, 30, None),
        (BUY, 10, LIMIT, {"limitPrice": 100.0, "postOnly": True}, REJECTED, 0, "WOULD_MATCH_IMMEDIATELY"),
        (SELL, 10, LIMIT, {"limitPrice": 99.98, "postOnly": True}, REJECTED, 0, "WOULD_MATCH_IMMEDIATELY"),
        (BUY, 10, LIMIT, {"limitPrice": 99.99, "postOnly": True}, WORKING, 0, None),
    ],
)
def test_time_in_force_and_post_only(
    side: int, qty: int, kind: Any, fields: dict[str, Any], status: int, filled: int, reason: str | None
) -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=30)
    order = harness.order(harness.place(side, qty, kind, **fields))
    assert (order["status"], order["filledQty"], order["reason"]) == (status, filled, reason)
    assert harness.told("orders")[-1] == order


@pytest.mark.parametrize(
    ("fields", "end_ms"),
    [(duration("DAY"), 2_000_000), (duration("GTD", datetime=1_500_000), 1_500_000)],
)
def test_an_order_expires_when_its_time_is_over(fields: dict[str, Any], end_ms: int) -> None:
    harness = BrokerHarness()
    harness.session = (0, 2_000_000)
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **fields)
    harness.now_ms = end_ms - 1
    harness.tick()
    assert harness.order(order_id)["status"] == WORKING
    harness.now_ms = end_ms
    harness.tick()
    order = harness.order(order_id)
    assert (order["status"], order["reason"], "expired" in order["message"]["text"]) == (CANCELED, "EXPIRED", True)


def test_an_order_does_not_trade_in_the_tick_that_expires_it() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **duration("GTD", datetime=1_500_000))
    harness.now_ms = 1_500_000
    harness.tick("AAPL", 98.0, 98.1)
    assert (harness.order(order_id)["filledQty"], harness.order(order_id)["status"]) == (0, CANCELED)


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        (MARKET, {}, REJECTED),
        (LIMIT, {"limitPrice": 100.0, **duration("IOC")}, REJECTED),
        (LIMIT, {"limitPrice": 100.0}, WORKING),
    ],
)
def test_a_closed_market_takes_only_what_can_wait(kind: Any, fields: dict[str, Any], status: int) -> None:
    harness = BrokerHarness()
    harness.session = (5_000_000, 6_000_000)
    order_id = harness.place(BUY, 10, kind, **fields)
    harness.tick("AAPL", 98.0, 98.1)
    order = harness.order(order_id)
    assert (order["status"], order["filledQty"]) == (status, 0)
    assert (order["reason"] == "MARKET_CLOSED") is (status == REJECTED)


@pytest.mark.parametrize(
    ("side", "path", "stops"),
    [
        (SELL, [(100.0, 100.2), (101.0, 101.2), (100.8, 101.0), (102.0, 102.2)], [99.5, 100.5, 100.5, 101.5]),
        (BUY, [(99.8, 100.0), (98.8, 99.0), (99.0, 99.2), (97.8, 98.0)], [100.5, 99.5, 99.5, 98.5]),
    ],
)
def test_a_trailing_stop_follows_the_best_price_in_its_favour_only(
    side: int, path: list[tuple[float, float]], stops: list[float]
) -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", *path[0])
    order_id = harness.place(side, 10, STOP, **TRAILING)
    seen = [harness.order(order_id)["stopPrice"]]
    for bid, ask in path[1:]:
        harness.tick("AAPL", bid, ask)
        assert len(harness.told("orders")) <= 1
        seen.append(harness.order(order_id)["stopPrice"])
    assert seen == stops


def test_a_trailing_stop_trades_when_the_market_comes_back() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = harness.place(SELL, 10, STOP, **TRAILING)
    harness.tick("AAPL", 103.0, 103.2)
    harness.tick("AAPL", 102.4, 102.6)
    assert (harness.order(order_id)["status"], harness.told("executions")[0]["price"]) == (FILLED, 102.4)


@pytest.mark.parametrize(("side", "pips", "stop"), [(SELL, 5.3, 0.99), (BUY, 5.3, 1.08)])
def test_a_computed_stop_is_rounded_to_the_tick_away_from_the_market(side: int, pips: float, stop: float) -> None:
    coarse = INSTRUMENTS["AAPL"].model_copy(update={"minmov": 3, "name": "AAPL"})
    harness = BrokerHarness(instruments={"AAPL": type(coarse).model_validate(coarse.model_dump())})
    harness.quote("AAPL", 1.05, 1.02)
    order_id = harness.place(side, 10, STOP, stopType=1, trailingStopPips=pips)
    assert harness.order(order_id)["stopPrice"] == stop


@pytest.mark.parametrize("gap", [90.0, 50.0])
def test_a_guaranteed_stop_trades_at_exactly_its_price_and_costs_its_premium(gap: float) -> None:
    harness = BrokerHarness(Profile(guaranteed_stop_premium=0.01))
    harness.place(BUY, 10)
    harness.place(SELL, 10, STOP, stopPrice=95.0, stopType=2)
    harness.tick("AAPL", gap, gap + 0.2, size=1)
    (execution,) = harness.told("executions")
    assert (execution["price"], execution["qty"], execution["commission"]) == (95.0, 10, 9.5)


@pytest.mark.parametrize(
    ("side", "stop", "quiet", "touch"),
    [(BUY, 95.0, (95.2, 95.4), (94.9, 95.1)), (SELL, 105.0, (104.8, 104.9), (105.0, 105.2))],
)
def test_stops_in_both_directions_wait_for_the_price_to_come(
    side: int, stop: float, quiet: tuple[float, float], touch: tuple[float, float]
) -> None:
    harness = BrokerHarness(Profile(stop_orders_both_directions=True))
    order_id = harness.place(side, 10, STOP, stopPrice=stop)
    harness.tick("AAPL", *quiet)
    assert harness.order(order_id)["status"] == WORKING
    harness.tick("AAPL", *touch)
    assert harness.order(order_id)["status"] == FILLED


def test_the_same_client_order_id_gives_the_first_result_again() -> None:
    harness = BrokerHarness()
    first = harness.place(BUY, 10, clientOrderId="a-1")
    again = harness.place(BUY, 10, clientOrderId="a-1")
    assert (again, harness.result.events, harness.position()) == (first, (), (10, 100.0))


def test_a_client_order_id_of_another_order_is_denied() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, clientOrderId="a-1")
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 11, clientOrderId="a-1")
    assert denied.value.reason is Reason.DUPLICATE_CLIENT_ORDER_ID


def test_a_modified_order_is_still_the_answer_to_its_client_order_id() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0, clientOrderId="a-1")
    harness.modify(order_id, limitPrice=98.0)
    assert harness.place(BUY, 10, LIMIT, limitPrice=99.0, clientOrderId="a-1") == order_id


def test_open_orders_are_limited() -> None:
    harness = BrokerHarness(Profile(limits=Limits(max_open_orders=3)))
    harness.place(BUY, 1, LIMIT, limitPrice=90.0)
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 1, LIMIT, limitPrice=90.0, takeProfit=95.0, stopLoss=80.0)
    assert denied.value.reason is Reason.MAX_OPEN_ORDERS
    harness.place(BUY, 1, LIMIT, limitPrice=90.0, takeProfit=95.0)


@pytest.mark.parametrize(
    ("price", "tick_ok"),
    [(9.99, True), (10.01, False), (10.02, True), (24.98, True), (25.02, False), (25.05, True), (25.0, True)],
)
def test_the_tick_varies_with_the_price(price: float, tick_ok: bool) -> None:
    fields = INSTRUMENTS["AAPL"].model_dump() | {"variable_tick": "0.01 10 0.02 25 0.05"}
    harness = BrokerHarness(instruments={"AAPL": type(INSTRUMENTS["AAPL"]).model_validate(fields)})
    if tick_ok:
        harness.place(BUY, 1, LIMIT, limitPrice=price)
        return
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 1, LIMIT, limitPrice=price)
    assert denied.value.reason is Reason.BAD_PRICE_TICK


@pytest.mark.parametrize(
    ("side", "price", "fits"),
    [
        (BUY, 49.0, False),
        (BUY, 50.0, True),
        (BUY, 149.0, True),
        (BUY, 160.0, False),
        (SELL, 79.0, False),
        (SELL, 120.0, True),
        (SELL, 199.9, True),
        (SELL, 201.0, False),
    ],
)
def test_the_price_band_depends_on_the_side(side: int, price: float, fits: bool) -> None:
    harness = with_band()
    if fits:
        harness.place(side, 1, LIMIT, limitPrice=price)
        return
    with pytest.raises(Denied) as denied:
        harness.place(side, 1, LIMIT, limitPrice=price)
    assert denied.value.reason is Reason.PRICE_BAND


def with_band() -> BrokerHarness:
    """A buy may lie between 50 and 150, a sell between 80 and 200; the last price is 99.98."""
    band = {"buy_up": "1.5", "buy_down": "0.5", "sell_up": "2", "sell_down": "0.8"}
    fields = INSTRUMENTS["AAPL"].model_dump() | {"band": band}
    return BrokerHarness(instruments={"AAPL": type(INSTRUMENTS["AAPL"]).model_validate(fields)})


BANDED: list[tuple[int, dict[str, Any], bool]] = [
    (BUY, {"takeProfit": 199.95}, True),
    (BUY, {"takeProfit": 199.97}, False),
    (BUY, {"stopLoss": 80.0}, True),
    (BUY, {"stopLoss": 79.97}, False),
    (BUY, {"guaranteedStop": 79.97}, False),
    (BUY, {"trailingStopPips": 3000}, True),  # the server's own price is not asked for
    (SELL, {"takeProfit": 50.0}, True),
    (SELL, {"takeProfit": 49.98}, False),
    (SELL, {"stopLoss": 149.97}, True),
    (SELL, {"stopLoss": 149.98}, False),
]


@pytest.mark.parametrize(("side", "prices", "fits"), BANDED)
@pytest.mark.parametrize("way", ["entry", "position", "leg", "modified entry"])
def test_brackets_are_held_to_the_band_of_their_side(way: str, side: int, prices: dict[str, Any], fits: bool) -> None:
    harness = with_band()

    def ask() -> None:
        if way == "entry":
            harness.place(side, 1, **prices)
            return
        if way == "modified entry":
            harness.modify(harness.place(side, 1, LIMIT, limitPrice=90.0 if side > 0 else 110.0), **prices)
            return
        harness.place(side, 1)
        if way == "position" or "trailingStopPips" in prices:
            harness.brackets(**prices)
            return
        (name, value), start = next(iter(prices.items())), 1.01 if side > 0 else 0.99
        near: dict[str, Any] = {name: round(99.99 * (start if name == "takeProfit" else 2 - start), 2)}
        harness.brackets(**near)
        (leg,) = harness.legs().values()
        harness.modify(leg["id"], **{"limitPrice" if name == "takeProfit" else "stopPrice": value})

    if fits:
        ask()
        return
    with pytest.raises(Denied) as denied:
        ask()
    assert denied.value.reason is Reason.PRICE_BAND


def test_the_simulator_knows_no_band() -> None:
    harness = with_band()
    harness.change_profile(Profile(fill_model="simulator"))
    harness.place(BUY, 1, takeProfit=500.0)
    assert harness.legs()["takeProfit"]["limitPrice"] == 500.0


def test_small_orders_are_below_the_least_value() -> None:
    fields = INSTRUMENTS["AAPL"].model_dump() | {"min_notional": "1000"}
    harness = BrokerHarness(instruments={"AAPL": type(INSTRUMENTS["AAPL"]).model_validate(fields)})
    harness.place(BUY, 10)
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 9)
    assert denied.value.reason is Reason.NOTIONAL_RANGE


def test_the_rest_of_a_stop_limit_keeps_its_trigger_through_a_modification() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, STOP_LIMIT, stopPrice=101.0, limitPrice=101.01)
    harness.tick("AAPL", 101.10, 101.12)
    harness.modify(order_id, limitPrice=101.05)
    harness.tick("AAPL", 100.5, 100.6)
    assert harness.told("executions")[0]["price"] == 101.05
