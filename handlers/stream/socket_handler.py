"""The life of one WebSocket: handshake, registration with the hub, authentication state, and the end.

Base of the WebSocketHandlers: of the stream (`handler.py`), and of the Alpaca dialect's streams. `connection.py` has
the WebSocket protocol.
"""

import logging
from functools import cached_property
from secrets import token_hex
from typing import Any

from tornado.websocket import WebSocketHandler, WebSocketProtocol

from handlers.activity import Sent
from handlers.base import BaseHandler
from handlers.errors import CloseCode
from handlers.services import Services
from handlers.stream.connection import StreamConnection
from handlers.stream.handshake import check_handshake, offered_subprotocols
from handlers.stream.identity import Identity

log = logging.getLogger("trading.stream")

LOST = 1006
"""Close code of a connection that ended without a close frame. Source: RFC 6455, section 7.4.1."""


class SocketHandler(BaseHandler, WebSocketHandler):
    """One client, as long as it is connected.

    Attributes:
        connection: The protocol object, set by the handshake; also `ws_connection` while the connection is open.
        identity: The client's authentication, set by `open`.
        session: Id of this socket.
    """

    connection: StreamConnection
    identity: Identity

    def initialize(self, services: Services) -> None:
        """Store the services."""
        self.services = services
        self._is_opened = False

    @cached_property
    def session(self) -> str:  # noqa: D102 - see the class
        return token_hex(8)

    def observe(self, method: str, path: str = "", account: str | None = None, **facts: Any) -> None:
        """List a message of the client, and let faults act on its connection; only with `--control`.

        Args:
            method: Type of the message.
            path: Its topic.
            account: The account that it names.
            facts: Further fields of `Sent`.
        """
        control = self.services.control
        if control is not None:
            fields: dict[str, Any] = {"kind": "message", "session": self.session, "status": 200} | facts
            control.activity.add(Sent(method=method, path=path, account=account, **fields))
            control.sockets.changed(self.connection)

    # Handshake

    def prepare(self) -> None:
        """Refuse pages of other sites, and requests that are not a handshake. Raises: ApiError."""
        self.services.admission.check_origin(self.request.headers)
        check_handshake(self.request)

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - the name is Tornado's
        """Allow every origin: `prepare` has checked it."""
        return True

    def get_websocket_protocol(self) -> WebSocketProtocol:
        """Return our own protocol object instead of Tornado's."""
        self.connection = StreamConnection(self, self.services.hub)
        return self.connection

    # Life

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Register the client.

        The request is deleted: with its HTTP connection it needs more memory than the rest of a client.
        """
        hub, admission = self.services.hub, self.services.admission
        address, offered = admission.client_address(self.request), offered_subprotocols(self.request)
        path = self.request.path
        del self.request
        self._is_opened = True
        self.identity = Identity(admission, self.connection.close, self.warn_of_expiry)
        hub.join(self.connection)
        if len(hub.connections) > hub.limits.connections:
            log.warning("overload connections=%d", len(hub.connections))
            self.close(CloseCode.OVERLOAD, "too many connections")
            return
        self.identity.open(address, offered, hub.limits.auth_timeout_s)
        if self.services.control is not None and self.connection.is_open:
            self.services.control.sockets.opened(self.connection, path, address, self.session)
            self.observe("open", path, kind="open", address=address)

    def warn_of_expiry(self, left_s: float) -> None:
        """Called `left_s` seconds before the token expires; nothing is sent here."""

    def on_close(self) -> None:
        """Release everything that the client held."""
        if not self._is_opened:
            return
        log.debug("closed code=%s topics=%d", self.close_code, len(self.connection.topics))
        if self.services.control is not None:
            address = self.services.control.sockets.closed(self.connection)
            topics = tuple(sorted(self.connection.topics))
            self.observe("close", kind="close", address=address, status=self.close_code or LOST, topics=topics)
        self.identity.release()
        self.services.hub.leave(self.connection)
        self.services.wake()
