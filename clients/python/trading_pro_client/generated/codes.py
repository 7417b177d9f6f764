"""Codes on the wire by their names: `Side.BUY`. Generated from the specs: change the server's models."""

from typing import Final


class ConnectionStatus:
    """Source: TradingView, ConnectionStatus."""

    CONNECTED: Final = 1
    CONNECTING: Final = 2
    DISCONNECTED: Final = 3
    ERROR: Final = 4


class NotificationType:
    """Source: TradingView, NotificationType."""

    ERROR: Final = 0
    SUCCESS: Final = 1


class OrderStatus:
    """Status of an order; Filled, Canceled and Rejected are final."""

    CANCELED: Final = 1
    FILLED: Final = 2
    INACTIVE: Final = 3
    PLACING: Final = 4
    REJECTED: Final = 5
    WORKING: Final = 6


class OrderType:
    """Type of an order."""

    LIMIT: Final = 1
    MARKET: Final = 2
    STOP: Final = 3
    STOP_LIMIT: Final = 4


class ParentType:
    """Kind of the parent of a bracket."""

    ORDER: Final = 1
    POSITION: Final = 2
    INDIVIDUAL_POSITION: Final = 3


class Side:
    """Direction: the sign of the quantity."""

    BUY: Final = 1
    SELL: Final = -1


class StopType:
    """Kind of a stop order."""

    STOP_LOSS: Final = 0
    TRAILING: Final = 1
    GUARANTEED: Final = 2
