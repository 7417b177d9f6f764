"""Netting and money: the worked example of the rule, and its laws."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broker.ledger import (
    CENT,
    FLAT,
    Holding,
    apply_trade,
    divide_half_even,
    money_in,
    money_out,
    unrealised,
)
from engine.broker.serializers import AVERAGE_DECIMALS, average_out
from engine.models.market.instruments import MONEY_SCALE, Instrument
from tests.engine.broker.harness import INSTRUMENTS

trades = st.lists(
    st.tuples(st.sampled_from((1, -1)), st.integers(1, 10**9), st.integers(1, 10**7)), min_size=1, max_size=30
)


@pytest.mark.parametrize(
    ("holding", "trade", "after", "realised"),
    [
        (FLAT, (1, 10, 100), (10, 1000), 0),
        (FLAT, (-1, 10, 100), (-10, 1000), 0),
        ((10, 1000), (-1, 4, 110), (6, 600), 40),
        ((6, 600), (-1, 11, 120), (-5, 600), 120),
        ((-5, 600), (1, 5, 100), (0, 0), 100),
        ((3, 10), (-1, 1, 5), (2, 7), 2),  # 10 / 3 rounds to 3, the rest keeps 7
        ((2, 7), (-1, 1, 5), (1, 3), 1),  # 3.5 rounds half to even: 4 leaves
    ],
)
def test_a_trade_nets_into_the_position(
    holding: tuple[int, int], trade: tuple[int, int, int], after: tuple[int, int], realised: int
) -> None:
    assert apply_trade(Holding(*holding), *trade) == (after, realised)


@given(trades)
def test_nothing_is_lost_realised_plus_cost_is_cash(history: list[tuple[int, int, int]]) -> None:
    holding, realised, cash = FLAT, 0, 0
    for side, qty, price in history:
        holding, gain = apply_trade(holding, side, qty, price)
        realised += gain
        cash -= side * qty * price
    sign = 1 if holding.qty > 0 else -1
    assert realised == cash + sign * holding.basis


@given(trades)
def test_quantity_is_the_signed_sum_and_flat_costs_nothing(history: list[tuple[int, int, int]]) -> None:
    holding = FLAT
    for side, qty, price in history:
        holding, _ = apply_trade(holding, side, qty, price)
    assert holding.qty == sum(side * qty for side, qty, _ in history)
    assert (holding.qty == 0) <= (holding.basis == 0)


@given(trades, st.integers(1, 10**7))
def test_closing_realises_exactly_what_was_unrealised(history: list[tuple[int, int, int]], price: int) -> None:
    holding = FLAT
    for trade in history:
        holding, _ = apply_trade(holding, *trade)
    if holding.qty:
        side = -1 if holding.qty > 0 else 1
        assert apply_trade(holding, side, abs(holding.qty), price) == (FLAT, unrealised(holding, price))


@given(st.integers(0, 10**30), st.integers(1, 10**15))
def test_division_rounds_half_to_even(numerator: int, denominator: int) -> None:
    assert divide_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@pytest.mark.parametrize(("amount", "units"), [(5.0, 5 * MONEY_SCALE), (0.1, MONEY_SCALE // 10), (1e-11, 0), (0.0, 0)])
def test_deposits_round_to_the_nearest_unit_of_money(amount: float, units: int) -> None:
    assert money_in(amount) == units


def test_money_goes_out_in_cents() -> None:
    assert money_out(-75049999999) == -7.5


@given(st.integers(-(10**24), 10**24) | st.integers(-(10**12), 10**12).map(lambda cents: cents * CENT))
def test_money_out_is_rounded_whether_it_is_whole_cents_or_not(units: int) -> None:
    assert repr(money_out(units)) == repr(round(units / MONEY_SCALE, 2))


@given(st.integers(1, 10**15), st.integers(1, 10**9), st.sampled_from(list(INSTRUMENTS.values())))
def test_an_average_that_is_a_price_is_written_like_any_other(price: int, qty: int, instrument: Instrument) -> None:
    decimals = instrument.price_decimals + AVERAGE_DECIMALS
    rounded = round(price * qty / qty / instrument.pricescale, decimals)
    assert repr(average_out(price * qty, qty, instrument)) == repr(rounded)
