"""A core and two edges as real processes: a client gets the same from each of them, and may change between them."""

import asyncio
import json
import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.conftest import Connect
from tests.contract import wire
from tests.live import Inbox, Stream
from tests.nats_server import NatsServer, needs_nats
from tests.server.edge.fleet import EXACT, Fleet, Follower, OrderLoad
from tests.tokens import ALICE, ALIEN_KEY, BOB, bearer, key_file, token

pytestmark = needs_nats

ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))
HOPS = 20 if ROUNDS <= 3 else 200
CLIENTS, TASKS = 4, 4
CONNECTED, CONNECTING = 1, 2
ORDERS_PER_ROUND = 20
"""Orders that are acknowledged before the next kill."""

ORDER = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}


@pytest.fixture(scope="module")
def fleet(shared_nats: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    options = ["--auth", "jwt", "--jwt-key-file", str(key_file(folder)), "--order-rate", "0", "--max-connections", "0"]
    started = Fleet(shared_nats, folder, 2, *options, "--trusted-proxy", "127.0.0.1")
    yield started
    started.kill()


async def ask(
    http: AsyncHTTPClient, address: str, method: str, path: str, body: Any = None, bearer_token: str | None = None
) -> HTTPResponse:
    return await http.fetch(
        f"http://{address}/api/v1{path}",
        method=method,
        headers={"Content-Type": "application/json"} | bearer(bearer_token),
        body=None if body is None else json.dumps(body),
        raise_error=False,
        allow_nonstandard_methods=True,
    )


async def open_socket(connect: Connect, address: str) -> Stream:
    inbox: Inbox = asyncio.Queue()
    return Stream(await connect(f"ws://{address}/api/v1/ws", on_message_callback=inbox.put_nowait), inbox)


async def say_hello(connect: Connect, address: str, bearer_token: str) -> Stream:
    client = await open_socket(connect, address)
    assert (await client.ask("hello", {"token": bearer_token}))["type"] == "welcome"
    return client


async def place(http: AsyncHTTPClient, address: str, subject: str, **fields: Any) -> str:
    response = await ask(http, address, "POST", "/broker/orders", ORDER | fields, token(subject))
    assert response.code == 200, response.body
    order_id: str = json.loads(response.body)["orderId"]
    return order_id


async def test_clients_of_core_and_edges_get_the_same_updates(fleet: Fleet, http_client: AsyncHTTPClient) -> None:
    clients = [Follower(ALICE, token(ALICE)) for _ in fleet.addresses]
    for client, address in zip(clients, fleet.addresses, strict=True):
        await client.connect(address)
        await client.subscribed()
    for number in range(6):
        await place(http_client, fleet.addresses[number % 3], ALICE, side=(1, -1)[number % 2])
    for client in clients:
        await client.until(lambda client=client: all(client.seq(route) == 6 for route in EXACT))  # type: ignore[misc]
        await client.close()
    assert clients[0].first_seq == clients[1].first_seq == clients[2].first_seq
    assert clients[0].seen == clients[1].seen == clients[2].seen


async def test_a_client_that_hops_sees_every_update_once(fleet: Fleet, http_client: AsyncHTTPClient) -> None:
    client, random = Follower(BOB, token(BOB)), Random(1)
    await client.connect(fleet.addresses[0])
    await client.subscribed()
    for hop in range(HOPS):
        placing = [place(http_client, fleet.addresses[0], BOB, side=random.choice((1, -1))) for _ in range(2)]
        placed = asyncio.gather(*placing)
        await client.connect(fleet.addresses[1 + hop % 2])
        await placed
    await client.until(lambda: all(client.seq(route) >= 2 * HOPS for route in ("orders", "executions")))
    await client.close()
    assert len(client.seen["orders"]) == 2 * HOPS


async def test_a_snapshot_and_the_updates_after_it_are_the_state(
    fleet: Fleet, connect: Connect, http_client: AsyncHTTPClient
) -> None:
    orders = [place(http_client, fleet.addresses[2], "CAROL", type=1, limitPrice=1.0) for _ in range(12)]
    placing = asyncio.gather(*orders)
    client = await say_hello(connect, fleet.addresses[1], token("CAROL"))
    response = (await client.ask("orders.subscribe", {"accountId": "CAROL"}, snapshot=True))["payload"]
    state, seq = {one["id"] for one in response["snapshot"]}, response["seq"]
    assert len(state) == seq
    await placing
    for number in range(seq + 1, 13):
        update = (await client.receive())["payload"]
        assert update["seq"] == number
        state.add(update["payload"]["id"])
    assert state == set(await placing)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/broker/accounts", None),
        ("GET", "/broker/orders/ORDER-999", None),
        ("POST", "/broker/orders", {"symbol": "AAPL", "type": 2, "side": 7, "qty": 1}),
        ("POST", "/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1.5}),
        ("DELETE", "/broker/positions/NOPE", None),
        ("PUT", "/broker/orders", {}),
        ("GET", "/nowhere", None),
        ("GET", "/datafeed/resolve/AAPL", None),
        ("GET", "/datafeed/bars?symbol=AAPL&resolution=1D&to_time=1767830400&count_back=3", None),
        ("GET", "/broker/metainfo", None),
    ],
)
async def test_an_edge_answers_as_the_core(
    method: str, path: str, body: Any, fleet: Fleet, http_client: AsyncHTTPClient
) -> None:
    core, edge = [await ask(http_client, one, method, path, body, token("DORA")) for one in fleet.addresses[:2]]
    own = {"Date", "X-Request-Id", "Connection", "Content-Length"}
    assert (edge.code, edge.body) == (core.code, core.body)
    assert {n: v for n, v in edge.headers.items() if n not in own} == {
        n: v for n, v in core.headers.items() if n not in own
    }


