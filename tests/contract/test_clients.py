"""The clients against the real server: their examples, confirmed and shared subscriptions, coming back after a cut."""

import asyncio
import re
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.ioloop import IOLoop
from trading_pro_client import Overrun, Refused, Subscription, SubscriptionError, TradingClient
from trading_pro_client.generated.codes import OrderType, Side
from trading_pro_client.generated.models import OrderSubscriptionRequest, PreOrder

from server.app import Server
from tests.conftest import StartLive
from tests.support import WAIT_S

ROOT = Path(__file__).parents[2]
TOOL_TIMEOUT_S = 600
"""Longest wait for a program or the compiler; it only ends a test that hangs."""

RESTARTING = 1012
ACCOUNT: OrderSubscriptionRequest = {"accountId": "DEMO-ACCOUNT"}
BUY: PreOrder = {"symbol": "AAPL", "type": OrderType.MARKET, "side": Side.BUY, "qty": 10}


@pytest.fixture
def client(io_loop: IOLoop) -> Iterator[Any]:
    """Makes Python clients; closes them after the test."""
    made: list[TradingClient] = []

    def make(address: str) -> TradingClient:
        made.append(TradingClient(f"http://{address}", pause_s=0.001))
        return made[-1]

    async def close() -> None:
        for one in made:
            await one.close()

    yield make
    io_loop.run_sync(close)


async def soon(future: Any) -> Any:
    return await asyncio.wait_for(future, WAIT_S)


def cut(server: Server) -> None:
    """End every connection, as a restart would."""
    server.services.hub.close_all(RESTARTING, "cut by the test")


def test_the_bot_trades_and_says_what_it_earned(running: str) -> None:
    command = [sys.executable, "-W", "error", "clients/python/examples/bot.py", running]
    environment = {"PYTHONPATH": str(ROOT / "clients/python")}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False
    )
    lines = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(lines) == 4
    assert all("P/L" in line for line in lines)
    assert [line.partition(",")[0] for line in lines] in (["long", "short"] * 2, ["short", "long"] * 2)


def test_the_bot_is_short() -> None:
    text = (ROOT / "clients/python/examples/bot.py").read_text()
    body = text[text.index("async def") : text.index("if __name__")].strip()
    assert len(body.splitlines()) <= 22


async def test_rest_is_typed_and_refusals_have_codes(live: StartLive, client: Any) -> None:
    server = await live()
    trading = client(server.address)
    placed = await trading.place_order(BUY)
    assert (await trading.get_order(placed["orderId"]))["qty"] == 10
    assert (await trading.get_executions("AAPL", account_id="DEMO-ACCOUNT"))[0]["orderId"] == placed["orderId"]
    assert len((await trading.get_bars(symbol="AAPL", resolution="1", count_back=5))["bars"]) == 5
    with pytest.raises(Refused) as caught:
        await trading.place_order(BUY | {"qty": 1.5})
    assert (caught.value.status, caught.value.code) == (400, "BAD_QTY_STEP")
    with pytest.raises(Refused) as caught:
        await trading.get_order("a/b c")
    assert (caught.value.status, caught.value.code) == (404, "UNKNOWN_ORDER")


async def test_a_client_makes_a_world_and_moves_its_clock(live: StartLive, client: Any) -> None:
    server = await live(control=True)
    world = await client(server.address).create_world({"mode": "paused"})
    trading = client(f"{server.address}/w/{world['id']}")
    state = await trading.move_clock({"by": 60_000})
    assert (state["status"], state["now"]) == ("ready", world["clock"]["now"] + 60_000)
    assert (await trading.advance_clock({"by": 1}))["object"] == "clock"


async def test_listeners_share_a_subscription_until_the_last_leaves(live: StartLive, client: Any) -> None:
    server = await live()
    stream = client(server.address).stream
    first, second = await asyncio.gather(*(stream.subscribe("orders", ACCOUNT) for _ in range(2)))
    assert server.server.services.hub.counts() == (1, 1)
    order_id = await server.place()
    assert [(await soon(anext(one)))["id"] for one in (first, second)] == [order_id, order_id]
    await first.cancel()
    assert server.server.services.hub.counts() == (1, 1)
    await second.cancel()
    assert server.server.services.hub.counts() == (0, 0)
    assert [one async for one in second] == []


