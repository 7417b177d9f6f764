from itertools import pairwise

import pytest

from engine.market.bars import wire_bars
from engine.market.feeds.external import ExternalFeed
from engine.market.live_updates import MAX_SKIPPED_BARS
from engine.market.market import Market
from engine.models.market.bars import Bar, BarsSubscriptionRequest
from engine.models.market.instruments import RESOLUTIONS
from engine.models.market.quotes import QuoteData, QuoteDataSubscriptionRequest
from engine.models.market.ticks import Tick
from engine.topics import Payload, Topic, Update
from tests.engine.market.specimens import CATALOGUE, DAY_MS, FOREVER_MS, Listeners, bars_between, instant, make_feed

START_MS = instant("2026-01-05T15:00")
FEED = make_feed()


def make_market() -> Market:
    return Market(CATALOGUE, FEED)


def bars_of(symbol: str, resolution: str = "1") -> Topic:
    return make_market().topic("bars", BarsSubscriptionRequest(symbol=symbol, resolution=resolution))


def quotes_of(slow: str = "", fast: str = "") -> Topic:
    names = QuoteDataSubscriptionRequest(symbols=slow.split(), fast_symbols=fast.split())
    return make_market().topic("quotes", names)


def between(symbol: str, resolution: str, from_ms: int, now_ms: int) -> list[Payload]:
    """Bars as history has them at `now_ms`, the forming one included."""
    columns = bars_between(FEED, symbol, resolution, from_ms, FOREVER_MS, now_ms)
    return wire_bars(columns, CATALOGUE.by_name[symbol])


def keys(updates: list[Update]) -> list[str]:
    return [update.key for update in updates]


# Bars


def test_bar_is_sent_at_the_first_tick_and_whenever_it_changed() -> None:
    market, listeners = make_market(), Listeners(bars_of("AAPL"))
    sent = [market.updates(listeners, START_MS + index * 100) for index in range(100)]
    assert len(sent[0]) == 1
    previous = None
    for index, updates in enumerate(sent):
        row = FEED["AAPL"].forming_bar("1", START_MS + index * 100)
        assert len(updates) == (row != previous)
        previous = row
    for updates in sent:
        for update in updates:
            assert Bar.model_validate(update.payload).model_dump() == update.payload
            assert update.key == str(update.payload["time"])


def test_closed_bar_is_sent_once_more_before_the_new_one() -> None:
    market, listeners = make_market(), Listeners(bars_of("AAPL"))
    market.updates(listeners, START_MS + 59_700)  # not the last print
    closed, new = market.updates(listeners, START_MS + 60_100)
    whole = between("AAPL", "1", START_MS, START_MS + 60_100)
    assert [closed.payload, new.payload] == whole
    assert (closed.key, new.key) == (str(START_MS), str(START_MS + 60_000))


@pytest.mark.parametrize(("minutes", "count"), [(2, 3), (100, 101), (999, 1000), (5000, MAX_SKIPPED_BARS + 1)])
def test_bars_skipped_between_two_ticks_are_sent_complete(minutes: int, count: int) -> None:
    market, listeners = make_market(), Listeners(bars_of("AAPL"))
    market.updates(listeners, START_MS)
    now_ms = START_MS + minutes * 60_000
    updates = market.updates(listeners, now_ms)
    expected = between("AAPL", "1", now_ms - (count - 1) * 60_000, now_ms)
    assert [update.payload for update in updates] == expected
    assert len(set(keys(updates))) == count


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_resolution_goes_from_bar_to_bar_without_a_hole(resolution: str) -> None:
    market, listeners = make_market(), Listeners(bars_of("BTCUSD", resolution))
    step_ms = 40 * DAY_MS if resolution in ("1W", "1M") else 3 * DAY_MS if resolution == "1D" else 3_000_000
    latest: dict[str, object] = {}
    for index in range(6):
        for update in market.updates(listeners, START_MS + index * step_ms):
            latest[update.key] = update.payload
    now_ms = START_MS + 5 * step_ms
    first = int(next(iter(latest)))
    assert list(latest.values()) == between("BTCUSD", resolution, first, now_ms)


def test_topics_of_one_series_share_the_payload() -> None:
    market = make_market()
    listeners = Listeners(bars_of("AAPL", "1D"), bars_of("nasdaq:aapl", "D"), bars_of("AAPL", "1"))
    first, second, other = market.updates(listeners, START_MS)
    assert first.payload is second.payload
    assert first.channel != second.channel
    assert other.payload["time"] == START_MS
    *_, last = market.updates(listeners, START_MS + 60_000 + DAY_MS)
    assert last.payload["time"] == START_MS + 60_000 + DAY_MS


def test_late_subscriber_gets_no_bars_of_before() -> None:
    market, listeners = make_market(), Listeners(bars_of("AAPL"))
    market.updates(listeners, START_MS)
    topic = listeners.wanted.pop()
    assert market.updates(listeners, START_MS + 200) == []
    listeners.wanted.append(topic)
    assert keys(market.updates(listeners, START_MS + 600_000)) == [str(START_MS + 600_000)]


# Quotes


