"""The datafeed over real sockets: sessions, depth, replayed files, ticks from outside."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from engine.market.instruments import DEFAULT_FILE
from server.app import make_server
from server.market_setup import make_clock, make_market_and_clock
from server.settings import Settings
from tests.conftest import OpenStream, StartLive
from tests.engine.market.specimens import instant, make_instrument
from tests.live import Live
from tests.support import MONDAY_MORNING_MS, ManualClock
from tests.tokens import key_file, token

SATURDAY_MS = MONDAY_MORNING_MS - 2 * 86_400_000


async def test_closed_market_shows_its_last_prices_and_is_silent(
    live: StartLive, stream: OpenStream, clock: ManualClock
) -> None:
    clock.start_ms = SATURDAY_MS
    server = await live(sessions="exchange")
    before = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    client = await stream(server)
    await client.subscribe("bars", {"symbol": "AAPL", "resolution": "1"})
    await client.subscribe("depth", {"symbol": "AAPL"})
    await client.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
    server.step()
    kinds = [message["type"] for message in await client.drained()]
    assert sorted(kinds) == ["bars.update", "depth.update", "quotes.update"]
    for _ in range(5):
        server.step(60_000)
    assert await client.drained() == []
    assert await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]}) == before
    clock.advance(MONDAY_MORNING_MS - server.clock.now_ms())
    server.step()
    kinds = [message["type"] for message in await client.drained()]
    assert set(kinds) == {"bars.update", "depth.update", "quotes.update"}


async def test_depth_topic_is_a_snapshot_and_changes_of_the_rest_answer(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    first, second = await stream(server), await stream(server)
    await first.subscribe("depth", {"symbol": "AAPL"})
    server.step()
    ((_, snapshot),) = await first.updates(1)
    assert snapshot == await server.call("GET", "/datafeed/depth/AAPL")
    assert snapshot["snapshot"] and len(snapshot["asks"]) == len(snapshot["bids"]) == 10
    server.step()
    await first.updates(1)
    await second.subscribe("depth", {"symbol": "AAPL"})
    server.step()
    ((_, late),) = await second.updates(1)
    assert late == await server.call("GET", "/datafeed/depth/AAPL")


async def test_depth_of_an_unknown_symbol_is_refused(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    assert (await server.fetch("GET", "/datafeed/depth/NOPE")).code == 404
    client = await stream(server)
    reply = await client.ask("depth.subscribe", {"symbol": "NOPE"})
    assert reply["payload"]["status"] == "error"


async def test_resolved_symbol_has_the_hours_that_hold(live: StartLive) -> None:
    around_the_clock = await (await live()).call("GET", "/datafeed/resolve/AAPL")
    hours = await (await live(sessions="exchange")).call("GET", "/datafeed/resolve/AAPL")
    assert (around_the_clock["session"], around_the_clock["session_holidays"]) == ("24x7", "")
    assert hours["session"] == "0930-1600" and "20261225" in hours["session_holidays"]
    assert "0930-1300:20261127,20261224" in hours["corrections"].split(";")


# Replay


def write(folder: Path, name: str = "AAPL.csv", minutes: int = 60) -> None:
    start = MONDAY_MORNING_MS // 1000
    lines = [f"{start + i * 60},{190 + i}.00,{190 + i}.50,{189 + i}.00,{190 + i}.25,1000" for i in range(minutes)]
    (folder / name).write_text("time,open,high,low,close,volume\n" + "\n".join(lines) + "\n")


async def test_a_replayed_day_is_history_before_the_clock_and_live_after_it(
    live: StartLive, stream: OpenStream, tmp_path: Path, clock: ManualClock
) -> None:
    write(tmp_path)
    clock.advance(10 * 60_000)
    server = await live(replay=tmp_path)
    bars = (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1"))["bars"]
    assert [bar["open"] for bar in bars] == [190.0 + minute for minute in range(11)]
    assert bars[-1] == {"time": clock.now_ms(), "open": 200, "high": 200, "low": 200, "close": 200, "volume": 250}
    client = await stream(server)
    await client.subscribe("bars", {"symbol": "AAPL", "resolution": "1"})
    start = clock.now_ms()
    for _ in range(5):
        server.step(15_000)
    seen = [(bar["time"] - start, bar["close"]) for _, bar in await client.updates(6)]
    # The closed bar is sent once more before the first print of the next.
    assert seen[:4] == [(0, 200.5), (0, 199.0), (0, 200.25), (0, 200.25)]
    assert seen[4:] == [(60_000, 201.0), (60_000, 201.5)]
    health = await server.call("GET", "/health")
    assert health["feed"] == {"kind": "replay", "sessions": "24x7", "stale": {}}
    await server.place(qty=5)
    (execution,) = await server.call("GET", "/broker/executions")
    assert execution["price"] == 201.51


async def test_only_symbols_with_a_file_are_served(live: StartLive, tmp_path: Path) -> None:
    write(tmp_path)
    server = await live(replay=tmp_path)
    assert [one["symbol"] for one in await server.call("GET", "/datafeed/search")] == ["AAPL"]
    assert (await server.fetch("GET", "/datafeed/resolve/MSFT")).code == 404


async def test_bars_that_the_file_cannot_give_are_refused(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    start = MONDAY_MORNING_MS // 1000 - 9000
    rows = "".join(f"{start + i * 300},190,191,189,190,1\n" for i in range(20))
    (tmp_path / "AAPL.csv").write_text("time,open,high,low,close,volume\n" + rows)
    server = await live(replay=tmp_path)
    assert (await server.call("GET", "/datafeed/resolve/AAPL"))["supported_resolutions"][0] == "5"
    response = await server.fetch("GET", "/datafeed/bars?symbol=AAPL&resolution=1")
    assert (response.code, "only of 5, 15" in json.loads(response.body)["detail"]) == (404, True)
    reply = await (await stream(server)).ask("bars.subscribe", {"symbol": "AAPL", "resolution": "1"})
    assert reply["payload"]["status"] == "error"
    response = await server.fetch("GET", "/udf/history?symbol=AAPL&resolution=1&from=0&to=99")
    assert json.loads(response.body)["s"] == "error"


def test_without_a_start_the_clock_begins_where_the_files_do(tmp_path: Path) -> None:
    write(tmp_path)
    settings = Settings(replay=tmp_path, ephemeral=True)
    began = make_server(settings).services.engine.now_ms()
    assert 0 <= began - MONDAY_MORNING_MS < 60_000
    assert make_clock(Settings.model_validate({"start": "2026-01-05T15:00:00Z"})).now_ms() >= MONDAY_MORNING_MS


def test_a_start_before_the_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    settings = Settings.model_validate({"replay": tmp_path, "ephemeral": True, "start": "2026-01-05T14:59:00Z"})
    with pytest.raises(ValueError, match="--start: the files of the replay have prices from 2026-01-05T15:00:00Z on"):
        make_server(settings)


def test_the_report_is_logged_before_a_file_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = "2026-01-05,190,191,189,190,1\n2026-01-08,null,null,null,null,null\n2026-01-11,190,191,189,190,1\n"
    (tmp_path / "AAPL.csv").write_text("Date,Open,High,Low,Close,Volume\n" + rows)
    with pytest.raises(ValueError, match="rows are 259200 seconds apart"):
        make_server(Settings(replay=tmp_path, ephemeral=True))
    assert [message.partition("AAPL.csv:")[2] for message in caplog.messages] == [
        " columns are time = Date, open = Open, high = High, low = Low, close = Close, volume = Volume; "
        "separated by commas",
        "3: open 'null' is not a number; left out",
    ]


@pytest.mark.parametrize("start", ["1970-01-02T15:00Z", "1971-06-30 18:00", "1972-12-29T10:00:00-05:00"])
async def test_a_market_before_1973_is_traded(live: StartLive, tmp_path: Path, clock: ManualClock, start: str) -> None:
    day = datetime.fromisoformat(start).replace(hour=0, tzinfo=UTC)
    dates = [f"{day + timedelta(days=number):%Y-%m-%d}" for number in (0, 1, 2)]
    rows = "".join(f"{date},190,192,189,191,1000\n" for date in dates)
    (tmp_path / "AAPL.csv").write_text("Date,Open,High,Low,Close,Volume\n" + rows)
    settings = Settings.model_validate({"replay": tmp_path, "ephemeral": True, "start": start})
    _, own_clock = make_market_and_clock(settings)
    assert 0 <= own_clock.now_ms() - instant(start) < 60_000
    clock.start_ms = instant(start)
    server = await live(replay=tmp_path)
    bars = (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1D"))["bars"]
    assert [bar["time"] for bar in bars] == [instant(dates[0])]
    await server.place(qty=5)
    (execution,) = await server.call("GET", "/broker/executions")
    assert execution["time"] == instant(start)


async def test_a_symbol_with_a_slash_has_a_file_with_an_underscore(live: StartLive, tmp_path: Path) -> None:
    entry = next(one for one in json.loads(DEFAULT_FILE.read_text())["instruments"] if one["name"] == "BTCUSD")
    catalogue, folder = tmp_path / "catalogue.json", tmp_path / "day"
    catalogue.write_text(json.dumps([entry | {"name": "BTC/USD"}]))
    folder.mkdir()
    write(folder, "BTC_USD.csv")
    server = await live(replay=folder, instruments=catalogue)
    assert [one["symbol"] for one in await server.call("GET", "/datafeed/search")] == ["BTC/USD"]
    assert len((await server.call("GET", "/datafeed/bars?symbol=BTC/USD&resolution=1"))["bars"]) == 1


async def test_rows_of_days_are_charts_of_days(live: StartLive, tmp_path: Path, clock: ManualClock) -> None:
    dates = ("2025-12-31", "2026-01-02", "2026-01-05", "2026-01-06")
    rows = "".join(f"{date},19{i},19{i + 2},189,19{i + 1},100\n" for i, date in enumerate(dates))
    (tmp_path / "AAPL.csv").write_text("time,open,high,low,close,volume\n" + rows)
    server = await live(replay=tmp_path, sessions="exchange")
    info = await server.call("GET", "/datafeed/resolve/AAPL")
    served = ["1D", "1W", "1M"]
    assert (info["has_intraday"], info["intraday_multipliers"], info["supported_resolutions"]) == (False, [], served)
    assert (await server.call("GET", "/datafeed/config"))["supported_resolutions"] == served
    # It is ten in the morning: the first print of the day.
    bars = (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1D"))["bars"]
    assert [(bar["open"], bar["close"], bar["volume"]) for bar in bars] == [
        (190, 191, 100),
        (191, 192, 100),
        (192, 192, 25),
    ]
    clock.advance(68 * 60_000)  # 11:08, behind its first quarter
    assert (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1D"))["bars"][-1]["close"] == 194


NOW_S = MONDAY_MORNING_MS // 1000


@pytest.mark.parametrize(
    ("times", "same"),
    [
        ("from_time=-1", "from_time=0"),
        ("from_time=-31536000&to_time=100", "from_time=0&to_time=100"),
        ("from_time=-1767625200000", "from_time=0"),
        (f"from_time={(NOW_S - 600) * 1000}", f"from_time={NOW_S - 600}"),
        (f"from_time={NOW_S - 600}&to_time={NOW_S * 1000}", f"from_time={NOW_S - 600}&to_time={NOW_S}"),
        ("from_time=94694400000&to_time=94694460000", "from_time=94694400&to_time=94694460"),
    ],
)
async def test_bars_read_seconds_and_milliseconds_and_times_before_1970(times: str, same: str, live: StartLive) -> None:
    server = await live()
    answers = [await server.call("GET", f"/datafeed/bars?symbol=AAPL&resolution=1&{one}") for one in (times, same)]
    assert answers[0] == answers[1]


async def test_without_a_variable_tick_the_field_is_absent(live: StartLive) -> None:
    server = await live()
    assert "variable_tick_size" not in await server.call("GET", "/datafeed/resolve/AAPL")
    assert "variable_tick_size" not in await server.call("GET", "/udf/symbols?symbol=AAPL")


async def test_a_symbol_tells_its_variable_tick(live: StartLive, tmp_path: Path) -> None:
    listed = make_instrument(name="AAPL", anchor="24", variable_tick="0.01 10 0.02 25 0.05").model_dump(mode="json")
    (tmp_path / "listed.json").write_text(json.dumps([listed]))
    server = await live(instruments=tmp_path / "listed.json")
    info = await server.call("GET", "/datafeed/resolve/AAPL")
    assert (info["variable_tick_size"], info["minmov"], info["pricescale"]) == ("0.01 10 0.02 25 0.05", 1, 100)
    await server.place(qty=1)
    (execution,) = await server.call("GET", "/broker/executions")
    tick = 1 if execution["price"] < 10 else 2 if execution["price"] < 25 else 5
    assert round(execution["price"] * 100) % tick == 0


# External


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"price": 190.001}, 400, "BAD_PRICE_TICK"),
    ({"symbol": "NOPE"}, 400, "UNKNOWN_SYMBOL"),
    ({"time": MONDAY_MORNING_MS - 1}, 400, "TICK_ORDER"),
    ({"time": MONDAY_MORNING_MS + 60_000}, 400, "TICK_ORDER"),
    ({"price": None}, 422, "VALIDATION"),
    ({"price": "190"}, 422, "VALIDATION"),
    ({"time": -1}, 422, "VALIDATION"),
]


async def publish(server: Live, *ticks: dict[str, Any]) -> HTTPResponse:
    return await server.fetch("POST", "/datafeed/ticks", {"ticks": list(ticks)})


async def test_ticks_become_quotes_bars_and_fills(live: StartLive, stream: OpenStream) -> None:
    server = await live(feed="external")
    client = await stream(server)
    await client.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
    tick = {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0, "size": 10, "bid": 189.99, "ask": 190.01}
    response = await publish(server, tick, tick | {"time": MONDAY_MORNING_MS + 1, "price": 190.01, "size": 5})
    assert (response.code, json.loads(response.body)) == (200, {"accepted": 2})
    server.step()
    ((_, quote),) = await client.updates(1)
    assert (quote["v"]["lp"], quote["v"]["bid"], quote["v"]["volume"]) == (190.01, 189.99, 15)
    bars = (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1"))["bars"]
    assert bars == [
        {"time": MONDAY_MORNING_MS, "open": 190.0, "high": 190.01, "low": 190.0, "close": 190.01, "volume": 15.0}
    ]
    await server.place(qty=3)
    (execution,) = await server.call("GET", "/broker/executions")
    assert execution["price"] == 190.01


async def test_wrong_ticks_are_refused_and_change_nothing(live: StartLive) -> None:
    server = await live(feed="external")
    good = {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0}
    for wrong, status, code in REFUSED:
        response = await publish(server, good, good | wrong)
        assert (response.code, json.loads(response.body)["code"]) == (status, code), response.body
    assert (await publish(server)).code == 422
    quotes = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert quotes == [{"s": "error", "n": "AAPL", "v": {"error": "AAPL has no price yet"}}]
    assert (await server.fetch("GET", "/datafeed/depth/AAPL")).code == 400
    assert (await server.call("GET", "/datafeed/bars?symbol=AAPL&resolution=1"))["no_data"]


async def test_an_order_before_the_first_price_is_refused(live: StartLive) -> None:
    server = await live(feed="external")
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}
    response = await server.fetch("POST", "/broker/orders", order)
    assert (response.code, json.loads(response.body)["code"]) == (400, "NO_LIQUIDITY")


async def test_silence_shows_in_quotes_and_health(live: StartLive) -> None:
    server = await live(feed="external")
    await publish(server, {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0})
    server.step(30_000)
    (quote,) = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert quote["v"]["stale"] == 30
    assert (await server.call("GET", "/health"))["feed"]["stale"] == {"AAPL": 30}


async def test_other_feeds_take_no_ticks(live: StartLive) -> None:
    response = await publish(await live(), {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0})
    assert (response.code, json.loads(response.body)["code"]) == (400, "UNSUPPORTED_COMBINATION")


# Ticks over a socket


async def test_ticks_of_a_socket_are_taken_like_those_of_rest(live: StartLive, stream: OpenStream) -> None:
    server = await live(feed="external")
    publisher, listener = await stream(server, "/datafeed/ws"), await stream(server)
    await listener.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
    tick = {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0, "size": 10, "bid": 189.99, "ask": 190.01}
    reply = await publisher.ask("ticks.publish", {"ticks": [tick, tick | {"price": 190.01}]}, id=7)
    assert reply == {
        "type": "ticks.publish.response",
        "id": 7,
        "payload": {"status": "ok", "message": "Published", "accepted": 2, "code": None},
    }
    server.step()
    quotes = [m["payload"]["payload"] for m in await listener.drained()]
    assert [(one["s"], one["v"].get("lp")) for one in quotes] == [("ok", 190.01)]


@pytest.mark.parametrize(("wrong", "status", "code"), REFUSED)
async def test_wrong_ticks_of_a_socket_are_refused_as_by_rest(
    live: StartLive, stream: OpenStream, wrong: dict[str, Any], status: int, code: str
) -> None:
    server = await live(feed="external")
    client = await stream(server)
    good = {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0}
    reply = await client.ask("ticks.publish", {"ticks": [good, good | wrong]}, id="t")
    if status == 422:
        assert (reply["type"], reply["id"], reply["payload"]["code"]) == ("error", "t", "INVALID_PAYLOAD")
    else:
        assert reply["type"] == "ticks.publish.response"
        assert (reply["payload"]["status"], reply["payload"]["code"], reply["payload"]["accepted"]) == (
            "error",
            code,
            0,
        )
        assert reply["payload"]["message"].startswith("tick 1")
    quotes = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert quotes[0]["s"] == "error"


async def test_ticks_are_no_message_of_a_broker_socket(live: StartLive, stream: OpenStream) -> None:
    client = await stream(await live(feed="external"), "/broker/ws")
    reply = await client.ask("ticks.publish", {"ticks": []})
    assert reply["payload"]["code"] == "UNKNOWN_TYPE"


async def test_ticks_of_a_socket_count_as_commands(live: StartLive, stream: OpenStream) -> None:
    server = await live(feed="external", order_rate=1, order_burst=2)
    client = await stream(server)
    tick = {"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0}
    codes = [(await client.ask("ticks.publish", {"ticks": [tick]}))["payload"]["code"] for _ in range(3)]
    assert codes == [None, None, "RATE_LIMIT"]


@pytest.mark.parametrize(("scope", "code"), [("admin", None), ("", "FORBIDDEN")])
async def test_ticks_of_a_socket_need_the_admin_scope(
    live: StartLive, stream: OpenStream, tmp_path: Path, scope: str, code: str | None
) -> None:
    server = await live(feed="external", auth="jwt", jwt_key_file=key_file(tmp_path))
    client = await stream(server)
    message = {"ticks": [{"symbol": "AAPL", "time": MONDAY_MORNING_MS, "price": 190.0}]}
    assert (await client.ask("ticks.publish", message))["payload"]["code"] == "UNAUTHORIZED"
    assert (await client.ask("hello", {"token": token(scope=scope)}))["type"] == "welcome"
    assert (await client.ask("ticks.publish", message))["payload"]["code"] == code


# Breaks


async def test_a_break_is_closed_and_a_day_order_lives_on_to_the_close(live: StartLive, tmp_path: Path) -> None:
    listed = make_instrument(name="AAPL", session="0900-0945,1015-1500").model_dump(mode="json")
    (tmp_path / "listed.json").write_text(json.dumps([listed]))
    # It is 10:00 in New York.
    server = await live(instruments=tmp_path / "listed.json", sessions="exchange")
    assert (await server.call("GET", "/datafeed/resolve/AAPL"))["session"] == "0900-0945,1015-1500"
    rejected = await server.place()
    assert (await server.call("GET", f"/broker/orders/{rejected}"))["reason"] == "MARKET_CLOSED"
    resting = await server.place(type=1, limitPrice=1, duration={"type": "DAY"})
    for wait_ms, status in ((15 * 60_000, 6), (4 * 3_600_000 + 44 * 60_000, 6), (2 * 60_000, 1)):
        server.step(wait_ms)
        assert (await server.call("GET", f"/broker/orders/{resting}"))["status"] == status
