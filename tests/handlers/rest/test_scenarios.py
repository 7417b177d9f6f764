"""Scenarios over REST: what they do to quotes, bars and orders, what is refused, and that they outlive the process."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.models.market.scenarios import ScenarioRequest
from tests.conftest import OpenStream, StartLive
from tests.live import Live
from tests.support import MONDAY_MORNING_MS

NOW = MONDAY_MORNING_MS
SCENARIOS = "/datafeed/scenarios"


async def add(server: Live, **fields: Any) -> dict[str, Any]:
    """Add a scenario to AAPL; returns it."""
    added: dict[str, Any] = await server.call("POST", SCENARIOS, {"symbol": "AAPL"} | fields)
    return added


async def quote(server: Live) -> dict[str, Any]:
    (found,) = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    values: dict[str, Any] = found["v"]
    return values


async def test_a_shock_moves_prices_from_its_begin_to_its_end(live: StartLive) -> None:
    plain, server = await live(), await live()
    begin, end = NOW + 60_000, NOW + 120_000
    added = await add(server, symbol="nasdaq:aapl", kind="shock", factor=0.9, begin=begin - 3, end=end)
    assert added == {
        "id": "SCENARIO-1",
        "symbol": "AAPL",
        "kind": "shock",
        "factor": 0.9,
        "begin": begin,
        "end": end,
        "status": "scheduled",
    }
    seen = []
    for wait_ms, status in ((59_999, "scheduled"), (1, "active"), (59_999, "active"), (1, "over")):
        server.clock.advance(wait_ms)
        seen.append(((await quote(server))["lp"], (await quote(plain))["lp"]))
        assert [one["status"] for one in await server.call("GET", SCENARIOS)] == [status]
    assert seen[0][0] == seen[0][1] and seen[3][0] == seen[3][1]
    assert [round(base * 0.9, 2) for _, base in seen[1:3]] == [price for price, _ in seen[1:3]]


async def test_a_halt_is_silence_flagged_quotes_and_refused_orders(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    await server.place(qty=5)
    resting = await server.place(type=1, limitPrice=1)
    await client.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
    for route, payload in (("bars", {"symbol": "AAPL", "resolution": "1"}), ("depth", {"symbol": "AAPL"})):
        await client.subscribe(route, payload)
    server.step()
    await client.drained()
    added = await add(server, kind="halt")
    assert (added["begin"], added["end"], added["factor"]) == (server.clock.now_ms() + 200, None, None)
    server.step()
    (flagged,) = await client.drained()
    assert flagged["payload"]["payload"]["v"]["halted"] == added["begin"]
    for _ in range(5):
        server.step(10_000)
    assert await client.drained() == []
    assert (await quote(server))["halted"] == added["begin"]
    rejected = await server.place()
    order = await server.call("GET", f"/broker/orders/{rejected}")
    assert (order["status"], order["reason"]) == (5, "HALTED")
    response = await server.fetch("DELETE", "/broker/positions/AAPL")
    assert (response.code, json.loads(response.body)["code"]) == (400, "HALTED")
    await server.call("DELETE", f"/broker/orders/{resting}")
    assert (await server.call("DELETE", f"{SCENARIOS}/SCENARIO-1"))["success"]
    server.step()
    kinds = {message["type"] for message in await client.drained()}
    assert kinds == {"quotes.update", "bars.update", "depth.update"}
    assert "halted" not in await quote(server)
    await server.call("DELETE", "/broker/positions/AAPL")


async def test_who_joins_in_a_halt_is_told_the_quote_that_stands(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await add(server, kind="halt")
    first, second = await stream(server), await stream(server)
    for client in (first, second):
        await client.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
        server.step()
        ((_, told),) = await client.updates(1)
        assert told["v"]["halted"] == NOW + 200


async def test_a_spread_moves_bid_and_ask_apart_and_orders_pay_it(live: StartLive) -> None:
    server = await live()
    await add(server, kind="spread", factor=50)
    server.step()
    wide = await quote(server)
    assert (round(wide["spread"], 2), wide["bid"] < wide["lp"] < wide["ask"]) == (1.0, True)
    await server.place(qty=1)
    (execution,) = await server.call("GET", "/broker/executions")
    assert execution["price"] == wide["ask"]


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"symbol": "NOPE"}, 400, "UNKNOWN_SYMBOL", "unknown symbol NOPE"),
    ({"begin": NOW}, 400, "SCENARIO", f"begin {NOW} is not after the market's time, {NOW}"),
    ({"begin": NOW - 1}, 400, "SCENARIO", "is not after the market's time"),
    ({"begin": NOW + 400, "end": NOW + 400}, 400, "SCENARIO", "is not after its begin"),
    ({"end": NOW + 100}, 400, "SCENARIO", "is not after its begin"),
    ({"factor": 0.009}, 422, "VALIDATION", "factor"),
    ({"factor": 100.1}, 422, "VALIDATION", "factor"),
    ({"factor": "2"}, 422, "VALIDATION", "factor"),
    ({"factor": None}, 422, "VALIDATION", "a shock or a spread has a factor, a halt has none"),
    ({"kind": "halt"}, 422, "VALIDATION", "a shock or a spread has a factor, a halt has none"),
    ({"kind": "crash"}, 422, "VALIDATION", "kind"),
    ({"begin": -1}, 422, "VALIDATION", "begin"),
]


@pytest.mark.parametrize(("wrong", "status", "code", "detail"), REFUSED)
async def test_what_is_wrong_is_refused_and_changes_nothing(
    live: StartLive, wrong: dict[str, Any], status: int, code: str, detail: str
) -> None:
    server = await live()
    response = await server.fetch("POST", SCENARIOS, {"symbol": "ETHUSD", "kind": "shock", "factor": 2} | wrong)
    problem = json.loads(response.body)
    assert (response.code, problem["code"]) == (status, code)
    assert detail in problem["detail"]
    assert await server.call("GET", SCENARIOS) == []
    assert server.server.services.journal.count == 1  # the account's


async def test_a_symbol_has_a_limited_number_of_scenarios(live: StartLive) -> None:
    server = await live()
    engine = server.server.services.engine
    for number in range(100):
        engine.add_scenario(ScenarioRequest(symbol="AAPL", kind="halt", begin=NOW + 1000 * number + 1))
    response = await server.fetch("POST", SCENARIOS, {"symbol": "AAPL", "kind": "halt"})
    assert (response.code, "the limit is reached" in json.loads(response.body)["detail"]) == (400, True)
    await server.call("DELETE", f"{SCENARIOS}/SCENARIO-7")
    assert (await add(server, kind="halt"))["id"] == "SCENARIO-101"


async def test_scenarios_leave_prices_room(live: StartLive) -> None:
    server = await live()
    for factor in (100, 0.01, 0.01):
        await add(server, kind="shock", factor=factor)
    wide = await server.fetch("POST", SCENARIOS, {"symbol": "AAPL", "kind": "spread", "factor": 5})
    ended = await server.fetch("DELETE", f"{SCENARIOS}/SCENARIO-1")
    details = [json.loads(one.body)["detail"] for one in (wide, ended)]
    assert details == [
        "prices of AAPL near 1.9 with a spread of 10 ticks are out of range",
        "prices of AAPL near 0.019 with a spread of 2 ticks are out of range",
    ]
    assert [one["end"] for one in await server.call("GET", SCENARIOS)] == [None] * 3
    server.step()
    assert (await quote(server))["bid"] > 0


async def test_one_that_has_not_begun_never_happens_and_one_that_is_over_stays(live: StartLive) -> None:
    server = await live()
    await add(server, kind="halt", begin=NOW + 60_000)
    assert (await server.call("DELETE", f"{SCENARIOS}/SCENARIO-1"))["message"] == "SCENARIO-1 will not happen"
    assert await server.call("GET", SCENARIOS) == []
    await add(server, kind="halt", end=NOW + 1000)
    server.step(2000)
    response = await server.fetch("DELETE", f"{SCENARIOS}/SCENARIO-2")
    assert (response.code, json.loads(response.body)["code"]) == (400, "SCENARIO")
    assert (await server.fetch("DELETE", f"{SCENARIOS}/SCENARIO-1")).code == 404


@pytest.mark.parametrize("feed", ["external", "replay"])
async def test_other_feeds_have_no_scenarios(live: StartLive, tmp_path: Path, feed: str) -> None:
    rows = "".join(f"{NOW // 1000 + i * 60},190,191,189,190,1\n" for i in range(9))
    (tmp_path / "AAPL.csv").write_text("time,open,high,low,close,volume\n" + rows)
    server = await live(**({"feed": "external"} if feed == "external" else {"replay": tmp_path}))
    response = await server.fetch("POST", SCENARIOS, {"symbol": "AAPL", "kind": "halt"})
    problem = json.loads(response.body)
    assert (response.code, problem["code"]) == (400, "SCENARIO")
    assert problem["detail"] == f"prices here are {feed}: scenarios need the synthetic market"


@pytest.mark.parametrize("with_snapshot", [True, False])
async def test_a_restarted_server_shows_the_same_history(live: StartLive, tmp_path: Path, with_snapshot: bool) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await add(server, kind="shock", factor=1.5)
    await add(server, kind="halt", begin=NOW + 30_200, end=NOW + 95_000)
    await add(server, kind="spread", factor=4, begin=NOW + 400_000)
    server.step(200_000)
    await server.call("DELETE", f"{SCENARIOS}/SCENARIO-1")
    server.step(200)
    paths = [SCENARIOS, "/datafeed/depth/AAPL"]
    paths += [f"/datafeed/bars?symbol=AAPL&resolution={one}&count_back=300" for one in ("1", "60", "1D")]
    before = [await server.call("GET", path) for path in paths]
    server.server.ticker.stop()
    await server.server.storage.close()
    if not with_snapshot:
        for path in (tmp_path / "snapshots").glob("*"):
            path.unlink()
    again = await live(data_dir=tmp_path, ephemeral=False)
    assert [await again.call("GET", path) for path in paths] == before
    assert [one["status"] for one in before[0]] == ["over", "over", "scheduled"]
    assert (await add(again, kind="halt"))["id"] == "SCENARIO-4"
