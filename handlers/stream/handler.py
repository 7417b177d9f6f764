"""The WebSocket address: takes a client in and gives it a session. Everything else happens there."""

import asyncio
import logging
import socket

from tornado.websocket import WebSocketHandler, WebSocketProtocol

from handlers.base import BaseHandler
from handlers.errors import ApiError
from handlers.services import Services
from handlers.stream.connection import OVERLOAD, Connection
from handlers.stream.handshake import Upgrade
from handlers.stream.identity import PROTOCOL
from handlers.stream.session import Door, Session

log = logging.getLogger("trading.stream")


class StreamHandler(BaseHandler, WebSocketHandler):
    """The handshake of one client.

    Attributes:
        door: What its session shares with the others at this address.
    """

    def initialize(self, services: Services, modules: tuple[str, ...]) -> None:
        """Take what the server composed."""
        self.services = services
        self.door = Door(services, modules)

    def prepare(self) -> None:
        """Refuse pages of other sites and old protocols before the upgrade. Raises: ApiError."""
        if self.request.version == "HTTP/1.0":
            raise ApiError(400, "a WebSocket needs HTTP/1.1")
        self.services.admission.check_origin(self.request.headers)

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - the name is Tornado's
        """Let through what `prepare` has let through."""
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Agree on ours when the client offers it."""
        return PROTOCOL if PROTOCOL in subprotocols else None

    def get_websocket_protocol(self) -> WebSocketProtocol | None:
        """Return our own handshake instead of Tornado's protocol, None for a version that nobody speaks."""
        if self.request.headers.get("Sec-WebSocket-Version") != "13":
            return None
        return Upgrade(self.take)  # type: ignore[return-value]

    def take(self, sock: socket.socket, early: bytes) -> None:
        """Take the socket; nothing is sent first."""
        hub = self.door.services.hub
        connection = Connection(sock, asyncio.get_running_loop(), hub.limits, hub.counters, hub.gone)
        session = Session(self.door, connection)
        hub.join(connection)
        connection.start(session, early)
        if len(hub.connections) > hub.limits.connections:
            log.warning("overload connections=%d", len(hub.connections))
            connection.close(OVERLOAD, "too many connections")
        elif connection.is_open:
            session.identity.open(self.request)