@pytest.mark.parametrize("given", [None, "garbage", token(key=ALIEN_KEY)], ids=["none", "garbage", "another key"])
async def test_an_edge_refuses_a_bad_token(
    given: str | None, fleet: Fleet, connect: Connect, http_client: AsyncHTTPClient
) -> None:
    answer = await ask(http_client, fleet.addresses[1], "GET", "/broker/orders", None, given)
    assert (answer.code, json.loads(answer.body)["code"]) == (401, "UNAUTHORIZED")
    if given is not None:
        client = await open_socket(connect, fleet.addresses[1])
        await client.send({"type": "hello", "payload": {"token": given}})
        assert await client.closed() == 4500


async def test_quotes_of_an_edge_are_those_of_the_core(fleet: Fleet, connect: Connect) -> None:
    clients = [await say_hello(connect, one, token(ALICE)) for one in fleet.addresses[:2]]
    for client in clients:
        await client.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL", "MSFT", "EURUSD"]})
    core, edge = [{json.dumps(quote) for _, quote in await client.updates(12)} for client in clients]
    assert core & edge


async def test_health_says_how_far_the_edge_is_behind(fleet: Fleet, http_client: AsyncHTTPClient) -> None:
    answer = await ask(http_client, fleet.addresses[1], "GET", "/health")
    body = json.loads(answer.body)
    wire.check_reply("GET", "/health", wire.Reply(answer.code, "application/json", answer.body))
    assert (answer.code, body["status"]) == (200, "ok")
    assert (body["bus"]["role"], body["bus"]["core"]) == ("edge", f"http://{fleet.core.address}")
    metrics = await http_client.fetch(
        f"http://{fleet.addresses[1]}/metrics", headers=bearer(token(ALICE, scope="admin"))
    )
    assert b"trading_bus_lag_seconds" in metrics.body


def status_of(client: Follower) -> int | None:
    """Return the newest state of the connection to the core that a client has."""
    seen = client.seen["broker-connection"]
    return json.loads(seen[-1])["status"] if seen else None


