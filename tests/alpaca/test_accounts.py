"""Account, positions, activities, assets, clock and calendar of the dialect, in Alpaca's own shapes."""

import base64
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import requests

from handlers.alpaca.formats import time_text
from tests.alpaca.venue import SATURDAY_MS, Venue, running
from tests.support import WAIT_S

BUY = {"symbol": "AAPL", "qty": "10", "side": "buy", "type": "market", "time_in_force": "day"}


def buy(venue: Venue, key: str, **order: Any) -> Any:
    return venue.call(key, "POST", "/v2/orders", BUY | order)


def test_account_shows_its_money(venue: Venue, key: str) -> None:
    account = venue.call(key, "GET", "/v2/account")
    shown = {"cash": "100000", "equity": "100000", "buying_power": "1000000", "status": "ACTIVE", "account_number": key}
    assert shown.items() <= account.items()
    cost = float(buy(venue, key)["filled_avg_price"]) * 10
    account = venue.call(key, "GET", "/v2/account")
    assert float(account["cash"]) == pytest.approx(100_000 - cost)
    assert float(account["cash"]) + float(account["long_market_value"]) == pytest.approx(float(account["equity"]))


def test_position_is_shown_by_symbol_and_by_asset_id(venue: Venue, key: str) -> None:
    buy(venue, key)
    (position,) = venue.call(key, "GET", "/v2/positions")
    assert (position["symbol"], position["qty"], position["side"]) == ("AAPL", "10", "long")
    for name in ("AAPL", position["asset_id"]):
        assert venue.call(key, "GET", f"/v2/positions/{name}") == position


def test_position_in_another_currency_is_shown_in_the_accounts(venue: Venue, key: str) -> None:
    buy(venue, key, symbol="USDJPY", qty="10000", time_in_force="gtc")
    position, account = venue.call(key, "GET", "/v2/positions/USDJPY"), venue.call(key, "GET", "/v2/account")
    assert float(position["avg_entry_price"]) > 50
    assert float(position["market_value"]) == pytest.approx(10_000, rel=0.001)
    profit = float(position["market_value"]) - float(position["cost_basis"])
    assert float(position["unrealized_pl"]) == pytest.approx(profit, abs=0.011)
    assert account["long_market_value"] == position["market_value"]
    assert float(account["cash"]) + float(account["long_market_value"]) == pytest.approx(float(account["equity"]))


def test_short_position_has_a_negative_quantity(venue: Venue, key: str) -> None:
    buy(venue, key, side="sell")
    position = venue.call(key, "GET", "/v2/positions/AAPL")
    assert (position["qty"], position["side"], position["market_value"][0]) == ("-10", "short", "-")


def test_quantity_of_open_orders_is_not_available(venue: Venue, key: str) -> None:
    buy(venue, key)
    buy(venue, key, side="sell", qty="4", type="limit", limit_price=900, time_in_force="gtc")
    assert venue.call(key, "GET", "/v2/positions/AAPL")["qty_available"] == "6"


@pytest.mark.parametrize(("query", "left"), [("", None), ("?qty=4", "6"), ("?percentage=50", "5")])
def test_position_is_closed(venue: Venue, key: str, query: str, left: str | None) -> None:
    buy(venue, key)
    order = venue.call(key, "DELETE", f"/v2/positions/AAPL{query}")
    assert (order["side"], order["type"], order["status"]) == ("sell", "market", "filled")
    positions = venue.call(key, "GET", "/v2/positions")
    assert [one["qty"] for one in positions] == ([] if left is None else [left])


def test_crypto_position_has_a_slash_in_its_path(venue: Venue, key: str) -> None:
    buy(venue, key, symbol="BTC/USD", qty="0.5", time_in_force="gtc")
    assert venue.call(key, "GET", "/v2/positions/BTC/USD")["qty"] == "0.5"
    assert venue.call(key, "DELETE", "/v2/positions/BTC/USD?qty=0.2")["filled_qty"] == "0.2"
    assert venue.call(key, "DELETE", "/v2/positions/BTC%2FUSD")["filled_qty"] == "0.3"


