"""A head that comes again is not read again, and nothing else is different: not what was asked, not who gets in."""

import asyncio
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.journal import Done
from handlers.errors import ApiError
from handlers.http import head_cache as kept
from handlers.http.head_cache import Heads, Known
from handlers.http.parser import Failed, RequestReader
from handlers.http.request import Request
from server.security.tokens import TokenAuthority
from tests.conftest import StartLive
from tests.guarded import WallClock, guarded
from tests.live import Live
from tests.peer import HEAD, JSON, ORDER, Answer, Peer, ask, order
from tests.tokens import ALICE, ALIEN_KEY, bearer, token

Asked = tuple[str, str, str, dict[str, str], bool, bytes]


class Forgetful(Heads):
    """Keeps nothing: every head is read."""

    def keep(self, head: bytes, known: Known) -> None:
        """Do nothing."""


class Record:
    """A sink that keeps whole requests in order, and what it has of the one that is not whole."""

    def __init__(self) -> None:
        self.asked: list[Asked | str] = []
        self.at_once = 0
        self.begun: tuple[Request, bool] | None = None
        self.body = b""

    def on_begin(self) -> None:
        """Nothing to keep."""

    def on_head(self, request: Request, keeps_alive: bool) -> None:
        self.begun, self.body = (request, keeps_alive), b""

    def on_chunk(self, chunk: bytes) -> None:
        self.body += chunk

    def on_end(self) -> None:
        assert self.begun is not None
        request, keeps_alive = self.begun
        fields = dict(request.headers)
        self.asked.append((request.method, request.target, request.version, fields, keeps_alive, self.body))
        self.begun = None

    def on_whole(self, request: Request, body: bytes) -> None:
        self.at_once += 1
        self.on_head(request, True)
        self.on_chunk(body)
        self.on_end()


def read(heads: Heads, pieces: list[bytes]) -> Record:
    """Read what a client sends, up to the first piece that is no request."""
    record = Record()
    reader = RequestReader(record, "127.0.0.1", heads)
    for piece in pieces:
        left: bytes | None = piece
        try:
            while left:
                left = reader.feed(left)
                record.asked.extend([] if left is None else ["another protocol"])
        except ApiError as refusal:
            record.asked.append(f"refused {refusal.status}")
            break
        except Failed:
            record.asked.append("failed")
            break
    record.asked.append(f"in head {reader.is_in_head}, in body {record.begun is not None} {record.body!r}")
    return record


def learn(heads: Heads, pieces: list[bytes]) -> None:
    """Read the same of two clients, so that what may be kept is kept."""
    for _ in range(2):
        read(heads, pieces)


