"""A key that changes under a running server: REST, open sockets, and whoever comes back."""

from pathlib import Path

import pytest

from server.security.admission import read_key_again
from tests.conftest import OpenStream, StartLive
from tests.guarded import guarded, hello
from tests.live import Live, Stream
from tests.tokens import ALICE, ALIEN_KEY, BOB, bearer, key_file, token


async def greeted(server: Live, stream: OpenStream, value: str) -> Stream:
    client = await stream(server)
    await client.send(hello(value))
    assert (await client.receive())["type"] == "welcome"
    return client


def hang_up(server: Live) -> None:
    services = server.server.services
    read_key_again(services.admission, services.hub)


async def test_another_key_closes_the_sockets_of_the_old_one(
    live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    clients = [await greeted(server, stream, token(name)) for name in (ALICE, BOB)]
    await clients[0].subscribe("orders", {"accountId": ALICE})
    key_file(tmp_path, ALIEN_KEY)
    hang_up(server)
    assert [await client.closed() for client in clients] == [4005, 4005]
    refused = await server.fetch("GET", "/broker/orders", headers=bearer(token(ALICE)))
    assert refused.code == 401
    old = await stream(server)
    await old.send(hello(token(ALICE)))
    assert await old.closed() == 4500
    fresh = await greeted(server, stream, token(ALICE, key=ALIEN_KEY))
    await fresh.subscribe("orders", {"accountId": ALICE})


@pytest.mark.parametrize("written", [None, b"too short"])
async def test_the_same_key_and_an_unusable_one_close_nothing(
    written: bytes | None, live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    client = await greeted(server, stream, token(ALICE))
    if written is not None:
        key_file(tmp_path, written)
    hang_up(server)
    await client.subscribe("orders", {"accountId": ALICE})
    assert (await server.fetch("GET", "/broker/orders", headers=bearer(token(ALICE)))).code == 200
