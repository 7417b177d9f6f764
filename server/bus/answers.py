"""The core's answers to edges: missed updates of a channel, and the state of a topic.

A snapshot is answered when everything that it shows is durable and the stream has it, so that the edge can tell which
updates are in it. Called by `core.py`; the shapes are in `queries.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import AccountCreate
from engine.topics import ROUTES, Topic
from handlers.services import Services
from handlers.stream.replay import UpdateArchive
from server.bus.outbox import Outbox
from server.bus.queries import MAX_REPLY_BYTES, BusError, SnapshotReply, SnapshotRequest, UpdatesReply, UpdatesRequest
from server.storage.commits import Position

ANSWER_TIMEOUT_S = 5.0
"""Longest wait for the storage and the stream."""

PAGE_UPDATES = 1000
"""Updates in one reply."""

UNAVAILABLE, BAD_REQUEST, TOO_LARGE = "UNAVAILABLE", "BAD_REQUEST", "TOO_LARGE"
MAX_SNAPSHOT_BYTES = 900_000
"""Size of the largest reply; a server of NATS takes 1 MiB unless it is configured otherwise."""

Answer = Callable[[bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers requests of edges.

    Args:
        services: The services of the main world.
        archive: The stored updates.
        outbox: Knows which commits the stream has.

    Attributes:
        counts: Number of requests by kind.
    """

    services: Services
    archive: UpdateArchive
    outbox: Outbox
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def kinds(self) -> Mapping[str, Answer]:
        """What answers each kind of request; the kind is the last token of its subject."""
        return {"updates": self.updates, "snapshot": self.snapshot}

    async def answer(self, kind: str, data: bytes) -> bytes:
        """Return the reply to a request, which may be an error."""
        answer = self.kinds.get(kind)
        self.counts[kind if answer is not None else "unknown"] += 1
        try:
            if answer is None:
                raise BusError(BAD_REQUEST, f"there is no request {kind}")
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await answer(data)
        except TimeoutError:
            return BusError(UNAVAILABLE, "the core catches up; ask again").encode()
        except Denied as error:
            return BusError(error.reason, str(error)).encode()
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            return BusError(BAD_REQUEST, f"the request cannot be read: {error!r}").encode()
        except BusError as error:
            return error.encode()

    async def updates(self, data: bytes) -> bytes:
        """Answer an `UpdatesRequest` from the journal."""
        channel, after_seq = UpdatesRequest.decode(data)
        seq = self.services.hub.last_seq(channel)
        found: list[bytes] | None = [] if after_seq == seq else None
        if after_seq < seq:
            stored = self.archive.updates(channel, after_seq, min(PAGE_UPDATES, seq - after_seq))
            found = first_bytes(stored) if stored else None
        return UpdatesReply(self.outbox.acknowledged_seq, seq, found).encode()

    async def snapshot(self, data: bytes) -> bytes:
        """Answer a `SnapshotRequest` when the stream has everything that the snapshot shows."""
        text, has_state, opening = SnapshotRequest.decode(data)
        if opening is not None:
            self._open(AccountCreate.model_validate(opening))
        topic = self.topic(text)
        hub, engine = self.services.hub, self.services.engine
        state = engine.snapshot(topic) if has_state and not topic.route.is_status else None
        settled: asyncio.Future[tuple[SnapshotReply, Position]] = asyncio.get_running_loop().create_future()

        def settle(is_stored: bool, _was_late: bool) -> None:
            """Number the snapshot: in this pass of the loop the channel has the updates that the snapshot shows."""
            if settled.done():
                return
            if not is_stored:
                settled.set_exception(BusError(UNAVAILABLE, "a change could not be stored; ask again"))
                return
            is_status = has_state and topic.route.is_status
            shown = hub.last_body(topic.channel) if is_status else state
            seq = hub.last_seq(topic.channel) if topic.route.is_exact else 0
            reply = SnapshotReply(0, seq, hub.epochs.of(topic), topic.channel, shown)
            settled.set_result((reply, self.outbox.durable))

        self.services.publisher.follow(settle)
        reply, position = await settled
        number = await self.outbox.when_acknowledged(position)
        encoded = replace(reply, bus_seq=number).encode()
        if len(encoded) > MAX_SNAPSHOT_BYTES:
            raise BusError(TOO_LARGE, f"the snapshot has {len(encoded)} bytes; read it from the core by REST")
        return encoded

    def _open(self, account: AccountCreate) -> None:
        """Open an account that a token names, unless it exists; the answer waits for its storage. Raises: Denied."""
        engine = self.services.engine
        if account.id is None or account.id in engine.broker.accounts:
            return
        if ":" in account.id:
            raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account.id} does not exist")
        self.services.publisher.submit(engine.create_account(account).result)

    def topic(self, text: str) -> Topic:
        """Return the topic of a text. Raises: BusError, Denied, ValidationError."""
        name, _, params = text.partition(":")
        route = ROUTES.get(name)
        if route is None:
            raise BusError(BAD_REQUEST, f"there is no route {name}")
        return self.services.engine.topic(name, route.subscription.model_validate_json(params))


def first_bytes(bodies: list[bytes]) -> list[bytes]:
    """Return the first updates of a reply of `MAX_REPLY_BYTES`, at least one."""
    size = 0
    for number, body in enumerate(bodies):
        size += len(body)
        if size > MAX_REPLY_BYTES and number:
            return bodies[:number]
    return bodies
