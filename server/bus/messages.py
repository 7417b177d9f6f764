"""Messages that the core publishes: commits, conflated states, ticks; and the interest that edges publish.

Every message is one JSON document. The core writes numbers, epochs and positions; an edge only compares them. Requests
are in `queries.py`, the core's registration is in `record.py`, subjects are in `names.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from engine.models.market.scenarios import MARKET_EVENTS, MarketEvent
from engine.topics import Payload
from server.storage import codec
from server.storage.commits import ChannelUpdates, Position


@dataclass(frozen=True, slots=True)
class CommitMessage:
    """The updates of one commit, or of several commits after an outage.

    A message whose `after` is not the position of the message before it follows a loss, because the stream was created
    anew. Then, and only then, an edge asks for the updates that it misses. After a connection the core sends a message
    without updates, whose `after` equals `txn`.

    Attributes:
        epoch: Epoch of the history.
        txn: Position at the end of the commit.
        after: Position at the end of the commit before it.
        updates: In the order of publication; a channel may occur several times, with ascending numbers.
        cleared: Accounts that were reset, and the generation of their channels from this message on.
        opened: Accounts that were opened; subscriptions to an alias with that name end.
        market: Scenarios that were added or ended.
    """

    epoch: str
    txn: Position
    after: Position
    updates: Sequence[ChannelUpdates] = ()
    cleared: Sequence[tuple[str, int]] = ()
    opened: Sequence[str] = ()
    market: Sequence[MarketEvent] = ()

    @property
    def id(self) -> str:
        """The value of `MESSAGE_ID`."""
        return f"{self.epoch}:{self.txn.event}.{self.txn.row}"

    def encode(self) -> bytes:
        """Return the message as JSON."""
        updates = [(name, seq, [orjson.Fragment(body) for body in bodies]) for name, seq, bodies in self.updates]
        fields: dict[str, Any] = {"epoch": self.epoch, "txn": [*self.txn], "after": [*self.after], "updates": updates}
        if self.cleared:
            fields["cleared"] = [[*one] for one in self.cleared]
        if self.opened:
            fields["opened"] = self.opened
        if self.market:
            fields["market"] = encode_scenarios(self.market)
        return orjson.dumps(fields)

    @classmethod
    def decode(cls, data: bytes) -> "CommitMessage":
        """Return the message of its JSON."""
        fields = orjson.loads(data)
        return cls(
            fields["epoch"],
            Position(*fields["txn"]),
            Position(*fields["after"]),
            [ChannelUpdates(name, seq, [*map(orjson.dumps, bodies)]) for name, seq, bodies in fields["updates"]],
            [(account, generation) for account, generation in fields.get("cleared", ())],
            fields.get("opened", []),
            decode_scenarios(fields.get("market", ())),
        )


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Market time at an instant of wall time, both in epoch milliseconds.

    Attributes:
        speed: Market seconds per second; 0 while the clock is paused or moved by a caller.
    """

    market_ms: int
    wall_ms: int
    speed: float

    def to_wire(self) -> Payload:
        """Return the reading as JSON values."""
        return {"market": self.market_ms, "wall": self.wall_ms, "speed": self.speed}

    @classmethod
    def of_wire(cls, fields: Mapping[str, Any]) -> "ClockReading":
        """Return the reading of JSON values."""
        return cls(fields["market"], fields["wall"], fields["speed"])


@dataclass(frozen=True, slots=True)
class StatesMessage:
    """The newest states of conflated channels; after `REPEAT_S` all of them again. It is also the core's heartbeat.

    Attributes:
        txn: Position of the last durable commit.
        bus_seq: Sequence number of the last message that the stream has acknowledged.
        states: JSON of the newest update, by channel.
    """

    epoch: str
    txn: Position
    bus_seq: int
    clock: ClockReading
    states: Mapping[str, bytes]

    def encode(self) -> bytes:
        """Return the message as JSON."""
        states = {channel: orjson.Fragment(body) for channel, body in self.states.items()}
        fields = {"epoch": self.epoch, "txn": [*self.txn], "busSeq": self.bus_seq, "clock": self.clock.to_wire()}
        return orjson.dumps(fields | {"states": states})

    @classmethod
    def decode(cls, data: bytes) -> "StatesMessage":
        """Return the message of its JSON."""
        fields = orjson.loads(data)
        states = {channel: orjson.dumps(body) for channel, body in fields["states"].items()}
        clock = ClockReading.of_wire(fields["clock"])
        return cls(fields["epoch"], Position(*fields["txn"]), fields["busSeq"], clock, states)


class NumberedTick(NamedTuple):
    """A tick of an external feed in the shape of `engine.models.market.ticks.Tick`; later ticks have larger numbers."""

    number: int
    tick: Payload


@dataclass(frozen=True, slots=True)
class TicksMessage:
    """Ticks of an external feed in ascending order; after `REPEAT_S` the newest of each symbol again.

    An edge ignores the ticks of a symbol up to the last number that it has of that symbol.
    """

    epoch: str
    ticks: Sequence[NumberedTick]

    def encode(self) -> bytes:
        """Return the message as JSON."""
        return orjson.dumps({"epoch": self.epoch, "ticks": [[*one] for one in self.ticks]})

    @classmethod
    def decode(cls, data: bytes) -> "TicksMessage":
        """Return the message of its JSON."""
        fields = orjson.loads(data)
        return cls(fields["epoch"], [NumberedTick(*one) for one in fields["ticks"]])


class InterestMessage(NamedTuple):
    """All conflated channels of accounts that an edge has subscribers of: when they change, and every `INTEREST_S`."""

    edge: str
    channels: Sequence[str]

    def encode(self) -> bytes:
        """Return the message as JSON."""
        return orjson.dumps({"edge": self.edge, "channels": self.channels})

    @classmethod
    def decode(cls, data: bytes) -> "InterestMessage":
        """Return the message of its JSON. Raises: ValueError, KeyError."""
        fields = orjson.loads(data)
        return cls(str(fields["edge"]), [*map(str, fields["channels"])])


def encode_scenarios(scenarios: Sequence[MarketEvent]) -> list[tuple[str, int, orjson.Fragment]]:
    """Return the events of scenarios as JSON values: kind, version and body, as in the journal."""
    kinds = [(type(event).__name__, event) for event in scenarios]
    return [(kind, codec.version_of(kind), orjson.Fragment(codec.encode(event))) for kind, event in kinds]


def decode_scenarios(listed: Sequence[tuple[str, int, Any]]) -> list[MarketEvent]:
    """Return the events of `encode_scenarios`. Raises: BadBody."""
    found = []
    for kind, version, body in listed:
        event = codec.decode(kind, version, orjson.dumps(body))
        assert isinstance(event, MARKET_EVENTS)
        found.append(event)
    return found
