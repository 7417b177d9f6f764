"""The engine between two ticks: the tick period does not matter, and no order trades on earlier prices."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue, Sessions
from engine.market.market import Market
from engine.market.market_view import MarketViews
from engine.models.broker.account import Profile, Slippage
from tests.engine.harness import START_MS, EngineHarness, Placed
from tests.engine.market.specimens import MINUTE_MS, instant, make_instrument
from tests.properties import examples

HEADER = "time,open,high,low,close,volume\n"
Bar = tuple[int, int, int, int, int]
CALM: Bar = (10_000, 10_005, 9_995, 10_000, 4000)
SLIPPING = Profile(margin_call=None, stop_out=None, slippage=Slippage(probability=0.5))


def write(folder: Path, bars: list[Bar], name: str = "AAPL") -> Path:
    rows = [
        f"{START_MS // 1000 + 60 * number},{','.join(f'{cents / 100:.2f}' for cents in bar[:4])},{bar[4]}\n"
        for number, bar in enumerate(bars)
    ]
    (folder / f"{name}.csv").write_text(HEADER + "".join(rows))
    return folder


def replayed(folder: Path, profile: Profile | None = None) -> EngineHarness:
    listed = Catalogue([make_instrument(name="AAPL", displayed_size="1000")])
    return EngineHarness(ReplayFeed(listed.by_name, folder, listed.calendars), listed, START_MS, profile)


cents = st.integers(9_900, 10_100)
bars = st.lists(
    st.tuples(st.lists(cents, min_size=4, max_size=4), st.booleans(), st.sampled_from((0, 40, 4000))),
    min_size=2,
    max_size=6,
).map(lambda rows: [bar_of(*row) for row in rows])


def bar_of(prices: list[int], is_rising: bool, volume: int) -> Bar:
    low, first, second, high = sorted(prices)
    ends = (first, second) if is_rising else (second, first)
    return ends[0], high, low, ends[1], volume


prices = cents.map(lambda value: value / 100)
orders = st.builds(
    lambda side, qty, kind, limit, stop, extra: {
        "side": side, "qty": qty, "type": kind, "limitPrice": limit, "stopPrice": stop, **extra,
    },
    st.sampled_from((1, -1)),
    st.integers(1, 60),
    st.sampled_from((1, 1, 2, 3, 3, 4)),
    prices,
    prices,
    st.sampled_from(({}, {}, {"takeProfit": 101.5, "stopLoss": 98.5}, {"trailingStopPips": 40})),
)  # fmt: skip


KEEPING: dict[str, Any] = {"side": 1, "qty": 1, "type": 1, "limitPrice": 1.0}
"""An order that never trades: while it works, ticks process every instant."""


@examples(40)
@given(bars, st.integers(0, 119), st.lists(orders, min_size=1, max_size=6))
def test_the_tick_period_does_not_change_the_events(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Bar], second: int, wanted: list[dict[str, Any]]
) -> None:
    folder = write(tmp_path_factory.mktemp("bars"), rows)
    placed = [Placed(0, KEEPING), *(Placed(second, fields) for fields in wanted)]
    seconds = 60 * len(rows)
    often, rare = (replayed(folder, SLIPPING).play(placed, seconds, step_ms) for step_ms in (1000, 1000 * seconds))
    assert often.events == rare.events


@examples(40)
@given(
    bars,
    st.lists(st.tuples(st.integers(0, 200), orders), min_size=1, max_size=8),
    st.sampled_from((1000, 7000, 60_000)),
)
def test_orders_trade_inside_later_bars_only(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Bar], wanted: list[tuple[int, dict[str, Any]]], step_ms: int
) -> None:
    folder = write(tmp_path_factory.mktemp("bars"), rows)
    placed = [Placed(second, fields) for second, fields in wanted]
    harness = replayed(folder, SLIPPING).play(placed, 60 * len(rows), step_ms)
    assert harness.events == replayed(folder, SLIPPING).play(placed, 60 * len(rows), step_ms).events
    account, times = harness.engine.account(None), [event.time_ms for event in harness.events if event is not None]
    assert times == sorted(times)
    for trade in account.executions:
        order, quote = account.order(trade.order_id), trade.basis.quote
        if quote.bid == quote.ask:  # it met a print
            assert quote.time_ms > order.create_time
            row = rows[(quote.time_ms - START_MS) // MINUTE_MS]
            assert row[2] <= trade.price - trade.side * trade.basis.slippage <= row[1]


def test_a_fast_clock_matches_every_print_of_the_path(tmp_path: Path) -> None:
    rows = [
        (10_000, 10_050, 9_990, 10_000, 4000),
        (10_000, 10_300, 9_500, 10_000, 4000),
        (10_000, 10_000, 10_000, 10_000, 0),
    ]
    harness = replayed(write(tmp_path, rows))
    harness.step(1000)
    harness.place(type=3, stopPrice=101.0)
    harness.place(limitPrice=97.0)
    harness.step(170_000)
    # The high comes first, at the second quarter of the second minute, the low at the third.
    assert harness.traded() == [
        (START_MS + 75_000, "ORDER-1", 10, 10_100),
        (START_MS + 90_000, "ORDER-2", 10, 9_700),
    ]


def test_an_order_between_two_ticks_trades_on_later_prints_only(tmp_path: Path) -> None:
    rows = [
        (10_000, 10_050, 9_990, 10_000, 4000),
        (10_000, 10_300, 9_500, 10_000, 4000),
        (10_000, 10_000, 10_000, 10_000, 0),
    ]
    harness = replayed(write(tmp_path, rows))
    harness.step(1000)
    harness.clock.advance(80_000)
    harness.place(type=3, stopPrice=103.5)
    harness.place(limitPrice=97.0)
    harness.place(type=2)
    harness.step(90_000)
    assert [trade[1:] for trade in harness.traded()] == [("ORDER-3", 10, 10_301), ("ORDER-2", 10, 9_700)]
    assert harness.traded()[1][0] == START_MS + 90_000


def test_instants_before_a_command_are_processed_before_it_at_their_own_time(tmp_path: Path) -> None:
    rows = [
        (10_000, 10_050, 9_990, 10_000, 4000),
        (10_000, 10_300, 9_500, 10_000, 4000),
        (10_000, 10_000, 10_000, 10_000, 0),
    ]
    harness = replayed(write(tmp_path, rows))
    harness.place(type=3, stopPrice=101.0)
    harness.step(1000)
    harness.clock.advance(80_000)
    harness.place(limitPrice=90.0)
    harness.step(1000)
    trade = harness.engine.account(None).executions[0]
    assert (trade.time_ms, trade.basis.quote.time_ms) == (START_MS + 75_000, START_MS + 75_000)


@pytest.mark.parametrize("has_tick", [True, False])
def test_a_trailing_stop_follows_no_price_from_before_it(tmp_path: Path, has_tick: bool) -> None:
    flat = (10_000, 10_000, 10_000, 10_000, 4000)
    harness = replayed(write(tmp_path, [CALM, (10_000, 10_500, 9_990, 10_000, 4000), flat]))
    harness.step(1000)
    harness.place(type=2)
    harness.clock.advance(118_000)  # past the high of 105
    if has_tick:
        harness.step(0)
    harness.place(type=3, side=-1, stopType=1, trailingStopPips=100)
    for _ in range(3):
        harness.step(20_000)
    (order,) = harness.engine.account(None).working.values()
    assert (order.terms.stop_price, len(harness.traded())) == (9_900, 1)


@pytest.mark.parametrize("command", [None, {"limitPrice": 51.0}, {"qty": 0}], ids=["none", "taken", "denied"])
def test_a_late_order_trades_on_no_quote_from_before_it(tmp_path: Path, command: dict[str, Any] | None) -> None:
    flat = [(cents, cents, cents, cents, 4000) for cents in (9_000, 11_000, 11_000)]
    harness = replayed(write(tmp_path, [CALM, *flat]), Profile(latency_ms=500))
    harness.place(**KEEPING)
    harness.step(6000)
    harness.clock.advance(114_500)  # 120.5 s: the price is 110
    harness.place(type=2)
    harness.clock.advance(1000)
    if command is not None:
        harness.place(**command)
    harness.step(100)
    arrived_ms = 121_600 if command is None else 121_500
    assert harness.traded() == [(START_MS + arrived_ms, "ORDER-2", 10, 11_001)]


@pytest.mark.parametrize("has_command", [False, True])
def test_an_order_meets_the_prints_before_its_expiry(tmp_path: Path, has_command: bool) -> None:
    harness = replayed(write(tmp_path, [CALM, (10_000, 10_000, 9_000, 10_000, 4000), CALM]))
    harness.step(1000)
    harness.place(limitPrice=95.0, duration={"type": "GTD", "datetime": START_MS + 125_000})
    harness.clock.advance(129_000)
    if has_command:
        harness.place(**KEEPING)
    harness.step(1000)
    assert harness.traded() == [(START_MS + 90_000, "ORDER-1", 10, 9_500)]  # at the low


def test_an_order_expires_before_the_prints_after_its_expiry(tmp_path: Path) -> None:
    harness = replayed(write(tmp_path, [CALM, (10_000, 10_000, 9_000, 10_000, 4000), CALM]))
    harness.step(1000)
    harness.place(limitPrice=95.0, duration={"type": "GTD", "datetime": START_MS + 85_000})
    harness.step(130_000)
    assert harness.traded() == []


def synthetic(start_ms: int = START_MS, sessions: Sessions = "24x7") -> EngineHarness:
    listed = Catalogue.load(sessions=sessions)
    return EngineHarness(SyntheticFeed(listed, 8, listed.calendars), listed, start_ms)


@pytest.mark.parametrize("side", [1, -1])
def test_a_fast_clock_on_the_synthetic_market_gives_the_same_trades(side: int) -> None:
    def played(steps: int) -> list[Any]:
        harness = synthetic()
        quote = harness.engine.market.quote("AAPL", START_MS)
        near = quote.last + 5 * side
        harness.place(type=3, side=side, stopPrice=near / 100, qty=7000)
        harness.place(type=1, side=side, limitPrice=(quote.last - 5 * side) / 100)
        for _ in range(1200 // steps):
            harness.step(200 * steps)
        return harness.events

    slow = played(1)
    assert len(slow) > 3
    assert played(8) == slow


def instants(market: Market, since_ms: int, now_ms: int) -> list[int]:
    """Return the instants of a tick at `now_ms` after one at `since_ms`, for a broker with orders in AAPL."""
    return [view.now_ms for view in MarketViews(market, since_ms).instants(["AAPL"], now_ms)]


@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (200, [200]),
        (399, [399]),
        (400, [200, 400, 400]),
        (10_000, [*range(200, 10_001, 200), 10_000]),
        (200_000, [*range(4000, 200_001, 4000), 200_000]),
        (8 * 3_600_000, [8 * 3_600_000 - 600_000 + n * 12_000 for n in range(1, 51)] + [8 * 3_600_000]),
    ],
)
def test_a_tick_is_bounded_in_instants_and_in_time(ms: int, expected: list[int]) -> None:
    found = instants(synthetic().engine.market, START_MS, START_MS + ms)
    assert found == [START_MS + offset for offset in expected]


def test_an_order_after_idle_hours_trades_on_no_earlier_price() -> None:
    harness = synthetic()
    harness.clock.advance(8 * 3_600_000)
    placed_ms = harness.clock.now_ms()
    quote = harness.engine.market.quote("AAPL", placed_ms)
    harness.place(limitPrice=(quote.ask - 1) / 100)
    harness.step(60_000)
    assert all(trade[0] > placed_ms for trade in harness.traded())


def test_a_tick_over_bars_is_bounded(tmp_path: Path) -> None:
    harness = replayed(write(tmp_path, [(10_000, 10_050, 9_990, 10_000, 40)] * 100))
    found = instants(harness.engine.market, START_MS, START_MS + 100 * MINUTE_MS)
    assert len(found) == 256 + 1
    assert found[0] == START_MS + 36 * MINUTE_MS


def test_the_simulator_trades_on_no_quote_from_before_an_order() -> None:
    listed = Catalogue.load()
    harness = EngineHarness(
        SyntheticFeed(listed, 8), listed, START_MS, Profile(fill_model="simulator", execution_delay=0)
    )
    harness.place(type=2)
    harness.step(200)
    harness.clock.advance(60_000)
    harness.place(type=2)
    harness.step(200)
    account = harness.engine.account(None)
    assert len(account.executions) == 2
    for trade in account.executions:
        assert trade.basis.quote.time_ms >= account.order(trade.order_id).create_time // 200 * 200


@pytest.mark.parametrize("has_command", [False, True])
def test_an_order_for_the_day_meets_the_prints_before_the_close(has_command: bool) -> None:
    close = instant("2026-01-09T21:00")
    harness = synthetic(close - 60_000, "exchange")
    limit = harness.engine.market.quote("AAPL", close - 60_000).last - 2
    harness.place(limitPrice=limit / 100, duration={"type": "DAY"})
    harness.clock.advance(90_000)
    if has_command:
        harness.place(**KEEPING)
    harness.step(1000)
    assert [trade[1:] for trade in harness.traded()] == [("ORDER-1", 10, limit)]


def test_a_limit_that_rested_over_a_weekend_trades_at_the_open() -> None:
    close, opening = instant("2026-01-09T20:59:59"), instant("2026-01-12T14:30")
    harness = synthetic(close, "exchange")
    market = harness.engine.market
    last, first = market.quote("AAPL", close), market.quote("AAPL", opening)
    assert first.ask + 2 < last.bid  # with this seed the price falls over the weekend
    harness.place(limitPrice=(first.ask + last.bid) // 2 / 100)
    harness.step(60_000)
    harness.clock.advance(opening - harness.clock.now_ms() - 100)
    harness.step(0)
    assert harness.traded() == []
    harness.step(200)
    assert harness.traded() == [(opening + 100, "ORDER-1", 10, first.ask)]
