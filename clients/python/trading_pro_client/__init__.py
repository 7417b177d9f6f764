"""Typed asynchronous client of Trading Pro: REST for commands, a stream for news."""

from trading_pro_client.client import TradingClient
from trading_pro_client.errors import Overrun, Refused, SubscriptionError
from trading_pro_client.stream import Stream
from trading_pro_client.subscription import Subscription

__all__ = ["Overrun", "Refused", "Stream", "Subscription", "SubscriptionError", "TradingClient"]
