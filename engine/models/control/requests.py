"""What clients sent, and how a client behaved under the faults it met."""

from typing import Annotated, Literal

from pydantic import Field

from engine.models.common import Name, Text, TimeMs, WireModel


class RequestsQuery(WireModel):
    """Filters of the list; in `path`, `*` stands for any characters.

    `from` is market time in epoch milliseconds; the newest `limit` entries are returned, oldest first.
    """

    path: Text | None = None
    method: Name | None = None
    account: Name | None = None
    status: Annotated[int, Field(ge=0, le=9999)] | None = None
    begin: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, alias="from")
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000


class RequestRecord(WireModel):
    """A request, a message of a socket, or the begin or end of a socket.

    `status` is the HTTP status, the close code of a socket, or 200 or 400 for a message; null without an answer.
    `durationMs` is null for messages. With `replyLost` the command was done, and a fault kept its reply.
    """

    number: int
    time: TimeMs
    kind: Literal["request", "open", "message", "close"]
    method: str
    path: str
    account: str | None
    address: str
    session: str | None
    requestId: str
    status: int | None
    durationMs: float | None
    fault: str | None
    replyLost: bool


class ReportQuery(WireModel):
    """The client of a report; without one, all clients together."""

    account: Name | None = None
    session: Name | None = None


class Reconnects(WireModel):
    """Sockets that ended without the client's wish, and the time until the next one of the same address."""

    lost: int
    reconnected: int
    maxMs: int | None


class TopicReport(WireModel):
    """Topics of lost sockets: subscribed again without a gap, or not."""

    resumed: int
    lost: list[str]


class ResentOrders(WireModel):
    """Orders whose reply was lost, and which of them came again.

    A repeated `clientOrderId` is one order; the same body under another id, or without one, is a second order.
    """

    repliesLost: int
    sameClientOrderId: int
    sameBody: int


class RetryAfterReport(WireModel):
    """Requests after an answer with Retry-After: in time, or too early."""

    kept: int
    ignored: int


class GapReport(WireModel):
    """Updates of exact topics that a fault dropped, and those after which the topic was resumed."""

    seen: int
    resumed: int
    notResumed: int


class ClientReport(WireModel):
    """How a client behaved."""

    account: str | None
    session: str | None
    requests: int
    messages: int
    faults: int
    reconnects: Reconnects
    topics: TopicReport
    orders: ResentOrders
    retryAfter: RetryAfterReport
    cancelsAfterFill: int
    gaps: GapReport
