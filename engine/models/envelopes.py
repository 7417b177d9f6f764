"""Messages of the stream that belong to no topic, and what stands around those that do."""

from typing import Annotated, Literal

from pydantic import Field

from engine.models.common import Name, Number, TimeMs, WireModel

Sequence = Annotated[int, Field(strict=True, ge=-1)]
"""Number of an update in its topic; the first is 1, and -1 stands before a replayed first."""


class Hello(WireModel):
    """Asks for welcome and heartbeats, and says who is there; may be sent again with a fresh token.

    Attributes:
        token: A JSON Web Token, where the server asks for tokens.
    """

    token: Annotated[str, Field(strict=True, max_length=8192)] | None = None


class Welcome(WireModel):
    """Answers `hello`.

    Attributes:
        session: Names this connection, in logs as well.
        epoch: Names the history that sequence numbers count in; another epoch is another history.
        heartbeatMs: A heartbeat comes when a connection was silent for so long.
        limits: What one connection may do, by the limit's name.
        resumeWindowMs: How far back updates of an exact topic are certainly in memory.
    """

    session: str
    serverTime: TimeMs
    epoch: str
    heartbeatMs: Annotated[int, Field(ge=1)]
    limits: dict[str, Number]
    resumeWindowMs: Annotated[int, Field(ge=0)]


class Heartbeat(WireModel):
    """Says that a silent connection is alive; only after `hello`."""

    serverTime: TimeMs


class StreamError(WireModel):
    """Why a message was not understood; it costs nothing else."""

    code: str
    message: str


class Recover(WireModel):
    """The last update that a client has: its number, and the history that it counts in."""

    epoch: Name
    seq: Sequence


class Reply(WireModel):
    """Answers `subscribe` and `unsubscribe`; what is not asked for is absent.

    Attributes:
        topic: What updates of this subscription carry.
        epoch: The history that `seq` counts in; exact topics only.
        seq: Number of the newest update that came before the first of this subscription.
        recovered: Whether everything since `recover` follows; else the client reads the state anew.
    """

    status: Literal["ok", "error"]
    message: str
    topic: str
    epoch: str | None = None
    seq: Sequence | None = None
    recovered: bool | None = None
