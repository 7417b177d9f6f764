"""Messages of the stream itself, beside the payloads of its routes: greeting, resume, heartbeat, errors."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, Strict, StringConstraints

from engine.models.common import TimeMs, WireModel

MAX_SEQ = 2**53 - 1

Seq = Annotated[int, Strict(), Field(ge=0, le=MAX_SEQ)]
"""Number of an update in its channel."""


class HelloPayload(WireModel):
    """A client that wants welcome and heartbeats; the token counts where the server asks for one."""

    token: Annotated[str, Strict(), StringConstraints(max_length=8192)] | None = None


class WelcomePayload(WireModel):
    """Answer to hello.

    Attributes:
        serverTime: Market time.
        epoch: Names the history that sequence numbers count in.
        heartbeatMs: A greeted connection is not silent for longer.
        limits: What the client may take and do.
        resumeWindowMs: Age up to which missed updates are surely kept, if there are not too many.
    """

    session: str
    serverTime: TimeMs
    epoch: str
    heartbeatMs: int
    limits: dict[str, float | int]
    resumeWindowMs: int


class Recover(WireModel):
    """The place to go on from: epoch and number of the last update that the client has."""

    epoch: Annotated[str, Strict(), StringConstraints(max_length=64)]
    seq: Seq


class ResumeRequest(WireModel):
    """What a subscribe message may carry beside its payload."""

    recover: Recover | None = None
    snapshot: Annotated[bool, Strict()] | None = None


class SubscribeResponsePayload(WireModel):
    """Answer to subscribe and unsubscribe.

    The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is
    delivered. `snapshot` is the state at `seq`; it is left out when what was missed follows as updates.
    """

    status: Literal["ok", "error"]
    message: str
    topic: str
    epoch: str | None = None
    seq: Seq | None = None
    recovered: bool | None = None
    snapshot: JsonValue = None


class HeartbeatPayload(WireModel):
    """A sign of life; `serverTime` is market time."""

    serverTime: TimeMs


class NoticePayload(WireModel):
    """The connection will be closed in `inMs` milliseconds."""

    code: str
    message: str
    inMs: int


class ErrorPayload(WireModel):
    """Why a message was not obeyed."""

    code: str
    message: str


class StreamMessage(WireModel):
    """The envelope of every message; `id` is echoed in the reply."""

    type: str
    id: str | int | float | None = None
    payload: Any = None
