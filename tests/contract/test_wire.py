"""The hook that holds replies and frames against the contract can itself fail."""

import json
from typing import Any

import pytest

from server.specs.examples import EXAMPLES
from tests.contract import wire

PLACED = EXAMPLES["PlacedOrder"]
PROBLEM = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no", "code": "UNKNOWN_ORDER"}
ORDER_UPDATE = {"type": "orders.update", "payload": {"topic": "orders:{}", "payload": PLACED, "seq": 1}}


def reply(body: Any, status: int = 200, media_type: str = "application/json") -> wire.Reply:
    return wire.Reply(status, media_type, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/broker/orders", reply([PLACED])),
        ("GET", "/broker/orders?accountId=A", reply([])),
        ("GET", "/broker/orders/history", reply([PLACED])),
        ("GET", "/broker/orders/ORDER-1", reply(PLACED)),
        ("GET", "/broker/orders/ORDER-9", reply(PROBLEM, 404, wire.PROBLEM)),
        ("GET", "/nowhere", reply(PROBLEM, 404, wire.PROBLEM)),
        ("GET", "/datafeed/time", reply(1)),
        ("GET", "/broker/ws", wire.Reply(426, "text/html", b"")),
        ("POST", "/broker/debug/execute-orders", reply(EXAMPLES["SuccessResponse"])),
    ],
)
def test_what_is_in_the_contract_passes(method: str, path: str, answer: wire.Reply) -> None:
    wire.check_reply(method, path, answer)


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("/broker/orders", reply([PLACED | {"colour": "red"}]), "colour"),
        ("/broker/orders", reply([{k: v for k, v in PLACED.items() if k != "reason"}]), "reason"),
        ("/broker/orders", reply([PLACED | {"side": 7}]), "/0/side"),
        ("/broker/orders", reply(PLACED), "array"),
        ("/broker/orders", reply([], 418), "has no such answer"),
        ("/broker/orders", reply([], media_type="text/html"), "has no such answer"),
        ("/broker/orders", reply(PROBLEM | {"more": 1}, 422, wire.PROBLEM), "more"),
        ("/nowhere", reply({}, 200), "not in the contract"),
    ],
)
def test_what_is_not_in_the_contract_is_named(path: str, answer: wire.Reply, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        wire.check_reply("GET", path, answer)


def test_a_frame_of_the_contract_passes() -> None:
    wire.check_frame(ORDER_UPDATE)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (ORDER_UPDATE | {"type": "weather.update"}, "no message 'weather.update'"),
        (ORDER_UPDATE | {"type": "orders.subscribe"}, "no message 'orders.subscribe' that the server sends"),
        (ORDER_UPDATE | {"extra": 1}, "extra"),
        (
            ORDER_UPDATE | {"payload": {"topic": "t", "payload": PLACED | {"qty": "10"}, "seq": 1}},
            "/payload/payload/qty",
        ),
        (ORDER_UPDATE | {"payload": {"topic": "t", "payload": PLACED}}, "seq"),
        ([], "a frame is an object"),
    ],
)
def test_a_frame_outside_the_contract_is_named(frame: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        wire.check_frame(frame)
