"""Fees of a trade: commission and the premium of guaranteed stops. Exact amounts, rounded up once."""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import NamedTuple

from engine.models.broker.account import Commission, Profile
from engine.models.market.instruments import MONEY_SCALE, Instrument


class Rates(NamedTuple):
    """A commission model in money units and exact fractions."""

    per_trade: Decimal
    per_unit: Decimal
    minimum: Decimal
    maker: Decimal
    taker: Decimal


@lru_cache(maxsize=256)
def _rates(model: Commission) -> Rates:
    exact = {name: Decimal(repr(value)) for name, value in model.model_dump().items()}
    return Rates(
        exact["per_trade"] * MONEY_SCALE,
        exact["per_unit"] * MONEY_SCALE,
        exact["minimum"] * MONEY_SCALE,
        exact["rate"] + exact["maker_rate"],
        exact["rate"] + exact["taker_rate"],
    )


def commission(model: Commission, instrument: Instrument, qty: int, price: int, is_maker: bool) -> int:
    """Return the commission of a trade in money units: per trade, per unit and of the notional, at least the minimum.

    Args:
        model: The account's commission model.
        instrument: The traded instrument.
        qty: Quantity units.
        price: Price units.
        is_maker: Whether the order was resting.
    """
    if model.is_free:
        return 0
    rates = _rates(model)
    notional = qty * price * instrument.money_factor
    amount = rates.per_trade + rates.per_unit * qty / instrument.qty_scale
    amount += (rates.maker if is_maker else rates.taker) * notional
    return int(max(amount, rates.minimum).to_integral_value(ROUND_CEILING))


def premium(profile: Profile, instrument: Instrument, qty: int, price: int) -> int:
    """Return the premium of a guaranteed stop that trades, in money units."""
    rate = Decimal(repr(profile.guaranteed_stop_premium))
    return int((rate * qty * price * instrument.money_factor).to_integral_value(ROUND_CEILING))
