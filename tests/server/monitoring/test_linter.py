"""The linter: silent about the server's own updates, and a broken rule shows in `/health` and `/metrics`."""

from tornado.httpclient import AsyncHTTPClient

from engine.topics import Update
from tests.conftest import StartLive
from tests.live import Live


async def metrics(server: Live) -> dict[str, str]:
    """The counters of the linter."""
    answer = await AsyncHTTPClient().fetch(f"http://{server.address}/metrics")
    lines = answer.body.decode().splitlines()
    return dict(line.split() for line in lines if line.startswith("trading_lint"))


async def test_trades_brackets_and_a_reset_break_no_rule(live: StartLive) -> None:
    server = await live(lint=True)
    await server.place(takeProfit=250.0, stopLoss=150.0)
    await server.place(side=-1, qty=4)
    server.step()
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {})
    await server.place(qty=1)
    lint = (await server.call("GET", "/health"))["lint"]
    assert (lint["violations"], lint["last"]) == (0, None)
    assert lint["checks"] > 0


async def test_a_broken_rule_is_counted_and_named(live: StartLive) -> None:
    server = await live(lint=True)
    order_id = await server.place()
    order = await server.call("GET", f"/broker/orders/{order_id}")
    server.server.services.hub.publish([Update("orders:DEMO-ACCOUNT", order | {"status": 6})])
    lint = (await server.call("GET", "/health"))["lint"]
    assert lint["violations"] >= 1
    assert (await metrics(server))["trading_lint_violations_total"] == f"{lint['violations']:.1f}"


async def test_without_the_option_there_is_no_linter(live: StartLive) -> None:
    server = await live()
    assert (await server.call("GET", "/health"))["lint"] is None
    assert await metrics(server) == {}
