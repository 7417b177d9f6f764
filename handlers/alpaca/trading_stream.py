"""The stream of trade updates: `/stream`. Messages of the server are binary frames that hold JSON, as Alpaca's are.

Beyond Alpaca, an update has the field `seq`, and a client that lists `since` gets the updates after that number first.
"""

from typing import Any

import orjson

from engine.models.broker.account import AccountSubscription
from engine.topics import Route, Topic
from handlers.alpaca.sockets import AlpacaSocket, BadAction
from handlers.alpaca.trade_updates import STREAM, TradeUpdates
from handlers.services import Services
from handlers.stream.channels import SubscriberGroup
from handlers.stream.connection import StreamConnection
from handlers.stream.frames import BINARY, frame

ROUTE = Route(STREAM, "broker", True, AccountSubscription, AccountSubscription)
"""Describes the updates to the faults; the topic is no topic of the hub."""


def _group_of(account_id: str, connection: StreamConnection) -> SubscriberGroup:
    """Return the group of one client, whose updates may meet faults."""
    text = f"{STREAM}:{account_id}"
    group = SubscriberGroup(Topic(text, ROUTE, AccountSubscription(accountId=account_id), text))
    group.connections.add(connection)
    return group


class TradingStreamHandler(AlpacaSocket):
    """One client of the trade updates."""

    def initialize(self, services: Services, updates: TradeUpdates) -> None:  # type: ignore[override]
        """Store the services and the source of the updates."""
        super().initialize(services)
        self._updates = updates
        self._account_id: str | None = None
        self._group: SubscriberGroup | None = None

    def on_action(self, fields: dict[str, Any]) -> None:
        """Handle `authenticate`, or `auth` in its short form, and `listen`. Raises: BadAction."""
        data = fields.get("data")
        match fields.get("action"):
            case "authenticate" if isinstance(data, dict):
                self._authenticate(data.get("key_id"), data.get("secret_key"))
            case "auth":
                self._authenticate(fields.get("key"), fields.get("secret"))
            case "listen" if isinstance(data, dict):
                self._listen(data)
            case _:
                raise BadAction

    def on_malformed(self) -> None:
        """Answer a message that cannot be read."""
        self._reply("error", {"error": "the message is not an action of this stream"})

    def on_close(self) -> None:
        """Stop the updates, and release everything that the client held."""
        self._stop()
        super().on_close()

    def _authenticate(self, key_id: object, secret: object) -> None:
        is_authorized = self.authenticate(key_id, secret)
        status = "authorized" if is_authorized else "unauthorized"
        data = {"status": status, "action": "authenticate"}
        self._reply("authorization", data if is_authorized else data | {"message": "access key verification failed"})

    def _listen(self, data: dict[str, Any]) -> None:
        """Start or stop the updates. They begin behind everything that is not durable yet."""
        streams, since = data.get("streams"), data.get("since")
        if self.login is None:
            self._reply("authorization", {"status": "unauthorized", "action": "listen"})
            return
        if not isinstance(streams, list) or not (since is None or type(since) is int):
            raise BadAction
        self._stop()
        if STREAM not in streams:
            self._reply("listening", {"streams": []})
            return
        account_id = self.login.account_id
        event_count = self.services.engine.account(account_id).event_count

        def begin(is_stored: bool, _was_late: bool) -> None:
            if not self.connection.is_open:
                return
            durable = event_count if is_stored else self.services.engine.account(account_id).event_count
            self._reply("listening", {"streams": [STREAM]})
            self._account_id = account_id
            self._group = None if self.services.control is None else _group_of(account_id, self.connection)
            if not self._updates.join(account_id, self, self._send_update, durable, since):
                self._reply("error", {"error": f"updates after {since} are not kept; read the orders"})

        self.services.publisher.follow(begin)

    def _stop(self) -> None:
        if self._account_id is not None:
            self._updates.leave(self._account_id, self)
            self._account_id = None

    def _send_update(self, body: bytes) -> None:
        """Send an update. With `--control` it may meet faults, as the updates of the hub do."""
        if self._group is None:
            self.send_body(body, is_binary=True)
        else:
            self.services.hub.publish_frame(self._group, frame(body, BINARY))

    def _reply(self, stream: str, data: dict[str, Any]) -> None:
        self.send_body(orjson.dumps({"stream": stream, "data": data}), is_binary=True)