def test_every_position_is_closed(venue: Venue, key: str) -> None:
    for symbol in ("AAPL", "MSFT"):
        buy(venue, key, symbol=symbol)
    buy(venue, key, symbol="GOOGL", type="limit", limit_price=1.5)
    rows = venue.call(key, "DELETE", "/v2/positions?cancel_orders=true", status=207)
    assert [(row["symbol"], row["status"]) for row in rows] == [("AAPL", 200), ("MSFT", 200)]
    assert venue.call(key, "GET", "/v2/positions") == venue.call(key, "GET", "/v2/orders") == []


@pytest.mark.parametrize("name", ["AAPL", "NOPE"])
def test_position_that_is_not_open_is_not_found(venue: Venue, key: str, name: str) -> None:
    assert venue.call(key, "GET", f"/v2/positions/{name}", status=404)["code"] == 40410000


def test_trades_are_activities(venue: Venue, key: str) -> None:
    first, second = buy(venue, key), buy(venue, key, side="sell", qty="4")
    rows = venue.call(key, "GET", "/v2/account/activities/FILL")
    assert [(row["order_id"], row["side"], row["qty"], row["type"]) for row in rows] == [
        (second["id"], "sell", "4", "fill"),
        (first["id"], "buy", "10", "fill"),
    ]
    (oldest,) = venue.call(key, "GET", f"/v2/account/activities?page_size=1&page_token={rows[0]['id']}")
    assert oldest == rows[1]
    both = [row["id"] for row in rows]
    for query, ids in (
        ("activity_types=DIV", []),
        ("activity_types=DIV,FILL", both),
        ("category=non_trade_activity", []),
        ("category=trade_activity&direction=asc", both[::-1]),
        ("after=2030-01-01", []),
        ("until=2030-01-01", both),
        ("date=2026-01-05", both),
        ("date=2026-01-06", []),
        (f"order_id={first['id']}", both[1:]),
    ):
        found = venue.call(key, "GET", f"/v2/account/activities?{query}")
        assert [row["id"] for row in found] == ids, query


def test_assets_are_the_catalogue(venue: Venue, key: str) -> None:
    stocks = venue.call(key, "GET", "/v2/assets?asset_class=us_equity&status=active&exchange=NASDAQ")
    assert [one["symbol"] for one in stocks] == ["AAPL", "GOOGL", "MSFT"]
    pairs = venue.call(key, "GET", "/v2/assets?asset_class=crypto")
    assert [one["symbol"] for one in pairs] == ["BTC/USD", "ETH/USD"]
    assert {one["fractionable"] for one in pairs} == {True}
    for name in ("AAPL", stocks[0]["id"]):
        assert venue.call(key, "GET", f"/v2/assets/{name}") == stocks[0]
    assert venue.call(key, "GET", "/v2/assets/BTC/USD") == pairs[0]
    assert venue.call(key, "GET", "/v2/assets/NOPE", status=404)["code"] == 40410000
    assert venue.call(key, "GET", "/v2/assets?status=inactive") == []


def test_clock_and_calendar_follow_the_exchange() -> None:
    with running(SATURDAY_MS, sessions="exchange") as venue:
        clock = venue.call("any", "GET", "/v2/clock")
        assert clock == {
            "timestamp": "2026-01-10T11:00:00.000000000-05:00",
            "is_open": False,
            "next_open": "2026-01-12T09:30:00.000000000-05:00",
            "next_close": "2026-01-12T16:00:00.000000000-05:00",
        }
        days = venue.call("any", "GET", "/v2/calendar?start=2025-12-24&end=2025-12-29")
        assert [(day["date"], day["open"], day["close"]) for day in days] == [
            ("2025-12-24", "09:30", "13:00"),
            ("2025-12-26", "09:30", "16:00"),
            ("2025-12-29", "09:30", "16:00"),
        ]