async def test_a_refused_subscription_is_an_error_and_leaves_nothing(live: StartLive, client: Any) -> None:
    server = await live()
    stream = client(server.address).stream
    with pytest.raises(SubscriptionError, match="NOPE"):
        await stream.subscribe("bars", {"symbol": "NOPE", "resolution": "1"})
    with pytest.raises(SubscriptionError) as caught:
        await stream.subscribe("bars", {"symbol": "AAPL", "resolution": "7"})
    assert caught.value.code == "INVALID_PAYLOAD"
    await stream.subscribe("bars", {"symbol": "AAPL", "resolution": "1"})
    assert server.server.services.hub.counts() == (1, 1)


async def test_after_a_cut_updates_go_on_and_nothing_is_missed_silently(live: StartLive, client: Any) -> None:
    server = await live()
    stream = client(server.address).stream
    resets: asyncio.Queue[Any] = asyncio.Queue()
    orders = await stream.subscribe("orders", ACCOUNT, resets.put_nowait)
    await server.place()
    assert (await soon(anext(orders)))["id"] == "ORDER-1"
    cut(server.server)
    missed = await server.place()
    update = asyncio.ensure_future(anext(orders))
    reset = asyncio.ensure_future(resets.get())
    done, waiting = await asyncio.wait({update, reset}, timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1, "neither the missed update nor a reset"
    if update in done:
        assert update.result()["id"] == missed
        update = asyncio.ensure_future(anext(orders))
    async with asyncio.timeout(WAIT_S):
        while server.server.services.hub.counts() != (1, 1):
            await asyncio.sleep(0)
    after = await server.place()
    assert (await soon(update))["id"] == after
    for task in waiting:
        task.cancel()


async def test_a_code_that_says_stay_away_ends_the_stream(live: StartLive, client: Any) -> None:
    server = await live()
    orders = await client(server.address).stream.subscribe("orders", ACCOUNT)
    server.server.services.hub.close_all(4507, "not permitted")
    with pytest.raises(SubscriptionError, match="4507"):
        await soon(anext(orders))


@pytest.mark.parametrize("is_exact", [True, False])
async def test_unread_updates_are_bounded(is_exact: bool) -> None:
    async def end(_: Any) -> None: ...

    updates: Subscription[int] = Subscription(is_exact, end, max_waiting=3)
    for number in range(5):
        updates.put(number, number)
    taken = [await anext(updates) for _ in range(3)]
    if is_exact:
        assert taken == [0, 1, 2]
        with pytest.raises(Overrun):
            await anext(updates)
    else:
        assert taken == [2, 3, 4]


@pytest.fixture(scope="module")
def built(typescript_client: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled TypeScript client in a project of its own."""
    target = tmp_path_factory.mktemp("typescript")
    shutil.copytree(typescript_client, target, dirs_exist_ok=True)
    (target / "package.json").write_text('{"type": "module"}')
    return target


def test_the_typescript_example_trades(built: Path, running: str) -> None:
    command = ["node", "--no-warnings", "--experimental-websocket", str(built / "examples/trade.js"), running]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    said = [line.split()[0] for line in ran.stdout.splitlines()]
    assert said == ["AAPL", "bought", "sold", "refused:", "realized"]


FAULTY = """
import { createApi, withFault } from "./src/index.js";
const api = createApi({ address: process.argv[2] });
const order = { symbol: "AAPL", type: 2, side: 1, qty: 1 };
const fault = { stage: "request", match: { path: "*/orders" }, do: { status: { code: 503 } }, times: 1 };
await withFault(api, fault, async (active) => {
  await api.placeOrder({ body: order }).catch((error) => console.log(error.status));
  console.log((await active.stats()).applied);
});
await api.placeOrder({ body: order });
console.log((await api.getFaults()).length);
"""


def test_the_typescript_client_sets_a_fault_for_a_piece_of_work(built: Path, running: str) -> None:
    (built / "faulty.js").write_text(FAULTY)
    command = ["node", "--no-warnings", str(built / "faulty.js"), running]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == ["503", "1", "0"]


MOVED = """
import { createApi, moveClock } from "./src/index.js";
const api = createApi({ address: process.argv[2] });
const before = await api.setClock({ body: { mode: "paused" } });
const after = await moveClock(api, { by: 60_000 });
await api.setClock({ body: { mode: "running" } });
console.log(after.status, after.now - before.now);
"""


def test_the_typescript_client_moves_the_clock(built: Path, running: str) -> None:
    (built / "moved.js").write_text(MOVED)
    command = ["node", "--no-warnings", str(built / "moved.js"), running]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == ["ready", "60000"]


WRONG = {
    'await api.placeOrder({ body: { symbol: "AAPL", type: 2, side: 1 } });': "qty",
    'await api.placeOrder({ body: { symbol: "AAPL", type: 2, side: 7, qty: 1 } });': "7",
    "await api.getOrder();": "Expected 1 arguments",
    "(await api.getOrders()).map((order) => order.colour);": "colour",
    'await stream.subscribe("bars", { accountId: "A" }, () => {});': "accountId",
    'await stream.subscribe("orders", { accountId: "A" }, (order) => order.colour);': "colour",
}
"""Lines that must not compile, and what the compiler has to complain about."""


def test_wrong_use_does_not_compile(client_tools: Path, built: Path) -> None:
    head = 'import { createApi, Stream } from "./src/index.js"; const api = createApi({ address: "" });'
    lines = [head, 'const stream = new Stream({ address: "" });', "await api.getOrders();", *WRONG]
    (built / "wrong.ts").write_text("\n".join(lines))
    command = ["node", str(client_tools / "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck"]
    command += ["--target", "ES2022", "--module", "NodeNext", "--lib", "ES2022,DOM", "wrong.ts"]
    ran = subprocess.run(command, cwd=built, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False)
    said = {int(match[1]): match[2] for match in re.finditer(r"^wrong\.ts\((\d+),.*?: (.+)$", ran.stdout, re.M)}
    assert set(said) == set(range(4, 4 + len(WRONG))), ran.stdout
    for number, part in enumerate(WRONG.values(), start=4):
        assert part in said[number]


async def said(process: Process, start: str) -> str:
    """Return the next line that starts so."""
    assert process.stdout is not None
    while line := bytes(await soon(process.stdout.readline())).decode():
        if line.startswith(start):
            return line.strip()
    raise AssertionError(f"it ended without saying {start!r}")


async def test_the_typescript_stream_shares_comes_back_and_lets_go(built: Path, live: StartLive) -> None:
    server = await live()
    arguments = [str(Path(__file__).parent / "follow.mjs"), str(built / "src/index.js")]
    process = await asyncio.create_subprocess_exec(
        *("node", "--no-warnings", "--experimental-websocket", *arguments, f"ws://{server.address}/api/v1/ws"),
        stdin=PIPE,
        stdout=PIPE,
    )
    assert process.stdin is not None
    try:
        assert await said(process, "topics") == "topics shared"
        assert await said(process, "refused") == "refused REFUSED"
        assert server.server.services.hub.counts() == (1, 1)
        await server.place()
        assert await said(process, "first") == "first ORDER-1 1"
        assert await said(process, "second") == "second ORDER-1"
        cut(server.server)
        await server.place()
        assert await said(process, "status waiting") == f"status waiting {RESTARTING}"
        missed: str = await soon(missing(process))
        assert missed == "first ORDER-2 2" or missed.startswith("reset")
        await server.place()
        assert await said(process, "first ORDER-3") == "first ORDER-3 3"
        process.stdin.write(b"cancel\n")
        assert await said(process, "cancelled")
        assert server.server.services.hub.counts() == (0, 0)
        process.stdin.write(b"close\n")
        assert await soon(process.wait()) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def missing(process: Process) -> str:
    """Return what the client says of the update that it missed."""
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode().strip():
        if line.startswith(("first", "reset")):
            return line
    raise AssertionError("it ended")