LENGTH = HEAD.format(method="POST", path="/a?b=c", more="Content-Length: {}\r\n")
MESSAGES = {
    "an order": order(),
    "a question": ask("/version"),
    "a body of one byte": LENGTH.format(1).encode() + b"x",
    "the length of a body, alone": LENGTH.format(1).encode(),
    "a body of none": LENGTH.format(0).encode(),
    "a body that looks like a head": LENGTH.format(4).encode() + b"\r\n\r\n",
    "a body that is a request": LENGTH.format(len(ask("/time"))).encode() + ask("/time"),
    "an empty chunk": ask("/a", "POST", "Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "a chunk": ask("/a", "POST", "Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n0\r\n\r\n"),
    "a trailer": ask("/a", "POST", "Transfer-Encoding: chunked\r\n", b"0\r\nA: b\r\n\r\n"),
    "a length and chunks": ask("/a", "POST", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "two lengths": ask("/a", "POST", "Content-Length: 1\r\nContent-Length: 2\r\n", b"xx"),
    "the last one": ask("/version", more="Connection: close\r\n"),
    "an old one": b"GET /a HTTP/1.0\r\n\r\n",
    "an old one that stays": b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "one that waits": ask("/a", "POST", "Expect: 100-continue\r\nContent-Length: 1\r\n", b"x"),
    "another protocol": ask("/ws", more="Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "a tunnel": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an absolute target": b"GET http://evil/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two hosts": ask("/a", more="Host: localhost\r\n"),
    "ends of lines that are none": b"GET /a HTTP/1.1\nHost: a\n\n",
    "an empty line": b"\r\n",
    "two of them": b"\r\n\r\n",
    "half an empty line": b"\r",
    "no request": b"hello\r\n\r\n",
    "a folded field": ask("/a", more="A: b\r\n c\r\n"),
}
messages = st.sampled_from(sorted(MESSAGES)).map(MESSAGES.__getitem__)
whole = st.lists(messages, min_size=1, max_size=2).map(b"".join)
cut = st.tuples(whole, st.integers(0, 200)).map(lambda one: [one[0][: one[1]], one[0][one[1] :]])
sent = st.lists(st.one_of(whole.map(lambda one: [one]), messages.map(lambda one: [one]), cut), max_size=6)


@given(st.lists(sent.map(lambda pieces: [one for piece in pieces for one in piece]), min_size=2, max_size=4))
def test_requests_are_the_same_whatever_was_read_before(clients: list[list[bytes]]) -> None:
    heads = Heads()
    for pieces in clients * 3:
        assert read(heads, pieces).asked == read(Forgetful(), pieces).asked


def test_any_two_requests_are_the_same_when_all_were_read_before() -> None:
    heads = Heads()
    for one in MESSAGES.values():
        learn(heads, [one])
    pairs = [[first, second] for first in MESSAGES.values() for second in MESSAGES.values()]
    assert [read(heads, pair).asked for pair in pairs] == [read(Forgetful(), pair).asked for pair in pairs]


AGAIN = {"an order", "a question", "a body of one byte", "a body of none", "a body that looks like a head"}
AGAIN |= {"a body that is a request", "an old one that stays", "an absolute target"}


@pytest.mark.parametrize("name", MESSAGES)
def test_only_what_its_head_frames_is_not_read_again(name: str) -> None:
    heads = Heads()
    learn(heads, [MESSAGES[name]])
    again = read(heads, [MESSAGES[name]] * 2)
    assert (len(heads), again.at_once) == ((1, 2) if name in AGAIN else (0, 0))


PIECES = {
    "in pieces": [order()[:-1], order()[-1:]],
    "with another behind it": [order() * 2],
    "with an empty line behind it": [order() + b"\r\n"],
    "with an empty line before it": [b"\r\n" + order()],
    "behind a part of another": [order()[:30], order()[30:] + order()],
}


@pytest.mark.parametrize("how", PIECES)
def test_a_head_is_kept_only_of_a_request_that_came_alone_and_in_one_piece(how: str) -> None:
    heads = Heads()
    learn(heads, PIECES[how])
    assert read(heads, [order()]).at_once == 0


def test_a_body_of_another_length_is_read_by_the_parser() -> None:
    heads = Heads()
    learn(heads, [order()])
    short, long = read(heads, [order()[:-1]]), read(heads, [order() + b"x"])
    assert (short.at_once, long.at_once) == (0, 0)
    assert short.begun is not None


def test_a_head_that_is_not_at_its_end_is_another() -> None:
    heads, pieces = Heads(), [ask("/a")[:-4], b"\r\nContent-Length: 1\r\n\r\n", b"x"]
    learn(heads, [ask("/a")])
    assert read(heads, pieces).asked == read(Forgetful(), pieces).asked


def test_empty_lines_between_requests_do_not_add_up_to_a_head() -> None:
    heads = Heads()
    learn(heads, [order()])
    assert read(heads, [b"\r\n" * 5000, order()] * 3).at_once == 3


def test_a_head_that_came_once_is_not_kept() -> None:
    heads = Heads()
    assert [read(heads, [order()]).at_once for _ in range(3)] == [0, 0, 1]


def test_marks_of_heads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_MARKS", 3)
    heads = Heads()
    read(heads, [ask("/0")])
    for number in range(1, 4):
        read(heads, [ask(f"/{number}")])
    assert [read(heads, [ask("/0")]).at_once for _ in range(3)] == [0, 0, 1]


def test_nobody_gets_the_head_of_another_address() -> None:
    heads, record = Heads(), Record()
    learn(heads, [order()])
    RequestReader(record, "192.0.2.1", heads).feed(order())
    assert (record.at_once, len(heads)) == (0, 1)


def test_heads_are_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_HEADS", 3)
    heads = Heads()
    for number in range(5):
        learn(heads, [ask(f"/{number}")])
    assert (len(heads), [read(heads, [ask(f"/{number}")]).at_once for number in range(2, 5)]) == (3, [1, 1, 1])


@pytest.mark.parametrize(("more_bytes", "is_kept"), [(0, True), (1, False)])
def test_a_head_of_more_than_2048_bytes_is_not_kept(more_bytes: int, is_kept: bool) -> None:
    heads, bare = Heads(), len(ask("/", more="A: \r\n")) - len(b"\r\n\r\n")
    learn(heads, [ask("/", more=f"A: {'x' * (2048 - bare + more_bytes)}\r\n")])
    assert len(heads) == is_kept


def test_a_sink_that_fails_is_logged_and_ends_the_reading(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Record):
        def on_whole(self, request: Request, body: bytes) -> None:
            raise ValueError("broken")

    heads = Heads()
    learn(heads, [order()])
    with pytest.raises(Failed):
        RequestReader(Broken(), "127.0.0.1", heads).feed(order())
    assert "ValueError: broken" in caplog.text


# On real sockets

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
    """What is the same in two answers: all but the time, numbers of orders, and ids that the server made up."""
    fields = dict(answer.fields)
    del fields["date"]
    if fields["x-request-id"] != "mine":
        del fields["x-request-id"]
    body = b"placed" if answer.body.startswith(b'{"orderId":"ORDER-') else answer.body
    return answer.status, fields, body


@pytest.mark.parametrize("name", COMMANDS)
async def test_answers_are_the_same_for_a_head_that_comes_again(name: str, live: StartLive) -> None:
    status, request = COMMANDS[name]
    peer = await Peer.to(await live(), request[:20])
    await asyncio.sleep(0)
    peer.writer.write(request[20:])
    read_in_pieces = shape(await peer.answer(has_body=not request.startswith(b"HEAD")))
    again = []
    for _ in range(4):
        peer.writer.write(request)
        again.append(shape(await peer.answer(has_body=not request.startswith(b"HEAD"))))
    assert read_in_pieces[0] == status
    assert again == [read_in_pieces] * 4
    peer.writer.close()


async def repeated(server: Live, more: str, between: Callable[[], Any]) -> list[int]:
    """Send an order four times on one connection, and again after something happened."""
    peer = await Peer.to(server)
    codes = []
    for turn in range(5):
        if turn == 4:
            between()
        peer.writer.write(order(more))
        codes.append((await peer.answer()).status)
    peer.writer.close()
    return codes


def authorization(value: str) -> str:
    """The field that carries a token."""
    return f"Authorization: {bearer(value)['Authorization']}\r\n"


async def test_a_head_does_not_get_in_behind_the_end_of_its_token(live: StartLive, tmp_path: Path) -> None:
    server, wall = await guarded(live, tmp_path), WallClock()
    verify = server.server.services.admission.verify
    assert isinstance(verify, TokenAuthority)
    verify._now = wall
    assert await repeated(server, authorization(token(ALICE)), lambda: setattr(wall, "ahead_s", 3601)) == [200] * 4 + [
        401
    ]


async def test_a_head_does_not_get_in_with_the_key_of_before(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    verify = server.server.services.admission.verify
    assert isinstance(verify, TokenAuthority)

    def change() -> None:
        (tmp_path / "key").write_bytes(ALIEN_KEY)
        assert verify.reload()

    assert await repeated(server, authorization(token(ALICE)), change) == [200] * 4 + [401]


async def test_a_head_is_counted_as_often_as_it_comes(live: StartLive) -> None:
    server = await live(order_rate=1, order_burst=4)
    assert await repeated(server, "", lambda: None) == [200] * 4 + [429]


async def test_a_head_does_not_get_into_a_server_that_stops(live: StartLive) -> None:
    server = await live()
    gate = server.server.services.admission
    assert await repeated(server, "", lambda: setattr(gate, "is_closing", True)) == [200] * 4 + [503]


class HeldJournal:
    """A journal whose commits end when the test says so."""

    kind, count, is_writable = "held", 0, True

    def __init__(self) -> None:
        self.waiting: list[Done] = []

    def check_writable(self) -> None:
        pass

    def append(self, _batch: Any, done: Done) -> None:
        self.waiting.append(done)


@pytest.mark.parametrize(("error", "status"), [(None, 200), (OSError("disk full"), 503)])
async def test_an_order_is_answered_when_it_is_stored_and_the_next_waits_for_that(
    error: Exception | None, status: int, live: StartLive
) -> None:
    server = await live()
    peer = await Peer.to(server)
    for _ in range(2):
        peer.writer.write(order())
        assert (await peer.answer()).status == 200
    journal = server.server.services.publisher._journal = HeldJournal()
    for _ in range(2):  # the second comes in one piece while the first is on its way to the disk
        peer.writer.write(order())
        await asyncio.wait_for(until(lambda: len(journal.waiting) == 1), 5)
    peer.writer.write(order())
    assert not peer.reader._buffer  # type: ignore[attr-defined]
    journal.waiting.pop()(error)
    assert (await peer.answer()).status == status
    server.server.services.publisher.rebuilt()
    for _ in range(2):
        await asyncio.wait_for(until(lambda: bool(journal.waiting)), 5)
        journal.waiting.pop()(None)
        assert (await peer.answer()).status == 200
    peer.writer.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop turn until something is so."""
    while not is_so():
        await asyncio.sleep(0)


async def test_who_is_gone_before_its_order_is_stored_leaves_no_request_open(live: StartLive) -> None:
    server = await live()
    gate, journal = server.server.services.admission, HeldJournal()
    server.server.services.publisher._journal = journal
    peer = await Peer.to(server, order())
    await asyncio.wait_for(until(lambda: bool(journal.waiting)), 5)
    peer.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.writer.transport.abort()
    await asyncio.wait_for(until(lambda: not gate.active), 5)
    journal.waiting.pop()(None)
    await asyncio.sleep(0)
    assert gate.active == 0
