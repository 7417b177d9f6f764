"""Fill models: when an order trades, how much and at which price. The only randomness of the broker is here.

`market` follows the fill table of docs/trading.md on real quotes; `simulator` executes one random working order at its
own price every second or two, so that every screen state is seen fast. A model never changes the account's state.
"""

from collections.abc import Collection
from random import Random
from typing import NamedTuple

from engine.broker import matching
from engine.broker.order import Order
from engine.models.broker.account import Profile, Slippage
from engine.models.broker.orders import PreOrder
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote


class Fill(NamedTuple):
    """A trade to book, and how it came about.

    Attributes:
        rule: The line of the fill table.
        displayed, taken: Size shown, and what was taken of it before; 0 is unlimited.
        slippage: Price units worse than the rule's price.
        draw: The random number behind it, if one was drawn.
    """

    qty: int
    price: int
    is_maker: bool
    rule: str
    displayed: int = 0
    taken: int = 0
    slippage: int = 0
    draw: float | None = None


class Liquidity:
    """What an account finds on the market: displayed sizes less what it has taken, and its luck.

    A new quote displays anew. Per account, so that accounts do not feel each other.

    Args:
        profile: Share of the size, slippage, and whether sizes matter at all.
        random: The account's own seeded generator.
    """

    __slots__ = ("_profile", "_random", "_taken")

    def __init__(self, profile: Profile, random: Random) -> None:
        self._profile = profile
        self._random = random
        self._taken: dict[tuple[str, int], tuple[int, int]] = {}

    def size(self, side: int, quote: Quote) -> int:
        """Return the size that counts for an order of this side; 0 is unlimited."""
        displayed = 0 if self._profile.unlimited_size else matching.displayed(side, quote)
        share = self._profile.slippage.volume_share
        return displayed if share == 1.0 or not displayed else max(1, int(displayed * share))

    def taken(self, side: int, quote: Quote) -> int:
        """Return what this account has taken of the quote's size."""
        time_ms, taken = self._taken.get((quote.symbol, side), (quote.time_ms, 0))
        return taken if time_ms == quote.time_ms else 0

    def left(self, side: int, quote: Quote) -> int | None:
        """Return what an order of this side still finds, None where the size is unlimited."""
        size = self.size(side, quote)
        return size - self.taken(side, quote) if size else None

    def take(self, side: int, qty: int, quote: Quote) -> None:
        """Count a trade against the displayed size."""
        self._taken[quote.symbol, side] = (quote.time_ms, self.taken(side, quote) + qty)

    def slip(self, model: Slippage) -> tuple[int, float | None]:
        """Return by how many ticks a market order slips, and the number that was drawn for it."""
        if not model.probability:
            return model.ticks, None
        draw = self._random.random()
        return model.ticks + (draw < model.probability), draw


def market_fill(
    order: Order, most: int, quote: Quote, liquidity: Liquidity, profile: Profile, is_arriving: bool
) -> Fill | None:
    """Return the trade that the market gives a triggered or unconditional order now, or None.

    Args:
        order: A working order that does not wait for a stop price.
        most: Quantity that it may trade.
        quote: The market.
        liquidity: What the account finds there.
        profile: Slippage and touch rules.
        is_arriving: The order (or its triggered limit) was not resting before this quote.
    """
    side, limit_price = order.side, order.terms.limit_price
    if not most:
        return None
    if order.is_guaranteed:
        assert order.terms.stop_price is not None
        return Fill(most, order.terms.stop_price, False, "guaranteed stop")
    if limit_price is not None and not _reaches(side, limit_price, quote, profile.touch or is_arriving):
        return None
    left = liquidity.left(side, quote)
    qty = most if left is None else min(most, left)
    if qty <= 0:
        return None
    size, taken = liquidity.size(side, quote), liquidity.taken(side, quote)
    if limit_price is None:
        ticks, draw = liquidity.slip(profile.slippage)
        best = matching.opposite(side, quote)
        slippage = ticks * order.instrument.tick_at(best)
        price = max(best + side * slippage, order.instrument.minmov)
        rule = "market" if order.terms.stop_price is None else "stop"
        return Fill(qty, price, False, rule, size, taken, slippage, draw)
    if is_arriving:
        price = matching.fill_price_on_arrival(side, limit_price, quote)
        return Fill(qty, price, False, "marketable limit", size, taken)
    return Fill(qty, limit_price, True, "resting limit", size, taken)


def _reaches(side: int, limit_price: int, quote: Quote, is_touch_enough: bool) -> bool:
    if is_touch_enough:
        return matching.is_marketable(side, limit_price, quote)
    return matching.is_traded_through(side, limit_price, quote)


class Simulator:
    """The `simulator` model of one account: its clock and its dice.

    Args:
        profile: `execution_delay` and `is_manual`.
        random: The account's own seeded generator.
    """

    def __init__(self, profile: Profile, random: Random) -> None:
        self._profile = profile
        self._random = random
        self._due_ms: int | None = None

    def pick(self, waiting: Collection[Order], now_ms: int) -> Order | None:
        """Return the working order to execute now, if one is due; the first look at waiting ones starts the delay."""
        if self._profile.is_manual or not waiting:
            self._due_ms = None
            return None
        if self._due_ms is None:
            self._due_ms = now_ms + self._delay_ms()
        if now_ms < self._due_ms:
            return None
        self._due_ms = now_ms + self._delay_ms()
        working = [order for order in waiting if order.is_working]
        return self._random.choice(working) if working else None

    def _delay_ms(self) -> int:
        delay = self._profile.execution_delay
        return round(1000 * (self._random.uniform(1, 2) if delay is None else delay))


def simulated_fill(order: Order, qty: int, quote: Quote) -> Fill:
    """Return the simulator's trade: all that the order may trade, at its own price."""
    price = own_price(order.request, order.terms.limit_price, order.terms.stop_price, order.instrument)
    is_maker = order.terms.limit_price is not None
    return Fill(qty, price or matching.opposite(order.side, quote), is_maker, "simulator")


def own_price(request: PreOrder, limit_price: int | None, stop_price: int | None, instrument: Instrument) -> int | None:
    """Return an order's own price: the first of limit price, stop price and `seenPrice`, or None.

    The information of a market order is rounded to the tick grid.
    """
    if limit_price is not None or stop_price is not None:
        return limit_price if limit_price is not None else stop_price
    for name in ("limitPrice", "stopPrice", "seenPrice"):
        price = _informed_price(getattr(request, name), instrument)
        if price is not None:
            return price
    return None


def _informed_price(value: float | None, instrument: Instrument) -> int | None:
    if value is None or not 0 < value < 1e9:
        return None
    ticks = round(value * instrument.pricescale / instrument.minmov)
    return ticks * instrument.minmov or None
