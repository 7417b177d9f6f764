"""UDF over real sockets, by a client that calls and reads as TradingView's published adapter does."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from engine.models.market.instruments import RESOLUTIONS
from tests.conftest import StartLive
from tests.live import Live
from tests.support import MONDAY_MORNING_MS

NOW_S = MONDAY_MORNING_MS // 1000
DAY_S = 86_400
Bar = dict[str, float]


class Adapter:
    """What the adapter does with the answers; it looks at bodies only, never at statuses."""

    def __init__(self, server: Live) -> None:
        self._server = server
        self.last_bar_time: float | None = None

    async def text(self, path: str, **params: Any) -> str:
        query = f"?{urlencode(params)}" if params else ""
        response = await self._server.fetch("GET", f"/udf/{path}{query}")
        return response.body.decode()

    async def send(self, path: str, **params: Any) -> Any:
        return json.loads(await self.text(path, **params))

    async def resolve(self, name: str) -> dict[str, Any]:
        response = await self.send("symbols", symbol=name)
        if "s" in response:
            raise LookupError(response["errmsg"])
        listed = response.get("listed_exchange", response.get("exchange-listed"))
        response["base_name"] = [f"{listed}:{response['name']}"]
        return dict(response)

    async def get_bars(
        self, ticker: str, resolution: str, from_s: int, to_s: int, count_back: int | None = None
    ) -> tuple[list[Bar], dict[str, Any]]:
        params = {"symbol": ticker, "resolution": resolution, "from": from_s, "to": to_s}
        if count_back is not None:
            params["countback"] = count_back
        response = await self.send("history", **params, currencyCode="USD")
        if response["s"] not in ("ok", "no_data"):
            raise LookupError(response["errmsg"])
        if response["s"] == "no_data":
            return [], {"noData": True, "nextTime": response.get("nextTime")}
        names = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
        bars = [
            {"time": time_s * 1000, **{name: float(response[column][i]) for column, name in names.items()}}
            for i, time_s in enumerate(response["t"])
        ]
        return bars, {"noData": False}

    async def pulse(self, ticker: str, resolution: str, now_s: int, period_s: int) -> list[Bar]:
        """One poll for the newest bars: what the listener is given."""
        bars, _ = await self.get_bars(ticker, resolution, now_s - 10 * period_s, now_s, 2)
        if not bars or (self.last_bar_time is not None and bars[-1]["time"] < self.last_bar_time):
            return []
        given = []
        if self.last_bar_time is not None and bars[-1]["time"] > self.last_bar_time:
            assert len(bars) >= 2, "not enough bars in history for a pulse update"
            given.append(bars[-2])
        self.last_bar_time = bars[-1]["time"]
        return [*given, bars[-1]]


async def test_configuration_says_what_works(live: StartLive) -> None:
    for modules, sessions, marks, timescale in [
        (("broker", "datafeed"), "24x7", True, False),
        (("datafeed",), "exchange", False, True),
    ]:
        found = await Adapter(await live(modules=modules, sessions=sessions)).send("config")
        assert found["supported_resolutions"] == list(RESOLUTIONS)
        assert found["supports_search"] and not found["supports_group_request"] and found["supports_time"]
        assert (found["supports_marks"], found["supports_timescale_marks"]) == (marks, timescale)
        assert {"value": "NASDAQ", "name": "NASDAQ", "desc": "NASDAQ"} in found["exchanges"]


async def test_time_is_a_plain_number(live: StartLive) -> None:
    assert await Adapter(await live()).text("time") == str(NOW_S)


@pytest.mark.parametrize("name", ["AAPL", "NASDAQ:AAPL", "aapl"])
async def test_symbol_is_resolved_under_every_spelling(name: str, live: StartLive) -> None:
    found = await Adapter(await live(sessions="exchange")).resolve(name)
    assert (found["name"], found["ticker"], found["base_name"]) == ("AAPL", "AAPL", ["NASDAQ:AAPL"])
    assert (found["session"], found["timezone"], found["has_intraday"]) == ("0930-1600", "America/New_York", True)
    assert "20260101" in found["session_holidays"] and "0930-1300:20261127" in found["corrections"]
    assert (found["pricescale"], found["minmov"], found["minmovement"]) == (100, 1, 1)


async def test_refusals_are_bodies_and_never_server_errors(live: StartLive) -> None:
    server = await live()
    for path in (
        "/udf/symbols?symbol=NOPE",
        "/udf/history?symbol=NOPE&resolution=1D&from=0&to=1&countback=2",
        "/udf/marks?symbol=NOPE&from=0&to=1&resolution=D",
        "/udf/timescale_marks?symbol=NOPE&from=0&to=1&resolution=D",
    ):
        response = await server.fetch("GET", path)
        assert (response.code, json.loads(response.body)) == (200, {"s": "error", "errmsg": "unknown_symbol"}), path
    for path in (
        "/udf/symbols",
        "/udf/history?symbol=AAPL&resolution=7&from=0&to=1",
        "/udf/history?symbol=AAPL&resolution=1&from=x&to=1",
        "/udf/history?symbol=AAPL&resolution=1&from=0",
        "/udf/quotes",
        "/udf/search?limit=0",
    ):
        response = await server.fetch("GET", path)
        found = json.loads(response.body)
        assert (response.code, found["s"]) == (200, "error") and found["errmsg"], path
    assert (await server.fetch("GET", "/udf/nothing")).code == 404
    assert (await server.fetch("POST", "/udf/config", {})).code == 405
    broker = await live(modules=("broker",))
    assert (await broker.fetch("GET", "/udf/config")).code == 404


@pytest.mark.parametrize("resolution", ["D", *RESOLUTIONS])
async def test_history_is_that_of_the_datafeed(resolution: str, live: StartLive) -> None:
    server = await live(sessions="exchange")
    bars, meta = await Adapter(server).get_bars("NASDAQ:AAPL", resolution, NOW_S - 5, NOW_S, 300)
    asked = f"/datafeed/bars?symbol=AAPL&resolution={resolution}&count_back=300&to_time={NOW_S}"
    assert bars == (await server.call("GET", asked))["bars"]
    assert (len(bars), meta) == (300, {"noData": False})
    assert all(bar["time"] < NOW_S * 1000 for bar in bars)


async def test_range_without_a_count_ends_before_its_end(live: StartLive) -> None:
    adapter = Adapter(await live())
    start = NOW_S // 3600 * 3600 - 7200
    bars, _ = await adapter.get_bars("AAPL", "60", start, start + 7200)
    assert [bar["time"] // 1000 for bar in bars] == [start, start + 3600]


async def test_a_gap_names_the_older_bar_and_the_beginning_names_none(live: StartLive) -> None:
    adapter = Adapter(await live(sessions="exchange"))
    saturday, friday_close = 1_767_456_000, 1_767_387_600  # 2026-01-03 16:00 and 2026-01-02 21:00 UTC
    bars, meta = await adapter.get_bars("AAPL", "1", saturday, saturday + 3600)
    assert (bars, meta) == ([], {"noData": True, "nextTime": friday_close - 60})
    older, _ = await adapter.get_bars("AAPL", "1", friday_close - 60, friday_close)
    assert [bar["time"] for bar in older] == [meta["nextTime"] * 1000]
    assert await adapter.get_bars("AAPL", "1D", -DAY_S * 9999, 0, 300) == ([], {"noData": True, "nextTime": None})


async def test_scrolling_back_meets_every_bar_once(live: StartLive) -> None:
    adapter = Adapter(await live(sessions="exchange"))
    seen: list[float] = []
    to_s = NOW_S
    for _ in range(5):
        bars, _ = await adapter.get_bars("FOREX:EURUSD", "240", to_s - 300 * 14_400, to_s, 329)
        assert len(bars) == 329
        seen = [bar["time"] for bar in bars] + seen
        to_s = int(seen[0]) // 1000
    assert seen == sorted(set(seen))


async def test_polling_follows_the_market_without_a_hole(live: StartLive) -> None:
    server = await live()
    adapter = Adapter(server)
    given: dict[float, Bar] = {}
    for step in range(40):
        server.step(0 if step == 0 else 11_000)
        for bar in await adapter.pulse("AAPL", "1", server.clock.now_ms() // 1000 + 1, 60):
            assert not given or bar["time"] >= max(given) - 60_000
            given[bar["time"]] = bar
    expected = await server.call("GET", f"/datafeed/bars?symbol=AAPL&resolution=1&count_back={len(given)}")
    assert list(given.values()) == expected["bars"]
    assert len(given) > 7


async def test_quotes_answer_in_order_under_the_asked_names(live: StartLive) -> None:
    found = await Adapter(await live()).send("quotes", symbols="NASDAQ:AAPL,NOPE,btcusd")
    assert found["s"] == "ok"
    assert [(quote["n"], quote["s"]) for quote in found["d"]] == [
        ("NASDAQ:AAPL", "ok"),
        ("NOPE", "error"),
        ("btcusd", "ok"),
    ]
    assert found["d"][0]["v"]["lp"] > 0


@pytest.mark.parametrize(
    ("query", "kind", "exchange", "expected"),
    [
        ("AAPL", "", "", ["AAPL"]),
        ("USD", "", "", ["USDJPY", "EURUSD", "BTCUSD", "ETHUSD"]),
        ("USD", "crypto", "", ["BTCUSD", "ETHUSD"]),
        ("", "stock", "NYSE", ["JPM"]),
        ("ZZZ", "", "", []),
    ],
)
async def test_search_filters(query: str, kind: str, exchange: str, expected: list[str], live: StartLive) -> None:
    adapter = Adapter(await live())
    found = await adapter.send("search", query=query, type=kind, exchange=exchange, limit=30)
    assert [item["symbol"] for item in found] == expected
    assert all(set(item) >= {"full_name", "description", "exchange", "ticker", "type"} for item in found)


async def test_group_lists_its_symbols_as_columns(live: StartLive) -> None:
    found = await Adapter(await live()).send("symbol_info", group="NASDAQ")
    assert found["symbol"] == ["AAPL", "GOOGL", "MSFT"]
    assert {len(column) for column in found.values()} == {3}
    assert found["exchange-traded"] == ["NASDAQ"] * 3
    assert found["supported-resolutions"][0] == list(RESOLUTIONS)


async def test_marks_are_the_accounts_executions(live: StartLive) -> None:
    server = await live()
    await server.place(qty=10)
    await server.place(qty=4, side=-1)
    await server.place(symbol="MSFT")
    adapter = Adapter(server)
    params = {"symbol": "NASDAQ:AAPL", "from": NOW_S - 60, "to": NOW_S + 60, "resolution": "1"}
    found = await adapter.send("marks", **params)
    assert [(mark["label"], mark["color"], mark["time"]) for mark in found] == [
        ("B", "green", NOW_S),
        ("S", "red", NOW_S),
    ]
    executions = await server.call("GET", "/broker/executions/AAPL")
    assert found[0]["text"] == f"Bought 10 at {executions[0]['price']:.10g}"
    assert await adapter.send("marks", **(params | {"to": NOW_S - 1})) == []


async def test_timescale_marks_are_the_early_closes(live: StartLive) -> None:
    adapter = Adapter(await live(sessions="exchange"))
    params = {"symbol": "NYSE:JPM", "from": 1_795_000_000, "to": 1_800_000_000, "resolution": "D"}
    found = await adapter.send("timescale_marks", **params)
    assert [(mark["time"], mark["tooltip"]) for mark in found] == [
        (1_795_737_600, ["Open from 09:30 to 13:00"]),  # 2026-11-27
        (1_798_070_400, ["Open from 09:30 to 13:00"]),  # 2026-12-24
    ]
