import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.synthetic.bar_fitting import CLOSE, HIGH, LOW, OPEN, VOLUME
from engine.market.feeds.synthetic.bar_hierarchy import (
    DAILY,
    LEVELS,
    ORIGIN_DAY,
    PRINTS_PER_MINUTE,
    BarHierarchy,
    BlockCaches,
)
from engine.market.sessions import DAY_MS, Calendar
from engine.models.market.instruments import Instrument
from tests.engine.market.specimens import CATALOGUE, instant, make_instrument
from tests.properties import examples


def make_hierarchy(instrument: Instrument, seed: int = 1) -> BarHierarchy:
    return BarHierarchy(seed, instrument, Calendar(instrument.timezone), BlockCaches(1))


def day_of(date: str) -> int:
    return instant(date) // DAY_MS - ORIGIN_DAY


MARKET = {instrument.name: make_hierarchy(instrument) for instrument in CATALOGUE}
LORD_HOWE = make_hierarchy(make_instrument(timezone="Australia/Lord_Howe"))

UNUSUAL_DAYS = [
    ("AAPL", "1990-01-01", 1440),
    ("AAPL", "2024-02-29", 1440),
    ("AAPL", "2026-03-08", 1380),
    ("AAPL", "2026-11-01", 1500),
    ("EURUSD", "2025-12-31", 1440),
    ("BTCUSD", "2026-03-08", 1440),
    ("ETHUSD", "2038-01-19", 1440),
]


@pytest.mark.parametrize(("symbol", "date", "minutes"), UNUSUAL_DAYS)
@pytest.mark.parametrize("child", LEVELS)
def test_every_level_of_an_unusual_day_fits_inside_the_day(symbol: str, date: str, minutes: int, child: int) -> None:
    day = day_of(date)
    check_level(MARKET[symbol], day, child, minutes // child)


@pytest.mark.parametrize(("date", "minutes"), [("2026-04-05", 1470), ("2026-10-04", 1410)])
@pytest.mark.parametrize("child", LEVELS)
def test_a_day_of_half_hours_ends_with_a_shorter_bar(date: str, minutes: int, child: int) -> None:
    check_level(LORD_HOWE, day_of(date), child, -(-minutes // child))


@examples(40)
@given(st.sampled_from(sorted(MARKET)), st.integers(0, 16_000), st.sampled_from(sorted(LEVELS)))
def test_every_level_fits_inside_its_day(symbol: str, day: int, child: int) -> None:
    check_level(MARKET[symbol], day, child, None)


def check_level(hierarchy: BarHierarchy, day: int, child: int, count: int | None) -> None:
    whole = hierarchy.bars(DAILY, day, day + 1)[:, 0]
    bars = hierarchy.bars(child, day, day + 1)
    assert count is None or bars.shape[1] == count
    assert bars[OPEN, 0] == whole[OPEN]
    assert bars[CLOSE, -1] == whole[CLOSE]
    assert bars[HIGH].max() == whole[HIGH]
    assert bars[LOW].min() == whole[LOW]
    assert bars[VOLUME].sum() == whole[VOLUME]
    assert np.array_equal(bars[OPEN, 1:], bars[CLOSE, :-1])


@examples(40)
@given(st.sampled_from(sorted(MARKET)), st.integers(0, 16_000), st.integers(0, 1379))
def test_prints_fit_inside_their_minute(symbol: str, day: int, minute: int) -> None:
    hierarchy = MARKET[symbol]
    bar = hierarchy.bars(1, day, day + 1)[:, minute]
    block = hierarchy.prints(day, minute)
    row = minute - block.first
    assert block.price.shape[1] == PRINTS_PER_MINUTE
    assert block.price[row, 0] == bar[OPEN]
    assert block.price[row, -1] == bar[CLOSE]
    assert block.high[row, -1] == block.price[row].max() == bar[HIGH]
    assert block.low[row, -1] == block.price[row].min() == bar[LOW]
    assert block.volume[row, -1] == bar[VOLUME]


@examples(25)
@given(st.integers(0, 16_000), st.integers(1, 140), st.sampled_from(sorted(LEVELS)))
def test_a_range_of_days_is_its_days_one_after_the_other(first: int, count: int, child: int) -> None:
    hierarchy = MARKET["AAPL"]
    last = first + (count if child > 1 else count // 20)
    parts = [hierarchy.bars(child, day, day + 1) for day in range(first, last)]
    expected = np.concatenate(parts, axis=1) if parts else np.empty((5, 0), dtype=np.int64)
    assert np.array_equal(hierarchy.bars(child, first, last), expected)


def test_symbols_and_seeds_are_different_markets() -> None:
    plain = make_instrument()
    markets = [make_hierarchy(plain), make_hierarchy(plain, seed=2), make_hierarchy(make_instrument(name="OTHER"))]
    assert len({tuple(hierarchy.bars(DAILY, 0, 50)[CLOSE].tolist()) for hierarchy in markets}) == 3


def test_volatility_grows_with_the_root_of_time_through_all_hierarchy() -> None:
    minutes = MARKET["BTCUSD"].bars(1, 12_000, 12_100)
    high, low = minutes[HIGH], minutes[LOW]
    ranges = {
        size: (high.reshape(-1, size).max(axis=1) - low.reshape(-1, size).min(axis=1)).mean() / size**0.5
        for size in (1, 5, 15, 60, 240, 1440)
    }
    assert max(ranges.values()) / min(ranges.values()) < 1.3
