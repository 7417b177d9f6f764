"""A halt: nothing trades, what would trade is refused, and what rests waits for the end of it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.broker.preview import preview
from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from tests.engine.broker.desk import BUY, INSTRUMENTS, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, Desk

FILLED, REJECTED, WORKING = 2, 5, 6


def halted(profile: Profile | None = None) -> Desk:
    """A desk where AAPL, at 99.98 to 100.00, is halted."""
    desk = Desk(profile)
    desk.halted.add("AAPL")
    return desk


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"kind": MARKET}, REJECTED),
        ({"kind": MARKET, "duration": {"type": "FOK"}}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 99.0, "duration": {"type": "IOC"}}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 100.0}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 99.99}, WORKING),
        ({"kind": STOP, "stopPrice": 101.0}, WORKING),
        ({"kind": STOP_LIMIT, "stopPrice": 101.0, "limitPrice": 101.5}, WORKING),
    ],
)
def test_what_would_trade_is_rejected_and_what_rests_is_taken(order: dict[str, Any], status: int) -> None:
    desk = halted()
    found = desk.order(desk.place(BUY, 10, **order))
    assert found["status"] == status
    assert found["reason"] == ("HALTED" if status == REJECTED else None)


def test_another_symbol_trades_on() -> None:
    desk = halted()
    desk.quote("MSFT", 420.0, 420.02)
    assert desk.order(desk.place(BUY, 1, symbol="MSFT"))["status"] == FILLED


@pytest.mark.parametrize("act", [Desk.close, Desk.reverse], ids=["close", "reverse"])
def test_positions_are_neither_closed_nor_reversed(act: Callable[[Desk], None]) -> None:
    desk = Desk()
    desk.place(BUY, 10)
    desk.halted.add("AAPL")
    with pytest.raises(Denied, match="trading in AAPL is halted") as denied:
        act(desk)
    assert denied.value.reason is Reason.HALTED
    assert desk.position() == (10, 100.0)


def test_a_modification_cannot_reach_the_market() -> None:
    desk = halted()
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, limitPrice=100.0)
    assert denied.value.reason is Reason.HALTED
    desk.modify(order_id, limitPrice=99.5)
    assert desk.order(order_id)["limitPrice"] == 99.5


def test_a_modification_cannot_take_a_triggered_stop_limit_to_the_market() -> None:
    desk = Desk()
    order_id = desk.place(BUY, 50, STOP_LIMIT, stopPrice=100.5, limitPrice=100.6)
    desk.tick("AAPL", 100.9, 100.92, last=100.9)
    assert desk.account.order(order_id).is_triggered
    desk.halted.add("AAPL")
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, limitPrice=105.0)
    assert denied.value.reason is Reason.HALTED
    desk.modify(order_id, limitPrice=100.91)
    assert desk.order(order_id)["limitPrice"] == 100.91


def test_a_stop_limit_that_waits_may_be_modified() -> None:
    desk = Desk()
    order_id = desk.place(BUY, 50, STOP_LIMIT, stopPrice=100.5, limitPrice=100.6)
    desk.halted.add("AAPL")
    desk.modify(order_id, limitPrice=105.0)
    assert desk.order(order_id)["limitPrice"] == 105.0


def test_nothing_fills_before_the_end_of_a_halt() -> None:
    desk = Desk()
    limit, stop = desk.place(BUY, 10, LIMIT, limitPrice=99.0), desk.place(SELL, 5, STOP, stopPrice=98.5)
    desk.halted.add("AAPL")
    desk.tick("AAPL", 98.0, 98.02)
    assert (desk.order(limit)["filledQty"], desk.order(stop)["filledQty"]) == (0, 0)
    desk.halted.clear()
    desk.tick()
    assert (desk.order(limit)["filledQty"], desk.order(stop)["filledQty"]) == (10, 5)


def test_the_simulator_waits_for_the_end_of_a_halt() -> None:
    desk = halted(Profile(fill_model="simulator", is_manual=True))
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=105.0)
    desk.execute()
    assert desk.order(order_id)["status"] == WORKING
    desk.halted.clear()
    desk.execute()
    assert desk.order(order_id)["status"] == FILLED


@pytest.mark.parametrize("seed", range(12))
def test_the_simulator_goes_on_with_what_is_not_halted(seed: int) -> None:
    desk = Desk(Profile(fill_model="simulator", execution_delay=0), seed=seed)
    desk.quote("MSFT", 420.0, 420.02)
    desk.place(BUY, 1, LIMIT, limitPrice=100.0)
    traded = desk.place(BUY, 1, LIMIT, symbol="MSFT", limitPrice=420.0)
    desk.halted.add("AAPL")
    desk.tick()
    assert desk.order(traded)["status"] == FILLED
    desk.halted.clear()
    desk.tick()
    assert desk.account.working == {}


@pytest.mark.parametrize("is_halted", [False, True])
def test_the_preview_of_a_limit_does_not_say_that_it_trades_in_a_halt(is_halted: bool) -> None:
    desk = halted() if is_halted else Desk()
    request = PreOrder.model_validate({"symbol": "AAPL", "type": 1, "side": BUY, "qty": 10, "limitPrice": 100.0})
    told = preview(
        desk.account, request, INSTRUMENTS["AAPL"], desk.broker.liquidity(desk.account), desk._begin().moment
    )
    at_once = "The limit price reaches the market: the order would trade at once"
    assert told["warnings"] == (["Trading in AAPL is halted"] if is_halted else [at_once])
