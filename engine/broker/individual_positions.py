"""Individual positions of a hedging account: one for each order that opened some, beside the symbol's net position.

The net position is their sum, in quantity, cost and profit. Long and short ones of a symbol may be open together. Only
`Account.evolve` changes them; execution.py decides the trades, margin.py values them, serializers.py writes them.
Source: docs/trading.md, individual positions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker.conversion import converted
from engine.broker.events import OrderExecuted
from engine.broker.ledger import FLAT, Holding, apply_trade
from engine.broker.order import Order
from engine.models.market.instruments import Instrument

KEPT_POSITIONS = 1000
"""Individual positions of one account; an order that would open more is refused."""


@dataclass(slots=True, eq=False)
class IndividualPosition:
    """What one order opened and no other order has closed yet; quantity 0 after the last of it was closed.

    Attributes:
        order_id: The order that opened it.
        open_time, update_time: Epoch milliseconds.
        realised: Realised profit, in money units of the account's currency.
    """

    id: str
    order_id: str
    instrument: Instrument
    side: int
    open_time: int
    update_time: int = 0
    holding: Holding = FLAT
    realised: int = 0


class Closing(NamedTuple):
    """The part of a trade that closes an individual position; `qty` is in quantity units, above zero."""

    position: IndividualPosition
    qty: int


@dataclass(slots=True)
class IndividualPositions:
    """The open individual positions of an account.

    Attributes:
        by_symbol: By symbol and id, oldest first; no symbol has none.
    """

    by_symbol: dict[str, dict[str, IndividualPosition]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[IndividualPosition]:
        """Yield all of them, by symbol, oldest first."""
        return (one for own in self.by_symbol.values() for one in own.values())

    def __len__(self) -> int:
        """Return their number."""
        return sum(map(len, self.by_symbol.values()))

    def of(self, symbol: str) -> list[IndividualPosition]:
        """Return those of a symbol, oldest first."""
        return [*self.by_symbol.get(symbol, {}).values()]

    def find(self, position_id: str) -> IndividualPosition | None:
        """Return the open one of an id, None without it."""
        return next((own[position_id] for own in self.by_symbol.values() if position_id in own), None)

    def clear(self) -> None:
        """Drop all of them."""
        self.by_symbol.clear()

    def oldest(self, symbol: str, side: int) -> IndividualPosition | None:
        """Return the oldest long (+1) or short (-1) one of a symbol, None without one."""
        return next((one for one in self.by_symbol.get(symbol, {}).values() if one.side == side), None)

    def to_close(self, symbol: str, side: int, position_id: str | None) -> Iterable[IndividualPosition]:
        """Return what an order of a side can close, oldest first: the named one, or all of the opposite side."""
        own = self.by_symbol.get(symbol, {})
        named = own.values() if position_id is None else [own[position_id]] if position_id in own else []
        return [one for one in named if one.side == -side]

    def closable(self, symbol: str, side: int, position_id: str | None) -> int:
        """Return the quantity that an order of a side can close."""
        return sum(abs(one.holding.qty) for one in self.to_close(symbol, side, position_id))

    def closings(self, order: Order, qty: int) -> list[Closing]:
        """Return what a trade of an order closes; the rest of the trade opens the order's own position.

        Only orders that close and reversals close individual positions. A reversal takes the oldest first.
        """
        closings: list[Closing] = []
        if not order.is_reduce_only and order.target is None:
            return closings
        for one in self.to_close(order.symbol, order.side, order.position_id):
            part = min(qty, abs(one.holding.qty))
            if part:
                closings.append(Closing(one, part))
            qty -= part
        return closings

    def realised_by(self, order: Order, qty: int, unit_price: int) -> int:
        """Return the profit that a trade would realise, in money units of the instrument's currency."""
        closings = self.closings(order, qty)
        return sum(apply_trade(one.holding, order.side, part, unit_price).realised for one, part in closings)

    def trade(self, order: Order, event: OrderExecuted, unit_price: int) -> int:
        """Apply a trade of an order; returns the realised profit in money units of the instrument's currency.

        The profit in the account's currency is converted at once and split over the closed positions, so that their
        sum is that of the account.
        """
        total = booked = 0
        own, left, rate = self.by_symbol.setdefault(event.symbol, {}), event.qty, event.rate
        for one, part in self.closings(order, event.qty):
            one.holding, realised = apply_trade(one.holding, event.side, part, unit_price)
            total += realised
            after = total if rate is None else converted(total, rate)
            one.realised += after - booked
            booked = after
            one.update_time = event.time_ms
            left -= part
            if not one.holding.qty:
                del own[one.id]
        if left:
            position_id = position_id_of(order)
            opened = own.get(position_id)
            if opened is None:
                made = IndividualPosition(position_id, order.id, order.instrument, event.side, event.time_ms)
                opened = own[position_id] = made
            opened.holding, _ = apply_trade(opened.holding, event.side, left, unit_price)
            opened.update_time = event.time_ms
        if not own:
            del self.by_symbol[event.symbol]
        return total


def position_id_of(order: Order) -> str:
    """Return the id of the individual position that an order opens; it is never the id of an order or of a symbol."""
    return order.id.replace("ORDER-", "POSITION-", 1)
