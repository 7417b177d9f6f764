"""What an account finds on the market: the levels of the book, less what it has taken of them.

Per account, so that accounts do not feel each other. Changed by executions alone, live and at recovery alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from engine.broker import matching
from engine.broker.events import OrderExecuted
from engine.broker.random_source import Dice
from engine.models.broker.account import Profile, Slippage
from engine.models.market.depth import Depth
from engine.models.market.quotes import Quote

KEPT_LEVELS = 64
"""Levels of one symbol and side whose taken sizes are remembered, the latest ones."""

DepthOf = Callable[[str], Depth]
"""The book of a symbol at the instant of the command or tick that is being handled."""


@dataclass(slots=True)
class Offer:
    """A price that an order can take.

    Attributes:
        number: Of the level; 1 is the best.
        price: Price units.
        counted_at: Price under which what is taken of it counts: its own, or that of the print that it is a part of.
        size: Quantity shown that counts for the account, in quantity units; 0 is unlimited.
        taken: What the account has taken of it.
    """

    number: int
    price: int
    counted_at: int
    size: int
    taken: int


Found = list[tuple[Offer, int]]
"""What an order takes, level by level, and how much of each: the best price first."""


class Taken(NamedTuple):
    """What was taken of a level: on the quote of which instant, of which size, how much."""

    time_ms: int
    size: int
    qty: int


class Liquidity:
    """What one account finds on the market, and its luck.

    The best level is displayed anew with every quote. A level behind it is displayed anew when another size stands
    there; while its size stays, what was taken stays taken.

    Args:
        profile: Share of the sizes, and whether they matter at all.
        dice: The account's own.

    Attributes:
        is_blind: Whether the account does not trade on the market at all.
    """

    __slots__ = ("_dice", "_is_unlimited", "_share", "_taken", "is_blind")

    def __init__(self, profile: Profile, dice: Dice) -> None:
        self.is_blind = profile.fill_model == "simulator"
        self._is_unlimited = profile.unlimited_size
        self._share = profile.slippage.volume_share
        self._dice = dice
        self._taken: dict[tuple[str, int], dict[int, Taken]] = {}

    def find(
        self,
        side: int,
        most: int,
        quote: Quote,
        depth: DepthOf | None,
        limit_price: int | None = None,
        printed: int | None = None,
    ) -> Found:
        """Return what an order takes now.

        Args:
            side: +1 takes the asks, -1 the bids.
            most: Quantity wanted, above 0.
            quote: The market; the best level is its own.
            depth: The levels behind it, asked for when the best one is not enough; None where there are none.
            limit_price: No price is worse.
            printed: Price of the print on whose way the order trades: all orders on it share its size.
        """
        price, size = (quote.ask, quote.ask_size) if side > 0 else (quote.bid, quote.bid_size)
        if limit_price is not None and (price - limit_price) * side > 0:
            return []
        best = self._offer(1, side, price, size, quote, printed)
        left = best.size - best.taken if best.size else most
        if left >= most:
            return [(best, most)]
        found = [(best, left)] if left > 0 else []
        if depth is None:
            return found
        most -= max(left, 0)
        book = depth(quote.symbol)
        for number, level in enumerate((book.asks if side > 0 else book.bids)[1:], start=2):
            if not most or (limit_price is not None and (level.price - limit_price) * side > 0):
                break
            offer = self._offer(number, side, level.price, level.size, quote)
            qty = min(most, offer.size - offer.taken)
            if qty > 0:
                found.append((offer, qty))
                most -= qty
        return found

    def _offer(self, number: int, side: int, price: int, size: int, quote: Quote, printed: int | None = None) -> Offer:
        taken, counted_at = 0, price if printed is None else printed
        if self._is_unlimited:
            size = 0
        elif size and self._share != 1.0:
            size = max(1, int(size * self._share))
        levels = self._taken.get((quote.symbol, side))
        if levels is not None and (known := levels.get(counted_at)) is not None:
            time_ms, known_size, known_qty = known
            if known_size == size and (number > 1 or time_ms == quote.time_ms):
                taken = known_qty
        return Offer(number, price, counted_at, size, taken)

    def take(self, event: OrderExecuted) -> None:
        """Count an execution against the level that it took."""
        _, _, _, _, symbol, side, qty, _, _, _, basis = event
        _, quote, size, taken, _, _, _, _, _, _, _, price = basis
        if not size or price is None:
            return
        levels = self._taken.setdefault((symbol, side), {})
        if price in levels:
            del levels[price]
        levels[price] = Taken(quote.time_ms, size, taken + qty)
        if len(levels) > KEPT_LEVELS:
            del levels[next(iter(levels))]

    def slip(self, model: Slippage, number: int) -> tuple[int, float | None]:
        """Return by how many ticks the execution of this number slips, and what was drawn for it."""
        if not model.probability:
            return model.ticks, None
        draw = self._dice.draw("slippage", number)
        return model.ticks + (draw < model.probability), draw


class Estimate(NamedTuple):
    """What an order would pay now.

    Attributes:
        parts: Quantity and price of each execution; the last one's is of what finds nothing, where there is such.
        rest: Quantity that finds nothing now.
    """

    parts: tuple[tuple[int, int], ...]
    rest: int

    @property
    def cost(self) -> int:
        """Sum of quantity * price."""
        return sum(qty * price for qty, price in self.parts)

    @property
    def price(self) -> int:
        """Average price of all, rounded up to the next price unit."""
        if len(self.parts) == 1:
            return self.parts[0][1]
        return -(-self.cost // sum(qty for qty, _ in self.parts))


def estimate(
    liquidity: Liquidity, side: int, qty: int, quote: Quote, depth: DepthOf | None, limit_price: int | None = None
) -> Estimate:
    """Reckon what an order takes now; what finds nothing is reckoned with its limit, or with the last price found."""
    return reckon(liquidity.find(side, qty, quote, depth, limit_price), side, qty, quote, limit_price)


def price_of(found: Found, side: int, qty: int, quote: Quote) -> int:
    """Return the average price of what a market order takes that finds this, rounded up."""
    if len(found) == 1 and found[0][1] == qty:
        return found[0][0].price
    return reckon(found, side, qty, quote).price


def reckon(found: Found, side: int, qty: int, quote: Quote, limit_price: int | None = None) -> Estimate:
    """Reckon what an order takes that finds this, see `estimate`."""
    if len(found) == 1 and found[0][1] == qty:
        return Estimate(((qty, found[0][0].price),), 0)
    parts = tuple((part, offer.price) for offer, part in found)
    rest = qty - sum(part for part, _ in parts)
    if not rest:
        return Estimate(parts, 0)
    last = parts[-1][1] if parts else matching.opposite(side, quote)
    return Estimate((*parts, (rest, last if limit_price is None else limit_price)), rest)
