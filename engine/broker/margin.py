"""Margin and limits: the risk that an account can carry. Checked at placement, at each trade and at every tick.

Figures are money units. Source: docs/trading.md, positions, margin and risk.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from engine.broker.account import DAY_MS, Account
from engine.broker.conversion import converted, converted_up
from engine.broker.events import Rate
from engine.broker.fill_models import Fill
from engine.broker.individual_positions import IndividualPosition
from engine.broker.ledger import apply_trade, money_in, money_out, unrealised
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.order import Order
from engine.broker.position import OpenPosition
from engine.errors import Reason, Refusal
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote

RATE_SCALE = 1_000_000


class Margins(NamedTuple):
    """Margin figures of an account: equity, margin of the positions, margin held back by open orders."""

    equity: int
    used: int
    reserved: int

    @property
    def free(self) -> int:
        """Margin that new risk can use."""
        return self.equity - self.used - self.reserved


class Exposure(NamedTuple):
    """A trade or order whose risk is checked.

    Attributes:
        qty: Quantity units.
        opening: The part of `qty` that adds risk; the rest closes the opposite position.
        required: Margin that `opening` needs beyond the margin that is held back for it, in money units.
    """

    instrument: Instrument
    side: int
    qty: int
    opening: int
    required: int


@lru_cache(maxsize=4096)
def rate_at(own: float, leverage: int) -> int:
    """Return a margin rate in parts per million: the instrument's own or 1 / leverage, the larger."""
    return max(round(own * RATE_SCALE), -(-RATE_SCALE // leverage))


def value_of(account: Account, instrument: Instrument, qty: int, price: int, market: MarketView) -> int:
    """Return the value of a quantity at a price in the account's currency, rounded up."""
    value, conversion = qty * price * instrument.money_factor, account.conversion_of(instrument)
    return value if conversion is None else converted_up(value, conversion.rate(False, price, market))


def margin_of(account: Account, instrument: Instrument, qty: int, price: int, market: MarketView) -> int:
    """Return the margin of a quantity at a price, rounded up."""
    rate = rate_at(instrument.margin_rate, account.leverage_of(instrument.name))
    return -(-value_of(account, instrument, qty, price, market) * rate // RATE_SCALE)


def trade_rate(account: Account, order: Order, fill: Fill, market: MarketView) -> Rate | None:
    """Return the rate of a trade, that of a profit if it realises one; None where no conversion is needed."""
    conversion = account.conversion_of(order.instrument)
    if conversion is None:
        return None
    position, unit_price = account.positions.get(order.symbol), fill.price * order.instrument.money_factor
    if account.is_hedging:
        realised = account.individual.realised_by(order, fill.qty, unit_price)
    else:
        realised = 0 if position is None else apply_trade(position.holding, order.side, fill.qty, unit_price).realised
    return conversion.rate(realised > 0, fill.price, market)


def profit_of(account: Account, position: OpenPosition, quote: Quote, market: MarketView | None = None) -> int:
    """Return the unrealised profit of a position at a quote, at the rate of its last trade unless `market` is given."""
    mark = mark_price(position.holding.qty, quote, account.profile.mark)
    profit = unrealised(position.holding, mark * position.instrument.money_factor)
    if market is not None:
        return amount_of(position, profit, mark, market)
    return profit if position.conversion is None else converted(profit, position.rate)


def individual_profits(
    account: Account, position: OpenPosition, market: MarketView
) -> Iterator[tuple[IndividualPosition, int]]:
    """Yield the individual positions of a net position with their unrealised profits; the sum is the net profit.

    All have the mark and the rate of the net position, because closing them together trades the net quantity only.
    """
    mark = mark_price(position.holding.qty, market.quote(position.instrument.name), account.profile.mark)
    unit_mark, total = mark * position.instrument.money_factor, 0
    is_profit, booked = unrealised(position.holding, unit_mark) > 0, 0
    rate = None if position.conversion is None else _rate_of(position, is_profit, mark, market)
    for one in account.individual.of(position.instrument.name):
        total += unrealised(one.holding, unit_mark)
        after = total if rate is None else converted(total, rate)
        yield one, after - booked
        booked = after


def amount_of(position: OpenPosition, amount: int, mark: int, market: MarketView) -> int:
    """Return an amount of a position's instrument in the account's currency, at the current rate of a mark."""
    if position.conversion is None:
        return amount
    return converted(amount, _rate_of(position, amount > 0, mark, market))


def _rate_of(position: OpenPosition, is_profit: bool, mark: int, market: MarketView) -> Rate:
    """Return the current rate of a position; that of its last trade while the pair has no price since a restart."""
    assert position.conversion is not None
    return position.conversion.rate(is_profit, mark, market) if position.conversion.is_ready(market) else position.rate


def assess(account: Account, market: MarketView) -> Margins:
    """Return the margin figures now; marks are derived from exact state and the current quotes every time."""
    if not account.positions:
        return Margins(account.funds.balance, 0, account.reserved)
    profit = used = 0
    quote_of, leverage, usual = market.quote, account.leverage, account.profile.leverage
    is_last = account.profile.mark == "last"
    # Inlined for speed: an account may have a thousand positions, and every tick moves their prices.
    for symbol, position in account.positions.items():
        quote, instrument, (qty, basis) = quote_of(symbol), position.instrument, position.holding
        mark = quote.last if is_last else quote.bid if qty > 0 else quote.ask
        value = qty * mark * instrument.money_factor
        gain = value - (basis if qty > 0 else -basis)
        if position.conversion is not None:
            gain = converted(gain, _rate_of(position, gain > 0, mark, market))
            value = converted_up(abs(value), _rate_of(position, False, mark, market))
        profit += gain
        used -= -abs(value) * rate_at(instrument.margin_rate, leverage.get(symbol, usual)) // RATE_SCALE
    return Margins(account.funds.balance + profit, used, account.reserved)


def opening_qty(account: Account, symbol: str, side: int, qty: int) -> int:
    """Return the part of a quantity that adds risk: the quantity beyond closing the opposite position."""
    closable = -side * account.signed_qty(symbol)
    return qty if closable <= 0 else max(0, qty - closable)


def exposure_at(
    account: Account, instrument: Instrument, side: int, qty: int, price: int, market: MarketView
) -> Exposure:
    """Return the exposure of an order at a price in price units."""
    opening = opening_qty(account, instrument.name, side, qty)
    required = margin_of(account, instrument, opening, price, market) if opening else 0
    return Exposure(instrument, side, qty, opening, required)


def refusal(account: Account, exposure: Exposure, market: MarketView, margins: Margins | None = None) -> Refusal | None:
    """Return why the account cannot carry an exposure, or None. Margin that its closing part frees can be used.

    An exposure that adds no risk is always accepted. `margins` are the current figures, if the caller has them.
    """
    if not exposure.opening:
        return None
    margins, instrument = margins or assess(account, market), exposure.instrument
    refused = _limit_refusal(account, exposure, margins.equity, market.now_ms)
    if refused is not None:
        return refused
    free, closed = margins.equity - margins.used - margins.reserved, exposure.qty - exposure.opening
    if closed > 0:
        mark = mark_price(account.signed_qty(instrument.name), market.quote(instrument.name), account.profile.mark)
        free += margin_of(account, instrument, closed, mark, market)
    return None if exposure.required <= max(0, free) else _margin_refusal(free, exposure.required)


def _margin_refusal(free: int, required: int) -> Refusal:
    text = f"{money_out(required):.2f} of margin is required, {money_out(free):.2f} is available"
    return Refusal(Reason.INSUFFICIENT_MARGIN, text)


def _limit_refusal(account: Account, exposure: Exposure, equity: int, now_ms: int) -> Refusal | None:
    """Return which limit of the account an exposure would break, or None."""
    limits, instrument = account.profile.limits, exposure.instrument
    if account.profile.suspended:
        return Refusal(Reason.ACCOUNT_SUSPENDED, "trading is suspended: only closing is allowed")
    if account.profile.long_only and exposure.side < 0:
        return Refusal(Reason.SHORT_SALE, f"the account cannot sell {instrument.name} short")
    if limits.max_position is not None:
        after = abs(account.signed_qty(instrument.name) + exposure.side * exposure.qty)
        if after > limits.max_position * instrument.qty_scale:
            text = f"the position would be {instrument.qty_out(after):.12g}, the limit is {limits.max_position:.12g}"
            return Refusal(Reason.POSITION_LIMIT, text)
    if limits.daily_loss is not None:
        funds = account.funds
        # A day (UTC) without events yet begins with the current balance.
        loss = (funds.day_balance if now_ms // DAY_MS == funds.day else funds.balance) - equity
        if loss >= money_in(limits.daily_loss):
            figures = f"today's loss is {money_out(loss):.2f}, the limit is {limits.daily_loss:.2f}"
            return Refusal(Reason.DAILY_LOSS_LIMIT, f"{figures}: only closing is allowed")
    return None


def is_below(equity: int, used: int, level: float | None) -> bool:
    """Whether an account with positions is below a margin level, a multiple of the margin used."""
    return level is not None and used > 0 and equity < used * level


def leverage_refusal(account: Account, symbol: str, leverage: int, market: MarketView) -> Refusal | None:
    """Return why the account cannot carry its position in a symbol with another leverage, or None."""
    position = account.positions.get(symbol)
    if position is None:
        return None
    qty, instrument = position.holding.qty, position.instrument
    mark, free = mark_price(qty, market.quote(symbol), account.profile.mark), assess(account, market).free
    value = value_of(account, instrument, abs(qty), mark, market)
    after = -(-value * rate_at(instrument.margin_rate, leverage) // RATE_SCALE)
    more = after - margin_of(account, instrument, abs(qty), mark, market)
    return _margin_refusal(free, more) if more > max(0, free) else None


def largest_loser(account: Account, market: MarketView) -> OpenPosition | None:
    """Return the open position with the largest loss whose market is open; of equal ones the oldest."""
    return min(
        (one for symbol, one in account.positions.items() if one.holding.qty and market.is_open(symbol)),
        key=lambda position: profit_of(account, position, market.quote(position.instrument.name), market),
        default=None,
    )


def required_for(account: Account, order: Order, fills: Iterable[Fill], market: MarketView) -> int:
    """Return the margin that trades need beyond the margin that their order holds back; 0 for closing trades."""
    if order.is_reduce_only:
        return 0
    closable = max(0, -order.side * account.signed_qty(order.symbol))
    total = needed = 0
    for fill in fills:
        qty = fill.qty
        opened = qty - closable if qty > closable else 0
        closable -= qty - opened
        total += qty
        if opened:
            needed += margin_of(account, order.instrument, opened, fill.price, market)
    return max(0, needed - order.reserved_for(total)) if needed else 0
