"""State of the broker behind the server, and the subscription of `broker-connection`."""

from enum import IntEnum

from engine.models.broker.account import AccountSubscription
from engine.models.common import TimeMs, WireModel


class ConnectionStatus(IntEnum):
    """Source: TradingView, ConnectionStatus."""

    CONNECTED = 1
    CONNECTING = 2
    DISCONNECTED = 3
    ERROR = 4


class BrokerConnectionStatus(WireModel):
    """Current state of the broker; `timestamp` is epoch milliseconds."""

    status: ConnectionStatus
    message: str | None
    disconnectType: int | None
    timestamp: TimeMs


class BrokerConnectionSubscriptionRequest(AccountSubscription):
    """The account of a `broker-connection` subscription."""