async def test_without_its_core_an_edge_serves_prices_and_refuses_commands(
    fleet: Fleet, http_client: AsyncHTTPClient
) -> None:
    client = Follower("EMIL", token("EMIL"), ("orders", "broker-connection"))
    await client.connect(fleet.addresses[1])
    await client.subscribed()
    await client.until(lambda: status_of(client) == CONNECTED)
    fleet.core.kill()
    refused = await ask(http_client, fleet.addresses[1], "POST", "/broker/orders", ORDER, token("EMIL"))
    assert (refused.code, refused.headers["Retry-After"]) == (503, "1")
    prices = await ask(
        http_client, fleet.addresses[1], "POST", "/datafeed/quotes", {"symbols": ["AAPL"]}, token("EMIL")
    )
    assert prices.code == 200
    await client.until(lambda: status_of(client) == CONNECTING)
    fleet.start_core()
    await client.until(lambda: status_of(client) == CONNECTED)
    await place(http_client, fleet.addresses[2], "EMIL")
    await client.until(lambda: client.seq("orders") == 1)
    await client.close()


async def grown(load: OrderLoad, count: int) -> None:
    """Wait until so many further orders are acknowledged."""
    goal = len(load.acknowledged) + count
    async with asyncio.timeout(60):
        while len(load.acknowledged) < goal:
            await asyncio.sleep(0.02)


async def kill_and_start(fleet: Fleet, turn: int, load: OrderLoad, random: Random) -> None:
    """Kill a process with SIGKILL, and start it again a little later."""
    loop = asyncio.get_running_loop()
    match turn % 3:
        case 0:
            fleet.nats.kill()
            await grown(load, random.randrange(ORDERS_PER_ROUND))
            await loop.run_in_executor(None, fleet.nats.start)
        case 1:
            number = random.randrange(len(fleet.edges))
            fleet.edges[number].kill()
            await grown(load, random.randrange(ORDERS_PER_ROUND))
            await loop.run_in_executor(None, fleet.start_edge, number)
        case _:
            fleet.core.kill()
            await loop.run_in_executor(None, fleet.start_core)


async def received(clients: list[Follower], following: list["asyncio.Task[None]"], orders: int) -> None:
    """Wait until every client has an execution of each order; the failure of a client ends the wait."""
    async with asyncio.timeout(60):
        while any(len(client.seen["executions"]) < orders for client in clients):
            for task in following:
                if task.done():
                    task.result()
            await asyncio.sleep(0.05)


@pytest.mark.timeout(seconds=60 + 20 * ROUNDS)
async def test_every_client_gets_every_update_once_whatever_is_killed(fleet: Fleet) -> None:
    random, loop, addresses, is_over = Random("edges"), asyncio.get_running_loop(), fleet.addresses, asyncio.Event()
    clients = [Follower("FRED", token("FRED")) for _ in range(CLIENTS)]
    for client in clients:
        await client.connect(random.choice(addresses))
        await client.subscribed()
    following = [
        loop.create_task(client.follow(addresses, Random(number), is_over.is_set))
        for number, client in enumerate(clients)
    ]
    load = OrderLoad(addresses, token("FRED"))
    loading = loop.create_task(load.run(TASKS))
    for turn in range(ROUNDS):
        await grown(load, ORDERS_PER_ROUND)
        await kill_and_start(fleet, turn, load, random)
    await grown(load, ORDERS_PER_ROUND)
    load.stop()
    await loading
    await received(clients, following, len(load.acknowledged))
    is_over.set()
    for client in clients:
        await client.close()
    await asyncio.gather(*following)
    traded = sorted(json.loads(one)["orderId"] for one in clients[0].seen["executions"])
    assert traded == sorted(load.acknowledged.values())
    assert all(client.seen == clients[0].seen for client in clients)
