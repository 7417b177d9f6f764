"""The client alpaca-py, unmodified, against a real server: every method of the tables, and its three streams."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alpaca.common.exceptions import APIError
from alpaca.data.enums import DataFeed
from alpaca.data.historical import CryptoHistoricalDataClient, StockHistoricalDataClient
from alpaca.data.live import CryptoDataStream, StockDataStream
from alpaca.data.requests import (
    CryptoBarsRequest,
    CryptoLatestOrderbookRequest,
    CryptoLatestQuoteRequest,
    CryptoSnapshotRequest,
    StockBarsRequest,
    StockLatestBarRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    StockQuotesRequest,
    StockSnapshotRequest,
    StockTradesRequest,
)
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.client import TradingClient
from alpaca.trading.enums import OrderClass, OrderSide, OrderStatus, QueryOrderStatus, TimeInForce
from alpaca.trading.requests import (
    ClosePositionRequest,
    CreateWatchlistRequest,
    GetAssetsRequest,
    GetCalendarRequest,
    GetOrderByIdRequest,
    GetOrdersRequest,
    GetPortfolioHistoryRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    ReplaceOrderRequest,
    StopLimitOrderRequest,
    StopLossRequest,
    StopOrderRequest,
    TakeProfitRequest,
    TrailingStopOrderRequest,
    UpdateWatchlistRequest,
)
from alpaca.trading.stream import TradingStream

from tests.alpaca.venue import SATURDAY_MS, Venue, running
from tests.support import WAIT_S

COMMON: dict[str, Any] = {"symbol": "AAPL", "qty": 10, "side": OrderSide.BUY, "time_in_force": TimeInForce.GTC}
MINUTE: Any = TimeFrame.Minute
HOUR: Any = TimeFrame.Hour
RANGE: dict[str, Any] = {"start": datetime(2026, 1, 5, 10), "end": datetime(2026, 1, 5, 11)}


@pytest.fixture
def client(venue: Venue, key: str) -> Any:
    return TradingClient(key, "secret", paper=True, url_override=venue.url)


@pytest.mark.parametrize(
    ("request_type", "fields", "status"),
    [
        (MarketOrderRequest, {}, OrderStatus.FILLED),
        (LimitOrderRequest, {"limit_price": 150.5}, OrderStatus.NEW),
        (StopOrderRequest, {"stop_price": 900}, OrderStatus.NEW),
        (StopLimitOrderRequest, {"stop_price": 900, "limit_price": 901}, OrderStatus.NEW),
        (TrailingStopOrderRequest, {"trail_price": 2.5}, OrderStatus.NEW),
    ],
)
def test_order_of_every_type(client: Any, request_type: Any, fields: Any, status: OrderStatus) -> None:
    order = client.submit_order(request_type(**COMMON, **fields))
    assert order.status is status
    assert client.get_order_by_id(order.id) == order
    assert client.get_order_by_client_id(order.client_order_id) == order


def test_bracket_and_its_legs(client: Any) -> None:
    legs: Any = {"take_profit": TakeProfitRequest(limit_price=900), "stop_loss": StopLossRequest(stop_price=10)}
    order = client.submit_order(MarketOrderRequest(**COMMON, order_class=OrderClass.BRACKET, **legs))
    assert (order.order_class, [leg.status for leg in order.legs]) == (OrderClass.BRACKET, [OrderStatus.NEW] * 2)
    assert client.get_order_by_id(order.id, GetOrderByIdRequest(nested=True)).legs == order.legs
    nested = client.get_orders(GetOrdersRequest(status=QueryOrderStatus.ALL, nested=True))
    assert [one.id for one in nested] == [order.id]


def test_linked_orders_cancel_each_other(client: Any) -> None:
    legs: Any = {"take_profit": TakeProfitRequest(limit_price=900), "stop_loss": StopLossRequest(stop_price=10)}
    fields = COMMON | {"side": OrderSide.SELL}
    order = client.submit_order(LimitOrderRequest(**fields, order_class=OrderClass.OCO, **legs))
    client.cancel_order_by_id(order.legs[0].id)
    assert client.get_order_by_id(order.id).status is OrderStatus.CANCELED


@pytest.mark.parametrize(("prices", "kind"), [({}, "stop"), ({"limit_price": 9.5}, "stop_limit")])
def test_entry_with_one_leg(client: Any, prices: dict[str, float], kind: str) -> None:
    stop = StopLossRequest(stop_price=10, **prices)
    order = client.submit_order(MarketOrderRequest(**COMMON, order_class=OrderClass.OTO, stop_loss=stop))
    assert [leg.type.value for leg in order.legs] == [kind]


@pytest.mark.parametrize("tif", ["day", "gtc", "ioc", "fok", "cls"])
def test_order_of_every_time_in_force(client: Any, tif: str) -> None:
    order = client.submit_order(MarketOrderRequest(**COMMON | {"time_in_force": tif}))
    assert (order.time_in_force, order.status is OrderStatus.FILLED) == (tif, tif != "cls")


def test_notional_and_percent(client: Any) -> None:
    fields = {"symbol": "BTC/USD", "side": OrderSide.BUY, "time_in_force": TimeInForce.GTC}
    order = client.submit_order(MarketOrderRequest(**fields, notional=1000))
    assert float(order.filled_qty) * float(order.filled_avg_price) == pytest.approx(1000, rel=1e-4)
    trailing = client.submit_order(TrailingStopOrderRequest(**COMMON, trail_percent=2.5))
    assert trailing.trail_percent == "2.5"


def test_large_order_is_filled_in_parts(client: Any, venue: Venue) -> None:
    order = client.submit_order(MarketOrderRequest(**COMMON | {"symbol": "BTC/USD", "qty": 8}))
    while order.status is not OrderStatus.FILLED:
        assert order.status is OrderStatus.PARTIALLY_FILLED
        venue.step()
        order = client.get_order_by_id(order.id)
    assert order.filled_qty == "8"


def test_orders_are_replaced_listed_and_canceled(client: Any) -> None:
    first = client.submit_order(LimitOrderRequest(**COMMON, limit_price=150))
    second = client.replace_order_by_id(first.id, ReplaceOrderRequest(qty=20, limit_price=151))
    assert (second.replaces, second.qty) == (first.id, "20")
    assert client.get_order_by_id(first.id).status is OrderStatus.REPLACED
    assert [one.id for one in client.get_orders()] == [second.id]
    client.cancel_order_by_id(second.id)
    assert client.get_order_by_id(second.id).status is OrderStatus.CANCELED
    third = client.submit_order(LimitOrderRequest(**COMMON, limit_price=150))
    assert [one.id for one in client.cancel_orders()] == [third.id]


def test_positions_are_listed_and_closed(client: Any) -> None:
    client.submit_order(MarketOrderRequest(**COMMON))
    client.submit_order(MarketOrderRequest(**{**COMMON, "symbol": "BTC/USD", "qty": 0.5}))
    assert {one.symbol: one.qty for one in client.get_all_positions()} == {"AAPL": "10", "BTC/USD": "0.5"}
    assert client.get_open_position("AAPL").qty_available == "10"
    assert client.close_position("AAPL", ClosePositionRequest(qty="4")).filled_qty == "4"
    closed = client.close_all_positions(cancel_orders=True)
    assert [(one.symbol, one.status) for one in closed] == [("AAPL", 200), ("BTC/USD", 200)]
    assert client.get_all_positions() == []


def test_account_assets_clock_and_calendar(client: Any, key: str) -> None:
    account = client.get_account()
    assert (account.account_number, account.cash) == (key, "100000")
    assert client.get_account_configurations().no_shorting is False
    assert "AAPL" in [one.symbol for one in client.get_all_assets(GetAssetsRequest(status="active"))]
    assert client.get_asset("BTC/USD").fractionable
    assert client.get_clock().is_open
    days = client.get_calendar(GetCalendarRequest(start=date(2026, 1, 5), end=date(2026, 1, 6)))
    assert [one.date for one in days] == [date(2026, 1, 5), date(2026, 1, 6)]


def test_watchlists_configuration_and_history(client: Any) -> None:
    made = client.create_watchlist(CreateWatchlistRequest(name="mine", symbols=["AAPL"]))
    client.add_asset_to_watchlist_by_id(made.id, "MSFT")
    client.update_watchlist_by_id(made.id, UpdateWatchlistRequest(name="ours"))
    found = client.get_watchlist_by_id(made.id)
    assert (found.name, [one.symbol for one in found.assets]) == ("ours", ["AAPL", "MSFT"])
    client.remove_asset_from_watchlist_by_id(made.id, "AAPL")
    assert [one.id for one in client.get_watchlists()] == [made.id]
    client.delete_watchlist_by_id(made.id)
    changed = client.get_account_configurations()
    changed.no_shorting = True
    assert client.set_account_configurations(changed).no_shorting
    history = client.get_portfolio_history(GetPortfolioHistoryRequest(period="1D", timeframe="1H"))
    assert len(history.timestamp) == len(history.equity)


def test_closed_market_and_restart(tmp_path: Path) -> None:
    with running(SATURDAY_MS, data_dir=tmp_path, sessions="exchange") as venue:
        client: Any = TradingClient("any", "secret", url_override=venue.url)
        assert not client.get_clock().is_open
        order = client.submit_order(MarketOrderRequest(**COMMON))
        assert order.status is OrderStatus.ACCEPTED
    with running(SATURDAY_MS, data_dir=tmp_path, sessions="exchange") as venue:
        client = TradingClient("any", "secret", url_override=venue.url)
        assert client.get_order_by_id(order.id) == order
        venue.step(2 * 86_400_000)
        assert client.get_order_by_id(order.id).status is OrderStatus.FILLED


@pytest.mark.parametrize(
    ("order", "code", "status"),
    [
        (MarketOrderRequest(**{**COMMON, "symbol": "NOPE"}), 40010001, 422),
        (MarketOrderRequest(**{**COMMON, "qty": 100_000}), 40310000, 403),
        (LimitOrderRequest(**COMMON, limit_price=150.001), 40010001, 422),
    ],
)
def test_error_has_its_code(client: Any, order: Any, code: int, status: int) -> None:
    with pytest.raises(APIError) as error:
        client.submit_order(order)
    assert (error.value.code, error.value.status_code) == (code, status)


def test_stock_data(venue: Venue) -> None:
    data: Any = StockHistoricalDataClient("key", "secret", url_override=venue.url)
    two = ["AAPL", "MSFT"]
    bars = data.get_stock_bars(StockBarsRequest(symbol_or_symbols=two, timeframe=MINUTE, **RANGE))
    assert {name: len(rows) for name, rows in bars.data.items()} == {"AAPL": 61, "MSFT": 61}
    assert len(data.get_stock_quotes(StockQuotesRequest(symbol_or_symbols="AAPL", limit=7, **RANGE)).data["AAPL"]) == 7
    assert len(data.get_stock_trades(StockTradesRequest(symbol_or_symbols="AAPL", limit=7, **RANGE)).data["AAPL"]) == 7
    quote = data.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols="AAPL"))["AAPL"]
    assert (quote.bid_price, quote.ask_price) == venue.quote("AAPL")
    assert "AAPL" in data.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="AAPL"))
    assert "AAPL" in data.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="AAPL"))
    assert data.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols="AAPL"))["AAPL"].latest_quote == quote


def test_crypto_data(venue: Venue) -> None:
    data: Any = CryptoHistoricalDataClient(url_override=venue.url)
    pair = "BTC/USD"
    bars = data.get_crypto_bars(CryptoBarsRequest(symbol_or_symbols=pair, timeframe=HOUR, **RANGE))
    assert len(bars.data[pair]) == 2
    quote = data.get_crypto_latest_quote(CryptoLatestQuoteRequest(symbol_or_symbols=pair))[pair]
    book = data.get_crypto_latest_orderbook(CryptoLatestOrderbookRequest(symbol_or_symbols=pair))[pair]
    assert book.bids[0].price == quote.bid_price
    assert data.get_crypto_snapshot(CryptoSnapshotRequest(symbol_or_symbols=pair))[pair].latest_quote == quote


@contextmanager
def followed(stream: Any, subscribe: Callable[[Any], None], wake: Callable[[], None]) -> Iterator["queue.Queue[Any]"]:
    """Run a stream of the client in a thread; `wake` makes a message arrive, so that it sees that it shall stop."""
    inbox: queue.Queue[Any] = queue.Queue()

    async def receive(message: Any) -> None:
        inbox.put(message)

    subscribe(receive)
    thread = threading.Thread(target=stream.run)
    thread.start()
    try:
        yield inbox
    finally:
        stream.stop()
        wake()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def first(inbox: "queue.Queue[Any]", act: Callable[[], Any]) -> Any:
    """Act until the stream has a message: the client does not say when it is subscribed."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        act()
        with suppress(queue.Empty):
            return inbox.get(timeout=0.1)
    raise AssertionError("no message in time")


