"""The client ccxt (class `alpaca`), unmodified, synchronous and with WebSockets, against a real server."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import ccxt
import ccxt.pro
import pytest

from tests.alpaca.venue import Venue
from tests.support import WAIT_S

PAIR = "BTC/USD"


def settings(venue: Venue, key: str) -> dict[str, Any]:
    """Return the whole map of addresses: a part that is left out would go to the real venue."""
    ws = {"crypto": f"{venue.stream_url}/v1beta2/crypto", "trading": f"{venue.stream_url}/stream"}
    api = dict.fromkeys(("trader", "market", "broker"), venue.url) | {"ws": ws}
    return {"apiKey": key, "secret": "secret", "urls": {"api": api}, "enableRateLimit": False}


@pytest.fixture
def exchange(venue: Venue, key: str) -> Any:
    return ccxt.alpaca(settings(venue, key))


def test_markets_and_data(exchange: Any, venue: Venue) -> None:
    market = exchange.load_markets()[PAIR]
    assert (market["base"], market["active"], market["precision"]["amount"]) == ("BTC", True, 1e-8)
    assert exchange.fetch_time() == venue.clock.now_ms()
    since = exchange.parse8601("2026-01-05T00:00:00Z")  # ccxt asks for whole days
    bars = exchange.fetch_ohlcv(PAIR, "1m", since, 10)
    assert [bar[0] for bar in bars] == [since + 60_000 * index for index in range(10)]
    assert len(exchange.fetch_ohlcv(PAIR, "2h", since, 2)) == 2
    book = exchange.fetch_order_book(PAIR)
    assert (book["bids"][0][0], book["asks"][0][0]) == venue.quote("BTCUSD")
    assert exchange.fetch_ticker(PAIR)["bid"] == venue.quote("BTCUSD")[0]
    assert len(exchange.fetch_trades(PAIR, since, 5)) == 5


def test_orders(exchange: Any) -> None:
    filled = exchange.create_order(PAIR, "market", "buy", 0.5)
    assert (filled["status"], filled["filled"]) == ("closed", 0.5)
    resting = exchange.create_order(PAIR, "limit", "buy", 0.1, 50_000)
    assert exchange.fetch_order(resting["id"])["status"] == "open"
    edited = exchange.edit_order(resting["id"], PAIR, "limit", "buy", 0.2, 51_000)
    assert (edited["amount"], edited["price"]) == (0.2, 51_000)
    stop = exchange.create_order(PAIR, "limit", "buy", 0.1, 200_100, {"triggerPrice": 200_000})
    assert stop["triggerPrice"] == 200_000
    assert {one["id"] for one in exchange.fetch_open_orders(PAIR)} == {edited["id"], stop["id"]}
    exchange.cancel_order(stop["id"])
    exchange.cancel_all_orders()
    assert exchange.fetch_open_orders(PAIR) == []
    assert filled["id"] in {one["id"] for one in exchange.fetch_closed_orders(PAIR)}
    assert [one["amount"] for one in exchange.fetch_my_trades(PAIR)] == [0.5]


def test_balance(exchange: Any) -> None:
    assert exchange.fetch_balance()["USD"]["total"] == 100_000


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ((PAIR, "market", "buy", 100), ccxt.InsufficientFunds),
        ((PAIR, "limit", "buy", 0.1, 0.001), ccxt.BaseError),
    ],
)
def test_error_is_that_of_its_code(exchange: Any, order: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        exchange.create_order(*order)


def test_stocks_are_loaded_by_class(exchange: Any) -> None:
    assert "AAPL" in {market["id"] for market in exchange.load_markets(False, {"asset_class": "us_equity"}).values()}


def test_streams(venue: Venue, key: str) -> None:
    asyncio.run(follow(venue, key))


async def follow(venue: Venue, key: str) -> None:
    """Watch quotes, bars, books and the account's orders until each of them has a message."""
    exchange: Any = ccxt.pro.alpaca(settings(venue, key))

    async def stepping(waiting: Awaitable[Any]) -> Any:
        task = asyncio.ensure_future(waiting)
        while not task.done():
            await asyncio.to_thread(venue.step)
            await asyncio.wait({task}, timeout=0.02)
        return task.result()

    try:
        async with asyncio.timeout(WAIT_S):
            ticker = await stepping(exchange.watch_ticker(PAIR))
            assert ticker["bid"] < ticker["ask"]
            book = await stepping(exchange.watch_order_book(PAIR))
            assert book["bids"][0][0] < book["asks"][0][0]
            assert (await stepping(exchange.watch_trades(PAIR)))[0]["price"] > 0
            watching = asyncio.ensure_future(exchange.watch_orders(PAIR))
            while not watching.done():
                await exchange.create_order(PAIR, "market", "buy", 0.01)
                await asyncio.wait({watching}, timeout=0.05)
            assert watching.result()[0]["symbol"] == PAIR
    finally:
        await exchange.close()
