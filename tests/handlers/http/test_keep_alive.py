"""One client that keeps its connection: its answers are the same again and again, and come when they are stored."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest

from engine.journal import Done
from tests.conftest import StartLive
from tests.live import Live
from tests.peer import HEAD, JSON, ORDER, Answer, Peer, ask, order
from tests.support import WAIT_S

COMMANDS = {
    "an order": (200, order()),
    "an order for an account that is not there": (404, order().replace(b"orders HTTP", b"orders?accountId=A HTTP")),
    "an order without a symbol": (422, order(body=b"{}")),
    "an order that is no JSON": (422, order(body=b"{")),
    "no body": (422, ask("/broker/orders", "POST", JSON)),
    "a body that does not say what it is": (
        415,
        ask("/broker/orders", "POST", f"Content-Length: {len(ORDER)}\r\n", ORDER),
    ),
    "an order to another host": (421, order().replace(b"localhost", b"evil")),
    "an order of another site's page": (403, order("Origin: https://evil.example\r\n")),
    "no such address": (404, ask("/nothing")),
    "no such method": (405, ask("/broker/orders", "PATCH")),
    "an order with an id of its own": (200, order("X-Request-ID: mine\r\n")),
    "an order that is not there": (404, ask("/broker/orders/ORDER-77")),
    "a head only, where it is no answer": (405, ask("/broker/orders", "HEAD")),
    "the page": (200, HEAD.format(method="GET", path="/", more="").encode()),
    "nothing of the page": (404, HEAD.format(method="GET", path="/nothing", more="").encode()),
}


def shape(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Return the parts that are the same in two answers: all but the time, order numbers, and made-up request ids."""
    fields = dict(answer.fields)
    del fields["Date"]
    if fields["X-Request-Id"] != "mine":
        del fields["X-Request-Id"]
    body = b"placed" if answer.body.startswith(b'{"orderId":"ORDER-') else answer.body
    return answer.status, fields, body


@pytest.mark.parametrize("name", COMMANDS)
async def test_answers_to_a_request_that_comes_again_are_the_same(name: str, live: StartLive) -> None:
    status, request = COMMANDS[name]
    peer, has_body = await Peer.to(await live(), request[:20]), not request.startswith(b"HEAD")
    await asyncio.sleep(0)
    peer.writer.write(request[20:])
    in_pieces = shape(await peer.answer(has_body))
    again = []
    for _ in range(4):
        peer.writer.write(request)
        again.append(shape(await peer.answer(has_body)))
    assert in_pieces[0] == status
    assert again == [in_pieces] * 4
    peer.writer.close()


async def repeated(server: Live, between: Callable[[], Any]) -> list[int]:
    """Send an order four times on one connection, and again after something happened."""
    peer = await Peer.to(server)
    codes = []
    for turn in range(5):
        if turn == 4:
            between()
        peer.writer.write(order())
        codes.append((await peer.answer()).status)
    peer.writer.close()
    return codes


async def test_every_order_of_a_connection_is_counted(live: StartLive) -> None:
    server = await live(order_rate=1, order_burst=4)
    assert await repeated(server, lambda: None) == [200] * 4 + [429]


async def test_a_connection_sends_no_commands_to_a_server_that_stops(live: StartLive) -> None:
    server = await live()
    admission = server.server.services.admission
    assert await repeated(server, lambda: setattr(admission, "is_closing", True)) == [200] * 4 + [503]


class HeldJournal:
    """Keeps the commits of a server waiting until the test completes them."""

    def __init__(self, server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: list[Done] = []
        monkeypatch.setattr(server.server.services.journal, "append", self.append)

    def append(self, _result: Any, done: Done) -> None:
        self.waiting.append(done)


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop turn until something is so."""
    async with asyncio.timeout(WAIT_S):
        while not is_so():
            await asyncio.sleep(0)


@pytest.mark.parametrize(("error", "status"), [(None, 200), (OSError("disk full"), 503)])
async def test_an_order_is_answered_when_it_is_stored_and_the_next_one_waits_for_that(
    error: Exception | None, status: int, live: StartLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    peer = await Peer.to(server, order())
    assert (await peer.answer()).status == 200
    journal = HeldJournal(server, monkeypatch)
    peer.writer.write(order())
    await until(lambda: len(journal.waiting) == 1)
    peer.writer.write(order() * 2)
    first = asyncio.create_task(peer.answer())
    assert (await server.fetch("GET", "/version")).code == 200
    assert (len(journal.waiting), first.done()) == (1, False)
    journal.waiting.pop()(error)
    assert (await first).status == status
    server.server.services.publisher.state_restored()
    for _ in range(2):
        await until(lambda: bool(journal.waiting))
        journal.waiting.pop()(None)
        assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_a_client_that_has_shut_its_side_gets_its_answer_when_the_order_is_stored(
    live: StartLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    journal = HeldJournal(server, monkeypatch)
    peer = await Peer.to(server, order())
    peer.writer.write_eof()
    await until(lambda: bool(journal.waiting))
    assert (await server.fetch("GET", "/version")).code == 200
    journal.waiting.pop()(None)
    assert (await peer.answer()).status == 200
    assert await peer.rest() == b""


async def test_a_client_that_is_gone_before_its_order_is_stored_leaves_no_request_open(
    live: StartLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    admission, journal = server.server.services.admission, HeldJournal(server, monkeypatch)
    peer = await Peer.to(server, order())
    await until(lambda: bool(journal.waiting))
    peer.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.writer.transport.abort()
    await until(lambda: not admission.active)
    journal.waiting.pop()(None)
    await asyncio.sleep(0)
    assert admission.active == 0
