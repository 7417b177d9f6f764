"""The laws of the synthetic market hold with scenarios and with tick sizes that differ by price."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.feed import BarsRequest
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.market.bars import BarRow
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import ANY_PRICE, ANY_QUOTE, QuoteBands
from engine.models.market.scenarios import ScenarioAdded
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    bars_between,
    bucket_start,
    instant,
    joined,
    last_bars,
    make_feed,
    make_instrument,
    minutes_grouped,
    rows,
)
from tests.properties import examples

EVEN = make_instrument(name="EVEN")
UNEVEN = make_instrument(name="UNEVEN", anchor="10.5", volatility=2.5, variable_tick="0.01 10 0.02 10.4 0.05 11 0.1")
MARKET = (EVEN, UNEVEN)
WILD = make_instrument(name="WILD", volatility=3.0)
BASE = make_feed(3, [EVEN, make_instrument(name="UNEVEN", anchor="10.5", volatility=2.5)])
START_MS = instant("2026-01-05T15:00")
WINDOW_MS = 12 * MINUTE_MS
PRINT_MS = 200
NEW_YORK = "America/New_York"

prints = st.integers(0, WINDOW_MS // PRINT_MS)
resolutions = st.sampled_from(RESOLUTIONS)
instruments = st.sampled_from(MARKET)


@st.composite
def scenario_lists(draw: st.DrawFn) -> list[ScenarioAdded]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["shock", "halt", "spread"]))
        factor = 1.0 if kind == "halt" else draw(st.sampled_from([0.5, 0.9, 0.97, 1.0, 1.003, 1.11, 2.0]))
        begin_ms = START_MS + draw(prints) * PRINT_MS
        end_ms = draw(st.none() | st.integers(1, 2400).map(lambda length: length * PRINT_MS))
        ended_ms = None if end_ms is None else begin_ms + end_ms
        found.append(ScenarioAdded(START_MS - 1, f"S{number}", "", kind, factor, begin_ms, ended_ms))
    return found


def bent(instrument: Instrument, scenarios: list[ScenarioAdded]) -> SyntheticFeed:
    feed = make_feed(3, (*MARKET, WILD))
    feed.apply_scenarios(instrument.name, [one._replace(symbol=instrument.name) for one in scenarios])
    return feed


def active(scenarios: list[ScenarioAdded], kind: str, time_ms: int) -> list[ScenarioAdded]:
    return [
        one
        for one in scenarios
        if one.kind == kind and one.begin_ms <= time_ms and (one.end_ms is None or time_ms < one.end_ms)
    ]


def on_grid(instrument: Instrument, value: float) -> int:
    """The nearest price on the grid, found by looking at all of them around."""
    near = [price for price in range(max(1, int(value) - 20), int(value) + 22) if instrument.grid.has(price)]
    return min(near, key=lambda price: (abs(price - value), price // instrument.grid.tick_at(price) % 2))


def expected_minutes(instrument: Instrument, scenarios: list[ScenarioAdded], end_ms: int) -> list[BarRow]:
    """Minutes from `START_MS` to before `end_ms`, print by print, the slow and obvious way."""
    groups: dict[int, list[BarRow]] = {}
    for time_ms in range(START_MS, end_ms, PRINT_MS):
        if active(scenarios, "halt", time_ms):
            continue
        factor = 1.0
        for one in sorted(active(scenarios, "shock", time_ms), key=lambda one: one.begin_ms):
            factor *= one.factor
        minute_ms = time_ms - time_ms % MINUTE_MS
        bar = BASE[instrument.name].forming_bar("1", time_ms)
        before = 0 if time_ms == minute_ms else BASE[instrument.name].forming_bar("1", time_ms - 1).volume
        price = on_grid(instrument, BASE[instrument.name].quote(time_ms).last * factor)
        groups.setdefault(minute_ms, []).append(BarRow(minute_ms, price, price, price, price, bar.volume - before))
    return [joined(time_ms, bars) for time_ms, bars in groups.items()]


@examples(30)
@given(instruments, scenario_lists(), prints)
def test_minutes_are_the_prints_that_happened_bent(
    instrument: Instrument, scenarios: list[ScenarioAdded], last: int
) -> None:
    feed, now_ms = bent(instrument, scenarios), START_MS + last * PRINT_MS + 100
    expected = expected_minutes(instrument, scenarios, now_ms)
    assert rows(bars_between(feed, instrument.name, "1", START_MS, FOREVER_MS, now_ms)) == expected
    if expected:
        assert feed[instrument.name].forming_bar("1", now_ms) == expected[-1]
        assert rows(last_bars(feed, instrument.name, "1", len(expected), FOREVER_MS, now_ms)) == expected


@examples(25)
@given(instruments, scenario_lists(), resolutions, st.integers(0, 40 * DAY_MS))
def test_minutes_aggregate_to_every_resolution(
    instrument: Instrument, scenarios: list[ScenarioAdded], resolution: str, wait_ms: int
) -> None:
    feed, now_ms = bent(instrument, scenarios), START_MS + wait_ms
    begin_ms = instant("2026-01-01T05:00")
    minutes = rows(bars_between(feed, instrument.name, "1", begin_ms, FOREVER_MS, now_ms))
    expected = [
        bar
        for bar in minutes_grouped(resolution, NEW_YORK, minutes)
        if bar.time_ms >= (begin_ms if resolution.isdigit() else instant("2026-01-01"))
    ]
    found = rows(last_bars(feed, instrument.name, resolution, len(expected), FOREVER_MS, now_ms))
    assert found == expected
    assert feed[instrument.name].forming_bar(resolution, now_ms) == expected[-1]
    assert rows(bars_between(feed, instrument.name, resolution, expected[0].time_ms, FOREVER_MS, now_ms)) == expected
    for bar in found:
        assert all(instrument.grid.has(price) for price in bar[1:5])
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high


@examples(60)
@given(instruments, scenario_lists(), resolutions, prints, st.integers(0, 3 * DAY_MS), st.integers(1, 40))
def test_closed_bars_never_change_and_nothing_is_after_now(
    instrument: Instrument, scenarios: list[ScenarioAdded], resolution: str, at: int, wait_ms: int, count: int
) -> None:
    feed, now_ms = bent(instrument, scenarios), START_MS + at * PRINT_MS
    early = rows(last_bars(bent(instrument, scenarios), instrument.name, resolution, count, FOREVER_MS, now_ms))
    later = rows(
        bars_between(feed, instrument.name, resolution, early[0].time_ms, early[-1].time_ms + 1, now_ms + wait_ms)
    )
    assert len(early) == count
    assert early[-1] == feed[instrument.name].forming_bar(resolution, now_ms)
    assert later[:-1] == early[:-1]
    assert later[-1][:2] == early[-1][:2]
    assert later[-1].high >= early[-1].high and later[-1].low <= early[-1].low
    assert later[-1].volume >= early[-1].volume


@examples(60)
@given(instruments, scenario_lists(), resolutions, prints)
def test_before_a_scenario_begins_nothing_tells_of_it(
    instrument: Instrument, scenarios: list[ScenarioAdded], resolution: str, at: int
) -> None:
    now_ms = START_MS + at * PRINT_MS
    known = [one for one in scenarios if one.begin_ms <= now_ms]
    # One that has not ended yet might end at any time.
    known = [one if one.end_ms is None or one.end_ms <= now_ms else one._replace(end_ms=None) for one in known]
    feed, other = bent(instrument, scenarios), bent(instrument, known)
    name = instrument.name
    assert feed[name].quote(now_ms) == other[name].quote(now_ms)
    assert feed[name].depth(now_ms) == other[name].depth(now_ms)
    assert feed[name].day_stats(now_ms) == other[name].day_stats(now_ms)
    assert feed[name].halted_since(now_ms) == other[name].halted_since(now_ms)
    assert feed[name].forming_bar(resolution, now_ms) == other[name].forming_bar(resolution, now_ms)
    found = (last_bars(one, name, resolution, 50, FOREVER_MS, now_ms) for one in (feed, other))
    first, second = map(rows, found)
    assert first == second


@examples(40)
@given(instruments, scenario_lists(), prints)
def test_quote_straddles_its_print_on_the_grid_by_the_spread(
    instrument: Instrument, scenarios: list[ScenarioAdded], at: int
) -> None:
    feed, now_ms = bent(instrument, scenarios), START_MS + at * PRINT_MS
    quote, depth = feed[instrument.name].quote(now_ms), feed[instrument.name].depth(now_ms)
    spread = 1.0
    for one in active(scenarios, "spread", quote.time_ms):
        spread *= one.factor
    place = instrument.grid.place
    assert place(quote.ask) - place(quote.bid) == max(1, round(instrument.spread_ticks * spread))
    assert quote.bid <= quote.last <= quote.ask
    assert all(instrument.grid.has(price) for price in quote[2:5])
    bids, asks = [level.price for level in depth.bids], [level.price for level in depth.asks]
    assert (bids[0], asks[0]) == (quote.bid, quote.ask)
    assert bids == sorted(set(bids), reverse=True) and asks == sorted(set(asks))
    assert all(instrument.grid.has(price) for price in (*bids, *asks))


def halt(begin: str, end: str | None) -> ScenarioAdded:
    return ScenarioAdded(0, "S", "EVEN", "halt", 1.0, instant(begin), None if end is None else instant(end))


def test_in_a_halt_the_last_print_stands_and_after_it_the_price_is_where_it_would_be() -> None:
    feed = bent(EVEN, [halt("2026-01-05T15:00:30", "2026-01-05T15:05:10")])
    before, after = instant("2026-01-05T15:00:29.800"), instant("2026-01-05T15:05:10")
    for moment in (before + 200, before + 60_000, after - 1):
        assert feed["EVEN"].quote(moment) == feed["EVEN"].quote(before) == BASE["EVEN"].quote(before)
        assert feed["EVEN"].halted_since(moment) == before + 200
        for resolution in RESOLUTIONS:
            assert feed["EVEN"].forming_bar(resolution, moment) == BASE["EVEN"].forming_bar(resolution, before)
    assert feed["EVEN"].halted_since(after) is None
    assert feed["EVEN"].quote(after) == BASE["EVEN"].quote(after)
    minutes = rows(bars_between(feed, "EVEN", "1", START_MS, FOREVER_MS, after + MINUTE_MS))
    assert [(bar.time_ms - START_MS) // MINUTE_MS for bar in minutes] == [0, 5, 6]
    assert minutes[1].open == BASE["EVEN"].quote(after).last


def test_bars_go_on_behind_a_halt_of_months() -> None:
    feed = bent(EVEN, [halt("2025-03-03T15:00", "2025-12-29T15:00")])
    found = rows(last_bars(feed, "EVEN", "1", 5000, FOREVER_MS, instant("2025-12-29T15:30")))
    gaps = [(one.time_ms, two.time_ms) for one, two in pairwise(found) if two.time_ms - one.time_ms > MINUTE_MS]
    assert len(found) == 5000
    assert gaps == [(instant("2025-03-03T14:59"), instant("2025-12-29T15:00"))]


def test_a_halt_without_an_end_over_a_closed_market_shows_its_last_instant() -> None:
    catalogue = Catalogue([EVEN], "exchange")
    feed = SyntheticFeed(catalogue, 3, catalogue.calendars)
    whole = SyntheticFeed(catalogue, 3, catalogue.calendars)
    feed.apply_scenarios("EVEN", [halt("2026-01-05T14:00", None)])
    friday = instant("2026-01-02T20:59:59.800")
    assert feed["EVEN"].quote(instant("2026-01-07T15:00")) == whole["EVEN"].quote(friday)
    assert rows(last_bars(feed, "EVEN", "1D", 2, FOREVER_MS, instant("2026-01-07T15:00"))) == rows(
        last_bars(whole, "EVEN", "1D", 2, FOREVER_MS, friday)
    )


def test_a_shock_moves_the_chart_from_its_instant_on() -> None:
    at = instant("2026-01-05T15:00:30")
    feed = bent(EVEN, [ScenarioAdded(0, "S", "EVEN", "shock", 0.8, at, None)])
    assert feed["EVEN"].quote(at - 1) == BASE["EVEN"].quote(at - 1)
    assert feed["EVEN"].quote(at).last == round(BASE["EVEN"].quote(at).last * 0.8)
    (day,) = rows(last_bars(feed, "EVEN", "1D", 1, FOREVER_MS, at + DAY_MS // 2))
    assert day.open == BASE["EVEN"].forming_bar("1D", at).open
    assert day.close == round(BASE["EVEN"].quote(at + DAY_MS // 2).last * 0.8)
    assert (
        feed["EVEN"].day_stats(at + DAY_MS).prev_close
        == rows(last_bars(feed, "EVEN", "1D", 1, bucket_start("1D", NEW_YORK, at + DAY_MS), at + DAY_MS))[0].close
    )


def test_a_long_history_with_many_scenarios_is_prepared_in_pieces() -> None:
    first = instant("2025-01-06T15:00:30")
    scenarios = [ScenarioAdded(0, "S", "EVEN", "shock", 1.01, first + i * 3 * DAY_MS, None) for i in range(100)]
    feed = bent(EVEN, scenarios)
    request = BarsRequest("1D", 400, FOREVER_MS, instant("2026-01-05T15:00"))
    assert sum(1 for _ in feed["EVEN"].prepare(request)) >= 100


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_prices_of_a_variable_tick_lie_on_the_grid_that_holds_at_them(resolution: str) -> None:
    feed = make_feed(3, MARKET)
    columns = last_bars(feed, "UNEVEN", resolution, 3000, FOREVER_MS, instant("2026-01-05T15:00"))
    prices = np.stack(columns[1:5])
    assert UNEVEN.grid.contains(prices.reshape(-1)).all()
    if resolution == "1D":
        # The specimen crosses all of its borders.
        assert prices.min() < 1000 < 1100 < prices.max()


def found_by(feed: SyntheticFeed, symbol: str, times: range, bands: QuoteBands) -> int | None:
    """Return the result of a search."""
    search = feed.first_outside(symbol, times.start, times.stop, bands)
    while True:
        try:
            next(search)
        except StopIteration as end:
            return None if end.value is None else int(end.value)


@pytest.mark.parametrize("edge", ["low", "high"])
@pytest.mark.parametrize("kind", ["bid", "ask", "last"])
@examples(64)
@given(
    st.sampled_from((WILD, UNEVEN)),
    st.sampled_from((0.9, 2.0)),
    st.sampled_from((0.5, 4.0, 30.0)),
    st.integers(0, 200),
)
def test_a_search_ends_at_the_first_print_outside_or_a_few_ticks_before(
    kind: str, edge: str, instrument: Instrument, factor: float, spread: float, minute: int
) -> None:
    """The edge is the farthest price of two minutes. With one tick size, a search ends only close to the edge."""
    values = {"shock": factor, "spread": spread}
    scenarios = [ScenarioAdded(0, name, "", name, value, START_MS - DAY_MS, None) for name, value in values.items()]
    feed, begin_ms = bent(instrument, scenarios), START_MS + minute * MINUTE_MS
    times = range(begin_ms, begin_ms + 2 * MINUTE_MS, PRINT_MS)
    prices = [getattr(feed[instrument.name].quote(one), kind) for one in times]
    farthest = min(prices) if edge == "low" else max(prices)

    def bands_at(price: int) -> QuoteBands:
        return ANY_QUOTE._replace(**{kind: ANY_PRICE._replace(**{edge: price})})

    found_ms = found_by(feed, instrument.name, times, bands_at(farthest))
    assert found_ms is not None and found_ms <= times[prices.index(farthest)]
    if instrument is WILD:
        closer = bands_at(farthest + 8 if edge == "low" else farthest - 8)
        assert not closer.have(feed["WILD"].quote(found_ms))
