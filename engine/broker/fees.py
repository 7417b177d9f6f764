"""Fees of a trade: commission and the premium of guaranteed stops. Exact amounts, rounded up once."""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from engine.models.broker.account import Commission, Profile
from engine.models.market.instruments import MONEY_SCALE, Instrument


@lru_cache(maxsize=1024)
def _exact(value: float) -> Decimal:
    return Decimal(repr(value))


def commission(model: Commission, instrument: Instrument, qty: int, price: int, is_maker: bool) -> int:
    """Return the commission of a trade in money units: per trade, per unit and of the notional, at least the minimum.

    Quantity and price are in the instrument's units; `is_maker` means that the order was resting.
    """
    if model.is_free:
        return 0
    fixed = (_exact(model.per_trade) + _exact(model.per_unit) * qty / instrument.qty_scale) * MONEY_SCALE
    rate = _exact(model.rate) + _exact(model.maker_rate if is_maker else model.taker_rate)
    amount = fixed + rate * (qty * price * instrument.money_factor)
    return int(max(amount, _exact(model.minimum) * MONEY_SCALE).to_integral_value(ROUND_CEILING))


def premium(profile: Profile, instrument: Instrument, qty: int, price: int) -> int:
    """Return the premium of a guaranteed stop that trades, in money units."""
    amount = _exact(profile.guaranteed_stop_premium) * qty * price * instrument.money_factor
    return int(amount.to_integral_value(ROUND_CEILING))
