"""Each fault of the table as a real client sees it on a real socket, through the native interface and through Alpaca's.

One server for the file; each test has an account of its own, and the list of faults is empty before it.
"""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.alpaca.venue import WAIT_S, Venue, running

HEAD = (
    "{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/json\r\nContent-Length: {size}\r\n{more}\r\n"
)
ORDERS = "/api/v1/broker/orders"
STATUS = {"status": {"code": 503, "retryAfter": 7}}


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    with running(control=True) as started:
        yield started


@pytest.fixture
def account(venue: Venue) -> str:
    venue.native("PUT", "/faults", {"faults": []})
    return venue.open_account()


def fault(venue: Venue, stage: str, do: Any, match: Any = None, **fields: Any) -> str:
    """Add a fault; returns its id."""
    added = venue.native("POST", "/faults", {"stage": stage, "do": do, "match": match or {}, **fields})
    fault_id: str = added["id"]
    return fault_id


def applied(venue: Venue, fault_id: str) -> int:
    count: int = venue.native("GET", f"/faults/{fault_id}")["stats"]["applied"]
    return count


def sent(venue: Venue, path: str, body: Any = None, method: str = "POST", more: str = "") -> socket.socket:
    """Send a request on a new connection."""
    host, port = venue.address.split(":")
    client = socket.create_connection((host, int(port)), WAIT_S)
    data = b"" if body is None else json.dumps(body).encode()
    client.sendall(HEAD.format(method=method, path=path, size=len(data), more=more).encode() + data)
    return client


class Outcome(NamedTuple):
    """How a request ends: its status, "closed", "reset", "cut" or "silent"; and the bytes that arrived."""

    kind: str
    head: bytes
    body: bytes


def outcome(client: socket.socket, is_silent: bool = False) -> Outcome:
    """Read an answer to its end; with `is_silent`, only what is there already."""
    received = b""
    client.settimeout(0.0 if is_silent else WAIT_S)
    try:
        while not _is_whole(received):
            part = client.recv(1 << 16)
            if not part:
                return _outcome("cut" if received else "closed", received)
            received += part
    except ConnectionResetError:
        return _outcome("reset", received)
    except BlockingIOError:
        return _outcome("silent", received)
    finally:
        client.close()
    return _outcome(received.split(b" ", 2)[1].decode(), received)


def _outcome(kind: str, received: bytes) -> Outcome:
    head, _, body = received.partition(b"\r\n\r\n")
    return Outcome(kind, head, body)


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b": 0")
    return bool(end) and len(body) >= int(length.split(b":")[1])


def wait_until_applied(venue: Venue, fault_id: str) -> None:
    """Wait for the first application of a fault."""
    deadline = time.monotonic() + WAIT_S
    while not applied(venue, fault_id):
        assert time.monotonic() < deadline


def orders(venue: Venue, account: str) -> list[Any]:
    found: list[Any] = venue.native("GET", f"/broker/orders?accountId={account}")
    return found


def order(**fields: Any) -> dict[str, Any]:
    return {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1} | fields


@pytest.mark.parametrize(
    ("do", "phase", "result", "count"),
    [
        (STATUS, "before", "503", 0),
        (STATUS, "after", "503", 1),
        ({"latency": {"ms": 1, "jitter": 2}}, "before", "200", 1),
        ({"latency": {"ms": 1}}, "after", "200", 1),
        ({"timeout": {"ms": 1}}, "before", "closed", 0),
        ({"timeout": {"ms": 1}}, "after", "closed", 1),
        ({"reset": True}, "before", "reset", 0),
        ({"reset": True}, "after", "reset", 1),
        ({"halfOpen": True}, "before", "silent", 0),
        ({"halfOpen": True}, "after", "silent", 1),
        ({"truncate": {"bytes": 5}}, "after", "cut", 1),
    ],
)
def test_fault_of_a_request(venue: Venue, account: str, do: Any, phase: str, result: str, count: int) -> None:
    rule = fault(venue, "request", do, {"path": ORDERS, "method": "POST", "account": account}, phase=phase, times=1)
    client = sent(venue, f"{ORDERS}?accountId={account}", order())
    wait_until_applied(venue, rule)
    assert outcome(client, result == "silent").kind == result
    assert len(orders(venue, account)) == count
    assert outcome(sent(venue, f"{ORDERS}?accountId={account}", order())).kind == "200"


