"""Executions on the wire and the subscription of the `executions` topic."""

from engine.models.broker.account import AccountSubscription
from engine.models.broker.orders import Side
from engine.models.common import Name, Number, TimeMs, WireModel


class Execution(WireModel):
    """One trade. `netAmount` is minus its signed value (side * qty * price * point value), minus commission.

    Both amounts are in the account's currency; of an instrument in another one, at the rate of the trade.
    """

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
    """The quote that a trade was decided on; `time` is epoch milliseconds, a size is null where it was not told."""

    time: TimeMs
    bid: Number
    ask: Number
    last: Number
    bidSize: Number | None
    askSize: Number | None


class RateSeen(WireModel):
    """Rate of a trade whose instrument has another currency than the account: one unit of `currency` is `value` units.

    `symbol` is the instrument that gave it: a currency pair, or the instrument itself.
    """

    symbol: Name
    currency: str
    value: Number


class MarginSeen(WireModel):
    """Margin figures of the account before a trade; `required` is the margin beyond the reserve of the order."""

    equity: Number
    used: Number
    reserved: Number
    available: Number
    required: Number


class ExecutionExplanation(WireModel):
    """Rule and figures behind a trade.

    Attributes:
        rule: The line of the fill table.
        level: Number of the level of the book that was taken, 1 is the best; null for a guaranteed stop.
        levelPrice: Price of the level.
        displayed: Size shown at the level, null when sizes do not limit.
        takenBefore: Quantity that the account had taken of the level before.
        slippage: Difference by which the price is worse than the rule's.
        draw: The random number behind the slippage, null where none was drawn.
        rate: The rate of the money, null where the instrument has the account's currency.
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
    rate: RateSeen | None
    margin: MarginSeen


class ExecutionSubscriptionRequest(AccountSubscription):
    """The account of an `executions` subscription, for all symbols or for one."""

    symbol: Name | None = None
