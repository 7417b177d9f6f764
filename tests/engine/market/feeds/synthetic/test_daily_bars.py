import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.synthetic.bar_fitting import CLOSE, HIGH, LOW, OPEN, VOLUME
from engine.market.feeds.synthetic.daily_bars import SLOW_DAYS, DailyBars, era_days
from engine.market.feeds.synthetic.philox import key_of
from tests.engine.market.specimens import CATALOGUE, make_instrument
from tests.properties import examples


@pytest.mark.parametrize(
    ("volatility", "days"), [(0.01, 2048), (0.08, 2048), (0.28, 352), (0.55, 192), (5.0, 192), (0.3, 320)]
)
def test_eras_are_the_shorter_the_wilder_the_market(volatility: float, days: int) -> None:
    assert era_days(volatility) == days
    assert days % SLOW_DAYS == 0


@examples(30)
@given(st.sampled_from(list(CATALOGUE)), st.integers(0, 15), st.integers(0, 1000))
def test_daily_bars_are_bars_and_each_opens_at_the_close_before(instrument: object, index: int, seed: int) -> None:
    found = next(one for one in CATALOGUE if one is instrument)
    days = DailyBars(key_of(seed, found.name), found, 3)
    both = np.concatenate((days.block(index), days.block(index + 1)), axis=1)
    assert both.shape == (5, 2 * days.block_days)
    assert np.array_equal(both[OPEN, 1:], both[CLOSE, :-1])
    assert np.all(both[LOW] >= 3)
    assert np.all(both[LOW] <= np.minimum(both[OPEN], both[CLOSE]))
    assert np.all(both[HIGH] >= np.maximum(both[OPEN], both[CLOSE]))
    assert np.all(both[VOLUME] > 0)


@pytest.mark.parametrize("instrument", list(CATALOGUE), ids=lambda one: one.name)
def test_no_price_runs_away_from_its_anchor_in_a_century(instrument: object) -> None:
    found = next(one for one in CATALOGUE if one is instrument)
    days = DailyBars(key_of(1, found.name), found, 3)
    closes = np.concatenate([days.block(index)[CLOSE] for index in range(36_500 // days.block_days)])
    anchor = float(found.anchor) * found.pricescale
    assert 0.7 < np.median(closes) / anchor < 1.4
    assert closes.max() < 5 * anchor
    assert closes.min() > anchor / 5


def test_volatility_and_volume_are_those_of_the_instrument() -> None:
    found = make_instrument(volatility=0.4, pricescale=10000)
    days = DailyBars(key_of(1, "TEST"), found, 3)
    bars = np.concatenate([days.block(index) for index in range(20)], axis=1)
    moves = np.diff(np.log(bars[CLOSE]))
    assert 0.32 < moves.std() * 16 < 0.5
    assert 0.7 < bars[VOLUME].mean() / found.daily_volume < 1.3
    assert abs(np.corrcoef(moves[1:], moves[:-1])[0, 1]) < 0.05  # no trend to be had
    assert np.corrcoef(np.abs(moves[1:]), np.abs(moves[:-1]))[0, 1] > 0.05  # calm and wild times


def test_the_least_price_holds_for_the_cheapest_and_wildest() -> None:
    found = make_instrument(anchor="0.6", volatility=5.0)
    bars = DailyBars(key_of(1, "TEST"), found, 3).block(0)
    assert bars[LOW].min() == 3
    assert np.all(bars[HIGH] >= np.maximum(bars[OPEN], bars[CLOSE]))
    assert np.all(bars[LOW] <= np.minimum(bars[OPEN], bars[CLOSE]))


@pytest.mark.parametrize("volatility", [0.5, 5.0])
def test_the_cheapest_and_wildest_market_keeps_room_for_a_bid(volatility: float) -> None:
    """Without the floor prices of this instrument would fall below one tick."""
    cheap = make_instrument(pricescale=1, anchor="60", spread_ticks=2, volatility=volatility)
    floor = cheap.spread_ticks + 1
    bars = np.concatenate([DailyBars(key_of(1, "TEST"), cheap, floor).block(index) for index in range(30)], axis=1)
    assert bars[LOW].min() >= floor
    assert volatility < 1 or bars[LOW].min() == floor
