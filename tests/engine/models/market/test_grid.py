"""Tick sizes that differ by price. Source of the notation: TradingView's variable tick size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.market.grid import TickBand, TickGrid, read_bands

LADDERS = [
    TickGrid([TickBand(0, 1)]),
    TickGrid([TickBand(0, 25)]),
    TickGrid(read_bands("0.01 10 0.02 25 0.05", 100, 1)),
    TickGrid(read_bands("0.001 0.25 0.005 0.5 0.01 10 0.02", 1000, 1)),
    TickGrid(read_bands("0.05 1 0.01", 100, 1)),  # finer above
]
grids = st.sampled_from(LADDERS)
prices = st.integers(0, 60_000)


@pytest.mark.parametrize(
    ("price", "tick"), [(0.01, 0.01), (9.99, 0.01), (10, 0.02), (24.98, 0.02), (25, 0.05), (1000, 0.05)]
)
def test_a_tick_holds_from_its_price_on(price: float, tick: float) -> None:
    assert LADDERS[2].tick_at(round(price * 100)) == round(tick * 100)


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        (999.4, 999),
        (999.6, 1000),
        (1000.9, 1000),
        (1001.1, 1002),
        (1001.0, 1000),
        (1003.0, 1004),
        (2498.9, 2498),
        (2499.1, 2500),
        (2502.6, 2505),
    ],
)
def test_the_nearest_price_lies_on_the_grid_that_holds_there(value: float, nearest: int) -> None:
    assert LADDERS[2].nearest(value) == nearest


@given(grids, st.lists(st.floats(0, 60_000), min_size=1))
def test_rounding_keeps_the_order_and_is_the_same_one_by_one(grid: TickGrid, values: list[float]) -> None:
    found = grid.nearest_of(np.array(values)).tolist()
    assert found == [grid.nearest(value) for value in values]
    assert [grid.nearest(value) for value in sorted(values)] == sorted(found)
    for value, price in zip(values, found, strict=True):
        assert price == 0 or grid.has(price)
        assert abs(price - value) <= grid.tick_at(value) / 2


@given(grids, prices, st.integers(-50, 50))
def test_places_count_the_prices_between(grid: TickGrid, price: int, ticks: int) -> None:
    place = grid.place(price)
    assert grid.price(place) <= price < grid.price(place + 1)
    assert grid.place(grid.price(place)) == place
    there = grid.price(max(place + ticks, 0))
    between = sum(grid.has(one) for one in range(min(there, grid.price(place)) + 1, max(there, grid.price(place)) + 1))
    assert between == abs(max(place + ticks, 0) - place)
    assert grid.moved(price, ticks) == grid.price(max(place + ticks, 1))


@given(grids, st.lists(st.integers(1, 60_000), min_size=1))
def test_many_prices_are_held_against_the_grid_like_one(grid: TickGrid, many: list[int]) -> None:
    assert grid.contains(np.array(many)).tolist() == [grid.has(price) for price in many]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.01 10", "is not ticks and the prices between them"),
        ("", "is not ticks and the prices between them"),
        ("0.01 10 0.015", "is not ticks and the prices between them"),
        ("0 10 0.02", "is not ticks and the prices between them"),
        ("a few", "is not a list of numbers"),
        ("0.01 25 0.02 10 0.05", "prices do not rise"),
        ("0.01 10.01 0.02", "no multiple of both"),
        ("0.03 10 0.05", "no multiple of both"),
    ],
)
def test_invalid_grids_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_bands(text, 100, 1)


def test_ticks_are_multiples_of_minmov() -> None:
    with pytest.raises(ValueError, match="no multiple of minmov"):
        read_bands("0.05 10 0.08", 100, 5)
