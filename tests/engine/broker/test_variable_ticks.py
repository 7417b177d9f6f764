"""Prices on tick sizes that differ by price: 0.01 below 10, 0.02 below 25, 0.05 from there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile, Slippage
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, MARKET, SELL, STOP, BrokerHarness
from tests.properties import examples

LADDER = Instrument.model_validate(
    INSTRUMENTS["AAPL"].model_dump() | {"variable_tick": "0.01 10 0.02 25 0.05", "band": None}
)
GRID = LADDER.grid


def harness_with_book(profile: Profile | None = None) -> BrokerHarness:
    return BrokerHarness(profile, balance=10_000_000, instruments={"AAPL": LADDER})


@pytest.mark.parametrize(
    ("side", "price", "ticks", "paid"),
    [
        (BUY, 9.99, 1, 10.0),
        (BUY, 9.99, 2, 10.02),
        (BUY, 24.98, 3, 25.1),
        (SELL, 25.0, 1, 24.98),
        (SELL, 10.0, 1, 9.99),
        (SELL, 0.02, 5, 0.01),
    ],
)
def test_slippage_counts_the_prices_between(side: int, price: float, ticks: int, paid: float) -> None:
    harness = harness_with_book(Profile(slippage=Slippage(ticks=ticks)))
    harness.quote("AAPL", price, price)
    harness.place(side, 10)
    assert harness.executed() == [(10, paid)]
    assert harness.account.executions[0].basis.slippage == round(abs(paid - price) * 100)


@pytest.mark.parametrize(("seen", "price"), [(26.03, 26.05), (26.02, 26.0), (10.012, 10.02), (9.994, 9.99)])
def test_the_simulator_rounds_to_the_nearest_price(seen: float, price: float) -> None:
    harness = harness_with_book(Profile(fill_model="simulator", is_manual=True))
    harness.place(BUY, 10, MARKET, seenPrice=seen)
    harness.execute()
    assert harness.executed() == [(10, price)]


@pytest.mark.parametrize(
    ("entry", "fields", "is_taken"),
    [
        (25.0, {"stopLoss": 24.98}, True),
        (25.0, {"stopLoss": 24.96}, True),
        (25.0, {"stopLoss": 25.0}, False),
        (25.0, {"takeProfit": 25.05}, True),
        (24.98, {"takeProfit": 25.0}, True),
        (24.98, {"takeProfit": 24.98}, False),
        (10.0, {"stopLoss": 9.99}, True),
        (0.01, {"stopLoss": 0.01}, False),
    ],
)
def test_a_bracket_is_one_tick_away_whatever_that_is_worth(
    entry: float, fields: dict[str, Any], is_taken: bool
) -> None:
    harness = harness_with_book()
    harness.quote("AAPL", 30.0, 30.0)
    if is_taken:
        harness.place(BUY, 10, LIMIT, limitPrice=entry, **fields)
        assert len(harness.legs()) == 1
        return
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 10, LIMIT, limitPrice=entry, **fields)
    assert denied.value.reason is Reason.OCO_BAD_PRICES


places = st.integers(GRID.place(2), GRID.place(6_000))


@examples(60)
@given(
    st.integers(0, 40), st.lists(st.tuples(places, st.integers(0, 5)), min_size=3, max_size=8), st.sampled_from((1, -1))
)
def test_every_execution_lies_on_the_grid(ticks: int, market: list[tuple[int, int]], side: int) -> None:
    harness = harness_with_book(Profile(slippage=Slippage(ticks=ticks), margin_call=None, stop_out=None))
    middle = GRID.price(market[0][0])
    for number, (bid, spread) in enumerate(market):
        harness.now_ms += 200
        prices = GRID.price(bid), GRID.price(bid + spread)
        harness.quotes["AAPL"] = Quote("AAPL", harness.now_ms, *prices, prices[0], None, None)
        harness.tick()
        harness.place(side, 10)
        harness.place(-side, 10, (LIMIT, STOP)[number % 2], limitPrice=middle / 100, stopPrice=middle / 100)
    assert all(GRID.has(event.price) for event in harness.account.executions)
    assert len(harness.account.executions) >= len(market)