def test_order_waits_for_a_closed_market() -> None:
    with running(SATURDAY_MS, sessions="exchange") as venue:
        order = buy(venue, "any", type="limit", limit_price=150)
        assert order["status"] == "accepted"


def test_clock_of_an_open_market_names_the_next_open(venue: Venue, key: str) -> None:
    clock = venue.call(key, "GET", "/v2/clock")
    assert clock["is_open"] and clock["timestamp"] < clock["next_close"] <= clock["next_open"]


def test_configuration_is_changed(venue: Venue, key: str) -> None:
    assert venue.call(key, "GET", "/v2/account/configurations")["no_shorting"] is False
    body = {"no_shorting": True, "max_margin_multiplier": "2"}
    changed = venue.call(key, "PATCH", "/v2/account/configurations", body)
    assert (changed["no_shorting"], changed["max_margin_multiplier"]) == (True, "2")
    assert venue.call(key, "POST", "/v2/orders", BUY | {"side": "sell"}, 403)["code"] == 40310000
    venue.call(key, "PATCH", "/v2/account/configurations", {"suspend_trade": True})
    assert venue.call(key, "GET", "/v2/account")["trade_suspended_by_user"] is True
    assert "suspended" in venue.call(key, "POST", "/v2/orders", BUY, 403)["message"]


def test_watchlist_is_made_changed_and_deleted(venue: Venue, key: str) -> None:
    made = venue.call(key, "POST", "/v2/watchlists", {"name": "tech", "symbols": ["AAPL", "MSFT"]})
    assert [one["symbol"] for one in made["assets"]] == ["AAPL", "MSFT"]
    path = f"/v2/watchlists/{made['id']}"
    added = venue.call(key, "POST", path, {"symbol": "BTC/USD"})
    assert [one["symbol"] for one in added["assets"]] == ["AAPL", "MSFT", "BTC/USD"]
    venue.call(key, "DELETE", f"{path}/BTC%2FUSD")
    venue.call(key, "DELETE", f"{path}/AAPL")
    changed = venue.call(key, "PUT", path, {"name": "one"})
    assert venue.call(key, "GET", path) == changed
    assert venue.call(key, "GET", "/v2/watchlists:by_name?name=one") == changed
    assert [one["symbol"] for one in changed["assets"]] == ["MSFT"]
    assert [one["name"] for one in venue.call(key, "GET", "/v2/watchlists")] == ["one"]
    venue.call(key, "POST", "/v2/watchlists", {"name": "one"}, 422)
    venue.call(key, "DELETE", path, status=204)
    venue.call(key, "GET", path, status=404)


def test_watchlist_is_changed_by_its_name(venue: Venue, key: str) -> None:
    path = "/v2/watchlists:by_name?name="
    venue.call(key, "POST", "/v2/watchlists", {"name": "mine", "symbols": ["AAPL"]})
    added = venue.call(key, "POST", f"{path}mine", {"symbol": "BTC/USD"})
    left = venue.call(key, "DELETE", f"/v2/watchlists/{added['id']}/BTC/USD")
    assert [[one["symbol"] for one in shown["assets"]] for shown in (added, left)] == [["AAPL", "BTC/USD"], ["AAPL"]]
    changed = venue.call(key, "PUT", f"{path}mine", {"name": "ours", "symbols": ["MSFT"]})
    assert (changed["id"], changed["name"]) == (added["id"], "ours")
    venue.call(key, "GET", f"{path}mine", status=404)
    venue.call(key, "DELETE", f"{path}ours", status=204)
    assert venue.call(key, "GET", "/v2/watchlists") == []