def test_fast_names_are_sent_whenever_the_grid_point_moved() -> None:
    market, listeners = make_market(), Listeners(quotes_of(fast="AAPL MSFT"))
    sent = [keys(market.updates(listeners, START_MS + ms)) for ms in (0, 100, 199, 200, 399, 400, 1000)]
    both = ["AAPL", "MSFT"]
    assert sent == [both, [], [], both, [], both, both]


def test_fast_names_are_sent_in_every_tick_that_has_news_of_a_feed_without_a_grid() -> None:
    market = Market(CATALOGUE, ExternalFeed(CATALOGUE.by_name, CATALOGUE.calendars))
    topic, listeners = quotes_of(fast="AAPL MSFT"), Listeners(quotes_of(fast="AAPL"))
    sent: dict[int, list[tuple[bool, str, object]]] = {}
    for ms, price in ((0, 187.0), (50, 187.5), (100, None), (150, 187.5), (200, None), (250, 188.0)):
        if price is not None:
            market.publish([Tick(symbol="AAPL", time=START_MS + ms, price=price, size=1)], START_MS + ms)
        listeners.wanted += [topic] if ms == 50 else []
        updates = market.updates(listeners, START_MS + ms)
        sent[ms] = [(one.channel == topic.channel, one.key, one.payload["v"].get("lp")) for one in updates]
    assert sent == {
        0: [(False, "AAPL", 187.0)],
        50: [(False, "AAPL", 187.5), (True, "AAPL", 187.5), (True, "MSFT", None)],
        100: [],
        150: [(False, "AAPL", 187.5), (True, "AAPL", 187.5)],  # another trade at the same price: the volume grew
        200: [],
        250: [(False, "AAPL", 188.0), (True, "AAPL", 188.0)],
    }


@pytest.mark.parametrize("speed", [0.1, 1, 60, 1000])
@pytest.mark.parametrize("tick_ms", [50, 200, 1000])
def test_fast_is_every_tick_that_reaches_a_new_price_and_a_minute_is_one_of_the_market(
    tick_ms: int, speed: float
) -> None:
    market, listeners = make_market(), Listeners(quotes_of(slow="AAPL", fast="MSFT"))
    times = [START_MS + round(number * tick_ms * speed) for number in range(200)]
    sent = {now_ms: keys(market.updates(listeners, now_ms)) for now_ms in times}
    points = [now_ms // 200 for now_ms in times]
    reached = [now_ms for now_ms, before in zip(times, [-1, *points], strict=False) if now_ms // 200 != before]
    assert [now_ms for now_ms, names in sent.items() if "MSFT" in names] == reached
    slow = [now_ms for now_ms, names in sent.items() if "AAPL" in names]
    assert slow[0] == START_MS
    step_ms = max(1, round(tick_ms * speed))
    assert all(60_000 <= after - before < 60_000 + step_ms for before, after in pairwise(slow))


def test_other_names_are_sent_at_once_and_then_once_a_minute() -> None:
    market, listeners = make_market(), Listeners(quotes_of(slow="AAPL", fast="MSFT"))
    sent = {ms: keys(market.updates(listeners, START_MS + ms)) for ms in range(0, 130_000, 200)}
    assert [ms for ms, names in sent.items() if "AAPL" in names] == [0, 60_000, 120_000]
    assert all(names.count("MSFT") == 1 for names in sent.values())


def test_name_in_both_lists_is_fast_and_sent_once() -> None:
    market, listeners = make_market(), Listeners(quotes_of(slow="AAPL JPM JPM", fast="AAPL AAPL"))
    assert keys(market.updates(listeners, START_MS)) == ["AAPL", "JPM"]
    assert keys(market.updates(listeners, START_MS + 200)) == ["AAPL"]


def test_quote_bears_the_name_that_was_asked_for() -> None:
    market, listeners = make_market(), Listeners(quotes_of(fast="nyse:jpm JPM"))
    lower, plain = market.updates(listeners, START_MS)
    assert (lower.key, lower.payload["n"], lower.payload["v"]["short_name"]) == ("nyse:jpm", "nyse:jpm", "JPM")
    assert plain.payload["n"] == "JPM"
    assert lower.payload["v"] == plain.payload["v"]
    assert QuoteData.model_validate(plain.payload).model_dump() == plain.payload
    assert [plain.payload] == market.quotes(["JPM"], START_MS)


def test_topics_share_the_payload_of_a_name() -> None:
    market, listeners = make_market(), Listeners(quotes_of(fast="AAPL"), quotes_of(fast="AAPL MSFT"))
    first, second, _ = market.updates(listeners, START_MS)
    assert first.payload is second.payload
    assert first.channel != second.channel


def test_topic_without_subscribers_starts_anew() -> None:
    market, listeners = make_market(), Listeners(quotes_of(slow="AAPL"))
    topic = listeners.wanted[0]
    market.updates(listeners, START_MS)
    listeners.wanted = []
    market.updates(listeners, START_MS + 200)
    listeners.wanted = [topic]
    assert keys(market.updates(listeners, START_MS + 400)) == ["AAPL"]


def test_without_subscribers_there_are_no_updates() -> None:
    assert make_market().updates(Listeners(), START_MS) == []
