"""The client alpaca-trade-api, unmodified, against a real server; it takes its addresses from the environment.

Its data stream was written for websockets up to version 13, whose `connect` is `websockets.legacy.client.connect` now.
"""

import queue
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from websockets.legacy.client import connect as legacy_connect

from tests.alpaca.venue import Venue
from tests.support import WAIT_S

BUY: dict[str, Any] = {"symbol": "AAPL", "qty": 10, "side": "buy", "type": "market", "time_in_force": "day"}
RANGE = ("2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z")


@pytest.fixture
def environment(venue: Venue, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"API_BASE_URL": venue.url, "API_DATA_URL": venue.url, "API_STREAM_URL": venue.stream_url}
    for name, value in (names | {"API_KEY_ID": key, "API_SECRET_KEY": "secret"}).items():
        monkeypatch.setenv(f"APCA_{name}", value)


@pytest.fixture
def client(environment: None) -> Any:
    from alpaca_trade_api.rest import REST

    return REST()


def test_orders(client: Any) -> None:
    assert client.submit_order(**BUY).status == "filled"
    order = client.submit_order(**BUY | {"type": "limit"}, limit_price="150")
    replaced = client.replace_order(order.id, qty="20", limit_price="151")
    assert (replaced.replaces, replaced.qty) == (order.id, "20")
    assert client.get_order(order.id).status == "replaced"
    assert client.get_order_by_client_order_id(replaced.client_order_id).id == replaced.id
    assert [one.id for one in client.list_orders(status="open", nested=True)] == [replaced.id]
    client.cancel_order(replaced.id)
    client.submit_order(**BUY | {"type": "limit"}, limit_price="150")
    client.cancel_all_orders()
    assert client.list_orders() == []


def test_account_and_positions(client: Any, key: str) -> None:
    client.submit_order(**BUY)
    assert client.get_account().account_number == key
    assert [(one.symbol, one.qty) for one in client.list_positions()] == [("AAPL", "10")]
    assert client.get_position("AAPL").side == "long"
    assert client.close_position("AAPL", qty=4).filled_qty == "4"
    client.close_all_positions()
    assert client.list_positions() == []
    assert [one.side for one in client.get_activities(activity_types="FILL")] == ["sell", "sell", "buy"]
    assert client.get_clock().is_open
    assert len(client.get_calendar("2026-01-05", "2026-01-06")) == 2
    assert client.get_asset("AAPL").tradable
    assert "AAPL" in [one.symbol for one in client.list_assets(status="active")]


def test_error_has_its_code(client: Any) -> None:
    from alpaca_trade_api.rest import APIError

    with pytest.raises(APIError) as error:
        client.submit_order(**BUY | {"qty": 100_000})
    assert (error.value.code, error.value.status_code) == (40310000, 403)


def test_market_data(client: Any, venue: Venue) -> None:
    from alpaca_trade_api.rest import TimeFrame

    assert len(client.get_bars("AAPL", TimeFrame.Minute, *RANGE)) == 61
    assert len(client.get_bars(["AAPL", "MSFT"], TimeFrame.Minute, *RANGE)) == 122
    assert len(client.get_quotes("AAPL", *RANGE, limit=7)) == 7
    assert len(client.get_trades("AAPL", *RANGE, limit=7)) == 7
    assert client.get_latest_quote("AAPL").bp == venue.quote("AAPL")[0]
    assert client.get_latest_trade("AAPL").p > 0
    assert client.get_latest_bar("AAPL").c > 0
    assert client.get_snapshot("AAPL").latest_quote.ap == venue.quote("AAPL")[1]
    assert client.get_snapshots(["AAPL", "MSFT"]).keys() == {"AAPL", "MSFT"}
    assert len(client.get_crypto_bars("BTC/USD", TimeFrame.Hour, *RANGE)) == 2


async def _put(inbox: queue.Queue[Any], message: Any) -> None:
    inbox.put(message)


def test_data_streams(venue: Venue, environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from alpaca_trade_api.stream import Stream

    monkeypatch.setattr("alpaca_trade_api.stream.websockets.connect", legacy_connect)
    inbox: queue.Queue[Any] = queue.Queue()
    stream, receive = Stream(), partial(_put, inbox)
    stream.subscribe_quotes(receive, "AAPL")
    stream.subscribe_trades(receive, "AAPL")
    stream.subscribe_crypto_quotes(receive, "BTC/USD")
    thread = threading.Thread(target=stream.run)
    thread.start()
    found: dict[tuple[str, str], Any] = {}
    deadline = time.monotonic() + WAIT_S
    while len(found) < 3 and time.monotonic() < deadline:
        venue.step()
        with suppress(queue.Empty):
            while True:
                message = inbox.get(timeout=0.05)
                found[type(message).__name__, message.symbol] = message
    stream.stop()
    while thread.is_alive() and time.monotonic() < deadline:
        venue.step()  # the client reads whether it shall stop after each message
        thread.join(0.1)
    assert not thread.is_alive()
    assert found.keys() == {("Quote", "AAPL"), ("Trade", "AAPL"), ("Quote", "BTC/USD")}
    assert 0 < found["Quote", "AAPL"].bid_price < found["Quote", "AAPL"].ask_price


def test_trade_updates(client: Any, environment: None) -> None:
    from alpaca_trade_api.stream import Stream

    inbox: queue.Queue[Any] = queue.Queue()
    stream = Stream()

    async def receive(update: Any) -> None:
        inbox.put(update)

    stream.subscribe_trade_updates(receive)
    thread = threading.Thread(target=stream.run)
    thread.start()
    update, deadline = None, time.monotonic() + WAIT_S
    while update is None and time.monotonic() < deadline:
        client.submit_order(**BUY)
        with suppress(queue.Empty):
            update = inbox.get(timeout=0.1)
    stream.stop()
    client.submit_order(**BUY)
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert update is not None and update.event == "new"
