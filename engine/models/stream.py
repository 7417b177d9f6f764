"""Messages of the stream itself, beside the payloads of its routes: greeting, resume, heartbeat, errors."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, Strict, StringConstraints

from engine.models.common import TimeMs, WireModel

Seq = Annotated[int, Strict(), Field(ge=0, le=2**53 - 1)]
"""Number of an update in its channel."""


class HelloPayload(WireModel):
    """Request for `welcome` and heartbeats; the token is used where the server requires one."""

    token: Annotated[str, Strict(), StringConstraints(max_length=8192)] | None = None


class WelcomePayload(WireModel):
    """Answer to hello.

    Attributes:
        serverTime: Market time.
        epoch: Id of the history that sequence numbers belong to.
        heartbeatMs: Longest time without a message on this connection.
        limits: Limits of the client.
        resumeWindowMs: Age up to which missed updates are kept, if there are not too many.
    """

    session: str
    serverTime: TimeMs
    epoch: str
    heartbeatMs: int
    limits: dict[str, float | int]
    resumeWindowMs: int


class Recover(WireModel):
    """Position of a client that resumes: epoch and number of its last update."""

    epoch: Annotated[str, Strict(), StringConstraints(max_length=64)]
    seq: Seq


class ResumeRequest(WireModel):
    """Optional fields of a subscribe message beside its payload."""

    recover: Recover | None = None
    snapshot: Annotated[bool, Strict()] | None = None


class SubscribeResponsePayload(WireModel):
    """Answer to subscribe and unsubscribe.

    The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is
    delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
    """

    status: Literal["ok", "error"]
    message: str
    topic: str
    epoch: str | None = None
    seq: Seq | None = None
    recovered: bool | None = None
    snapshot: JsonValue = None


class HeartbeatPayload(WireModel):
    """Heartbeat; `serverTime` is market time."""

    serverTime: TimeMs


class ErrorPayload(WireModel):
    """Why a message was refused."""

    code: str
    message: str


class NoticePayload(ErrorPayload):
    """The connection will be closed in `inMs` milliseconds."""

    inMs: int
