"""Exit levels: several exits of one order or position, each with a quantity and a pair of brackets of its own.

brackets.py makes and moves the orders of each level. Here are the quantities: which part of an entry belongs to which
level, and how levels shrink with their position. Exits of one order or position never exceed its open quantity. Source:
docs/trading.md, exit levels; TradingView's supportMultipleExitLevels.
"""

from collections.abc import Mapping
from typing import NamedTuple

from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.order import Order
from engine.broker.validation import read_qty, unsupported
from engine.errors import Denied, Reason
from engine.models.broker.orders import PreOrder
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument


class Level(NamedTuple):
    """One exit: its id ("" for the brackets of the whole quantity), its quantity in quantity units, and its prices.

    Attributes:
        start: Quantity of the levels before it.
    """

    id: str
    start: int
    qty: int
    prices: Brackets

    def part_of(self, before: int, after: int) -> int:
        """Return its part of the trades with which the filled quantity of an entry rose from `before` to `after`."""
        return max(0, min(after, self.start + self.qty) - max(before, self.start))


def levels_of(prices: Brackets, qty: int, instrument: Instrument) -> list[Level]:
    """Return the levels of a quantity, not checked; brackets without levels are one of the whole quantity."""
    if prices.exitLevels is None:
        return [Level("", 0, qty, prices)]
    levels: list[Level] = []
    for one in prices.exitLevels:
        start = levels[-1].start + levels[-1].qty if levels else 0
        own = Brackets.model_validate(one.model_dump())
        levels.append(Level(one.id or "", start, read_qty(one.qty, instrument), own))
    return levels


def read_levels(prices: Brackets, qty: int, instrument: Instrument) -> list[Level]:
    """Return the requested levels of a quantity.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for levels beside other brackets or with one id, BAD_QTY_STEP, QTY_RANGE for
            quantities that are not above zero or whose sum is too large.
    """
    levels = levels_of(prices, qty, instrument)
    sent = prices.model_dump(exclude={"exitLevels"}, exclude_none=True)
    if sent and prices.exitLevels is not None:
        raise unsupported(f"exitLevels and {' and '.join(sorted(sent))} contradict each other")
    if len({one.id for one in levels}) < len(levels):
        raise unsupported("two exit levels have the same id")
    for one in levels:
        if one.qty <= 0:
            raise Denied(Reason.QTY_RANGE, f"the quantity of exit level {one.id} is not above zero")
    total = sum(one.qty for one in levels)
    if total > qty:
        out = instrument.qty_out
        raise Denied(Reason.QTY_RANGE, f"the exit levels sum up to {out(total):.12g}, more than {out(qty):.12g}")
    return levels


def shown(sent: PreOrder, level: str, prices: Mapping[str, object]) -> PreOrder:
    """Return the request of an entry with other prices of its brackets, or of one of its levels."""
    if not level:
        return sent.model_copy(update=prices)
    levels = [one.model_copy(update=prices) if one.id == level else one for one in sent.exitLevels or ()]
    return sent.model_copy(update={"exitLevels": levels or None})


def pairs_with_levels(account: Account, symbol: str) -> dict[str, dict[str, list[Order]]]:
    """Return the working brackets of a symbol that belong to levels, by pair and level, the first level first."""
    found: dict[str, dict[str, list[Order]]] = {}
    for order in account.reducing.get(symbol, {}).values():
        if order.is_working and order.parent is not None and order.parent.level:
            found.setdefault(order.parent.pair, {}).setdefault(order.parent.level, []).append(order)
    return found


def follow_position(account: Account, symbol: str, now_ms: int) -> ev.Events:
    """Shrink levels that sum up to more than their position, the last one first; a level without quantity is canceled.

    Levels never grow with the position.
    """
    for levels in pairs_with_levels(account, symbol).values():
        left: int | None = None
        for orders in levels.values():
            left = account.reducible_by(orders[0]) if left is None else left
            qty = min(left, max(order.remaining for order in orders))
            left -= qty
            for order in orders:
                if not qty:
                    text = "the position is smaller than its exits"
                    yield ev.OrderCanceled(account.id, now_ms, order.id, Reason.PARENT_CANCELED, text)
                elif order.remaining > qty and order.parent is not None:
                    yield ev.BracketMoved(account.id, now_ms, order.id, order.parent, order.filled + qty)
