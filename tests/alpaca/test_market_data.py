"""Market data of the dialect over REST, in Alpaca's own shapes."""

from typing import Any

import pytest

from tests.alpaca.venue import Venue

DAY = "start=2026-01-05T10:00:00Z&end=2026-01-05T12:00:00Z"


@pytest.mark.parametrize("kind", ["bars", "quotes", "trades"])
def test_history_has_the_rows_of_each_symbol(venue: Venue, key: str, kind: str) -> None:
    many = venue.call(key, "GET", f"/v2/stocks/{kind}?symbols=MSFT,AAPL&timeframe=1Min&limit=500&{DAY}")
    one = venue.call(key, "GET", f"/v2/stocks/AAPL/{kind}?timeframe=1Min&limit=500&{DAY}")
    assert one["symbol"] == "AAPL"
    assert many[kind]["AAPL"] == one[kind][: len(many[kind]["AAPL"])]
    pairs = venue.call(key, "GET", f"/v1beta3/crypto/us/{kind}?symbols=BTC/USD&timeframe=1Min&limit=50&{DAY}")
    assert len(pairs[kind]["BTC/USD"]) == 50


def pages(venue: Venue, key: str, path: str, kind: str) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    token = ""
    while True:
        page = venue.call(key, "GET", f"{path}&page_token={token}")
        for symbol, found in page[kind].items():
            rows.setdefault(symbol, []).extend(found)
        token = page["next_page_token"]
        if not token:
            return rows


@pytest.mark.parametrize("sort", ["asc", "desc"])
@pytest.mark.parametrize(("kind", "limit"), [("bars", 17), ("trades", 1500)])
def test_pages_follow_each_other_without_gap(venue: Venue, key: str, kind: str, limit: int, sort: str) -> None:
    times = "start=2026-01-05T10:00:00Z&end=2026-01-05T10:10:00Z"
    path = f"/v2/stocks/{kind}?symbols=AAPL,MSFT&{times}&sort={sort}"
    whole = pages(venue, key, f"{path}&limit=10000", kind)
    parts = pages(venue, key, f"{path}&limit={limit}", kind)
    assert parts == whole
    stamps = [row["t"] for row in whole["AAPL"]]
    assert stamps == sorted(set(stamps), reverse=sort == "desc")


@pytest.mark.parametrize(
    ("timeframe", "bars"),
    [("1Min", 120), ("1min", 120), ("5T", 24), ("10Min", 12), ("1Hour", 2), ("1H", 2), ("2Hour", 1)],
)
def test_timeframe_divides_the_range(venue: Venue, key: str, timeframe: str, bars: int) -> None:
    times = "start=2026-01-05T10:00:00Z&end=2026-01-05T11:59:59Z"
    page = venue.call(key, "GET", f"/v1beta3/crypto/us/bars?symbols=BTC/USD&timeframe={timeframe}&{times}")
    assert len(page["bars"]["BTC/USD"]) == bars


@pytest.mark.parametrize("timeframe", ["1Day", "1D", "1Week", "1Month"])
def test_long_timeframe_is_served(venue: Venue, key: str, timeframe: str) -> None:
    page = venue.call(key, "GET", f"/v2/stocks/bars?symbols=AAPL&timeframe={timeframe}&start=2025-06-01&limit=5")
    assert len(page["bars"]["AAPL"]) == 5
    assert page["bars"]["AAPL"][0]["t"] >= "2025-06-01"


def test_bars_are_those_of_our_own_interface(venue: Venue, key: str) -> None:
    (bar,) = venue.call(key, "GET", "/v2/stocks/AAPL/bars?timeframe=1Hour&start=2026-01-05T10:00:00Z&limit=1")["bars"]
    query = "symbol=AAPL&resolution=60&from_time=1767607200&to_time=1767610800"
    (own,) = venue.native("GET", f"/datafeed/bars?{query}")["bars"]
    assert [bar[name] for name in "ohlcv"] == [own[name] for name in ("open", "high", "low", "close", "volume")]


@pytest.mark.parametrize("kind", ["bars", "quotes", "trades"])
def test_latest_value_is_shown(venue: Venue, key: str, kind: str) -> None:
    one = venue.call(key, "GET", f"/v2/stocks/AAPL/{kind}/latest")
    many = venue.call(key, "GET", f"/v2/stocks/{kind}/latest?symbols=AAPL")
    assert many[kind] == {"AAPL": one[kind.removesuffix("s")]}
    assert "BTC/USD" in venue.call(key, "GET", f"/v1beta3/crypto/us/latest/{kind}?symbols=BTC/USD")[kind]


def test_latest_quote_is_the_market(venue: Venue, key: str) -> None:
    quote = venue.call(key, "GET", "/v2/stocks/AAPL/quotes/latest")["quote"]
    assert (quote["bp"], quote["ap"]) == venue.quote("AAPL")


def test_order_book_begins_with_the_quote(venue: Venue, key: str) -> None:
    book = venue.call(key, "GET", "/v1beta3/crypto/us/latest/orderbooks?symbols=BTC/USD")["orderbooks"]["BTC/USD"]
    assert (book["b"][0]["p"], book["a"][0]["p"]) == venue.quote("BTCUSD")
    assert len(book["b"]) == len(book["a"]) == 10


def test_snapshot_has_every_part(venue: Venue, key: str) -> None:
    parts = {"latestTrade", "latestQuote", "minuteBar", "dailyBar", "prevDailyBar"}
    assert parts < venue.call(key, "GET", "/v2/stocks/AAPL/snapshot").keys()
    assert venue.call(key, "GET", "/v2/stocks/snapshots?symbols=AAPL,MSFT").keys() == {"AAPL", "MSFT"}
    pairs = venue.call(key, "GET", "/v1beta3/crypto/us/snapshots?symbols=BTC/USD")["snapshots"]
    assert pairs["BTC/USD"].keys() == parts


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Year", 422),
        ("/v2/stocks/bars?symbols=AAPL&start=yesterday", 422),
        ("/v2/stocks/bars", 422),
        ("/v2/stocks/bars?symbols=NOPE", 404),
        ("/v2/stocks/bars?symbols=BTCUSD", 404),
        ("/v2/stocks/bars?symbols=AAPL&page_token=xx", 422),
    ],
)
def test_request_that_cannot_be_read_is_refused(venue: Venue, key: str, path: str, status: int) -> None:
    venue.call(key, "GET", path, status=status)
