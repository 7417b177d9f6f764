"""Two reference implementations: an order index that checks every order, and a ledger that adds up all executions.

They share only the value types with the code that they check."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from engine.broker.events import OrderExecuted
from engine.broker.order import Order
from engine.models.market.instruments import MONEY_SCALE, Instrument
from engine.models.market.quotes import Quote


class Indexed(NamedTuple):
    """An order of a linear index, and its turn."""

    order: Order
    group: tuple[str, int]
    price: int
    turn: int


def group_of(order: Order) -> tuple[tuple[str, int], int]:
    """Return the group of an order, and its price there."""
    terms = order.terms
    if terms.stop_price is not None and not order.is_triggered:
        return ("touch" if terms.is_touch else "stop", order.side), terms.stop_price
    if terms.limit_price is not None and not order.is_taking:
        return ("limit", order.side), terms.limit_price
    return ("unpriced", 0), 0


class LinearIndex:
    """The interface of `Triggers` by a check of every order with every quote."""

    GROUPS = (("unpriced", 0), ("stop", 1), ("stop", -1), ("touch", 1), ("touch", -1), ("limit", 1), ("limit", -1))

    def __init__(self, source: str) -> None:
        self._source = source
        self._indexed: list[Indexed] = []
        self._bests: dict[Order, tuple[int, int]] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._indexed)

    def update(self, order: Order) -> None:
        before = next((indexed for indexed in self._indexed if indexed.order is order), None)
        self._indexed = [indexed for indexed in self._indexed if indexed.order is not order]
        self._turn += 1
        if order.is_working:
            group, price = group_of(order)
            if before is None or (before.group, before.price) != (group, price):
                before = Indexed(order, group, price, self._turn)
            self._indexed.append(before)
        is_trailing = order.is_working and order.rests_as_stop and order.terms.trail is not None
        if not is_trailing or order.best is None:
            self._bests.pop(order, None)
        elif self._bests.get(order, (None, 0))[0] != order.best:
            self._bests[order] = order.best, self._turn

    def reached(self, quote: Quote) -> list[Order]:
        hit: list[Indexed] = []
        for group in self.GROUPS:
            kind, side = group
            members = [indexed for indexed in self._indexed if indexed.group == group and self._is_hit(indexed, quote)]
            rising = side if kind == "stop" else -side
            hit += sorted(members, key=lambda indexed: (rising * indexed.price, indexed.turn))
        return [indexed.order for indexed in hit]

    def _is_hit(self, indexed: Indexed, quote: Quote) -> bool:
        (kind, side), price = indexed.group, indexed.price
        best = quote.ask if side > 0 else quote.bid
        watched = best if self._source == "bid_ask" else quote.last
        if kind == "unpriced":
            return True
        if kind == "limit":
            return best <= price if side > 0 else best >= price
        if (kind == "stop") == (side > 0):
            return watched >= price
        return watched <= price

    def improved(self, quote: Quote) -> list[Order]:
        orders: list[Order] = []
        for side, price in ((1, quote.ask), (-1, quote.bid)):
            rows = [row for row in self._bests.items() if row[0].side == side and (price - row[1][0]) * side < 0]
            orders += [order for order, _ in sorted(rows, key=lambda row: (-side * row[1][0], row[1][1]))]
        return orders


class Replayed(NamedTuple):
    """Positions and money of one account, added up from its executions."""

    positions: dict[str, tuple[Fraction, Fraction]]
    realised: Fraction
    commissions: Fraction


def replay(executions: Iterable[OrderExecuted], instruments: dict[str, Instrument]) -> Replayed:
    """Net executions with fractions: signed quantity and average price by symbol, money in the account currency."""
    positions: dict[str, tuple[Fraction, Fraction]] = {}
    realised = commissions = Fraction(0)
    for trade in executions:
        instrument = instruments[trade.symbol]
        qty, price = Fraction(trade.qty, instrument.qty_scale), Fraction(trade.price, instrument.pricescale)
        held, average = positions.get(trade.symbol, (Fraction(0), Fraction(0)))
        closed = min(qty, abs(held)) if held * trade.side < 0 else Fraction(0)
        rate = Fraction(1) if trade.rate is None else Fraction(trade.rate.numerator, trade.rate.denominator)
        realised += closed * (average - price) * trade.side * instrument.point_value * rate
        commissions += Fraction(trade.commission, MONEY_SCALE)
        after = held + trade.side * qty
        if not closed:
            average = (abs(held) * average + qty * price) / abs(after)
        elif closed < qty:
            average = price
        positions[trade.symbol] = after, average
    return Replayed({name: held for name, held in positions.items() if held[0]}, realised, commissions)
