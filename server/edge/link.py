"""The link to the core: when the core was heard last, how far this process is behind, and the state that clients see.

The core's heartbeat is `StatesMessage`. Called by `follower.py`; `/health`, the metrics and the topic
`broker-connection` show the values.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from engine.clock import Clock
from engine.models.broker.account import ConnectionStatus
from engine.models.system import BusHealth
from engine.topics import Payload
from handlers.edge.system import DEGRADED_MS
from server.bus.messages import StatesMessage
from server.edge.replica import Replica
from server.storage.commits import Position

SILENCE_MS = 3000
"""Time without a heartbeat of the core after which clients are told that the edge is connecting."""


class Heard(NamedTuple):
    """The last heartbeat: position of the core's last commit, and when it came (monotonic seconds)."""

    position: Position
    at_s: float


class Link:
    """The link to the core.

    Args:
        clock: Monotonic time, and market time for the stamps of the status.
        replica: The position of this process.
        find_address: Returns the base of the core's URLs.

    Attributes:
        status: The state of the connection, as BrokerConnectionStatus.
    """

    def __init__(self, clock: Clock, replica: Replica, find_address: Callable[[], str | None]) -> None:
        self._clock = clock
        self._replica = replica
        self._find_address = find_address
        self._heard = Heard(Position(0, 0), clock.monotonic())
        self._behind_since: float | None = None
        self.status = self._payload(ConnectionStatus.CONNECTING)

    def heard(self, message: StatesMessage) -> None:
        """Note a heartbeat of the core."""
        self._heard = Heard(message.txn, self._clock.monotonic())
        self.check()

    def check(self) -> None:
        """Compute lag and status again; called several times a second."""
        if self.lag == 0:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = self._clock.monotonic()
        is_connected = self.silence_ms < SILENCE_MS and self.lag_ms < DEGRADED_MS
        status = ConnectionStatus.CONNECTED if is_connected else ConnectionStatus.CONNECTING
        if self.status["status"] != status:
            self.status = self._payload(status)

    @property
    def address(self) -> str | None:
        """Base of the core's URLs, None while it is not known."""
        return self._find_address()

    @property
    def silence_ms(self) -> int:
        """Milliseconds since the last heartbeat of the core."""
        return round(1000 * (self._clock.monotonic() - self._heard.at_s))

    @property
    def lag(self) -> int:
        """Rows of updates (one for each channel and commit) that the core has stored and this process has not got."""
        position = self._replica.position
        return 0 if position is None else max(0, self._heard.position.row - position.row)

    @property
    def lag_ms(self) -> int:
        """Milliseconds for which this process has been behind."""
        return 0 if self._behind_since is None else round(1000 * (self._clock.monotonic() - self._behind_since))

    def health(self) -> BusHealth:
        """Return the state for `/health`. While the core is not heard, the lag is the time since then."""
        is_away = self.silence_ms >= SILENCE_MS
        status: Literal["connected", "catching-up", "away"] = "catching-up" if self.lag else "connected"
        return BusHealth(
            role="edge",
            status="away" if is_away else status,
            lag=self.lag,
            lag_ms=max(self.lag_ms, self.silence_ms if is_away else 0),
            core=self.address,
        )

    def _payload(self, status: ConnectionStatus) -> Payload:
        word = "Connected" if status is ConnectionStatus.CONNECTED else "Connecting"
        return {
            "status": int(status),
            "message": f"{word} to the paper broker",
            "disconnectType": None,
            "timestamp": self._clock.now_ms(),
        }
