"""Executions on the wire and the subscription of the `executions` topic."""

from engine.models.broker.account import AccountSubscription
from engine.models.broker.orders import Side
from engine.models.common import Name, Number, TimeMs, WireModel


class Execution(WireModel):
    """One trade. `netAmount` is what it changes cash by: minus side * qty * price * point value, less commission."""

    id: Name
    orderId: Name
    symbol: Name
    price: Number
    qty: Number
    side: Side
    time: TimeMs
    commission: Number
    netAmount: Number
    maker: bool


class ExecutionSubscriptionRequest(AccountSubscription):
    """Whose executions a client follows, all of them or those of one symbol."""

    symbol: Name | None = None
