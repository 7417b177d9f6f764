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


class QuoteSeen(WireModel):
    """The market that a trade was decided on; `time` is epoch milliseconds, a size of 0 is unlimited."""

    time: TimeMs
    bid: Number
    ask: Number
    last: Number
    bidSize: Number
    askSize: Number


class MarginSeen(WireModel):
    """Margin figures of the account before a trade, and what the trade needed beyond what its order held back."""

    equity: Number
    used: Number
    reserved: Number
    available: Number
    required: Number


class ExecutionExplanation(WireModel):
    """Why a trade came out as it did.

    Attributes:
        rule: The line of the fill table.
        level: Number of the level of the book that was taken, 1 is the best; null where none was (a guaranteed stop).
        levelPrice: Its price.
        displayed: Size shown at the level, null when sizes do not limit; `takenBefore` is what was taken of it.
        slippage: By how much the price is worse than the rule's.
        draw: The random number behind the slippage, null where none was drawn.
    """

    execution: Execution
    rule: str
    quote: QuoteSeen
    level: int | None
    levelPrice: Number | None
    displayed: Number | None
    takenBefore: Number
    slippage: Number
    draw: Number | None
    margin: MarginSeen


class ExecutionSubscriptionRequest(AccountSubscription):
    """Whose executions a client follows, all of them or those of one symbol."""

    symbol: Name | None = None