def test_trade_updates(venue: Venue, key: str, client: Any) -> None:
    stream = TradingStream(key, "secret", url_override=f"{venue.stream_url}/stream")

    def buy() -> None:
        client.submit_order(MarketOrderRequest(**COMMON))

    with followed(stream, stream.subscribe_trade_updates, buy) as inbox:
        new = first(inbox, buy)
        fill = inbox.get(timeout=WAIT_S)
    assert (new.event, fill.event) == ("new", "fill")
    assert (fill.qty, fill.order.id) == (10.0, new.order.id)


def test_stock_stream(venue: Venue) -> None:
    stream = StockDataStream("key", "secret", feed=DataFeed.IEX, url_override=f"{venue.stream_url}/v2/iex")
    with followed(stream, lambda receive: stream.subscribe_quotes(receive, "AAPL"), venue.step) as inbox:
        quote = first(inbox, venue.step)
    assert (quote.symbol, quote.bid_price < quote.ask_price) == ("AAPL", True)


def test_crypto_stream(venue: Venue) -> None:
    stream = CryptoDataStream("key", "secret", url_override=f"{venue.stream_url}/v1beta3/crypto/us")
    with followed(stream, lambda receive: stream.subscribe_updated_bars(receive, "BTC/USD"), venue.step) as inbox:
        bar = first(inbox, venue.step)
    assert (bar.symbol, bar.low <= bar.close <= bar.high) == ("BTC/USD", True)
