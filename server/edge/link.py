"""The link to the core: when the core was heard last, how far this process is behind, and whether clients are told.

The core's heartbeat is `StatesMessage`. Called by `follower.py`; `/health`, the metrics and the topic
`broker-connection` show the values.
"""

from typing import NamedTuple

from engine.clock import Clock
from engine.models.broker.account import ConnectionStatus
from engine.topics import Payload
from handlers.edge.system import BusState
from server.bus.messages import StatesMessage
from server.edge.replica import Replica

SILENCE_S = 3.0
"""Time without a heartbeat of the core after which clients are told that the edge is connecting."""

DEGRADED_MS = 5000
"""Time behind the core, or without it, from which on `/health` says "degraded"."""


class Heard(NamedTuple):
    """The last heartbeat: the number of the stream's message that the core had published, and when it came."""

    bus_seq: int
    at_s: float


class Link:
    """The link to the core.

    Args:
        clock: Monotonic time, and market time for the stamps of the status.
        replica: The position of this process.
        url: The bus.
    """

    def __init__(self, clock: Clock, replica: Replica, url: str) -> None:
        self._clock = clock
        self._replica = replica
        self._url = url
        self._heard = Heard(0, clock.monotonic())
        self._behind_since: float | None = None
        self._status = self._payload(ConnectionStatus.CONNECTING)

    def heard(self, message: StatesMessage) -> None:
        """Note a heartbeat of the core."""
        self._heard = Heard(message.bus_seq, self._clock.monotonic())
        self.check()

    def check(self) -> bool:
        """Compute the lag and the status again; returns whether the status changed. Called several times a second."""
        now = self._clock.monotonic()
        if self.lag_messages == 0:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now
        is_connected = self.silence_ms < 1000 * SILENCE_S and self.lag_ms < DEGRADED_MS
        status = ConnectionStatus.CONNECTED if is_connected else ConnectionStatus.CONNECTING
        if self._status["status"] == status:
            return False
        self._status = self._payload(status)
        return True

    @property
    def status(self) -> Payload:
        """The state of the connection, as BrokerConnectionStatus."""
        return self._status

    @property
    def silence_ms(self) -> int:
        """Milliseconds since the last heartbeat of the core."""
        return round(1000 * (self._clock.monotonic() - self._heard.at_s))

    @property
    def lag_messages(self) -> int:
        """Messages of the stream that the core has published and this process has not processed."""
        return max(0, self._heard.bus_seq - self._replica.bus_seq)

    @property
    def lag_ms(self) -> int:
        """Milliseconds for which this process has been behind."""
        return 0 if self._behind_since is None else round(1000 * (self._clock.monotonic() - self._behind_since))

    @property
    def is_lagging(self) -> bool:
        """Whether this process was behind for a heartbeat and longer, so that messages may be lost."""
        return self.lag_ms > 1000 * SILENCE_S

    def bus_state(self) -> BusState:
        """Return the values for `/health`."""
        return BusState(
            self._url,
            self._replica.bus_seq,
            self.lag_messages,
            self.lag_ms,
            self.silence_ms,
            max(self.lag_ms, self.silence_ms) > DEGRADED_MS,
        )

    def _payload(self, status: ConnectionStatus) -> Payload:
        is_connected = status is ConnectionStatus.CONNECTED
        return {
            "status": int(status),
            "message": "Connected to the paper broker" if is_connected else "Connecting to the paper broker",
            "disconnectType": None,
            "timestamp": self._clock.now_ms(),
        }
