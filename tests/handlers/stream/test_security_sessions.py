"""The token of a socket: how it comes in, how it is renewed, how it ends."""

import asyncio
from pathlib import Path

import pytest
from tornado.httpclient import HTTPRequest

from handlers.stream.handler import StreamHandler
from handlers.stream.limits import StreamLimits
from tests.conftest import Connect, OpenStream, StartLive
from tests.guarded import WallClock, guarded, hello
from tests.live import Inbox, Live, Stream
from tests.tokens import ALICE, ALIEN_KEY, BOB, bearer, key_file, token


async def offer(server: Live, connect: Connect, *protocols: str) -> Stream:
    inbox: Inbox = asyncio.Queue()
    request = HTTPRequest(f"ws://{server.address}/api/v1/ws", headers={"Sec-WebSocket-Protocol": ", ".join(protocols)})
    return Stream(await connect(request, on_message_callback=inbox.put_nowait), inbox)


def set_ahead(server: Live, wall: WallClock, seconds: float) -> None:
    """Set the wall clock forward and let every session look at it."""
    server.server.services.admission.now = wall
    wall.ahead_s = seconds
    for connection in list(server.server.services.hub.connections):
        handler = connection.handler
        assert isinstance(handler, StreamHandler)
        handler.identity.check_expiry()


async def test_a_token_may_come_as_a_subprotocol(live: StartLive, connect: Connect, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    client = await offer(server, connect, "trading.v1", f"bearer.{token(ALICE)}")
    assert client.socket.selected_subprotocol == "trading.v1"
    await client.subscribe("orders", {"accountId": ALICE})


async def test_a_bad_subprotocol_token_closes_with_4500(live: StartLive, connect: Connect, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    client = await offer(server, connect, "trading.v1", f"bearer.{token(ALICE, key=ALIEN_KEY)}")
    assert await client.closed() == 4500


async def test_a_token_in_the_url_is_nothing(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    client = await stream(server, f"/ws?token={token(ALICE)}")
    assert (await client.ask("orders.subscribe", {"accountId": ALICE}))["payload"]["code"] == "UNAUTHORIZED"


async def test_a_silent_stranger_is_closed_with_4502(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    client = await stream(await guarded(live, tmp_path, limits=StreamLimits(auth_timeout_s=0.01)))
    assert await client.closed() == 4502


async def test_an_end_is_announced_and_then_comes(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    server, wall = await guarded(live, tmp_path), WallClock()
    client = await stream(server)
    await client.send(hello(token(ALICE)))
    await client.receive()
    set_ahead(server, wall, 3600 - 59)
    notice = await client.receive()
    assert notice["type"] == "notice" and 0 < notice["payload"]["inMs"] <= 60_000
    set_ahead(server, wall, 3600 - 30)
    assert await client.drained() == []
    set_ahead(server, wall, 3601)
    assert await client.closed() == 4005


async def test_a_fresh_token_keeps_the_connection_and_its_topics(
    live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server, wall = await guarded(live, tmp_path), WallClock()
    client = await stream(server)
    await client.send(hello(token(ALICE)))
    await client.receive()
    await client.subscribe("orders", {"accountId": ALICE})
    set_ahead(server, wall, 3600 - 59)
    await client.receive()
    import time

    await client.send(hello(token(ALICE, exp=int(time.time()) + 7200)))
    assert (await client.receive())["type"] == "welcome"
    set_ahead(server, wall, 3601)
    await server.fetch(
        "POST",
        "/broker/orders",
        {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1.0},
        headers=bearer(token(ALICE, exp=int(time.time()) + 7200)),
    )
    assert (await client.receive())["type"] == "orders.update"


async def test_somebody_elses_token_does_not_renew(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    client = await stream(await guarded(live, tmp_path))
    await client.send(hello(token(ALICE)))
    await client.receive()
    await client.send(hello(token(BOB)))
    assert await client.closed() == 4507


async def test_a_bad_token_does_not_renew(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    client = await stream(await guarded(live, tmp_path))
    await client.send(hello(token(ALICE)))
    await client.receive()
    await client.send(hello("garbage"))
    assert await client.closed() == 4500


async def test_another_key_locks_out_rest_at_once(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    old = bearer(token(ALICE))
    assert (await server.fetch("GET", "/broker/orders", headers=old)).code == 200
    key_file(tmp_path, ALIEN_KEY)
    server.server.services.admission.verify.reload()  # type: ignore[union-attr]
    assert (await server.fetch("GET", "/broker/orders", headers=old)).code == 401


@pytest.mark.parametrize("auth", ["none", "jwt"])
async def test_connections_are_limited_and_given_back(
    auth: str, live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    settings = {"max_connections": 3}
    server = await (guarded(live, tmp_path, **settings) if auth == "jwt" else live(**settings))
    clients = [await stream(server) for _ in range(3)]
    assert await (await stream(server)).closed() == 4504
    clients[0].socket.close()
    await clients[0].closed()
    again = await stream(server)
    await again.send(hello(token(ALICE)))
    assert (await again.receive())["type"] == "welcome"


async def test_connections_of_one_subject_are_limited_wherever_they_come_from(
    live: StartLive, connect: Connect, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path, max_connections=2, trusted_proxy=("127.0.0.1",))
    codes = []
    for number in range(3):
        inbox: Inbox = asyncio.Queue()
        headers = {"X-Real-IP": f"192.0.2.{number}"}
        request = HTTPRequest(f"ws://{server.address}/api/v1/ws", headers=headers)
        client = Stream(await connect(request, on_message_callback=inbox.put_nowait), inbox)
        await client.send(hello(token(ALICE)))
        codes.append((await client.receive())["type"] if number < 2 else await client.closed())
    assert codes == ["welcome", "welcome", 4504]


async def test_the_welcome_shows_the_limits_that_hold(live: StartLive, stream: OpenStream) -> None:
    names = {"commandsPerSecond", "commandBurst", "connectionsPerClient"}
    limited = await stream(await live(order_rate=7, max_connections=9))
    shown = (await limited.ask("hello", {}))["payload"]["limits"]
    assert {name: shown[name] for name in names} == {
        "commandsPerSecond": 7,
        "commandBurst": 14,
        "connectionsPerClient": 9,
    }
    free = await stream(await live())
    assert not names & (await free.ask("hello", {}))["payload"]["limits"].keys()
