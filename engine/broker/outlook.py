"""When a tick can change something: the next instant of a timer, and the prices at which an order or a margin acts.

Between two such instants a tick has no events, so that a clock may skip them. Called by engine/exact_time.py. Errors
are on one side only: an instant may be named at which nothing happens, and none is left out at which something does.
"""

from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

from engine.broker import margin
from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.conversion import converted, converted_up
from engine.broker.fill_models import due_ms
from engine.broker.market_view import MarketView
from engine.broker.order_heap import NO_KEY
from engine.broker.position import OpenPosition
from engine.models.market.quotes import ANY_QUOTE, NO_PRICE, Band, QuoteBands

WIDTHS = tuple(1 << bits for bits in range(1, 15))
"""Half widths of the bands around a price that are tried for margin: a half of the price, a quarter, and so on."""


class MarginRange(NamedTuple):
    """Bounds of equity and used margin while prices stay inside bands, money units."""

    least_equity: int
    most_equity: int
    least_used: int
    most_used: int


def next_timer_ms(broker: Broker, after_ms: int) -> int:
    """Return the first time after `after_ms` at which an order expires, arrives or is simulated; `NO_KEY` for never."""
    times = [broker.expiries.first_key, broker.arrivals.first_key, *map(due_ms, broker.simulators.values())]
    return min((time_ms for time_ms in times if time_ms is not None and time_ms > after_ms), default=NO_KEY)


def bands(broker: Broker, market: MarketView) -> dict[str, QuoteBands]:
    """Return bands of the symbols that matter: while quotes of open markets stay inside, no tick has an event."""
    found = {symbol: triggers.bands() for symbol, triggers in broker.triggers.items() if len(triggers)}
    holders = {account.id: account for accounts in broker.holders.values() for account in accounts.values()}
    for account in holders.values():
        for symbol, band in _margin_bands(account, market).items():
            found[symbol] = found.get(symbol, ANY_QUOTE).within(QuoteBands(band, band, band))
    return found


def _margin_bands(account: Account, market: MarketView) -> dict[str, Band]:
    """Return the widest bands in which the margin rules of an account change nothing."""
    profile = account.profile
    if account.is_simulated or (profile.margin_call is None and profile.stop_out is None):
        return {}
    symbols = set(account.positions)
    for position in account.positions.values():
        if position.conversion is not None:
            symbols.add(position.conversion.source.name)
    prices = {symbol: market.quote(symbol).last for symbol in symbols}
    for width in WIDTHS:
        found = {symbol: Band(price - price // width, price + price // width) for symbol, price in prices.items()}
        if _is_settled(account, margin_range(account, found)):
            return found
    return dict.fromkeys(symbols, NO_PRICE)


def _is_settled(account: Account, bounds: MarginRange) -> bool:
    """Whether no margin call starts or ends, and no stop-out begins, anywhere inside the bounds."""
    profile = account.profile
    if margin.is_below(bounds.least_equity, bounds.most_used, profile.stop_out):
        return False
    if account.is_called:
        return margin.is_below(bounds.most_equity, bounds.least_used, profile.margin_call)
    return not margin.is_below(bounds.least_equity, bounds.most_used, profile.margin_call)


def margin_range(account: Account, inside: Mapping[str, Band]) -> MarginRange:
    """Return bounds of equity and used margin while the price of each symbol stays inside its band."""
    least = most = account.funds.balance
    least_used = most_used = 0
    leverage, usual = account.leverage, account.profile.leverage
    for symbol, position in account.positions.items():
        gains, values = _corners(position, inside)
        rate = margin.rate_at(position.instrument.margin_rate, leverage.get(symbol, usual))
        least, most = least + min(gains), most + max(gains)
        least_used -= -min(values) * rate // margin.RATE_SCALE
        most_used -= -max(values) * rate // margin.RATE_SCALE
    return MarginRange(least, most, least_used, most_used)


def _corners(position: OpenPosition, inside: Mapping[str, Band]) -> tuple[list[int], list[int]]:
    """Return gains and values of a position, in the account's currency, at the edges of the bands."""
    (qty, basis), instrument, conversion = position.holding, position.instrument, position.conversion
    gains, values = [], []
    for price in inside[instrument.name]:
        value = qty * price * instrument.money_factor
        gains.append(value - (basis if qty > 0 else -basis))
        values.append(abs(value))
    if conversion is None:
        return gains, values
    rates = [conversion.rate_at(max(price, 1)) for price in inside[conversion.source.name]]
    return (
        [converted(gain, rate) for gain, rate in product(gains, rates)],
        [converted_up(value, rate) for value, rate in product(values, rates)],
    )
