"""Each fault of the table as a real client sees it on a real socket, through the native interface and through Alpaca's.

One server for the file; each test has an account of its own, and the list of faults is empty before it.
"""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.sync.client import ClientConnection, connect

from tests.alpaca.venue import Venue, running
from tests.support import WAIT_S

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
    listed = venue.native("GET", f"/requests?account={account}&method=POST")
    assert [(one["fault"], one["replyLost"]) for one in listed] == [(rule, result != "200" and phase == "after")]
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


def test_faults_belong_to_a_world_and_its_copies(venue: Venue, account: str) -> None:
    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"http://{venue.address}{path}", json=body, timeout=WAIT_S)
        return answer.json() if answer.content else answer.status_code

    world = ask("POST", "/api/v1/worlds", {})["id"]
    rule = {"stage": "request", "match": {"path": ORDERS}, "do": STATUS, "times": 1}
    ask("POST", f"/w/{world}/api/v1/faults", rule)
    assert ask("GET", f"/w/{world}{ORDERS}")["status"] == 503
    copy = ask("POST", f"/api/v1/worlds/{world}/fork", {})["id"]
    assert ask("GET", f"/w/{copy}/api/v1/faults") == ask("GET", f"/w/{world}/api/v1/faults") != []
    assert venue.native("GET", "/faults") == []
    for one in (world, copy):
        ask("DELETE", f"/api/v1/worlds/{one}")


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


# The lost reply


def test_retry_after_a_lost_reply_is_one_order(venue: Venue, account: str) -> None:
    for path in (ORDERS, "/alpaca/v2/orders"):
        fault(venue, "request", {"reset": True}, {"path": path, "method": "POST"}, phase="after", times=1)
    native = (f"{ORDERS}?accountId={account}", order(clientOrderId="bot-1"), "")
    key = f"APCA-API-KEY-ID: {account}\r\nAPCA-API-SECRET-KEY: x\r\n"
    fields = {"symbol": "AAPL", "side": "buy", "type": "limit", "qty": "1", "limit_price": "1", "time_in_force": "day"}
    alpaca = ("/alpaca/v2/orders", fields | {"client_order_id": "bot-2"}, key)
    for path, body, more in (native, alpaca):
        first, again = (outcome(sent(venue, path, body, more=more)) for _ in range(2))
        assert first.kind == "reset"
        assert again.kind in ("200", "422"), again.body
    assert sorted(one["clientOrderId"] for one in orders(venue, account)) == ["bot-1", "bot-2"]
    report = venue.native("GET", f"/report?account={account}")
    assert report["orders"] == {"repliesLost": 2, "sameClientOrderId": 2, "sameBody": 0}


def test_list_of_requests_has_facts_and_no_secrets(venue: Venue, account: str) -> None:
    key = f"APCA-API-KEY-ID: {account}\r\nAPCA-API-SECRET-KEY: very-secret\r\n"
    outcome(sent(venue, "/alpaca/v2/orders/none", method="DELETE", more=key))
    outcome(sent(venue, f"{ORDERS}?accountId={account}", order()))
    found = venue.native("GET", f"/requests?account={account}&path=*/orders*&limit=2")
    assert [(one["method"], one["path"], one["status"]) for one in found] == [
        ("DELETE", "/alpaca/v2/orders/none", 404),
        ("POST", ORDERS, 200),
    ]
    assert all(one["durationMs"] > 0 and one["requestId"] and one["address"] == "127.0.0.1" for one in found)
    assert "secret" not in json.dumps(found)
    assert venue.native("GET", f"/requests?account={account}&status=404&method=DELETE")[0] == found[0]


# Pushes


class Follower:
    """A client that follows the orders of an account."""

    def __init__(self, venue: Venue, account: str, socket: ClientConnection) -> None:
        self.venue = venue
        self.account = account
        self.socket = socket
        self.session = self.ask("hello", {})["payload"]["session"]

    def ask(self, kind: str, payload: Any, **more: Any) -> Any:
        self.socket.send(json.dumps({"type": kind, "payload": payload} | more))
        return json.loads(self.socket.recv(WAIT_S))

    def follow(self, **more: Any) -> Any:
        return self.ask("orders.subscribe", {"accountId": self.account}, **more)["payload"]

    def place(self, count: int) -> None:
        """Place orders; each has one update."""
        for _ in range(count):
            self.venue.native("POST", f"/broker/orders?accountId={self.account}", order())

    def numbers(self, count: int) -> list[int]:
        """Return the sequence numbers of the next updates."""
        return [json.loads(self.socket.recv(WAIT_S))["payload"]["seq"] for _ in range(count)]


@contextlib.contextmanager
def following(venue: Venue, account: str) -> Iterator[Follower]:
    with connect(f"ws://{venue.address}/api/v1/ws", close_timeout=1) as socket:
        yield Follower(venue, account, socket)


