"""The WebSocket address: takes a client in and gives it a session. Everything else happens there."""

import asyncio
import logging
import socket

from tornado.websocket import WebSocketHandler, WebSocketProtocol

from handlers.connection import OVERLOAD, Connection
from handlers.services import Services
from handlers.session import Door, Session
from handlers.upgrade import Upgrade

log = logging.getLogger("trading.stream")


class StreamHandler(WebSocketHandler):
    """The handshake of one client.

    Attributes:
        door: What its session shares with the others at this address.
    """

    def initialize(self, services: Services, modules: tuple[str, ...]) -> None:
        """Take what the server composed."""
        self.door = Door(services, modules)

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
