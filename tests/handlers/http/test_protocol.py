"""The protocol without a socket: events are the same however the bytes arrive, and come one request at a time."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders, HTTPOutputError, ResponseStartLine

from handlers.errors import ApiError
from handlers.http.limits import HttpLimits
from handlers.http.parser import Event, HeadCache, RequestEnd, RequestHead
from handlers.http.protocol import HttpProtocol, State
from tests.peer import HEAD, ask, order

EMPTY = {"Content-Length": "0"}


def make(known: HeadCache | None = None) -> HttpProtocol:
    """Return the protocol of a client; without `known` no head was parsed before."""
    return HttpProtocol(HttpLimits(), HeadCache() if known is None else known)


def events(protocol: HttpProtocol) -> Iterator[Event]:
    """Take the events that may be handled now."""
    while (event := protocol.next_event()) is not None:
        yield event


def answer(protocol: HttpProtocol, fields: dict[str, str] | None = None, body: bytes = b"", status: int = 200) -> bytes:
    """Answer the current request; returns the bytes."""
    headers = HTTPHeaders(EMPTY if fields is None else fields)
    data = protocol.answer_head(ResponseStartLine("HTTP/1.1", status, ""), headers, body)
    protocol.end_answer()
    return data


def read(pieces: list[bytes], known: HeadCache | None = None) -> list[tuple[str, ...] | str]:
    """Answer every request of a client; returns the requests, and why they end."""
    protocol, found = make(known), list[tuple[str, ...] | str]()
    body, line = b"", tuple[str, ...]()
    for piece in pieces:
        protocol.receive(piece)
        for event in events(protocol):
            if isinstance(event, RequestHead):
                body, line = b"", (*event.start_line, *map("=".join, event.headers.get_all()))
            elif isinstance(event, bytes):
                body += event
            elif isinstance(event, RequestEnd):
                found.append((*line, body.decode("latin-1")))
                answer(protocol)
            else:
                found.append(f"refused {event.status}")
                return found
    found.append(f"{protocol.state.name}, in head {protocol.is_in_head}")
    return found


LENGTH = HEAD.format(method="POST", path="/a?b=c", more="Content-Length: {}\r\n")
CHUNKS = "Transfer-Encoding: chunked\r\n"
MESSAGES = {
    "an order": order(),
    "a question": ask("/version"),
    "a body of one byte": LENGTH.format(1).encode() + b"x",
    "the length of a body, alone": LENGTH.format(1).encode(),
    "a body of none": LENGTH.format(0).encode(),
    "a body that looks like a head": LENGTH.format(4).encode() + b"\r\n\r\n",
    "a body that is a request": LENGTH.format(len(ask("/time"))).encode() + ask("/time"),
    "an empty chunk": ask("/a", "POST", CHUNKS, b"0\r\n\r\n"),
    "a chunk": ask("/a", "POST", CHUNKS, b"1\r\nx\r\n0\r\n\r\n"),
    "a trailer": ask("/a", "POST", CHUNKS, b"0\r\nA: b\r\n\r\n"),
    "a length and chunks": ask("/a", "POST", f"Content-Length: 5\r\n{CHUNKS}", b"0\r\n\r\n"),
    "two lengths": ask("/a", "POST", "Content-Length: 1\r\nContent-Length: 2\r\n", b"xx"),
    "the last one": ask("/version", more="Connection: close\r\n"),
    "an old one": b"GET /a HTTP/1.0\r\n\r\n",
    "an old one that stays": b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "one that waits": ask("/a", "POST", "Expect: 100-continue\r\nContent-Length: 1\r\n", b"x"),
    "another protocol": ask("/ws", more="Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "a tunnel": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an absolute target": b"GET http://evil/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two hosts": ask("/a", more="Host: localhost\r\n"),
    "a repeated field": ask("/a", more="A: b\r\nA: c\r\n"),
    "ends of lines that are none": b"GET /a HTTP/1.1\nHost: a\n\n",
    "an empty line": b"\r\n",
    "half an empty line": b"\r",
    "no request": b"hello\r\n\r\n",
    "a folded field": ask("/a", more="A: b\r\n c\r\n"),
}
messages = st.sampled_from(sorted(MESSAGES)).map(MESSAGES.__getitem__)


@given(st.lists(messages, min_size=1, max_size=4).map(b"".join), st.lists(st.integers(1, 200), min_size=1))
def test_requests_are_the_same_however_their_bytes_arrive(wire: bytes, sizes: list[int]) -> None:
    pieces, place, turn = [], 0, 0
    while place < len(wire):
        size = sizes[turn % len(sizes)]
        pieces.append(wire[place : place + size])
        place, turn = place + size, turn + 1
    assert read(pieces) == read([wire])


@pytest.mark.parametrize("name", MESSAGES)
def test_a_request_is_the_same_byte_by_byte(name: str) -> None:
    wire = MESSAGES[name] + ask("/version")
    assert read([bytes((byte,)) for byte in wire]) == read([wire])


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(noise: bytes) -> None:
    protocol = make()
    protocol.receive(noise)
    assert all(event.status in (400, 431) for event in events(protocol) if isinstance(event, ApiError))


def test_a_request_waits_for_the_answer_before_it() -> None:
    protocol = make()
    protocol.receive(ask("/a") + ask("/b"))
    first = list(events(protocol))
    assert (len(first), protocol.state, protocol.has_waiting) == (2, State.ANSWERING, True)
    assert b"Connection" not in answer(protocol)
    assert (len(list(events(protocol))), protocol.has_waiting) == (2, False)


def test_an_early_answer_drops_the_rest_of_the_body() -> None:
    protocol = make()
    protocol.receive(order()[:-1])
    assert isinstance(protocol.next_event(), RequestHead)
    answer(protocol)
    assert (list(events(protocol)), protocol.state) == ([], State.DRAINING)
    protocol.receive(order()[-1:])
    assert (list(events(protocol)), protocol.state) == ([], State.IDLE)


def test_the_last_answer_says_so_and_nothing_is_read_behind_it() -> None:
    protocol = make()
    protocol.receive(ask("/a", more="Connection: close\r\n"))
    assert len(list(events(protocol))) == 2
    assert b"Connection: close\r\n" in answer(protocol)
    protocol.receive(ask("/b"))
    assert (list(events(protocol)), protocol.state) == ([], State.CLOSING)


def test_a_client_that_sends_no_more_still_gets_its_answers() -> None:
    protocol = make()
    protocol.receive(ask("/a") + ask("/b"))
    protocol.receive_end()
    ends = []
    for _ in range(2):
        assert len(list(events(protocol))) == 2
        assert not protocol.is_over
        ends.append(b"Connection: close" in answer(protocol))
    assert (ends, protocol.state) == ([False, True], State.CLOSING)


@pytest.mark.parametrize("cut", [b"GET", order()[:-1]])
def test_a_request_that_is_cut_off_is_the_end(cut: bytes) -> None:
    protocol = make()
    protocol.receive(cut)
    protocol.receive_end()
    assert not any(isinstance(event, RequestEnd) for event in events(protocol))
    assert protocol.is_over


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    protocol = make()
    protocol.receive(ask("/a"))
    assert len(list(events(protocol))) == 2
    assert b"Connection: close\r\n" in answer(protocol, {}, b"body")
    assert protocol.state is State.CLOSING


@pytest.mark.parametrize(("length", "body"), [("3", b"four"), ("5", b"four")])
def test_a_body_that_is_not_as_long_as_its_head_says_is_a_defect(length: str, body: bytes) -> None:
    protocol = make()
    protocol.receive(ask("/a"))
    assert len(list(events(protocol))) == 2
    with pytest.raises(HTTPOutputError):
        answer(protocol, {"Content-Length": length}, body)


def test_another_protocol_gets_the_bytes_behind_its_handshake() -> None:
    protocol = make()
    protocol.receive(MESSAGES["another protocol"] + b"early")
    assert len(list(events(protocol))) == 2
    assert b"Connection" not in answer(protocol, {}, status=101)
    protocol.receive(b" bird")
    assert (protocol.state, protocol.early_bytes) == (State.SWITCHED, b"early bird")


class NoHeads(HeadCache):
    """Keeps nothing: every head is parsed."""

    def learn(self, lines: bytes, head: RequestHead) -> None:
        """Do nothing."""


def test_any_two_requests_are_the_same_when_all_were_parsed_before() -> None:
    known = HeadCache()
    for one in MESSAGES.values():
        read([one], known)
    pairs = [[first, second] for first in MESSAGES.values() for second in MESSAGES.values()]
    assert [read(pair, known) for pair in pairs] == [read(pair, NoHeads()) for pair in pairs]


PARTS = st.tuples(messages, st.integers(0, 200)).map(lambda one: [one[0][: one[1]], one[0][one[1] :]])


@given(st.lists(st.one_of(messages.map(lambda one: [one]), PARTS), max_size=6))
def test_requests_are_the_same_whatever_was_parsed_before(parts: list[list[bytes]]) -> None:
    pieces, known = [piece for part in parts for piece in part if piece] * 2, HeadCache()
    for _ in range(2):
        assert read(pieces, known) == read(pieces, NoHeads())


KNOWN = {"an order", "a question", "a body of one byte", "a body of none", "a body that looks like a head"}
KNOWN |= {"a body that is a request", "an old one that stays", "an absolute target", "a repeated field"}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_head_is_known_only_where_its_bytes_say_where_the_request_ends(name: str) -> None:
    known = HeadCache()
    read([MESSAGES[name]], known)
    assert len(known) == (name in KNOWN)


@pytest.mark.parametrize(
    "pieces",
    [
        [order()[:-1], order()[-1:]],
        [order() * 2],
        [order() + b"\r\n"],
        [b"\r\n" + order()],
        [order()[:30], order()[30:] + order()],
        [order(f"A: {'x' * 2048}\r\n")],
    ],
)
def test_a_head_is_known_only_when_its_request_came_alone_in_one_piece(pieces: list[bytes]) -> None:
    known = HeadCache()
    read(pieces, known)
    assert len(known) == 0


def test_the_number_of_known_heads_is_bounded() -> None:
    known = HeadCache()
    for number in range(3000):
        read([ask(f"/{number}")], known)
    assert 0 < len(known) <= 1024
