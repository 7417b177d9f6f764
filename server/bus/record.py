"""The core's registration in the key-value buckets, by which an edge finds the history and composes its market."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from engine.models.market.scenarios import MarketEvent
from server.bus.messages import ClockReading, decode_scenarios, encode_scenarios
from server.storage.commits import Position


@dataclass(frozen=True, slots=True)
class CoreRecord:
    """The core's registration, and everything that an edge needs to compose its market. Refreshed every few seconds.

    Attributes:
        address: Base of the core's URLs, such as `http://10.0.0.5:8000`.
        version: Version of the core's program; an edge has to be of the same version.
        epoch: Epoch of the history.
        txn, bus_seq: Position and sequence number of the stream at which `scenarios` and `clock` hold.
        modules: Modules that are served.
        market: Settings of the market by the names of `Settings`: seed, feed, sessions, tick_ms, control, and others.
        has_catalogue: Whether `CATALOGUE_KEY` has an instruments file; else the catalogue is the program's own.
        clock: The clock; None means wall time.
        scenarios: The scenarios so far, oldest first, each with its end.
    """

    address: str
    version: str
    epoch: str
    txn: Position
    bus_seq: int
    modules: Sequence[str]
    market: Mapping[str, Any]
    has_catalogue: bool
    clock: ClockReading | None
    scenarios: Sequence[MarketEvent]

    def encode(self) -> bytes:
        """Return the record as JSON."""
        fields: dict[str, Any] = {"address": self.address, "version": self.version, "epoch": self.epoch}
        fields |= {"txn": [*self.txn], "busSeq": self.bus_seq, "modules": self.modules, "market": self.market}
        fields |= {"hasCatalogue": self.has_catalogue, "clock": self.clock and self.clock.to_wire()}
        return orjson.dumps(fields | {"scenarios": encode_scenarios(self.scenarios)})

    @classmethod
    def decode(cls, data: bytes) -> "CoreRecord":
        """Return the record of its JSON."""
        fields = orjson.loads(data)
        return cls(
            fields["address"],
            fields["version"],
            fields["epoch"],
            Position(*fields["txn"]),
            fields["busSeq"],
            tuple(fields["modules"]),
            fields["market"],
            fields["hasCatalogue"],
            None if fields["clock"] is None else ClockReading.of_wire(fields["clock"]),
            decode_scenarios(fields["scenarios"]),
        )


def encode_history(history: str) -> bytes:
    """Return the value of a key of `DIRECTORY_BUCKET`."""
    return orjson.dumps({"history": history})


def decode_history(data: bytes) -> str:
    """Return the history in a value of `DIRECTORY_BUCKET`."""
    history: str = orjson.loads(data)["history"]
    return history
