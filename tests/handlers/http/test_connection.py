"""The HTTP connection down to the bytes, on real sockets: what is answered, in which order, and what ends it."""

import asyncio
import json
import socket
import struct
from collections.abc import Iterator

import pytest
from tornado.httputil import HTTPConnection, HTTPMessageDelegate
from tornado.netutil import bind_sockets

from handlers.http.limits import HttpLimits
from handlers.http.listener import Listener
from handlers.page import PageHandler
from handlers.routing import Site
from tests.conftest import StartLive
from tests.peer import JSON, ORDER, Answer, Peer, ask, order
from tests.support import WAIT_S

HEAD_BYTES = HttpLimits().head_bytes
MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an unknown method": b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two lengths": ask("/time", "POST", "Content-Length: 1\r\nContent-Length: 2\r\n", b"xx"),
    "a length and chunks": ask("/time", "POST", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "a length that is none": ask("/time", "POST", "Content-Length: -1\r\n"),
    "two hosts": ask("/time", more="Host: localhost\r\n"),
    "a field without a colon": ask("/time", more="nonsense\r\n"),
    "a folded field": ask("/time", more="A: b\r\n c\r\n"),
    "a space before the colon": ask("/time", more="A : b\r\n"),
    "a bad chunk": ask("/broker/orders", "POST", f"{JSON}Transfer-Encoding: chunked\r\n", b"zz\r\n"),
}


def check_common(answer: Answer) -> None:
    """Look for the headers that every answer has, and for the problem body of an error."""
    fields = answer.fields
    assert (fields.get("X-Content-Type-Options"), fields.get("Cache-Control")) == ("nosniff", "no-store")
    assert "frame-ancestors 'none'" in fields["Content-Security-Policy"]
    assert fields["X-Request-ID"] and fields["Date"] and "Server" not in fields
    if answer.status >= 400:
        assert fields["Content-Type"] == "application/problem+json"
        assert json.loads(answer.body)["status"] == answer.status


@pytest.mark.parametrize("kind", MALFORMED)
async def test_what_is_not_http_is_refused_once_and_ends_the_connection(kind: str, live: StartLive) -> None:
    peer = await Peer.to(await live(), MALFORMED[kind])
    answer = await peer.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "BAD_REQUEST")
    assert answer.fields.get("Connection") == "close"
    check_common(answer)
    assert await peer.rest() == b""


