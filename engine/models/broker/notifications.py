"""Notifications to the owner of an account, each sent once, and the subscription of `notifications`."""

from enum import IntEnum

from engine.models.broker.account import AccountSubscription
from engine.models.common import Text, TimeMs, WireModel


class NotificationType(IntEnum):
    """Source: TradingView, NotificationType."""

    ERROR = 0
    SUCCESS = 1


class Notification(WireModel):
    """A notification, in the arguments of TradingView's `showNotification`; `time` is epoch milliseconds."""

    title: Text
    text: Text
    type: NotificationType
    time: TimeMs


class NotificationSubscriptionRequest(AccountSubscription):
    """The account of a `notifications` subscription."""
