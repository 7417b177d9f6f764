"""Conversion of money: which instrument gives the rate from an instrument's currency to an account's, and which side.

Amounts are money units. A profit is sold for the account's currency, everything else (a loss, an order's value, a fee)
is bought with it: each at the side of the quote that this trade would get. An instrument whose base is the account's
currency (USDJPY for US dollars) has its own rate: the price of its trade or mark. The rate of a trade is part of its
event, `events.Rate`. Source: docs/trading.md, currencies. Called by account.py and margin.py.
"""

from collections.abc import Mapping
from typing import NamedTuple

from engine.broker.events import Rate
from engine.broker.ledger import divide_half_even
from engine.broker.market_view import MarketView
from engine.errors import Denied, Reason
from engine.models.market.instruments import Instrument

Pairs = Mapping[tuple[str, str], Instrument]
"""The instruments that quote one currency in another, by base and quote currency; of several the first."""


class Conversion(NamedTuple):
    """Source of the rate from an instrument's currency to an account's.

    Attributes:
        source: The instrument whose price is the rate.
        is_inverse: Its base is the account's currency, so the rate is 1 / price; else its base is the money's currency.
        is_own: It is the instrument itself, so the rate is the price of the trade or the mark.
    """

    source: Instrument
    is_inverse: bool
    is_own: bool

    def is_ready(self, market: MarketView) -> bool:
        """Whether the market has a price to convert with."""
        return self.is_own or market.has_price(self.source.name)

    def rate(self, is_profit: bool, price: int, market: MarketView) -> Rate:
        """Return the rate now.

        Args:
            is_profit: The amount is a profit.
            price: Price of the trade or the mark, in price units of the instrument; used by an own rate only.
            market: The market at the instant of the posting.
        """
        if not self.is_own:
            quote = market.quote(self.source.name)
            price = quote.bid if is_profit is not self.is_inverse else quote.ask
        return self.rate_at(price)

    def rate_at(self, price: int) -> Rate:
        """Return the rate at a price of the source, in its price units."""
        scale = self.source.pricescale
        return Rate(scale, price, self.source.name) if self.is_inverse else Rate(price, scale, self.source.name)

    def prices(self, market: MarketView) -> tuple[int, ...]:
        """Return the prices that the rate of a mark depends on, beside the mark itself."""
        if self.is_own or not market.has_price(self.source.name):
            return ()
        quote = market.quote(self.source.name)
        return quote.bid, quote.ask


def converted(amount: int, rate: Rate) -> int:
    """Return an amount in the account's currency, rounded half to even."""
    size = divide_half_even(abs(amount) * rate.numerator, rate.denominator)
    return size if amount >= 0 else -size


def converted_up(amount: int, rate: Rate) -> int:
    """Return an amount of at least 0 in the account's currency, rounded up."""
    return -(-amount * rate.numerator // rate.denominator)


def pairs_of(instruments: Mapping[str, Instrument]) -> Pairs:
    """Return the currency pairs of a catalogue."""
    pairs: dict[tuple[str, str], Instrument] = {}
    for one in instruments.values():
        if one.base_currency is not None:
            pairs.setdefault((one.base_currency, one.currency), one)
    return pairs


def find_conversion(pairs: Pairs, instrument: Instrument, currency: str) -> Conversion:
    """Return the conversion of an instrument's money into a currency: its own rate, else a direct or an inverse pair.

    Raises:
        Denied: UNSUPPORTED_COMBINATION, if no instrument gives the rate.
    """
    if instrument.base_currency == currency:
        return Conversion(instrument, is_inverse=True, is_own=True)
    direct, inverse = pairs.get((instrument.currency, currency)), pairs.get((currency, instrument.currency))
    if direct is not None:
        return Conversion(direct, is_inverse=False, is_own=False)
    if inverse is not None:
        return Conversion(inverse, is_inverse=True, is_own=False)
    text = f"{instrument.name}: currency: no instrument gives a rate from {instrument.currency} to {currency}"
    raise Denied(Reason.UNSUPPORTED_COMBINATION, text)


def check_rates(instruments: Mapping[str, Instrument], currency: str) -> None:
    """Check that the money of every instrument can be converted into a currency.

    Raises:
        Denied: UNSUPPORTED_COMBINATION with the first instrument that has no rate.
    """
    pairs = pairs_of(instruments)
    for instrument in instruments.values():
        if instrument.currency != currency:
            find_conversion(pairs, instrument, currency)
