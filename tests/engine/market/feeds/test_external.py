"""The external feed: ticks in, prices and bars out, and every wrong tick refuses its batch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Denied, Reason
from engine.market.feeds.external import MAX_AHEAD_MS, MAX_MINUTES, OVERDUE_MS, ExternalFeed
from engine.market.feeds.feed import NoPrice, Position
from engine.market.instruments import Catalogue
from engine.market.market import Market
from engine.models.market.bars import BarRow, BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest, DOMData
from engine.models.market.instruments import RESOLUTIONS
from engine.models.market.quotes import Quote, QuoteData, QuoteDataSubscriptionRequest
from engine.models.market.ticks import Tick
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    Listeners,
    bucket_start,
    instant,
    joined,
    last_bars,
    make_instrument,
    rows,
)
from tests.properties import examples

CATALOGUE = Catalogue.load()
NOW_MS = instant("2026-01-05T15:00")


def make_market(catalogue: Catalogue = CATALOGUE) -> Market:
    return Market(catalogue, ExternalFeed(catalogue.by_name, catalogue.calendars))


def tick(time: int = NOW_MS, symbol: str = "AAPL", **fields: Any) -> Tick:
    return Tick(symbol=symbol, time=time, **fields)


def test_a_trade_is_the_last_price_and_a_quote_straddles_it() -> None:
    market = make_market()
    assert market.publish([tick(price=190.0, size=100)], NOW_MS) == 1
    assert market.quote("AAPL", NOW_MS) == Quote("AAPL", NOW_MS, 19000, 19000, 19000, None, None)
    market.publish([tick(bid=189.99, ask=190.02, bid_size=300, ask_size=500)], NOW_MS)
    assert market.quote("AAPL", NOW_MS) == Quote("AAPL", NOW_MS, 18999, 19002, 19000, 300, 500)
    market.publish([tick(NOW_MS + 5, symbol="nasdaq:aapl", price=190.02)], NOW_MS)
    assert market.quote("AAPL", NOW_MS) == Quote("AAPL", NOW_MS + 5, 18999, 19002, 19002, 300, 500)
    assert market.book(market.quote("AAPL", NOW_MS))[2:] == (((18999, 300),), ((19002, 500),))


def test_a_trade_outside_the_quote_is_all_there_is() -> None:
    market = make_market()
    market.publish([tick(bid=189.99, ask=190.02, bid_size=1, ask_size=1), tick(price=191.0)], NOW_MS)
    assert market.quote("AAPL", NOW_MS) == Quote("AAPL", NOW_MS, 19100, 19100, 19100, None, None)


@pytest.mark.parametrize(
    ("ticks", "last", "is_traded"),
    [
        ([{"price": 100.0, "bid": 99.99, "ask": 100.01}, {"bid": 90.0, "ask": 91.0}], 10000, True),
        ([{"price": 100.05, "bid": 99.99, "ask": 100.01}], 10005, True),
        ([{"price": 99.9, "bid": 99.99, "ask": 100.01}], 9990, True),
        ([{"price": 100.05, "bid": 99.99, "ask": 100.01}, {"price": 100.0}], 10000, True),
        ([{"price": 100.0}, {"bid": 100.5, "ask": 100.6}], 10000, True),
        ([{"bid": 90.0, "ask": 91.0}], 9050, False),
        ([{"bid": 90.0, "ask": 91.0}, {"bid": 92.0, "ask": 92.02}], 9201, False),
        ([{"bid": 90.0, "ask": 91.0}, {"price": 90.2}, {"bid": 80.0, "ask": 81.0}], 9020, True),
    ],
)
def test_last_is_the_last_trade_and_the_middle_before_the_first(
    ticks: list[dict[str, Any]], last: int, is_traded: bool
) -> None:
    market = make_market()
    market.publish([tick(**fields) for fields in ticks], NOW_MS)
    quote = market.quote("AAPL", NOW_MS)
    assert (quote.last, quote.is_traded) == (last, is_traded)
    (shown,) = market.quotes(["AAPL"], NOW_MS)
    assert (shown["v"]["lp"], shown["v"].get("untraded", False)) == (last / 100, not is_traded)


def test_a_quote_without_a_trade_says_so_also_when_it_is_overdue() -> None:
    market = make_market()
    market.publish([tick(bid=90.0, ask=91.0)], NOW_MS)
    for now_ms in (NOW_MS, NOW_MS + OVERDUE_MS):
        (quote,) = market.quotes(["AAPL"], now_ms)
        assert ("stale" in quote["v"], quote["v"]["untraded"]) == (now_ms > NOW_MS, True)
        assert QuoteData.model_validate(quote).model_dump() == quote


@pytest.mark.parametrize(
    ("sizes", "volumes"),
    [
        ({}, (None, None)),
        ({"bid_size": 100.0, "ask_size": 0.0}, (100.0, 0.0)),
        ({"ask_size": 7.0}, (None, 7.0)),
    ],
)
def test_a_size_of_zero_is_not_a_size_that_was_not_told(
    sizes: dict[str, Any], volumes: tuple[float | None, float | None]
) -> None:
    market = make_market()
    market.publish([tick(bid=90.0, ask=91.0, **sizes)], NOW_MS)
    quote = market.quote("AAPL", NOW_MS)
    assert (quote.bid_size, quote.ask_size) == volumes
    book = DOMData.model_validate(market.depth_data("AAPL", NOW_MS))
    assert (book.bids[0].volume, book.asks[0].volume) == volumes


def test_ticks_between_two_positions_come_in_the_order_of_their_acceptance() -> None:
    market, since = make_market(), Position(NOW_MS)
    market.publish([tick(price=1.0)], NOW_MS)
    market.publish([tick(price=2.0), tick(NOW_MS - 9000, "MSFT", price=3.0), tick(price=4.0)], NOW_MS + 500)
    path = market.path(["MSFT", "AAPL", "JPM"], since, market.position(NOW_MS + 500))
    assert set(path.symbols) == {"AAPL", "MSFT"}
    seen = [
        (one.time_ms - NOW_MS, *(f"{name} {p.quote.last}" for name, p in one.prints.items())) for one in path.instants
    ]
    assert seen == [(0, "AAPL 100"), (500, "AAPL 200"), (500, "MSFT 300"), (500, "AAPL 400")]
    assert [{name: quote.last for name, quote in one.quotes.items()} for one in path.instants][1:3] == [
        {"AAPL": 200},
        {"AAPL": 200, "MSFT": 300},
    ]
    assert not market.has_prints(market.position(NOW_MS), market.position(NOW_MS + 900))


def test_the_ticks_between_two_positions_are_bounded() -> None:
    market, since = make_market(), Position(NOW_MS)
    for cents in range(1, 301):
        market.publish([tick(price=cents / 100), tick(symbol="MSFT", price=cents / 100)], NOW_MS)
    path = market.path(["AAPL", "MSFT"], since, market.position(NOW_MS))
    assert len(path.instants) == 2 * 256
    assert (path.instants[0].prints["AAPL"].quote.last, path.before["AAPL"].last) == (45, 44)


@pytest.mark.parametrize(
    ("wrong", "reason", "message"),
    [
        ({"price": 190.005}, Reason.BAD_PRICE_TICK, "price 190.005 is not a multiple of 0.01 above 0"),
        ({"price": 0.0}, Reason.BAD_PRICE_TICK, "price 0 is not a multiple"),
        ({"price": -1.0}, Reason.BAD_PRICE_TICK, "price -1 is not a multiple"),
        ({"bid": 190.0, "ask": 190.001}, Reason.BAD_PRICE_TICK, "ask 190.001 is not"),
        ({"bid": 190.01, "ask": 190.0}, Reason.BAD_PRICE_TICK, "bid 190.01 is above ask 190"),
        ({"price": 190.0, "size": 0.5}, Reason.BAD_QTY_STEP, "size 0.5 is not a multiple of 1/1"),
        ({"price": 190.0, "size": -5}, Reason.BAD_QTY_STEP, "size -5 is not"),
        ({"price": 190.0, "time": NOW_MS - 1}, Reason.TICK_ORDER, f"is before {NOW_MS}"),
        ({"price": 190.0, "time": NOW_MS + MAX_AHEAD_MS + 1}, Reason.TICK_ORDER, "is after the server's"),
        ({"price": 190.0, "symbol": "NOPE"}, Reason.UNKNOWN_SYMBOL, "unknown symbol NOPE"),
    ],
)
def test_a_wrong_tick_refuses_the_whole_batch(wrong: dict[str, Any], reason: Reason, message: str) -> None:
    market = make_market()
    market.publish([tick(price=190.0)], NOW_MS)
    with pytest.raises(Denied, match=message) as caught:
        market.publish([tick(price=195.0), tick(**wrong)], NOW_MS)
    assert caught.value.reason is reason
    assert "tick 1" in str(caught.value) and "none was taken" in str(caught.value)
    assert market.quote("AAPL", NOW_MS).last == 19000


def test_order_holds_within_a_batch_and_for_each_symbol_alone() -> None:
    market = make_market()
    market.publish([tick(price=190.0), tick(NOW_MS - 5000, "MSFT", price=420.0)], NOW_MS)
    with pytest.raises(Denied, match="tick 1"):
        market.publish([tick(NOW_MS + 2, price=190.0), tick(NOW_MS + 1, price=190.0)], NOW_MS)


def test_ticks_outside_the_session_are_refused() -> None:
    market = make_market(Catalogue.load(sessions="exchange"))
    saturday = instant("2026-01-03T15:00")
    with pytest.raises(Denied, match="outside the trading session") as caught:
        market.publish([tick(saturday, price=190.0)], saturday)
    assert caught.value.reason is Reason.MARKET_CLOSED
    assert market.publish([tick(price=190.0)], NOW_MS) == 1


@pytest.mark.parametrize("fields", [{}, {"bid": 1.0}, {"ask": 1.0}, {"size": 5}, {"price": 1, "bid": 1.0}])
def test_a_tick_has_a_price_or_bid_and_ask(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"bid and ask come together|a tick has a price"):
        tick(**fields)


def test_other_feeds_take_no_ticks() -> None:
    from engine.market.feeds.synthetic import SyntheticFeed

    with pytest.raises(Denied, match="prices here are synthetic") as caught:
        Market(CATALOGUE, SyntheticFeed(CATALOGUE)).publish([tick(price=190.0)], NOW_MS)
    assert caught.value.reason is Reason.UNSUPPORTED_COMBINATION


@examples(60)
@given(
    st.sampled_from(["2026-03-08T05:30", "2026-11-01T04:30", "2026-01-05T15:00"]),
    st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 500), st.integers(0, 50)), min_size=1, max_size=150),
)
def test_bars_are_those_of_the_trades(start: str, steps: list[tuple[int, int, int]]) -> None:
    feed, now_ms = ExternalFeed(CATALOGUE.by_name, CATALOGUE.calendars), instant(start)
    trades: list[BarRow] = []
    for wait_ms, price, size in steps:
        now_ms += wait_ms
        feed.publish([("AAPL", tick(now_ms, price=price / 100, size=size))], now_ms)
        trades.append(BarRow(now_ms, price, price, price, price, size))
        feed["AAPL"].forming_bar("5", now_ms)
    for resolution in RESOLUTIONS:
        groups: dict[int, list[BarRow]] = {}
        for trade in trades:
            groups.setdefault(bucket_start(resolution, "America/New_York", trade.time_ms), []).append(trade)
        expected = [joined(time_ms, group) for time_ms, group in groups.items()]
        assert rows(last_bars(feed, "AAPL", resolution, 9999, FOREVER_MS, now_ms)) == expected
        assert feed["AAPL"].forming_bar(resolution, now_ms) == expected[-1]
    day = rows(last_bars(feed, "AAPL", "1D", 2, FOREVER_MS, now_ms))[-1]
    stats = feed["AAPL"].day_stats(now_ms)
    assert (stats[:3], stats.volume) == (day[1:4], day.volume)


def test_stored_minutes_are_bounded() -> None:
    feed = ExternalFeed(CATALOGUE.by_name, CATALOGUE.calendars)
    count = 2 * MAX_MINUTES + 1000
    first = NOW_MS - count * MINUTE_MS
    for minute in range(count):
        feed.publish([("AAPL", tick(first + minute * MINUTE_MS, price=1 + minute % 7))], NOW_MS)
    found = rows(last_bars(feed, "AAPL", "1", 10**6, FOREVER_MS, NOW_MS))
    assert MAX_MINUTES <= len(found) <= 2 * MAX_MINUTES
    assert [bar.time_ms for bar in found] == [NOW_MS - (index + 1) * MINUTE_MS for index in reversed(range(len(found)))]


def test_before_the_first_tick_there_is_no_price_and_no_session() -> None:
    market = make_market()
    with pytest.raises(NoPrice, match="AAPL has no price yet"):
        market.quote("AAPL", NOW_MS)
    (quote,) = market.quotes(["AAPL"], NOW_MS)
    assert quote == {"s": "error", "n": "AAPL", "v": {"error": "AAPL has no price yet"}}
    assert market.session("AAPL", NOW_MS)[0] > NOW_MS
    listeners = Listeners(
        market.topic("bars", BarsSubscriptionRequest(symbol="AAPL", resolution="1")),
        market.topic("depth", DepthSubscriptionRequest(symbol="AAPL")),
        market.topic("quotes", QuoteDataSubscriptionRequest(fast_symbols=["AAPL"])),
    )
    assert [update.payload["s"] for update in market.updates(listeners, NOW_MS)] == ["error"]
    market.publish([tick(price=190.0, size=5)], NOW_MS)
    assert market.session("AAPL", NOW_MS)[0] <= NOW_MS
    assert len(market.updates(listeners, NOW_MS + 200)) == 3


def test_an_overdue_price_says_so_in_quotes_and_health() -> None:
    market = make_market()
    market.publish([tick(price=190.0), tick(symbol="MSFT", price=420.0)], NOW_MS)
    late_ms = NOW_MS + OVERDUE_MS + 5000
    market.publish([tick(late_ms, "MSFT", price=421.0)], late_ms)
    old, fresh = market.quotes(["AAPL", "MSFT"], late_ms)
    assert (old["v"]["stale"], "stale" in fresh["v"]) == (15, False)
    for quote in (old, fresh):
        assert QuoteData.model_validate(quote).model_dump() == quote
    assert market.health(late_ms) == {"kind": "external", "sessions": "24x7", "stale": {"AAPL": 15}}
    assert market.health(NOW_MS + DAY_MS)["stale"]["AAPL"] == 86_400


def test_a_price_from_before_a_restart_values_positions_but_opens_no_market() -> None:
    market, before = make_market(), Quote("AAPL", NOW_MS - DAY_MS, 18999, 19001, 19000, 5, 5)
    market.recall([before, before._replace(time_ms=NOW_MS - 2 * DAY_MS, last=1), before._replace(symbol="GONE")])
    assert market.quote("AAPL", NOW_MS) == before
    assert market.session("AAPL", NOW_MS)[0] > NOW_MS
    assert market.quotes(["AAPL"], NOW_MS)[0]["v"]["stale"] == 86_400
    market.publish([tick(price=195.0)], NOW_MS)
    market.recall([before._replace(time_ms=NOW_MS + 1)])
    assert market.quote("AAPL", NOW_MS).last == 19500
    assert market.session("AAPL", NOW_MS)[0] <= NOW_MS


@pytest.mark.parametrize(
    ("price", "is_taken"), [(9.99, True), (10.01, False), (10.02, True), (24.99, False), (25.02, False), (25.05, True)]
)
def test_a_variable_tick_holds_at_the_price_of_the_tick(price: float, is_taken: bool) -> None:
    market = make_market(Catalogue([make_instrument(name="AAPL", variable_tick="0.01 10 0.02 25 0.05")]))
    if is_taken:
        assert market.publish([tick(price=price)], NOW_MS) == 1
        return
    with pytest.raises(Denied, match=r"is not a multiple of 0.01 10 0.02 25 0.05 above 0") as caught:
        market.publish([tick(price=price)], NOW_MS)
    assert caught.value.reason is Reason.BAD_PRICE_TICK


@pytest.mark.parametrize(
    ("symbol", "closes", "opens", "is_closed"),
    [
        ("AAPL", "2026-01-05T20:59:58", "2026-01-06T14:30", True),
        ("AAPL", "2026-01-09T20:59:58", "2026-01-12T14:30", True),
        ("TOKYO", "2026-01-08T02:29:58", "2026-01-08T03:30", True),  # lunch
        ("EURUSD", "2026-01-05T21:59:58", "2026-01-05T22:00", False),  # a day follows the other
        ("EURUSD", "2026-01-09T21:59:58", "2026-01-12T22:00", True),  # a weekend lies between, and a silent Sunday
        ("BTCUSD", "2026-01-05T23:59:58", "2026-01-09T00:00", False),
    ],
)
def test_a_market_that_was_closed_opens_with_its_first_tick(
    symbol: str, closes: str, opens: str, is_closed: bool
) -> None:
    tokyo = make_instrument(name="TOKYO", timezone="Asia/Tokyo", session="0900-1130,1230-1500")
    market = make_market(Catalogue([*CATALOGUE, tokyo], "exchange"))
    last_ms, open_ms = instant(closes), instant(opens)
    market.publish([tick(last_ms, symbol, price=190.0)], last_ms)
    now_ms = open_ms + 2000
    assert market.session(symbol, now_ms)[0] == (now_ms + 1 if is_closed else open_ms)
    market.publish([tick(now_ms, symbol, price=191.0)], now_ms + 300)
    assert market.session(symbol, now_ms + 300)[0] == (now_ms if is_closed else open_ms)
    market.publish([tick(now_ms + 500, symbol, price=192.0)], now_ms + 500)
    assert market.session(symbol, now_ms + 1000)[0] == (now_ms if is_closed else open_ms)


@examples(60)
@given(st.lists(st.tuples(st.integers(1, 200_000_000), st.booleans()), min_size=1, max_size=12))
def test_a_market_is_open_when_its_last_tick_is_from_its_span_of_trading(steps: list[tuple[int, bool]]) -> None:
    catalogue = Catalogue.load(sessions="exchange")
    market, calendar, now_ms = make_market(catalogue), catalogue.calendars["AAPL"], NOW_MS
    last_ms = 0
    for wait_ms, is_tick in steps:
        now_ms += wait_ms
        start_ms = calendar.session(now_ms)[0]
        if is_tick and start_ms <= now_ms:
            market.publish([tick(now_ms, price=190.0)], now_ms)
            last_ms = now_ms
        assert (market.session("AAPL", now_ms)[0] <= now_ms) is (start_ms <= now_ms and last_ms >= start_ms)
