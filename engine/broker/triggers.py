"""Working orders of one symbol by the price that triggers or fills them: a tick reads only the orders it reaches.

Each kind of order (limit, stop, touch and trail, buy and sell) has a ladder: a heap by price. Orders that wait for no
price (the rest of a market order, or of a limit order that takes) are reached by every quote. The broker keeps one
index for each symbol.
"""

from engine.broker.matching import trigger_price
from engine.broker.order import WORKING, Order
from engine.broker.order_heap import NO_KEY, OrderHeap
from engine.models.market.quotes import NO_QUOTE, Band, Quote, QuoteBands


class Triggers:
    """The working orders of one symbol, of all accounts.

    Args:
        source: Which price triggers stops ("last" or "bid_ask").
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._unpriced = OrderHeap()
        self._stops = {1: OrderHeap(), -1: OrderHeap()}
        self._touches = {1: OrderHeap(), -1: OrderHeap()}
        self._limits = {1: OrderHeap(), -1: OrderHeap()}
        self._trails = {1: OrderHeap(), -1: OrderHeap()}
        self._ladders: dict[Order, OrderHeap] = {}

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self._ladders)

    def update(self, order: Order) -> None:
        """Move an order to the ladder and price of its current terms. Call it when the terms change or the order ends.

        An order keeps its turn among those of the same price as long as its price and kind stay. Keys are prices with
        a sign: a buy stop is reached by a rising price, a buy limit by a falling one.
        """
        if order.status is not WORKING or order.is_stalled:
            self.remove(order)
            return
        side, terms, best = order.side, order.terms, order.best
        is_stop = order.rests_as_stop
        if is_stop:
            stops = self._touches if terms.is_touch else self._stops
            ladder, key = stops[side], (terms.stop_price or 0) * (-side if terms.is_touch else side)
        elif terms.limit_price is not None and not order.is_taking:
            ladder, key = self._limits[side], -side * terms.limit_price
        else:
            ladder, key = self._unpriced, 0
        before = self._ladders.get(order)
        if before is not None and before is not ladder:
            before.update(order, None)
        self._ladders[order] = ladder
        ladder.update(order, key)
        is_trailing = is_stop and terms.trail is not None and best is not None
        trails = self._trails[side]
        if is_trailing or trails.first_key != NO_KEY:
            trails.update(order, 1 - side * (best or 0) if is_trailing else None)

    def remove(self, order: Order) -> None:
        """Remove an order in any state."""
        ladder = self._ladders.pop(order, None)
        if ladder is not None:
            ladder.update(order, None)
            self._trails[order.side].update(order, None)

    def reached(self, quote: Quote) -> list[Order]:
        """Return the orders that a quote reaches: unpriced ones, then stops, then limits, buys before sells.

        Within a ladder the best price comes first, then the oldest.
        """
        rising, falling = trigger_price(1, self._source, quote), trigger_price(-1, self._source, quote)
        ladders = (
            (self._unpriced, 0),
            (self._stops[1], rising),
            (self._stops[-1], -falling),
            (self._touches[1], -rising),
            (self._touches[-1], falling),
            (self._limits[1], -quote.ask),
            (self._limits[-1], quote.bid),
        )
        return [order for ladder, key in ladders if ladder.first_key <= key for order in ladder.through(key)]

    def bands(self) -> QuoteBands:
        """Return the prices between which a quote reaches no order and improves no trailing stop."""
        if len(self._unpriced):
            return NO_QUOTE
        lowest_bid, highest_bid = NO_KEY, min(self._limits[-1].first_key, self._trails[-1].first_key)
        lowest_ask, highest_ask = min(self._limits[1].first_key, self._trails[1].first_key), NO_KEY
        lowest_last = highest_last = NO_KEY
        stops, touches = self._stops, self._touches
        if self._source == "last":
            lowest_last = min(stops[-1].first_key, touches[1].first_key)
            highest_last = min(stops[1].first_key, touches[-1].first_key)
        else:
            lowest_bid, highest_bid = stops[-1].first_key, min(highest_bid, touches[-1].first_key)
            lowest_ask, highest_ask = min(lowest_ask, touches[1].first_key), stops[1].first_key
        return QuoteBands(
            Band(-lowest_bid, highest_bid), Band(-lowest_ask, highest_ask), Band(-lowest_last, highest_last)
        )

    def improved(self, quote: Quote) -> list[Order]:
        """Return the trailing stops whose best price a quote improves, buys before sells.

        A sell follows the bid up, a buy the ask down.
        """
        return [*self._trails[1].through(-quote.ask), *self._trails[-1].through(quote.bid)]