def test_portfolio_history_ends_with_the_equity_now() -> None:
    with running() as venue:
        buy(venue, "any")
        venue.step(3_600_000)
        equity = float(venue.call("any", "GET", "/v2/account")["equity"])
        history = venue.call("any", "GET", "/v2/account/portfolio/history?period=1D&timeframe=5Min")
        assert (history["timeframe"], history["equity"][-1], len(history["equity"])) == ("5Min", equity, 12)
        assert history["profit_loss"][-1] == pytest.approx(equity - history["base_value"], abs=0.01)
        venue.call("any", "GET", "/v2/account/portfolio/history?period=1X", status=422)
        opened_ms = history["timestamp"][0] * 1000
        times = f"start={time_text(opened_ms)}&end={time_text(opened_ms + 600_000)}"
        part = venue.call("any", "GET", f"/v2/account/portfolio/history?timeframe=1Min&{times}")
        assert (part["timeframe"], part["base_value"]) == ("1Min", part["equity"][0])
        assert len(part["timestamp"]) < 12


def test_orders_wait_for_the_open_and_expire_with_the_session() -> None:
    with running(SATURDAY_MS, sessions="exchange") as venue:
        sent: list[dict[str, Any]] = [
            {},
            {"time_in_force": "opg"},
            {"type": "limit", "limit_price": 150},
            {"type": "limit", "limit_price": 150, "time_in_force": "opg"},
        ]
        orders = [buy(venue, "any", **fields) for fields in sent]
        assert [(one["status"], one["time_in_force"]) for one in orders] == [
            ("accepted", "day"),
            ("accepted", "opg"),
            ("accepted", "day"),
            ("accepted", "opg"),
        ]
        venue.step(2 * 86_400_000)
        shown = [venue.call("any", "GET", f"/v2/orders/{one['id']}") for one in orders]
        assert [one["status"] for one in shown] == ["filled", "filled", "new", "canceled"]
        venue.step(86_400_000)
        expired = venue.call("any", "GET", f"/v2/orders/{orders[2]['id']}")
        assert expired["status"] == "expired" and expired["expired_at"]


@pytest.mark.parametrize("path", ["/v2/options/contracts", "/v2/wallets", "/v2/nothing", "/v3/clock"])
def test_address_that_is_not_there_has_an_error_body(venue: Venue, key: str, path: str) -> None:
    assert venue.call(key, "GET", path, status=404)["code"] == 40410000


def test_wrong_method_has_an_error_body(venue: Venue, key: str) -> None:
    assert venue.call(key, "PUT", "/v2/orders", {}, 405)["code"] == 40510000


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer any"},
        {"Authorization": "Basic " + base64.b64encode(b"unknown:any").decode()},
        {"APCA-API-KEY-ID": "unknown", "APCA-API-SECRET-KEY": "any"},
    ],
)
def test_unknown_key_means_the_default_account(venue: Venue, headers: dict[str, str]) -> None:
    answer = requests.get(f"{venue.url}/v2/account", headers=headers, timeout=WAIT_S)
    assert answer.json()["account_number"] == "DEMO-ACCOUNT"


def test_order_and_its_replacement_outlive_a_restart(tmp_path: Path) -> None:
    with running(data_dir=tmp_path) as venue:
        first = buy(venue, "any", type="limit", limit_price=150, time_in_force="gtc")
        second = venue.call("any", "PATCH", f"/v2/orders/{first['id']}", {"limit_price": 151})
    assert sqlite3.connect(tmp_path / "journal.db").execute("SELECT count(*) FROM events").fetchone()[0] >= 3
    with running(data_dir=tmp_path) as venue:
        assert venue.call("any", "GET", f"/v2/orders/{second['id']}") == second
        assert venue.call("any", "GET", f"/v2/orders/{first['id']}")["replaced_by"] == second["id"]


def test_command_beyond_the_rate_has_its_code() -> None:
    with running(order_rate=1, order_burst=1) as venue:
        buy(venue, "any")
        assert venue.call("any", "POST", "/v2/orders", BUY, 429)["code"] == 42910000
