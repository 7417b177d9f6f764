"""Thousands of mutated frames and a flood: nothing breaks, nothing is logged as an error, everybody else is served."""

import asyncio
import json
import logging
import random
import struct
from typing import Any

import pytest

from tests.conftest import StartLive
from tests.guarded import ORDER
from tests.live import Live
from tests.properties import share
from tests.support import WAIT_S

FRAMES = share(20_000)
PER_CONNECTION = 16
"""Below the number of malformed messages for which a client is turned out."""

AT_ONCE = 25
SEED = 20260105
SEEDS = [
    {"type": "orders.subscribe", "payload": {"accountId": "DEMO-ACCOUNT"}, "id": 1},
    {"type": "quotes.subscribe", "payload": {"symbols": ["AAPL"], "fast_symbols": ["MSFT"]}},
    {"type": "bars.subscribe", "payload": {"symbol": "AAPL", "resolution": "5"}, "recover": {"epoch": "x", "seq": 1}},
    {"type": "executions.unsubscribe", "payload": {"accountId": "A", "symbol": "AAPL"}},
    {"type": "hello", "payload": {"token": "x.y.z"}},
]
ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    1e308,
    2**64,
    "",
    "\x00",
    "x" * 300,
    "\u202e",
    [],
    {},
    [[]],
    {"a": {}},
    "NaN",
    -0.0,
]
TEXT, CLOSE = 0x1, 0x8
UPGRADE = (
    b"GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def mutated_message(dice: random.Random) -> bytes:
    """A message with a value, a key or some bytes exchanged."""
    message = json.loads(json.dumps(dice.choice(SEEDS)))
    places: list[tuple[Any, Any]] = []
    queue = [message]
    while queue:
        node = queue.pop()
        for key, value in list(node.items()) if isinstance(node, dict) else enumerate(node):
            places.append((node, key))
            if isinstance(value, dict | list):
                queue.append(value)
    for _ in range(dice.randint(0, 3)):
        node, key = dice.choice(places)
        try:
            node[key] = dice.choice(ODD)
        except (KeyError, IndexError):
            continue
    data = bytearray(json.dumps(message).encode())
    for _ in range(dice.choice((0, 0, 1, 3))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    if dice.random() < 0.1:
        data = data[: dice.randrange(len(data) + 1)]
    if dice.random() < 0.02:
        data = bytearray(b"[" * dice.randint(1, 4000))
    return bytes(data)


def frame(dice: random.Random, data: bytes) -> bytes:
    """A client's frame, whose header is wrong once in a while."""
    first, mask = 0x80 | TEXT, dice.randbytes(4)
    if dice.random() < 0.15:
        first = dice.randrange(256)
    length = len(data) if dice.random() > 0.03 else dice.choice((0, 1, 125, 126, 65_536, 2**31, 2**63))
    masked = 0x80 if dice.random() > 0.03 else 0
    if length < 126:
        head = struct.pack("!BB", first, masked | length)
    elif length < 65_536:
        head = struct.pack("!BBH", first, masked | 126, length)
    else:
        head = struct.pack("!BBQ", first, masked | 127, length)
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))


async def converse(server: Live, frames: list[bytes]) -> bytes:
    """Send frames, then a close; return everything that came back until the server closed."""
    host, port = server.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(UPGRADE)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_S)
        assert b" 101 " in head
        # The padding completes a frame that promised more than it had, up to the size that the server reads.
        writer.write(b"".join(frames) + struct.pack("!BBI", 0x80 | CLOSE, 0x80, 0))
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), WAIT_S)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_mutated_frames_break_nothing(live: StartLive, caplog: pytest.LogCaptureFixture) -> None:
    server, dice = await live(), random.Random(SEED)
    caplog.set_level(logging.ERROR)
    sent = 0
    while sent < FRAMES:
        batches = [
            [frame(dice, mutated_message(dice)) for _ in range(PER_CONNECTION)]
            for _ in range(min(AT_ONCE, -(-(FRAMES - sent) // PER_CONNECTION)))
        ]
        answers = await asyncio.gather(*(converse(server, batch) for batch in batches))
        assert not any(b"Traceback" in answer or b"\x03\xf3" in answer[:4] for answer in answers)
        sent += sum(map(len, batches))
    assert [record.getMessage() for record in caplog.records] == []
    assert (await server.fetch("GET", "/health")).code == 200
    assert (await server.fetch("POST", "/broker/orders", ORDER)).code == 200
    assert server.server.services.hub.counts() == (0, 0)


async def test_mutated_requests_are_never_our_fault(live: StartLive, caplog: pytest.LogCaptureFixture) -> None:
    server, dice = await live(debug=True), random.Random(SEED)
    caplog.set_level(logging.ERROR)
    whole = (
        b"POST /api/v1/broker/orders?accountId=DEMO-ACCOUNT HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nX-Request-ID: abc\r\nConnection: close\r\nContent-Length: 62\r\n\r\n"
        b'{"symbol":"AAPL","type":1,"side":1,"qty":10,"limitPrice":1.00}'
    )
    statuses = set()
    for _ in range(share(120)):
        requests = []
        for _ in range(AT_ONCE):
            data = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            requests.append(bytes(data))
        for answer in await asyncio.gather(*(exchange(server, request) for request in requests)):
            if answer:
                statuses.add(int(answer.split(b" ", 2)[1]))
    assert statuses and max(statuses) < 500, statuses
    assert [record.getMessage() for record in caplog.records] == []
    assert (await server.fetch("GET", "/health")).code == 200


async def exchange(server: Live, request: bytes) -> bytes:
    host, port = server.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), WAIT_S)
    except ConnectionError:
        return b""
    finally:
        writer.close()
