"""A subscribe request from its validation to its response: replay of missed updates, snapshot, first state.

Two things can delay the response: reading missed updates from the journal, and results in the snapshot that are not
stored yet. After the storage a callback continues, not a coroutine: subscription and response have to be in the same
pass of the loop as the publication of those results. In a later pass, updates between the snapshot and the subscription
would be lost. Made by `handler.py`; read `hub.py` next.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from engine.topics import Topic
from handlers.services import Services
from handlers.stream.channels import frame_prefix, update_frame
from handlers.stream.connection import StreamConnection
from handlers.stream.messages import SubscriptionMessage, response_frame
from handlers.stream.replay import Replay


@dataclass
class SubscribeRequest:
    """One subscribe request.

    Attributes:
        resume: Called after a delayed response; it handles the client's next messages.
        is_first_use: Whether the account was opened for this request; the response waits until that is stored.
    """

    services: Services
    connection: StreamConnection
    message: SubscriptionMessage
    topic: Topic
    resume: Callable[[], None]
    is_first_use: bool = False

    def __post_init__(self) -> None:
        recover = self.message.resume.recover
        self._replay = None if recover is None else Replay(self.topic, recover.epoch, recover.seq)
        self._snapshot: Any = None

    def start(self) -> bool:
        """Subscribe and respond, now or later. Returns whether the response was sent."""
        if self._replay is not None and self.services.hub.replays.is_long(self._replay):
            self._reading = asyncio.ensure_future(self._respond_after_replay(self._replay))
            return False
        return self._respond_when_stored()

    @property
    def _wants_snapshot(self) -> bool:
        """Whether the response has a snapshot; for a conflated topic it takes the place of a replay."""
        return bool(self.message.resume.snapshot) or (self._replay is not None and not self.topic.route.is_exact)

    async def _respond_after_replay(self, replay: Replay) -> None:
        await self.services.hub.replays.read(replay)
        try:
            if self.connection.is_open and self._respond_when_stored():
                self.resume()
        except Exception:
            self.connection.fail()

    def _respond_when_stored(self) -> bool:
        """Respond at once, or after the results that are not stored yet. Returns whether the response was sent.

        A snapshot contains all results up to now, so the response is sent after their updates.
        """
        if self._wants_snapshot:
            self._snapshot = self.services.engine.snapshot(self.topic)
        elif not self.is_first_use:
            self._confirm()
            return True
        return not self.services.publisher.follow(self._continue_after_storage)

    def _continue_after_storage(self, is_stored: bool, was_late: bool) -> None:
        if not self.connection.is_open:
            return
        try:
            if is_stored:
                self._confirm()
            else:
                text = "a change could not be stored; subscribe again"
                response = response_frame(self.message, "error", text, self.topic.text)
                self.services.hub.send(self.connection, response)
            if was_late:
                self.resume()
        except Exception:
            self.connection.fail()

    def _confirm(self) -> None:
        """Subscribe and respond. Missed updates and first quotes are sent in the same write as the response.

        The current broker status is sent in a later write, so that a client can handle the response before it.
        """
        hub, topic = self.services.hub, self.topic
        subscribed = hub.subscribe(self.connection, topic, self._replay)
        self.services.engine.joined(topic, subscribed.is_first)
        seq, frames = subscribed.seq, subscribed.replayed or []
        status: bytes | None = None
        if topic.route.is_status:
            body = self._snapshot = hub.last_body(topic.channel)
            if subscribed.replayed is None and body is not None:
                status = update_frame(frame_prefix(topic), body, seq)
                seq -= 1
        elif topic.route.name == "quotes" and subscribed.is_new and not subscribed.is_first:
            frames = [self._first_quotes()]
        more = self._resume_fields(subscribed.epoch, seq, subscribed.replayed is not None)
        response = response_frame(self.message, "ok", "Subscribed", topic.text, **more)
        supersedes = topic.text if subscribed.is_new and not topic.route.is_exact else ""
        hub.send(self.connection, b"".join((response, *frames[:1])), supersedes)
        for page in frames[1:]:
            hub.send(self.connection, page)
        if status is not None:
            hub.send(self.connection, status, is_own_write=True)

    def _resume_fields(self, epoch: str, seq: int, is_recovered: bool) -> dict[str, Any]:
        """Return the response's fields for resuming and snapshots; exact topics always have an epoch and a number."""
        fields: dict[str, Any] = {}
        if self.topic.route.is_exact or self.message.resume.snapshot or self._replay is not None:
            fields |= {"epoch": epoch, "seq": seq}
        if self._replay is not None:
            fields["recovered"] = is_recovered
        if self._wants_snapshot and not is_recovered:
            is_encoded = isinstance(self._snapshot, bytes)
            fields["snapshot"] = orjson.Fragment(self._snapshot) if is_encoded else self._snapshot
        return fields

    def _first_quotes(self) -> bytes:
        """Return the current quotes of the slow names, for a new subscriber of a topic that has subscribers."""
        hub, topic = self.services.hub, self.topic
        fast = set(getattr(topic.params, "fast_symbols", ()))
        quotes = self.services.engine.snapshot(topic)
        return b"".join([hub.frame_for_one(topic, quote) for quote in quotes if quote["n"] not in fast])
