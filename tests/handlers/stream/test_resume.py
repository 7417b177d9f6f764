"""Resume: greeting, snapshots that the updates continue exactly, gaps that are filled as a whole or not at all."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from engine.broker.command_result import CommandResult
from engine.journal import Done
from engine.models.broker.orders import PreOrder
from handlers.stream.limits import StreamLimits
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.live import ACCOUNT, Live, Stream
from tests.properties import share
from tests.raw import RawClient
from tests.support import ManualClock

CUTS = share(200)
SNAPSHOTS = share(100)
"""Snapshots that are asked for at once, ten times."""

EXACT = ("orders", "positions", "executions")
REST = {"orders": "/broker/orders", "positions": "/broker/positions", "executions": "/broker/executions"}
LIMIT_ORDER = {"type": 1, "limitPrice": 1.0, "qty": 1}


async def resume(client: Stream, route: str, payload: Any = ACCOUNT, **more: Any) -> dict[str, Any]:
    reply: dict[str, Any] = (await client.ask(f"{route}.subscribe", payload, **more))["payload"]
    assert reply["status"] == "ok", reply
    return reply


async def numbers(client: Stream) -> list[int]:
    return [message["payload"]["seq"] for message in await client.drained()]


async def test_hello_is_answered_with_the_welcome(live: StartLive, stream: OpenStream, clock: ManualClock) -> None:
    server = await live()
    client = await stream(server)
    reply = await client.ask("hello", {}, id=1)
    payload = reply["payload"]
    assert (reply["type"], reply["id"], payload["serverTime"]) == ("welcome", 1, clock.now_ms())
    assert payload["epoch"] == (await resume(client, "orders"))["epoch"]
    assert (payload["heartbeatMs"], payload["resumeWindowMs"]) == (5000, 120_000)
    assert (payload["limits"]["topics"], payload["limits"]["messageBytes"]) == (256, 16384)
    assert (payload["limits"]["messagesPerSecond"], payload["limits"]["messageBurst"]) == (20, 300)


async def test_every_welcome_names_its_own_session(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    names = {(await (await stream(server)).ask("hello", None))["payload"]["session"] for _ in range(3)}
    assert len(names) == 3


@pytest.mark.parametrize("route", EXACT)
async def test_a_snapshot_is_what_rest_lists(route: str, live: StartLive, stream: OpenStream) -> None:
    server = await live()
    for symbol in ("AAPL", "MSFT"):
        await server.place(symbol=symbol)
        await server.place(symbol=symbol, **LIMIT_ORDER)
    client = await stream(server)
    reply = await resume(client, route, snapshot=True)
    assert reply["snapshot"] == await server.call("GET", REST[route])
    assert len(reply["snapshot"]) >= 2
    await server.place()
    assert (await client.receive())["payload"]["seq"] == reply["seq"] + 1


async def test_a_snapshot_of_one_symbols_executions_is_that_symbols(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    for symbol in ("AAPL", "MSFT"):
        await server.place(symbol=symbol)
    reply = await resume(await stream(server), "executions", {**ACCOUNT, "symbol": "MSFT"}, snapshot=True)
    assert [row["symbol"] for row in reply["snapshot"]] == ["MSFT"]


async def test_snapshots_of_conflated_topics_are_their_state_now(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await server.place()
    client = await stream(server)
    equity = await resume(client, "equity", snapshot=True)
    assert equity["snapshot"] == await server.call("GET", "/broker/account/state")
    quotes = await resume(client, "quotes", {"symbols": ["MSFT"], "fast_symbols": ["AAPL"]}, snapshot=True)
    assert quotes["snapshot"] == await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL", "MSFT"]})
    bar = (await resume(client, "bars", {"symbol": "AAPL", "resolution": "1"}, snapshot=True))["snapshot"]
    assert bar["time"] == server.clock.now_ms() // 60_000 * 60_000
    profit = (await resume(client, "pl", snapshot=True))["snapshot"]
    assert [row["symbol"] for row in profit["positions"]] == ["AAPL"]


async def test_a_conflated_topic_cannot_be_recovered_but_gives_its_state(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    epoch = (await client.ask("hello", {}))["payload"]["epoch"]
    reply = await resume(client, "equity", recover={"epoch": epoch, "seq": 0})
    assert reply["recovered"] is False
    assert reply["snapshot"]["balance"] == 100_000


@pytest.mark.parametrize("route", EXACT)
async def test_what_was_missed_follows_the_response(route: str, live: StartLive, stream: OpenStream) -> None:
    server = await live()
    first = await stream(server)
    place = await resume(first, route)
    for _ in range(5):
        await server.place()
    seen = [(m["payload"]["seq"], m["payload"]["payload"]) for m in await first.drained()]
    second = await stream(server)
    reply = await resume(second, route, recover={"epoch": place["epoch"], "seq": seen[1][0]}, snapshot=True)
    assert (reply["recovered"], reply["seq"]) == (True, seen[1][0])
    assert "snapshot" not in reply
    await server.place()
    again = [(m["payload"]["seq"], m["payload"]["payload"]) for m in await second.drained()]
    assert again[:3] == seen[2:]
    assert [seq for seq, _ in again] == [3, 4, 5, 6]


async def test_updates_that_nobody_heard_are_recovered_too(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    for _ in range(3):
        await server.place()
    client = await stream(server)
    epoch = server.server.services.hub.epoch
    assert (await resume(client, "orders", recover={"epoch": epoch, "seq": 0}))["recovered"] is True
    assert await numbers(client) == [1, 2, 3]


async def test_who_missed_nothing_is_recovered_with_nothing(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await server.place()
    client = await stream(server)
    reply = await resume(client, "orders", recover={"epoch": server.server.services.hub.epoch, "seq": 1})
    assert (reply["recovered"], reply["seq"], await client.drained()) == (True, 1, [])


@pytest.mark.parametrize(
    ("epoch", "seq"), [("another", 1), (None, 99), (None, 0)], ids=["wrong epoch", "future", "beyond the window"]
)
async def test_what_cannot_be_filled_as_a_whole_is_not_recovered(
    epoch: str | None, seq: int, live: StartLive, stream: OpenStream
) -> None:
    server = await live(limits=StreamLimits(journal_updates=0, history_updates=2))
    hub = server.server.services.hub
    for _ in range(3):
        await server.place()
    client = await stream(server)
    reply = await resume(client, "orders", recover={"epoch": epoch or hub.epoch, "seq": seq}, snapshot=True)
    assert (reply["recovered"], reply["seq"], len(reply["snapshot"])) == (False, 3, 3)
    assert await client.drained() == []


async def test_the_window_is_a_thousand_updates(live: StartLive, stream: OpenStream) -> None:
    server = await live(limits=StreamLimits(journal_updates=0))
    for number in range(1002):
        submitted = server.server.services.engine.place_order(None, order(type=2, side=1 if number % 2 else -1))
        server.server.services.publisher.submit(submitted.result)
    epoch = server.server.services.hub.epoch
    client = await stream(server)
    assert (await resume(client, "orders", recover={"epoch": epoch, "seq": 1}))["recovered"] is False
    client = await stream(server)
    assert (await resume(client, "orders", recover={"epoch": epoch, "seq": 2}))["recovered"] is True
    assert await numbers(client) == list(range(3, 1003))


async def test_the_window_is_two_minutes(live: StartLive, stream: OpenStream) -> None:
    server = await live(limits=StreamLimits(journal_updates=0))
    await server.place()
    server.clock.advance(119_000)
    await server.place()
    epoch = server.server.services.hub.epoch
    assert (await resume(await stream(server), "orders", recover={"epoch": epoch, "seq": 0}))["recovered"] is True
    server.clock.advance(2000)
    assert (await resume(await stream(server), "orders", recover={"epoch": epoch, "seq": 0}))["recovered"] is False
    assert (await resume(await stream(server), "orders", recover={"epoch": epoch, "seq": 1}))["recovered"] is True


async def test_a_restored_channel_goes_on_counting(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    server.server.services.hub.restore("orders:DEMO-ACCOUNT", 41)
    client = await stream(server)
    assert (await resume(client, "orders"))["seq"] == 41
    await server.place()
    assert await numbers(client) == [42]


@pytest.mark.parametrize(
    "more", [{"recover": 5}, {"recover": {"epoch": "e"}}, {"recover": {"epoch": "e", "seq": -1}}, {"snapshot": "yes"}]
)
async def test_a_malformed_wish_is_refused(more: dict[str, Any], live: StartLive, stream: OpenStream) -> None:
    server = await live()
    reply = await (await stream(server)).ask("orders.subscribe", ACCOUNT, **more)
    assert (reply["type"], reply["payload"]["code"]) == ("error", "INVALID_PAYLOAD")
    assert server.server.services.hub.counts() == (0, 0)


async def test_numbers_of_a_conflated_topic_never_go_back(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    last = 0
    for _ in range(3):
        topic = {"symbol": "AAPL", "resolution": "1"}
        await client.subscribe("bars", topic)
        server.step()
        seen = [m["payload"]["seq"] for m in await client.drained()]
        assert seen[0] > last
        last = seen[-1]
        await client.ask("bars.unsubscribe", topic)


async def test_a_second_follower_of_slow_quotes_gets_its_first_at_once(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    wanted = {"symbols": ["AAPL", "MSFT"], "fast_symbols": ["MSFT"]}
    first, second = await stream(server), await stream(server)
    await first.subscribe("quotes", wanted)
    server.step()
    await first.drained()
    await second.subscribe("quotes", wanted)
    assert [m["payload"]["payload"]["n"] for m in await second.drained()] == ["AAPL"]
    assert await first.drained() == []


# With a disk that takes its time


class SlowJournal:
    """A journal whose commits end when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Done] = []

    def check_writable(self) -> None:
        pass

    def append(self, result: CommandResult, done: Done) -> None:
        self.waiting.append(done)

    def commit(self, error: Exception | None = None) -> None:
        self.waiting.pop(0)(error)


