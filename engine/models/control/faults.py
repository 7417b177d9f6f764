"""Faults on the wire: a rule names a stage, the cases that it matches, and its action.

`engine/faults.py` decides which rule applies. Each stage reads its own fields of `FaultMatch` and `FaultAction`
(`STAGES`); the other fields are refused.
"""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue, Strict, model_validator

from engine.models.broker.orders import OrderType, Side
from engine.models.common import CODE, WHOLE, Name, Text, WireModel

Stage = Literal["request", "order", "push", "connection"]
Phase = Literal["before", "after"]

Ms = Annotated[int, Strict(), Field(ge=0, le=86_400_000), WHOLE]
"""A duration of at most a day, in milliseconds."""

Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000_000), WHOLE]
On = Annotated[bool, Strict()]
"""An action without values: true. False is the same as absent."""


MAX_FAULTS = 100


class Part(WireModel):
    """A part of a fault. An unknown field is an error, because a match with a wrong name would match every case."""

    model_config = ConfigDict(extra="forbid")


class FaultMatch(Part):
    """The cases of a rule: each field that is given must match. In text, `*` stands for any characters.

    Attributes:
        method, path: HTTP method, and path without the query; of a socket, the path of its handshake.
        account: Id of the account.
        address: Address of the client.
        clientOrderId: The client's own id of an order.
        topic: Text of a topic; of a connection, any topic that it holds.
        route: Route of a topic, such as "executions".
        session: The session in the welcome message of the stream.
    """

    method: Name | None = None
    path: Text | None = None
    account: Name | None = None
    address: Name | None = None
    symbol: Name | None = None
    type: Annotated[OrderType, CODE] | None = None
    side: Annotated[Side, CODE] | None = None
    clientOrderId: Text | None = None
    topic: Text | None = None
    route: Name | None = None
    session: Name | None = None


class StatusAction(Part):
    """Answer with a status; without `body` it is the problem body of the status."""

    code: Annotated[int, Strict(), Field(ge=400, le=599), WHOLE]
    retryAfter: Annotated[int, Strict(), Field(ge=0, le=86_400), WHOLE] | None = None
    body: dict[str, JsonValue] | None = None


class LatencyAction(Part):
    """Wait `ms`, and up to `jitter` milliseconds more."""

    ms: Ms
    jitter: Ms = 0


class DurationAction(Part):
    """A duration in milliseconds."""

    ms: Ms


class TruncateAction(Part):
    """Send only the first `bytes` of a body; of a message, by default the first half."""

    bytes: Count | None = None


class RejectAction(Part):
    """Reject the order with a reason code and a message for traders."""

    reason: Name
    message: Text = "rejected by a fault"


class FillAction(Part):
    """Fill at most `qty` of the order; then it stays as it is, or its rest is canceled."""

    qty: Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False)]
    then: Literal["stall", "cancel"] = "stall"


class ReorderAction(Part):
    """Send the message after the next `n` messages of its topic."""

    n: Annotated[int, Strict(), Field(ge=1, le=1000), WHOLE] = 1


class CloseAction(Part):
    """Close a socket with a close code."""

    code: Annotated[int, Strict(), Field(ge=1000, le=4999), WHOLE] = 1012


class BandwidthAction(Part):
    """Send at most `bytesPerS` bytes a second."""

    bytesPerS: Annotated[int, Strict(), Field(ge=1, le=1_000_000_000), WHOLE]


class FaultAction(Part):
    """The action of a rule: exactly one field.

    Attributes:
        delay: For an order, market time until it arrives at the market; for a message, time until it is sent.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1, "maxProperties": 1})

    status: StatusAction | None = None
    latency: LatencyAction | None = None
    timeout: DurationAction | None = None
    reset: On | None = None
    halfOpen: On | None = None
    truncate: TruncateAction | None = None
    reject: RejectAction | None = None
    fill: FillAction | None = None
    delay: DurationAction | None = None
    drop: On | None = None
    duplicate: On | None = None
    reorder: ReorderAction | None = None
    close: CloseAction | None = None
    stall: On | None = None
    bandwidth: BandwidthAction | None = None
    refuse: On | None = None

    @property
    def kind(self) -> str:
        """Name of the field that is given."""
        return next(name for name, value in self if value)

    @model_validator(mode="after")
    def _is_one(self) -> "FaultAction":
        if len([name for name, value in self if value]) != 1:
            raise ValueError("a fault does exactly one thing")
        return self


class StageFields(NamedTuple):
    """The fields of a stage."""

    match: frozenset[str]
    actions: frozenset[str]


STAGES: dict[str, StageFields] = {
    "request": StageFields(
        frozenset(("method", "path", "account", "address")),
        frozenset(("status", "latency", "timeout", "reset", "halfOpen", "truncate")),
    ),
    "order": StageFields(
        frozenset(("account", "symbol", "type", "side", "clientOrderId")), frozenset(("reject", "fill", "delay"))
    ),
    "push": StageFields(
        frozenset(("topic", "route", "account")), frozenset(("drop", "duplicate", "delay", "reorder", "truncate"))
    ),
    "connection": StageFields(
        frozenset(("path", "address", "session", "topic")),
        frozenset(("close", "reset", "stall", "bandwidth", "refuse")),
    ),
}


class FaultRequest(Part):
    """A rule.

    Attributes:
        id: Chosen by the server if it is absent.
        phase: Of a request: the action comes before the command, or after it, in place of its reply.
        after: Number of matches that pass before the first application.
        times: Maximum number of applications; null: no maximum.
        probability: Probability that a match is an application.
    """

    id: Name | None = None
    name: Text = ""
    stage: Stage
    match: FaultMatch = Field(default_factory=FaultMatch)
    do: FaultAction
    phase: Phase = "before"
    after: Count = 0
    times: Count | None = None
    probability: Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)] = 1.0

    @model_validator(mode="after")
    def _fits_its_stage(self) -> "FaultRequest":
        fields = STAGES[self.stage]
        strange = [name for name, value in self.match if value is not None and name not in fields.match]
        if strange:
            raise ValueError(f"the stage {self.stage} matches {_listed(fields.match)}, not {strange[0]}")
        if self.do.kind not in fields.actions:
            raise ValueError(f"the stage {self.stage} can {_listed(fields.actions)}, not {self.do.kind}")
        if self.phase == "after" and self.stage != "request":
            raise ValueError("only a request has a phase")
        if self.stage == "request" and self.do.truncate is not None:
            if self.phase != "after":
                raise ValueError("only a reply can be truncated: the phase is after")
            if self.do.truncate.bytes is None:
                raise ValueError("truncate of a reply needs its bytes")
        return self


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


class FaultStats(WireModel):
    """How many cases a rule matched, and how often it was applied."""

    matched: int
    applied: int


class Fault(FaultRequest):
    """A rule with its id and its counts."""

    id: str
    stats: FaultStats


class FaultList(WireModel):
    """A whole list of rules; the first that matches wins."""

    faults: Annotated[list[FaultRequest], Field(max_length=MAX_FAULTS)]


def given(model: BaseModel) -> dict[str, object]:
    """Return the fields of a match that are given, by name."""
    return {name: value for name, value in model if value is not None}
