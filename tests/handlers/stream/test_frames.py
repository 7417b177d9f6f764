"""Frames: what a server sends, and what it takes from clients, whole or in pieces, well-formed or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stream.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    FrameError,
    FrameReader,
    close_code,
    close_frame,
    decode_text,
    frame,
)
from tests.raw import client_frame

MAX_BYTES = 1000
NOT_FINAL = 0x00


def read(data: bytes, max_bytes: int = MAX_BYTES) -> list[tuple[int, bytes]]:
    return list(FrameReader(max_bytes).feed(data))


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_server_frame_has_the_shortest_head_and_no_mask(size: int, head: bytes) -> None:
    assert frame(b"x" * size) == head + b"x" * size


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 999, 1000])
def test_a_message_of_any_size_is_unmasked(size: int) -> None:
    data = bytes(place % 251 for place in range(size))
    assert read(client_frame(BINARY, data)) == [(BINARY, data)]


messages = st.lists(
    st.tuples(st.sampled_from((TEXT, BINARY, PING, PONG)), st.binary(max_size=125), st.binary(min_size=4, max_size=4)),
    max_size=8,
)


@given(messages, st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_where_the_bytes_are_cut_makes_no_difference(sent: list[tuple[int, bytes, bytes]], cuts: list[int]) -> None:
    data = b"".join(client_frame(opcode, payload, mask=mask) for opcode, payload, mask in sent)
    reader, found, place = FrameReader(MAX_BYTES), [], 0
    while data:
        size = cuts[place % len(cuts)]
        found += list(reader.feed(data[:size]))
        data, place = data[size:], place + 1
    assert found == [(opcode, payload) for opcode, payload, _ in sent]


@given(st.lists(st.binary(max_size=50), min_size=2, max_size=6), st.integers(0, 5))
def test_a_fragmented_message_is_put_together_around_control_frames(parts: list[bytes], ping_at: int) -> None:
    data = b""
    for place, part in enumerate(parts):
        opcode = CONTINUATION if place else TEXT
        data += client_frame(opcode, part, first=0x80 if place == len(parts) - 1 else NOT_FINAL)
        if place == ping_at and place < len(parts) - 1:
            data += client_frame(PING, b"?")
    pings = [(PING, b"?")] if ping_at < len(parts) - 1 else []
    found = read(data)
    assert [each for each in found if each != (CONTINUATION, b"")] == [*pings, (TEXT, b"".join(parts))]
    assert len(found) == len(parts) + len(pings), "each piece is there to be counted"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"unmasked"), 1002),
        (client_frame(TEXT, b"x", first=0xC0), 1002),  # a reserved bit
        (client_frame(0x3, b"x"), 1002),  # a reserved opcode
        (client_frame(0xB, b"x"), 1002),
        (client_frame(PING, b"x", first=NOT_FINAL), 1002),
        (client_frame(PING, b"x" * 126), 1002),
        (client_frame(CONTINUATION, b"x"), 1002),  # nothing to continue
        (client_frame(TEXT, b"x", first=NOT_FINAL) + client_frame(TEXT, b"y"), 1002),
        (client_frame(TEXT, b"x" * 1001), 1009),
        (client_frame(TEXT, b"x" * 900, first=NOT_FINAL) + client_frame(CONTINUATION, b"x" * 101), 1009),
        (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 1009),
    ],
)
def test_a_broken_frame_is_refused_with_its_code(data: bytes, code: int) -> None:
    with pytest.raises(FrameError) as caught:
        read(data)
    assert caught.value.code == code


def test_a_too_large_message_is_refused_before_its_body_comes() -> None:
    with pytest.raises(FrameError):
        read(client_frame(TEXT, b"x" * 70_000)[:14])


@pytest.mark.parametrize("code", [1000, 1003, 1007, 1014, 3000, 4999])
def test_a_close_code_in_use_is_taken(code: int) -> None:
    assert close_code(close_frame(code, "why")[2:]) == code


def test_a_close_without_a_code_is_one() -> None:
    assert close_code(b"") is None
    assert read(client_frame(CLOSE)) == [(CLOSE, b"")]


@pytest.mark.parametrize(
    "data", [b"\x03", b"\x00\x00", *((n).to_bytes(2, "big") for n in (999, 1004, 1005, 1015, 2999))]
)
def test_a_close_code_that_must_not_be_sent_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        close_code(data)


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(FrameError) as caught:
        decode_text(b"\xff")
    assert caught.value.code == 1007
