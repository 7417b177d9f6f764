"""Exact money and positions: pure functions on integers, one rounding per posting.

Quantities are quantity units. All money, a cost basis and a unit price too, is in units of `1 / MONEY_SCALE` of the
instrument's currency; account.py converts it where the account has another one. A unit price is the money of one
quantity unit: the price in price units times the instrument's `money_factor`.
"""

from decimal import Decimal
from typing import NamedTuple

from engine.models.market.instruments import MONEY_SCALE

CENT = MONEY_SCALE // 100
"""Money units in a cent."""


class Holding(NamedTuple):
    """An open position: signed quantity, and its cost basis in money units (at least 0, but see `add_trade`)."""

    qty: int
    basis: int


FLAT = Holding(0, 0)


class Posting(NamedTuple):
    """Effect of a trade: the position after it, and the realised profit in money units."""

    holding: Holding
    realised: int


def divide_half_even(numerator: int, denominator: int) -> int:
    """Divide non-negative by positive, rounding half to even."""
    quotient, remainder = divmod(numerator, denominator)
    doubled = 2 * remainder
    if doubled > denominator or (doubled == denominator and quotient & 1):
        return quotient + 1
    return quotient


def apply_trade(holding: Holding, side: int, qty: int, unit_price: int) -> Posting:
    """Net a trade into a position.

    A trade of the same side, or from flat, adds to the basis. A reducing trade takes `basis * closed / quantity`,
    rounded half to even, out of the basis; a full close takes all of it. A trade through zero realises the whole
    position and opens the rest at its own price.

    Source: docs/trading.md, positions.
    """
    held, basis = holding
    if held * side >= 0:
        return Posting(Holding(held + side * qty, basis + qty * unit_price), 0)
    open_qty = abs(held)
    if qty == open_qty:
        return Posting(FLAT, -side * (qty * unit_price - basis))
    if qty < open_qty:
        cost = divide_half_even(basis * qty, open_qty)
        return Posting(Holding(held + side * qty, basis - cost), -side * (qty * unit_price - cost))
    opened = qty - open_qty
    return Posting(Holding(side * opened, opened * unit_price), -side * (open_qty * unit_price - basis))


def signed_cost(holding: Holding) -> int:
    """Return the cost of a position, negative for a short one, in money units."""
    return holding.basis if holding.qty > 0 else -holding.basis


def add_trade(holding: Holding, signed_qty: int, unit_price: int, realised: int) -> Holding:
    """Return the sum of individual positions after a trade of theirs that realised a profit.

    Long and short ones may be open together: then the basis can be negative, and that of a sum of quantity 0 is the
    profit that they have fixed. So `unrealised` of the sum is the sum of theirs at every mark.
    """
    qty, cost = holding.qty + signed_qty, signed_cost(holding) + signed_qty * unit_price + realised
    return Holding(qty, cost if qty > 0 else -cost)


def unrealised(holding: Holding, unit_mark: int) -> int:
    """Return the profit of an open position at a mark (money of one quantity unit), in money units."""
    qty, basis = holding
    return qty * unit_mark - basis if qty > 0 else basis + qty * unit_mark


def money_in(amount: float) -> int:
    """Return a deposited amount in money units, rounded to the nearest one."""
    return round(Decimal(repr(amount)) * MONEY_SCALE)


def money_out(units: int) -> float:
    """Return money as a JSON number, rounded to cents; whole cents, the usual case, need no rounding."""
    return round(units / MONEY_SCALE, 2) if units % CENT else units / MONEY_SCALE