@pytest.fixture
def follower(venue: Venue, account: str) -> Iterator[Follower]:
    with following(venue, account) as one:
        yield one


@pytest.mark.parametrize(
    ("do", "fields", "expected"),
    [
        ({"drop": True}, {"after": 1, "times": 1}, [1, 3, 4]),
        ({"duplicate": True}, {"times": 1}, [1, 1, 2, 3, 4]),
        ({"reorder": {"n": 1}}, {"times": 1}, [2, 1, 3, 4]),
        ({"reorder": {"n": 2}}, {"after": 1, "times": 1}, [1, 3, 4, 2]),
        ({"delay": {"ms": 1}}, {"times": 1}, [1, 2, 3, 4]),
    ],
)
def test_fault_of_a_push(follower: Follower, do: Any, fields: Any, expected: list[int]) -> None:
    rule = fault(follower.venue, "push", do, {"route": "orders", "account": follower.account}, **fields)
    follower.follow()
    follower.place(4)
    assert follower.numbers(len(expected)) == expected
    assert applied(follower.venue, rule) == 1


def test_truncated_push_is_no_json(follower: Follower) -> None:
    topic = follower.follow()["topic"]
    fault(follower.venue, "push", {"truncate": {}}, {"topic": topic}, times=1)
    follower.place(2)
    text = follower.socket.recv(WAIT_S)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(text)
    assert follower.numbers(1) == [2]


def test_dropped_update_is_resumed(follower: Follower) -> None:
    answer = follower.follow()
    fault(follower.venue, "push", {"drop": True}, {"topic": answer["topic"]}, after=1, times=1)
    follower.place(3)
    assert follower.numbers(2) == [1, 3]
    gaps = "gaps"
    assert follower.venue.native("GET", f"/report?account={follower.account}")[gaps]["notResumed"] == 1
    again = follower.follow(recover={"epoch": answer["epoch"], "seq": 1})
    assert again["recovered"] is True
    report = follower.venue.native("GET", f"/report?session={follower.session}")
    assert report[gaps] == {"seen": 1, "resumed": 1, "notResumed": 0}


def test_fault_of_an_alpaca_update(venue: Venue, account: str) -> None:
    with connect(f"ws://{venue.address}/alpaca/stream", close_timeout=1) as client:
        for action in (
            {"action": "auth", "key": account, "secret": "x"},
            {"action": "listen", "data": {"streams": ["trade_updates"]}},
        ):
            client.send(json.dumps(action))
            client.recv(WAIT_S)
        fault(venue, "push", {"drop": True}, {"topic": f"trade_updates:{account}"}, after=1, times=1)
        for _ in range(3):
            venue.native("POST", f"/broker/orders?accountId={account}", order())
        numbers = [json.loads(client.recv(WAIT_S))["seq"] for _ in range(2)]
    assert numbers[1] == numbers[0] + 2


# Sockets


@pytest.mark.parametrize(
    ("do", "code"),
    [({"close": {"code": 4008}}, 4008), ({"close": {}}, 1012), ({"reset": True}, 1006), ({"refuse": True}, 1006)],
)
@pytest.mark.parametrize("by", ["session", "topic"])
def test_fault_ends_a_socket(follower: Follower, do: Any, code: int, by: str) -> None:
    topic = follower.follow()["topic"]
    match = {"session": follower.session} if by == "session" else {"topic": topic}
    fault(follower.venue, "connection", do, match, times=1)
    with pytest.raises(ConnectionClosed) as closed:
        follower.socket.recv(WAIT_S)
    assert (1006 if closed.value.rcvd is None else closed.value.rcvd.code) == code
    with following(follower.venue, follower.account) as again:
        again.follow()
    report = follower.venue.native("GET", f"/report?account={follower.account}")
    assert report["reconnects"]["lost"] == report["reconnects"]["reconnected"] == 1
    assert report["topics"] == {"resumed": 0, "lost": [topic]}


def test_refused_handshake_gets_no_answer(venue: Venue, account: str) -> None:
    fault(venue, "connection", {"refuse": True}, {"path": "/api/v1/ws"}, times=1)
    with pytest.raises((ConnectionError, InvalidMessage)), following(venue, account):
        pass
    with following(venue, account):
        pass


def test_stalled_socket_gets_nothing_more(follower: Follower) -> None:
    follower.follow()
    fault(follower.venue, "connection", {"stall": True}, {"session": follower.session})
    follower.place(2)
    follower.socket.send(json.dumps({"type": "hello"}))
    with pytest.raises(TimeoutError):
        follower.socket.recv(0)


def test_slow_socket_gets_everything_in_order(follower: Follower) -> None:
    follower.follow()
    fault(follower.venue, "connection", {"bandwidth": {"bytesPerS": 20_000}}, {"session": follower.session})
    follower.place(4)
    assert follower.numbers(4) == [1, 2, 3, 4]