async def test_another_version_of_http_is_refused(live: StartLive) -> None:
    for version in ("2.0", "0.9"):
        peer = await Peer.to(await live(), f"GET /api/v1/version HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        assert (await peer.answer()).status == 400
        assert await peer.rest() == b""


async def test_trailers_are_bounded_and_no_fields_of_the_request(live: StartLive) -> None:
    chunked = f"{JSON}Transfer-Encoding: chunked\r\n"
    whole = b"%x\r\n%b\r\n0\r\n" % (len(ORDER), ORDER)
    first = ask("/broker/orders", "POST", chunked, whole + b"X-Request-ID: first\r\n\r\n")
    peer = await Peer.to(await live(), first * 2)
    assert ["first" in (await peer.answer()).fields["X-Request-ID"] for _ in range(2)] == [False, False]
    peer.writer.write(ask("/broker/orders", "POST", chunked, whole + b"A: b\r\n" * HEAD_BYTES))
    assert (await peer.answer()).status == 431
    await peer.rest()


@pytest.mark.parametrize(("path", "status"), [("/version", 200), ("/nothing", 404)])
async def test_requests_sent_ahead_do_not_hold_the_loop(
    path: str, status: int, live: StartLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them begins in a pass of the loop, so that other clients get their turn."""
    server, begun, passes = await live(), [0], [0]
    start_request = Site.start_request

    def counted(site: Site, server: object, connection: HTTPConnection) -> HTTPMessageDelegate:
        begun[0] += 1
        return start_request(site, server, connection)

    def turn() -> None:
        passes.append(begun[0])
        begun[0] = 0
        asyncio.get_running_loop().call_soon(turn) if len(passes) < 2000 else None

    monkeypatch.setattr(Site, "start_request", counted)
    peer = await Peer.to(server, ask(path) * 100)
    turn()
    for _ in range(100):
        assert (await peer.answer()).status == status
    assert max(passes) == 1
    peer.writer.close()


async def test_a_client_that_resets_while_it_is_read_leaves_no_request_open(live: StartLive) -> None:
    server = await live()
    for _ in range(3):
        sock = socket.create_connection(tuple(server.address.split(":")), WAIT_S)  # type: ignore[arg-type]
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.send(ask("/version") + order()[:-1])
        sock.close()
    while (await server.fetch("GET", "/health")).code != 200 or server.server.services.admission.active:
        await asyncio.sleep(0)
    assert server.server.services.admission.active == 0


async def test_an_absolute_target_names_the_host(live: StartLive) -> None:
    head = "GET http://{}/api/v1/version HTTP/1.1\r\nHost: {}\r\n\r\n"
    fine, evil = head.format("localhost", "evil").encode(), head.format("evil", "localhost").encode()
    peer = await Peer.to(await live(), fine + evil)
    assert [(await peer.answer()).status for _ in range(2)] == [200, 421]
    peer.writer.close()


@pytest.mark.parametrize(("host", "status"), [("localhost", 404), ("evil", 421)])
async def test_a_target_that_is_no_path_passes_the_gate_too(host: str, status: int, live: StartLive) -> None:
    peer = await Peer.to(await live(), f"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = await peer.answer()
    assert (answer.status, answer.fields.get("Content-Type")) == (status, "application/problem+json")
    assert "server" not in answer.fields
    peer.writer.close()


async def test_a_length_of_thousands_of_digits_is_a_length(live: StartLive) -> None:
    head = ask("/broker/orders", "POST", f"{JSON}Content-Length: {len(ORDER):05000d}\r\n", ORDER)
    peer = await Peer.to(await live(), head)
    assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_blanks_around_a_value_are_not_part_of_it(live: StartLive) -> None:
    peer = await Peer.to(await live(), b"GET /api/v1/version HTTP/1.1\r\nHost: \t localhost \t\r\n\r\n")
    assert (await peer.answer()).status == 200
    peer.writer.close()


@pytest.mark.parametrize("change", [-1000, 1000])
async def test_a_file_that_changes_while_it_is_sent_ends_the_connection(
    change: int, live: StartLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent never stands where the next answer would."""
    server = await live()
    content = PageHandler.get_content

    def changed(path: str, start: int | None = None, end: int | None = None) -> Iterator[bytes]:
        whole = b"".join(content(path, start, end))
        yield whole[:change] if change < 0 else whole + b"x" * change

    monkeypatch.setattr(PageHandler, "get_content", staticmethod(changed))
    peer = await Peer.to(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + ask("/version"))
    assert (await peer.rest()).count(b"HTTP/1.1") <= 1


@pytest.mark.parametrize("line", ["X: y\r\n", "X: " + "y" * (HEAD_BYTES + 1) + "\r\n"])
async def test_a_head_has_16_kib(line: str, live: StartLive) -> None:
    many = line * (1 + 2 * HEAD_BYTES // len(line))
    peer = await Peer.to(await live(), ask("/health", more=many))
    assert (await peer.answer()).status == 431
    assert await peer.rest() == b""


async def test_requests_sent_ahead_are_answered_in_their_order(live: StartLive) -> None:
    server = await live()
    peer = await Peer.to(server, b"".join([order(), ask("/broker/orders/ORDER-1"), order(), ask("/nothing")]) * 10)
    answers = [await peer.answer() for _ in range(40)]
    assert [one.status for one in answers] == [200, 200, 200, 404] * 10
    placed = [json.loads(one.body)["orderId"] for one in answers[::2] if b"orderId" in one.body]
    assert placed == [f"ORDER-{number + 1}" for number in range(20)]
    peer.writer.close()


async def test_who_sends_ahead_and_does_not_read_is_not_read_either(live: StartLive) -> None:
    """Its requests wait in its own buffers, not in ours."""
    server = await live()
    sock = socket.create_connection(tuple(server.address.split(":")), WAIT_S)  # type: ignore[arg-type]
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop, request, sent = asyncio.get_running_loop(), ask("/openapi.json") * 50, 0
    with pytest.raises(TimeoutError):
        while sent < 64 << 20:
            await asyncio.wait_for(loop.sock_sendall(sock, request), 0.3)
            sent += len(request)
    assert sent < 64 << 20
    assert (await server.fetch("GET", "/health")).code == 200
    sock.close()


KEEPING = {
    "1.1": (b"GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n", True, ""),
    "1.1 and close": (b"GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", False, "close"),
    "1.0": (b"GET /api/v1/version HTTP/1.0\r\nHost: localhost\r\n\r\n", False, "close"),
    "1.0 and keep-alive": (
        b"GET /api/v1/version HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
        True,
        "keep-alive",
    ),
}


@pytest.mark.parametrize("kind", KEEPING)
async def test_a_connection_is_kept_as_the_client_wants(kind: str, live: StartLive) -> None:
    request, is_kept, told = KEEPING[kind]
    peer = await Peer.to(await live(), request)
    assert (await peer.answer()).fields.get("Connection", "") == told
    if is_kept:
        peer.writer.write(request)
        assert (await peer.answer()).status == 200
        peer.writer.close()
    else:
        assert await peer.rest() == b""


async def test_who_has_sent_all_and_shuts_its_side_gets_the_answer(live: StartLive) -> None:
    peer = await Peer.to(await live(), order() * 3)
    peer.writer.write_eof()
    assert [(await peer.answer()).status for _ in range(3)] == [200] * 3
    assert await peer.rest() == b""


async def test_a_body_that_is_cut_off_changes_nothing(live: StartLive) -> None:
    server = await live()
    peer = await Peer.to(server, order()[:-1])
    peer.writer.write_eof()
    assert await peer.rest() == b""
    assert await server.call("GET", "/broker/orders") == []
    assert server.server.services.admission.active == 0


async def test_a_body_may_come_in_chunks(live: StartLive) -> None:
    pieces = b"".join(b"%x\r\n%b\r\n" % (1, ORDER[place : place + 1]) for place in range(len(ORDER)))
    request = ask("/broker/orders", "POST", f"{JSON}Transfer-Encoding: chunked\r\n", pieces + b"0\r\n\r\n")
    peer = await Peer.to(await live(), request + ask("/version"))
    assert json.loads((await peer.answer()).body) == {"orderId": "ORDER-1"}
    assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_who_asks_before_sending_a_body_is_told_to_go_on(live: StartLive) -> None:
    peer = await Peer.to(await live(), order("Expect: 100-continue\r\n")[: -len(ORDER)])
    assert (await peer.answer()).status == 100
    peer.writer.write(ORDER)
    assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_who_asks_before_sending_a_body_that_is_refused_is_told_so(live: StartLive) -> None:
    head = ask("/broker/orders", "POST", "Content-Type: text/plain\r\nContent-Length: 9\r\nExpect: 100-continue\r\n")
    peer = await Peer.to(await live(), head)
    assert (await peer.answer()).status == 415
    peer.writer.write(b"x" * 9 + ask("/version"))
    assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_a_refused_body_is_read_to_its_end_so_that_its_sender_sees_the_answer(live: StartLive) -> None:
    peer = await Peer.to(await live(), order(body=b" " * (1 << 20)) + ask("/version"))
    assert [(await peer.answer()).status for _ in range(2)] == [413, 200]
    peer.writer.close()


async def test_an_answer_to_head_has_no_body(live: StartLive) -> None:
    peer = await Peer.to(await live(), ask("/health", "HEAD") + ask("/version"))
    refused = await peer.answer(has_body=False)
    assert (refused.status, refused.fields.get("Allow")) == (405, "GET")
    assert (await peer.answer()).status == 200
    peer.writer.close()


async def test_an_upgrade_that_is_not_offered_is_a_request_like_others_unless_it_has_a_body(live: StartLive) -> None:
    upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"
    peer = await Peer.to(await live(), ask("/version", more=upgrade) * 3 + order() + order(upgrade))
    assert [(await peer.answer()).status for _ in range(5)] == [200] * 4 + [400]
    assert await peer.rest() == b""


async def test_page_and_rest_share_a_connection(live: StartLive) -> None:
    page = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    peer = await Peer.to(await live(), page + ask("/version") + page)
    assert [(await peer.answer()).fields["Content-Type"][:9] for _ in range(3)] == [
        "text/html",
        "applicati",
        "text/html",
    ]
    peer.writer.close()


async def test_every_answer_is_dated_once(live: StartLive) -> None:
    page = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    peer = await Peer.to(await live(), ask("/version") + page)
    assert (await peer.rest()).count(b"\r\nDate: ") == 2


async def test_a_handler_that_fails_is_a_500_and_the_connection_goes_on(
    live: StartLive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = await live()
    monkeypatch.setattr(server.server.services.engine, "now_ms", lambda: 1 // 0)
    peer = await Peer.to(server, ask("/datafeed/time") + ask("/version"))
    failed, fine = await peer.answer(), await peer.answer()
    assert (failed.status, json.loads(failed.body)["detail"], fine.status) == (500, "Internal Server Error", 200)
    assert "ZeroDivisionError" in caplog.text
    assert server.server.services.admission.active == 0
    peer.writer.close()


async def test_a_client_that_does_not_read_its_answer_is_cut(live: StartLive) -> None:
    server, listening = await live(), bind_sockets(0, "127.0.0.1")
    http = Listener(server.server.site, HttpLimits(write_s=-1.0))
    http.add_sockets(listening)
    sock = socket.create_connection(listening[0].getsockname(), WAIT_S)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, ask("/openapi.json") * 200)
    assert await asyncio.wait_for(loop.sock_recv(sock, 1), WAIT_S)
    with pytest.raises(ConnectionResetError):
        while True:
            await asyncio.wait_for(loop.sock_sendall(sock, b"x"), WAIT_S)
            await asyncio.sleep(0)
    sock.close()
    http.stop()
    await http.close_all_connections()
