"""Messages of the bus: what the core encodes is what an edge decodes, and the JSON has the documented shape."""

from typing import Any

import orjson
import pytest

from engine.models.market.scenarios import ScenarioAdded, ScenarioEnded
from server.bus.messages import (
    ClockReading,
    CommitMessage,
    InterestMessage,
    NumberedTick,
    StatesMessage,
    TicksMessage,
)
from server.bus.names import BusNames
from server.bus.queries import BusError, SnapshotReply, SnapshotRequest, UpdatesReply, UpdatesRequest
from server.bus.record import CoreRecord, decode_history, encode_history
from server.storage.commits import ChannelUpdates, Position

ADDED = ScenarioAdded(1000, "SCENARIO-1", "AAPL", "shock", 1.5, 1200, None)
ENDED = ScenarioEnded(2000, "SCENARIO-1", 2200)
CLOCK = ClockReading(5000, 6000, 10.0)
COMMIT = CommitMessage(
    "e1",
    Position(7, 4),
    Position(5, 3),
    [ChannelUpdates('orders:{"accountId":"A"}', 12, [b'{"id":"1"}', b'{"id":"2"}'])],
    [("A", 1)],
    ["B"],
    [ADDED, ENDED],
)
RECORD = CoreRecord(
    "http://127.0.0.1:8000",
    "1.0",
    "e1",
    Position(7, 4),
    9,
    ("broker", "datafeed"),
    {"seed": 7},
    False,
    CLOCK,
    [ADDED],
)

MESSAGES: list[Any] = [
    COMMIT,
    CommitMessage("e1", Position(7, 4), Position(7, 4), [], [], [], []),
    StatesMessage("e1", Position(7, 4), 9, CLOCK, {'equity:{"accountId":"A"}': b'{"equity":1.5}'}),
    TicksMessage("e1", [NumberedTick(3, {"symbol": "AAPL", "time": 5, "price": 1.25})]),
    InterestMessage("edge-1", ['equity:{"accountId":"A"}']),
    UpdatesRequest("orders:{}", 11),
    UpdatesReply(9, 13, [b'{"id":"1"}']),
    UpdatesReply(9, 13, None),
    SnapshotRequest('orders:{"accountId":"A"}'),
    SnapshotReply(9, 13, "e1.2", 'orders:{"accountId":"A"}', [{"id": "1"}]),
    RECORD,
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_decoded_message_is_the_one_that_was_encoded(message: Any) -> None:
    assert type(message).decode(message.encode()) == message


def test_a_commit_has_the_documented_shape() -> None:
    assert orjson.loads(COMMIT.encode()) == {
        "epoch": "e1",
        "txn": [7, 4],
        "after": [5, 3],
        "updates": [['orders:{"accountId":"A"}', 12, [{"id": "1"}, {"id": "2"}]]],
        "cleared": [["A", 1]],
        "opened": ["B"],
        "market": [
            ["ScenarioAdded", 1, [1000, "SCENARIO-1", "AAPL", "shock", 1.5, 1200, None, ""]],
            ["ScenarioEnded", 1, [2000, "SCENARIO-1", 2200, ""]],
        ],
    }
    assert COMMIT.id == "e1:7.4"


def test_the_names_of_a_history_are_the_documented_ones() -> None:
    names = BusNames("h")
    assert (names.stream, names.commits, names.bucket) == ("TP-h", "tp.h.x", "tp-h")
    assert (names.updates, names.snapshot) == ("tp.h.q.updates", "tp.h.q.snapshot")
    assert (names.ticks, names.states, names.interest) == ("tp.h.m", "tp.h.c", "tp.h.i")


@pytest.mark.parametrize("reply", [UpdatesReply, SnapshotReply])
def test_a_refusal_is_raised_with_its_code(reply: type[UpdatesReply] | type[SnapshotReply]) -> None:
    with pytest.raises(BusError, match="no symbol") as raised:
        reply.decode(BusError("UNKNOWN_SYMBOL", "no symbol").encode())
    assert raised.value.code == "UNKNOWN_SYMBOL"


def test_the_directory_names_the_history() -> None:
    assert decode_history(encode_history("h")) == "h"
