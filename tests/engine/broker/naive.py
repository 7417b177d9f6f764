"""Two slow and simple twins that the fast broker is held against: a book that looks at everything, and a ledger that
adds up the executions from the beginning. They share no code with what they check but the value types."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from engine.broker.events import OrderExecuted
from engine.broker.order import Order
from engine.models.market.instruments import MONEY_SCALE, Instrument
from engine.models.market.quotes import Quote


class Filed(NamedTuple):
    """An order of a linear book, and its turn."""

    order: Order
    group: tuple[str, int]
    price: int
    turn: int


def group_of(order: Order) -> tuple[tuple[str, int], int]:
    """In which group an order waits, and at which price."""
    terms = order.terms
    if terms.stop_price is not None and not order.is_triggered:
        return ("touch" if terms.is_touch else "stop", order.side), terms.stop_price
    if terms.limit_price is not None and not order.is_taking:
        return ("limit", order.side), terms.limit_price
    return ("unpriced", 0), 0


class LinearBook:
    """Looks at every order with every quote."""

    GROUPS = (("unpriced", 0), ("stop", 1), ("stop", -1), ("touch", 1), ("touch", -1), ("limit", 1), ("limit", -1))

    def __init__(self, source: str) -> None:
        self._source = source
        self._filed: list[Filed] = []
        self._turns: dict[Order, Filed] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._filed)

    def take_out(self, order: Order) -> None:
        self._filed = [filed for filed in self._filed if filed.order is not order]

    def file(self, order: Order) -> None:
        self._filed = [filed for filed in self._filed if filed.order is not order]
        if not order.is_working:
            return
        group, price = group_of(order)
        before = self._turns.get(order)
        if before is None or (before.group, before.price) != (group, price):
            self._turn += 1
            self._turns[order] = Filed(order, group, price, self._turn)
        self._filed.append(self._turns[order])

    def reached(self, quote: Quote) -> list[Order]:
        hit: list[Filed] = []
        for group in self.GROUPS:
            kind, side = group
            members = [filed for filed in self._filed if filed.group == group and self._is_hit(filed, quote)]
            rising = side if kind == "stop" else -side
            hit += sorted(members, key=lambda filed: (rising * filed.price, filed.turn))
        self._filed = [filed for filed in self._filed if filed not in hit]
        return [filed.order for filed in hit]

    def _is_hit(self, filed: Filed, quote: Quote) -> bool:
        (kind, side), price = filed.group, filed.price
        best = quote.ask if side > 0 else quote.bid
        watched = best if self._source == "bid_ask" else quote.last
        if kind == "unpriced":
            return True
        if kind == "limit":
            return best <= price if side > 0 else best >= price
        if (kind == "stop") == (side > 0):
            return watched >= price
        return watched <= price

    def trailing(self, quote: Quote) -> list[Order]:
        improved = []
        for side, price in ((1, quote.ask), (-1, quote.bid)):
            members = [
                filed
                for filed in self._filed
                if filed.order.side == side
                and filed.group[0] in ("stop", "touch")
                and filed.order.terms.trail is not None
                and filed.order.best is not None
                and (price - filed.order.best) * side < 0
            ]
            improved += sorted(members, key=lambda filed: (-side * (filed.order.best or 0), filed.turn))
        return [filed.order for filed in improved]


class Replayed(NamedTuple):
    """What a ledger that starts from nothing makes of the executions of one account."""

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
        realised += closed * (average - price) * trade.side * instrument.point_value
        commissions += Fraction(trade.commission, MONEY_SCALE)
        after = held + trade.side * qty
        if not closed:
            average = (abs(held) * average + qty * price) / abs(after)
        elif closed < qty:
            average = price
        positions[trade.symbol] = after, average
    return Replayed({name: held for name, held in positions.items() if held[0]}, realised, commissions)