def test_status_has_the_body_of_the_dialect_and_retry_after(venue: Venue, account: str) -> None:
    fault(venue, "request", STATUS, {"account": account})
    native = outcome(sent(venue, f"{ORDERS}?accountId={account}", order()))
    assert b"Retry-After: 7" in native.head
    assert json.loads(native.body)["code"] == "UNAVAILABLE"
    key = f"APCA-API-KEY-ID: {account}\r\nAPCA-API-SECRET-KEY: x\r\n"
    alpaca = outcome(sent(venue, "/alpaca/v2/account", method="GET", more=key))
    assert set(json.loads(alpaca.body)) == {"code", "message"}


def test_own_body_of_a_status(venue: Venue, account: str) -> None:
    fault(venue, "request", {"status": {"code": 418, "body": {"tea": True}}}, {"path": "/udf/*"})
    answer = outcome(sent(venue, "/udf/time", method="GET"))
    assert (answer.kind, answer.body) == ("418", b'{"tea":true}')


def test_truncated_reply_promises_its_whole_length(venue: Venue, account: str) -> None:
    fault(venue, "request", {"truncate": {"bytes": 5}}, {"account": account}, phase="after")
    answer = outcome(sent(venue, f"{ORDERS}?accountId={account}", order()))
    assert answer.body == b'{"ord' and b"Content-Length: 21" in answer.head


@pytest.mark.parametrize(
    ("do", "result"),
    [
        ({"reset": True}, "reset"),
        ({"refuse": True}, "reset"),
        ({"stall": True}, "silent"),
        ({"bandwidth": {"bytesPerS": 2000}}, "200"),
    ],
)
def test_fault_of_the_connection_of_a_request(venue: Venue, account: str, do: Any, result: str) -> None:
    rule = fault(venue, "connection", do, {"path": "/udf/config"}, times=1)
    client = sent(venue, "/udf/config", method="GET")
    wait_until_applied(venue, rule)
    assert outcome(client, result == "silent").kind == result


def test_control_meets_no_fault(venue: Venue, account: str) -> None:
    rule = fault(venue, "request", {"reset": True})
    assert venue.native("GET", "/requests") is not None
    assert applied(venue, rule) == 0


# Orders


@pytest.mark.parametrize(
    ("do", "native", "alpaca"),
    [
        ({"reject": {"reason": "NO_LIQUIDITY"}}, (5, 0), None),
        ({"fill": {"qty": 4}}, (6, 4), ("partially_filled", "4")),
        ({"fill": {"qty": 4, "then": "cancel"}}, (1, 4), ("canceled", "4")),
        ({"delay": {"ms": 60_000}}, (6, 0), ("accepted", "0")),
    ],
)
def test_fault_of_an_order(venue: Venue, account: str, do: Any, native: Any, alpaca: Any) -> None:
    fault(venue, "order", do, {"symbol": "AAPL", "account": account})
    own = f"accountId={account}"
    answer = outcome(sent(venue, f"{ORDERS}?{own}", order(type=2, qty=10, limitPrice=None)))
    placed = venue.native("GET", f"/broker/orders/{json.loads(answer.body)['orderId']}?{own}")
    assert (placed["status"], placed["filledQty"]) == native
    fields = {"symbol": "AAPL", "side": "buy", "type": "market", "qty": "10", "time_in_force": "day"}
    placed = venue.call(account, "POST", "/v2/orders", fields, 403 if alpaca is None else 200)
    assert alpaca in (None, (placed.get("status"), placed.get("filled_qty")))
