"""Exact money and positions: pure functions on integers, one rounding per posting.

Quantities are quantity units, prices price units; a cost basis is the sum of quantity * price in the product of both
("native" units), money is `1 / MONEY_SCALE` of the account currency.
"""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from engine.models.market.instruments import MONEY_SCALE

CENT = MONEY_SCALE // 100
"""Money units in a cent."""


class Holding(NamedTuple):
    """An open position: signed quantity, and the cost of what is open (never negative)."""

    qty: int
    basis: int


FLAT = Holding(0, 0)


Posting = tuple[Holding, int]
"""What a trade does: the position after it, and the profit it realised in native units."""


def divide_half_even(numerator: int, denominator: int) -> int:
    """Divide non-negative by positive, rounding half to even."""
    quotient, remainder = divmod(numerator, denominator)
    doubled = 2 * remainder
    if doubled > denominator or (doubled == denominator and quotient & 1):
        return quotient + 1
    return quotient


def apply_trade(holding: Holding, side: int, qty: int, price: int) -> Posting:
    """Net a trade into a position.

    Same side or flat adds to the basis. Reducing takes `basis * closed / quantity`, rounded half to even, out of it
    and the rest stays with what is open; a full close takes all. Through zero realises the whole position and opens
    the rest at the trade's price.

    Source: docs/trading.md, positions.
    """
    held, basis = holding
    if held * side >= 0:
        return Holding(held + side * qty, basis + qty * price), 0
    open_qty = abs(held)
    if qty == open_qty:
        return FLAT, -side * (qty * price - basis)
    if qty < open_qty:
        cost = divide_half_even(basis * qty, open_qty)
        return Holding(held + side * qty, basis - cost), -side * (qty * price - cost)
    opened = qty - open_qty
    return Holding(side * opened, opened * price), -side * (open_qty * price - basis)


def unrealised(holding: Holding, mark: int) -> int:
    """Return the profit of an open position at a mark price, in native units."""
    qty, basis = holding
    return qty * mark - basis if qty > 0 else basis + qty * mark


def money_up(amount: float) -> int:
    """Read an amount of money that is charged: rounded up to the next unit of money."""
    return int((Decimal(repr(amount)) * MONEY_SCALE).to_integral_value(ROUND_CEILING))


def money_in(amount: float) -> int:
    """Read an amount of money that is paid in: rounded to the nearest unit of money."""
    return round(Decimal(repr(amount)) * MONEY_SCALE)


def money_out(units: int) -> float:
    """Write money as a JSON number, rounded to cents; whole cents, the usual case, need no rounding."""
    cents, rest = divmod(units, CENT)
    return round(units / MONEY_SCALE, 2) if rest else cents / 100
