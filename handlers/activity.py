"""The list of requests and socket messages of a world: the facts that the client's report is made of.

Kept only with `--control`, bounded, in memory. It has ids, paths, statuses and digests; no bodies, queries or tokens.
`routing.py` adds requests, `stream/socket_handler.py` sockets and their messages; `control/report.py` reads it.
"""

from collections import deque
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import orjson
from tornado.httputil import HTTPServerRequest

from engine.clock import Clock
from engine.faults import FaultTable

KEPT_RECORDS = 10_000
CLIENT_IDS = ("clientOrderId", "client_order_id")

Kind = Literal["request", "open", "message", "close"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request or a message, or the begin or end of a socket.

    Attributes:
        method: HTTP method; type of a message, such as "orders.subscribe".
        path: Path without the query; topic of a message.
        session: Session of a socket.
        status: HTTP status of the handler; close code of a socket; 200 or 400 for a message. None: no answer.
        ms: Time until the answer in milliseconds; None for messages, which are handled at once.
        fault: Id of the rule that acted on the request.
        is_lost: Whether the reply of a finished command did not reach the client.
        client_order_id, digest: Of an order: the client's id, and a hash of the body without it.
        retry_after_s: The Retry-After of the answer, in seconds.
        has_resume: Whether a subscription asked for missed updates.
        topics: Topics that the socket held at its end.
    """

    kind: Kind
    method: str
    path: str
    account: str | None = None
    address: str = ""
    session: str | None = None
    request_id: str = ""
    status: int | None = None
    ms: float | None = None
    fault: str | None = None
    is_lost: bool = False
    client_order_id: str | None = None
    digest: str | None = None
    retry_after_s: int | None = None
    has_resume: bool = False
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of the list.

    Attributes:
        number: Counts all entries from 1.
        time_ms: Market time, in epoch milliseconds.
        at_s: Monotonic time, in seconds.
        faults: Number of fault applications before it.
    """

    number: int
    time_ms: int
    at_s: float
    faults: int
    sent: Sent


class Activity:
    """The newest requests and messages of one world.

    Attributes:
        records: Oldest first; at most `KEPT_RECORDS`.
    """

    def __init__(self, clock: Clock, faults: FaultTable) -> None:
        self._clock = clock
        self._faults = faults
        self._count = 0
        self.records: deque[Record] = deque(maxlen=KEPT_RECORDS)

    def add(self, sent: Sent) -> None:
        """Add an entry."""
        self._count += 1
        clock = self._clock
        self.records.append(Record(self._count, clock.now_ms(), clock.monotonic(), self._faults.applied, sent))


def order_key(request: HTTPServerRequest) -> tuple[str | None, str | None]:
    """Return the client's id and the digest of the order in a request; None for both where there is no order."""
    if request.method != "POST" or not request.path.endswith("/orders"):
        return None, None
    try:
        fields = orjson.loads(request.body)
    except ValueError:
        return None, None
    if not isinstance(fields, dict):
        return None, None
    ids = [fields.pop(name, None) for name in CLIENT_IDS]
    client_id = next((one for one in ids if isinstance(one, str)), None)
    digest = blake2b(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    return client_id, digest