def order(**fields: Any) -> PreOrder:
    return PreOrder.model_validate({"symbol": "AAPL", "type": 1, "side": 1, **LIMIT_ORDER, **fields})


def slowed(server: Live, monkeypatch: pytest.MonkeyPatch) -> tuple[SlowJournal, Callable[[], None]]:
    """Give a server a slow disk; returns it, and a way to place an order without waiting for it."""
    services, journal = server.server.services, SlowJournal()
    monkeypatch.setattr(services.journal, "append", journal.append)

    def place() -> None:
        services.publisher.submit(services.engine.place_order(None, order()).result)

    return journal, place


async def test_a_snapshot_waits_for_the_batches_that_it_shows(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    client = await stream(server)
    journal, place = slowed(server, monkeypatch)
    place()
    await client.send({"type": "orders.subscribe", "payload": ACCOUNT, "snapshot": True})
    await client.send({"type": "positions.subscribe", "payload": ACCOUNT, "id": "behind"})
    while not server.server.services.publisher.waiting > 1:
        await asyncio.sleep(0)
    place()
    journal.commit()
    reply = (await client.receive())["payload"]
    assert (len(reply["snapshot"]), reply["seq"]) == (1, 1)
    assert (await client.receive())["id"] == "behind"
    journal.commit()
    update = (await client.receive())["payload"]
    assert (update["seq"], update["payload"]["id"] != reply["snapshot"][0]["id"]) == (2, True)


async def test_a_snapshot_of_a_state_that_was_not_stored_is_refused(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    client = await stream(server)
    journal, place = slowed(server, monkeypatch)
    place()
    await client.send({"type": "orders.subscribe", "payload": ACCOUNT, "snapshot": True})
    while not server.server.services.publisher.waiting > 1:
        await asyncio.sleep(0)
    journal.commit(OSError("disk full"))
    server.server.services.publisher.state_restored()
    place()
    journal.commit()
    assert (await client.receive())["payload"]["status"] == "error"
    assert server.server.services.hub.counts() == (0, 0)


# Under load


@asynccontextmanager
async def load(server: Live, seed: int) -> AsyncIterator[None]:
    """Place and fill orders all the time, one in every tenth pass of the loop."""
    services, dice = server.server.services, random.Random(seed)

    async def run() -> None:
        while True:
            if dice.random() < 0.1:
                kind = dice.choice(({"type": 2}, {"type": 1}))
                side = dice.choice((1, -1))
                request = order(**kind, side=side, limitPrice=1.0 if side == 1 else 9000.0)
                services.publisher.submit(services.engine.place_order(None, request).result)
            await asyncio.sleep(0)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("kept", [1000, 3], ids=["from memory", "from the journal, page by page"])
async def test_cuts_leave_no_gap_no_duplicate_no_reorder(kept: int, live: StartLive, raw: OpenRaw) -> None:
    server = await live(limits=StreamLimits(history_updates=kept, replay_page=2))
    dice = random.Random(5)
    last: dict[str, int] = {}
    epoch, cuts = server.server.services.hub.epoch, 0
    async with load(server, 5):
        while cuts < CUTS:
            client = await raw(server)
            for route in EXACT:
                more = {"recover": {"epoch": epoch, "seq": last[route]}} if route in last else {}
                await client.say({"type": f"{route}.subscribe", "payload": ACCOUNT, **more})
            for _ in range(dice.randrange(4, 60)):
                message = await client.message()
                route, _, what = message["type"].partition(".")
                payload = message["payload"]
                if what == "update":
                    assert payload["seq"] == last[route] + 1, (cuts, route)
                    last[route] = payload["seq"]
                elif route in last:
                    assert (payload["recovered"], payload["seq"]) == (True, last[route])
                else:
                    last[route] = payload["seq"]
            client.close()
            cuts += 1
    assert min(last.values()) > CUTS


async def test_snapshots_under_load_continue_to_the_state_of_rest(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    dice = random.Random(7)
    checked = 0
    for seed in range(10):
        async with load(server, seed):
            clients = await asyncio.gather(*(raw(server) for _ in range(SNAPSHOTS)))
            routes = [dice.choice(EXACT) for _ in clients]
            asked = zip(clients, routes, strict=True)
            replies = [await client.subscribe(route, ACCOUNT, snapshot=True) for client, route in asked]
        state = {route: await server.call("GET", path) for route, path in REST.items()}
        for client, route, reply in zip(clients, routes, replies, strict=True):
            rows = await followed(client, route, reply)
            assert [rows[row["id"]] for row in state[route]] == state[route], route
            client.close()
            checked += 1
    assert checked == 10 * SNAPSHOTS


async def followed(client: RawClient, route: str, reply: dict[str, Any]) -> dict[str, Any]:
    """Apply every update that came after a snapshot to it."""
    rows = {row["id"]: row for row in reply["snapshot"]}
    last = reply["seq"]
    await client.say({"type": "nonsense", "id": "end"})
    while (message := await client.message()).get("id") != "end":
        assert message["payload"]["seq"] == last + 1
        last, row = message["payload"]["seq"], message["payload"]["payload"]
        rows[row["id"]] = row
        if route == "positions" and not row["qty"]:
            del rows[row["id"]]
    return rows
