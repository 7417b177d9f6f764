"""The base of the dialect's WebSockets: messages with an `action`, in JSON or msgpack, and authentication.

`trading_stream.py` and `market_stream.py` are the two kinds.
"""

from typing import Any

import msgpack
import orjson

from engine.errors import Denied, Unavailable
from handlers.alpaca.auth import Credentials, Login, log_in
from handlers.errors import CloseCode
from handlers.permissions import Action, Unauthorized
from handlers.stream.frames import BINARY, TEXT, frame
from handlers.stream.socket_handler import SocketHandler

MSGPACK = "application/msgpack"


class BadAction(Exception):
    """A message that is not an object with an action."""


class AlpacaSocket(SocketHandler):
    """One client of a stream of the dialect.

    Attributes:
        is_msgpack: Whether the client asked for msgpack; it is JSON otherwise.
        login: The caller and its account; None before it is authenticated.
    """

    is_msgpack = False
    login: Login | None = None

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Register the client; its Content-Type chooses the encoding."""
        self.is_msgpack = self.request.headers.get("Content-Type", "") == MSGPACK
        self._malformed_in_a_row = 0
        super().open()

    def on_message(self, message: str | bytes) -> None:
        """Handle one message; close the connection after too many malformed ones in a row."""
        try:
            fields = self._decoded(message)
            self.on_action(fields)
            self._malformed_in_a_row = 0
            account_id = None if self.login is None else self.login.account_id
            self.observe(str(fields.get("action")), account=account_id, has_resume="since" in fields)
        except BadAction:
            self._malformed_in_a_row += 1
            self.on_malformed()
            if self._malformed_in_a_row >= self.services.hub.limits.malformed_in_a_row:
                self.close(CloseCode.MALFORMED, f"{self._malformed_in_a_row} malformed messages in a row")
        self.services.wake()

    def on_action(self, fields: dict[str, Any]) -> None:
        """Handle a message. Raises: BadAction."""
        raise NotImplementedError

    def on_malformed(self) -> None:
        """Answer a message that is not an object with an action."""

    def authenticate(self, key_id: object, secret: object) -> bool:
        """Check key and secret. A client that needs them and sends wrong ones is not authenticated."""
        credentials = Credentials(str(key_id or ""), str(secret or ""))
        try:
            login = log_in(self.services, credentials, Action.FOLLOW)
        except (Unauthorized, Denied, Unavailable):
            return False
        if not self.identity.authenticate(credentials.secret):
            return False
        self.login = login
        return True

    def send_body(self, body: bytes, is_binary: bool) -> None:
        """Send one message."""
        self.services.hub.send(self.connection, frame(body, BINARY if is_binary else TEXT))

    def _decoded(self, message: str | bytes) -> dict[str, Any]:
        """Return a message as fields. Raises: BadAction."""
        try:
            fields = msgpack.unpackb(message) if self.is_msgpack and isinstance(message, bytes) else None
            if fields is None:
                fields = orjson.loads(message)
        except (ValueError, msgpack.UnpackException):
            raise BadAction from None
        if not isinstance(fields, dict):
            raise BadAction
        return fields
