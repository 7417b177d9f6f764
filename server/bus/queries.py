"""Requests of an edge to the core, and their replies: missed updates of a channel, and the state of a topic.

A reply is the answer or an error, see `BusError`. The core answers in `answers.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from engine.topics import Payload, State

MAX_REPLY_BYTES = 512 * 1024
"""Size from which on a reply to `UpdatesRequest` ends; the edge asks for the rest."""


class UpdatesRequest(NamedTuple):
    """Asks for the updates of an exact channel after the number `after_seq` (on the wire: `from`)."""

    channel: str
    after_seq: int

    def encode(self) -> bytes:
        """Return the request as JSON."""
        return orjson.dumps({"channel": self.channel, "from": self.after_seq})

    @classmethod
    def decode(cls, data: bytes) -> "UpdatesRequest":
        """Return the request of its JSON. Raises: ValueError, KeyError."""
        fields = orjson.loads(data)
        return cls(str(fields["channel"]), int(fields["from"]))


@dataclass(frozen=True, slots=True)
class UpdatesReply:
    """The updates `after_seq` + 1, `after_seq` + 2, ... of a channel.

    A large reply has only the first of them; the edge asks again, from the last one that it has, until it has `seq`.

    Attributes:
        bus_seq: Sequence number of the last message that the stream has acknowledged.
        seq: Number of the channel's last update.
        updates: The updates as JSON; None when the first of them is not stored any more.
    """

    bus_seq: int
    seq: int
    updates: Sequence[bytes] | None

    def encode(self) -> bytes:
        """Return the reply as JSON."""
        updates = None if self.updates is None else [*map(orjson.Fragment, self.updates)]
        return orjson.dumps({"busSeq": self.bus_seq, "seq": self.seq, "updates": updates})

    @classmethod
    def decode(cls, data: bytes) -> "UpdatesReply":
        """Return the reply of its JSON. Raises: BusError when it is an error."""
        fields = checked(data)
        updates = None if fields["updates"] is None else [*map(orjson.dumps, fields["updates"])]
        return cls(fields["busSeq"], fields["seq"], updates)


class SnapshotRequest(NamedTuple):
    """Asks for the state of a topic, given by its text, such as `orders:{"accountId":"A"}`.

    With `has_state` False the reply has no snapshot: it tells channel, epoch and number only. `opening` is an
    AccountCreate of the account that the client's token names; the core opens it unless it exists.
    """

    topic: str
    has_state: bool = True
    opening: Payload | None = None

    def encode(self) -> bytes:
        """Return the request as JSON."""
        fields = {"topic": self.topic, "state": self.has_state}
        return orjson.dumps(fields if self.opening is None else fields | {"opening": self.opening})

    @classmethod
    def decode(cls, data: bytes) -> "SnapshotRequest":
        """Return the request of its JSON. Raises: ValueError, KeyError."""
        fields = orjson.loads(data)
        return cls(str(fields["topic"]), bool(fields.get("state", True)), fields.get("opening"))


@dataclass(frozen=True, slots=True)
class SnapshotReply:
    """The state of a topic.

    Attributes:
        bus_seq: Sequence number of the last message of the stream whose updates are in the snapshot.
        seq: Number of the channel's last update in the snapshot; 0 for a conflated channel.
        epoch: Epoch of the topic, with the generation of its account and the account that an alias stands for.
        channel: Channel of the topic; that of the default account for an alias.
        snapshot: The state. For `broker-connection` and `clock` it is the newest update.
    """

    bus_seq: int
    seq: int
    epoch: str
    channel: str
    snapshot: State

    def encode(self) -> bytes:
        """Return the reply as JSON; a snapshot of bytes is JSON already."""
        fragment = orjson.Fragment(self.snapshot) if isinstance(self.snapshot, bytes) else self.snapshot
        fields = {"busSeq": self.bus_seq, "seq": self.seq, "epoch": self.epoch, "channel": self.channel}
        return orjson.dumps(fields | {"snapshot": fragment})

    @classmethod
    def decode(cls, data: bytes) -> "SnapshotReply":
        """Return the reply of its JSON. Raises: BusError when it is an error."""
        fields = checked(data)
        return cls(fields["busSeq"], fields["seq"], fields["epoch"], fields["channel"], fields["snapshot"])


class BusError(Exception):
    """The core refused a request.

    Attributes:
        code: A reason of `engine.errors.Reason`, `UNAVAILABLE` while the core catches up, or `TOO_LARGE`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def encode(self) -> bytes:
        """Return the reply as JSON."""
        return orjson.dumps({"error": {"code": self.code, "message": str(self)}})


def checked(data: bytes) -> dict[str, Any]:
    """Return the fields of a reply. Raises: BusError when it is an error."""
    fields: dict[str, Any] = orjson.loads(data)
    if (error := fields.get("error")) is not None:
        raise BusError(error["code"], error["message"])
    return fields
