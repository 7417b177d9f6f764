"""The book: deterministic, straddled by the quote, and followed by snapshots and changes without loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.depth import LEVELS
from engine.market.live_updates import MAX_CHANGED_PRICES
from engine.market.market import Market
from engine.models.market.depth import DepthSubscriptionRequest, DOMData
from engine.topics import Payload, Topic
from tests.engine.market.specimens import CATALOGUE, SYMBOLS, Listeners, instant, make_feed, make_instrument
from tests.properties import examples, share

NOW_MS = instant("2026-01-05T15:00")
FEED = make_feed()

moments = st.integers(instant("2020-01-01"), instant("2030-01-01"))


@examples(200)
@given(st.sampled_from(SYMBOLS), moments)
def test_book_begins_with_the_quote_and_falls_away_from_it(symbol: str, now_ms: int) -> None:
    instrument, quote, depth = CATALOGUE.by_name[symbol], FEED[symbol].quote(now_ms), FEED[symbol].depth(now_ms)
    assert depth[:2] == (symbol, quote.time_ms)
    assert (depth.bids[0], depth.asks[0]) == ((quote.bid, quote.bid_size), (quote.ask, quote.ask_size))
    assert len(depth.bids) == len(depth.asks) == LEVELS
    bids, asks = [level.price for level in depth.bids], [level.price for level in depth.asks]
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    for price, size in (*depth.bids, *depth.asks):
        assert price > 0 and price % instrument.minmov == 0
        assert size and size % instrument.qty_step == 0
    assert make_feed()[symbol].depth(now_ms) == depth
    assert FEED[symbol].depth(quote.time_ms) == depth


def test_seeds_and_symbols_are_different_books() -> None:
    books = [make_feed(seed)["AAPL"].depth(NOW_MS).bids[1:] for seed in range(20)]
    assert len(set(books)) > 15


def test_book_moves_level_by_level() -> None:
    changed = []
    for index in range(500):
        before, after = (dict(FEED["AAPL"].depth(NOW_MS + (index + i) * 200).asks[1:]) for i in (0, 1))
        kept = before.keys() & after.keys()
        changed.append(sum(before[price] != after[price] for price in kept) / max(1, len(kept)))
    assert 0.01 < sum(changed) / len(changed) < 0.1


def test_unlimited_size_is_one_level_without_a_size() -> None:
    plain = make_instrument(displayed_size=None)
    feed = make_feed(instruments=[plain])
    quote = feed["TEST"].quote(NOW_MS)
    depth = feed["TEST"].depth(NOW_MS)
    assert (depth.bids, depth.asks) == (((quote.bid, None),), ((quote.ask, None),))


def test_book_of_a_cheap_instrument_ends_above_zero() -> None:
    cheap = make_instrument(pricescale=1, anchor="60", spread_ticks=2, volatility=3)
    feed = make_feed(instruments=[cheap])
    lowest = min(feed["TEST"].depth(NOW_MS + index * 86_400_000).bids[-1].price for index in range(share(2000)))
    assert lowest > 0


# The topic


def subscribed(market: Market, symbol: str = "AAPL") -> Topic:
    return market.topic("depth", DepthSubscriptionRequest(symbol=symbol))


def apply(book: dict[str, dict[float, float]], update: Payload) -> None:
    if update["snapshot"]:
        book["bids"], book["asks"] = {}, {}
    for side in ("bids", "asks"):
        for level in update[side]:
            book[side][level["price"]] = level["volume"]
        book[side] = {price: volume for price, volume in book[side].items() if volume}


def as_book(data: Payload) -> dict[str, dict[float, float]]:
    return {side: {level["price"]: level["volume"] for level in data[side]} for side in ("bids", "asks")}


@pytest.mark.parametrize("symbol", ["AAPL", "nasdaq:aapl", "BTCUSD"])
def test_snapshot_and_changes_give_the_order_book_of_every_tick(symbol: str) -> None:
    market = Market(CATALOGUE, FEED)
    listeners = Listeners(subscribed(market, symbol))
    book: dict[str, dict[float, float]] = {}
    kinds = []
    for index in range(600):
        now_ms = NOW_MS + index * 200
        for update in market.updates(listeners, now_ms):
            assert DOMData.model_validate(update.payload).model_dump() == update.payload
            kinds.append(update.payload["snapshot"])
            apply(book, update.payload)
        assert book == as_book(market.depth_data(symbol, now_ms))
    assert kinds[0]
    assert 0 < sum(kinds) < len(kinds) / 2


def test_of_the_changes_since_a_snapshot_the_newest_is_enough() -> None:
    market = Market(CATALOGUE, FEED)
    listeners = Listeners(subscribed(market))
    waiting: dict[str, Payload] = {}
    for index in range(300):
        for update in market.updates(listeners, NOW_MS + index * 200):
            waiting.pop(update.ends, None)
            waiting[update.key] = update.payload
        assert list(waiting) in (["snapshot"], ["snapshot", "changes"])
    book: dict[str, dict[float, float]] = {}
    for update_payload in waiting.values():
        apply(book, update_payload)
        assert len(update_payload["bids"]) + len(update_payload["asks"]) <= MAX_CHANGED_PRICES
    assert book == as_book(market.depth_data("AAPL", NOW_MS + 299 * 200))


def test_a_second_subscriber_gets_a_snapshot_at_the_next_tick() -> None:
    market = Market(CATALOGUE, FEED)
    topic = subscribed(market)
    listeners = Listeners(topic)
    market.updates(listeners, NOW_MS)
    market.updates(listeners, NOW_MS + 200)
    market.joined(topic, is_first=False)
    (update,) = market.updates(listeners, NOW_MS + 200)
    assert update.payload == market.depth_data("AAPL", NOW_MS + 200)
    assert market.updates(listeners, NOW_MS + 200) == []


def test_who_comes_back_between_two_ticks_starts_with_a_snapshot() -> None:
    market = Market(CATALOGUE, FEED)
    topic = subscribed(market)
    market.updates(Listeners(topic), NOW_MS)
    market.joined(topic, is_first=True)
    (update,) = market.updates(Listeners(topic), NOW_MS)
    assert update.payload["snapshot"]


def test_forgotten_topic_starts_with_a_snapshot() -> None:
    market = Market(CATALOGUE, FEED)
    listeners = Listeners(subscribed(market))
    market.updates(listeners, NOW_MS)
    topic = listeners.wanted.pop()
    market.updates(listeners, NOW_MS + 200)
    listeners.wanted.append(topic)
    (update,) = market.updates(listeners, NOW_MS + 400)
    assert update.payload["snapshot"]
