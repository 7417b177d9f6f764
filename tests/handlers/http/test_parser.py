"""Requests are read the same however their bytes arrive, and whatever is no request is refused."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import ApiError
from handlers.http.head_cache import Heads
from handlers.http.parser import RequestReader
from handlers.http.request import Request


class Kept:
    """A sink that keeps what was read."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, bytes]] = []
        self._open: Request | None = None
        self._body = b""

    def on_begin(self) -> None:
        """Nothing to keep."""

    def on_head(self, request: Request, keeps_alive: bool) -> None:
        assert keeps_alive
        self._open, self._body = request, b""

    def on_chunk(self, chunk: bytes) -> None:
        self._body += chunk

    def on_whole(self, request: Request, body: bytes) -> None:
        self.on_head(request, True)
        self.on_chunk(body)
        self.on_end()

    def on_end(self) -> None:
        assert self._open is not None
        self.seen.append((self._open.method, self._open.target, self._open.headers.get("X"), self._body))


names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
requests = st.tuples(st.sampled_from(("GET", "POST", "PUT", "DELETE")), names, names, st.binary(max_size=20))


@given(st.lists(requests, min_size=1, max_size=5), st.lists(st.integers(1, 40), min_size=1))
def test_requests_are_the_same_however_their_bytes_arrive(
    wanted: list[tuple[str, str, str, bytes]], sizes: list[int]
) -> None:
    wire = b"".join(
        b"%b /%b HTTP/1.1\r\nx: %b\r\nContent-Length: %d\r\n\r\n%b"
        % (method.encode(), target.encode(), value.encode(), len(body), body)
        for method, target, value, body in wanted
    )
    sink, place, turn = Kept(), 0, 0
    reader = RequestReader(sink, "127.0.0.1", Heads())
    while place < len(wire):
        size = sizes[turn % len(sizes)]
        assert reader.feed(wire[place : place + size]) is None
        place, turn = place + size, turn + 1
    assert sink.seen == [(method, f"/{target}", value, body) for method, target, value, body in wanted]
    assert not reader.is_in_head


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    reader = RequestReader(Kept(), "127.0.0.1", Heads())
    try:
        reader.feed(noise)
    except ApiError as refusal:
        assert refusal.status in (400, 431)
