"""Fees of a trade: commission and the premium of guaranteed stops. Exact amounts, rounded up once.

Fixed amounts are in the account's currency; those of the notional are converted into it at the rate of the trade.
"""

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil

from engine.broker.events import Rate
from engine.models.broker.account import Commission, Profile
from engine.models.market.instruments import MONEY_SCALE, Instrument


@lru_cache(maxsize=1024)
def _exact(value: float) -> Decimal:
    return Decimal(repr(value))


def commission(
    model: Commission, instrument: Instrument, qty: int, price: int, is_maker: bool, rate: Rate | None
) -> int:
    """Return the commission of a trade in money units: per trade, per unit and of the notional, at least the minimum.

    Quantity and price are in the instrument's units; `is_maker` means that the order was resting; `rate` is None where
    the instrument has the account's currency.
    """
    if model.is_free:
        return 0
    fixed = (_exact(model.per_trade) + _exact(model.per_unit) * qty / instrument.qty_scale) * MONEY_SCALE
    share = _exact(model.rate) + _exact(model.maker_rate if is_maker else model.taker_rate)
    minimum = _exact(model.minimum) * MONEY_SCALE
    if rate is not None:
        return ceil(max(Fraction(fixed) + _of_notional(share, instrument, qty, price, rate), Fraction(minimum)))
    amount = fixed + share * (qty * price * instrument.money_factor)
    return int(max(amount, minimum).to_integral_value(ROUND_CEILING))


def premium(profile: Profile, instrument: Instrument, qty: int, price: int, rate: Rate | None) -> int:
    """Return the premium of a guaranteed stop that trades, in money units."""
    share = _exact(profile.guaranteed_stop_premium)
    if rate is not None:
        return ceil(_of_notional(share, instrument, qty, price, rate))
    return int((share * qty * price * instrument.money_factor).to_integral_value(ROUND_CEILING))


def _of_notional(share: Decimal, instrument: Instrument, qty: int, price: int, rate: Rate) -> Fraction:
    """Return a share of the notional in money units of the account, exactly."""
    return Fraction(share) * Fraction(qty * price * instrument.money_factor * rate.numerator, rate.denominator)
