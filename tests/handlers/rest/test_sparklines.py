"""Sparklines over REST: the course of the trading day of several symbols."""

from pathlib import Path

import pytest

from tests.conftest import StartLive
from tests.support import MONDAY_MORNING_MS, ManualClock

SATURDAY_MS = MONDAY_MORNING_MS - 2 * 86_400_000


@pytest.mark.parametrize(("moment_ms", "length"), [(MONDAY_MORNING_MS, 3), (SATURDAY_MS, 26)])
async def test_sparklines_are_the_closes_of_the_newest_trading_day_up_to_now(
    live: StartLive, clock: ManualClock, moment_ms: int, length: int
) -> None:
    clock.start_ms = moment_ms
    server = await live(sessions="exchange")
    (line,) = await server.call("POST", "/datafeed/sparklines", {"symbols": ["AAPL", "NOPE"]})
    bars = (await server.call("GET", f"/datafeed/bars?symbol=AAPL&resolution=15&count_back={length + 1}"))["bars"]
    assert (line["symbol"], line["resolution"], line["time"]) == ("AAPL", "15", bars[1]["time"])
    assert line["closes"] == [bar["close"] for bar in bars[1:]]


@pytest.mark.parametrize(("bar_s", "resolutions"), [(300, ["15"]), (3600, ["60"]), (86_400, [])])
async def test_sparklines_have_the_shortest_bars_of_the_feed_from_a_quarter_of_an_hour(
    live: StartLive, tmp_path: Path, bar_s: int, resolutions: list[str]
) -> None:
    start = MONDAY_MORNING_MS // 86_400_000 * 86_400 - 2 * 86_400
    rows = "".join(f"{start + i * bar_s},190,191,189,190,1\n" for i in range(3 * 86_400 // bar_s))
    (tmp_path / "AAPL.csv").write_text("time,open,high,low,close,volume\n" + rows)
    server = await live(replay=tmp_path)
    lines = await server.call("POST", "/datafeed/sparklines", {"symbols": ["AAPL"]})
    assert [line["resolution"] for line in lines] == resolutions
