"""Margin and limits: what an account can carry, checked when an order is taken, when it trades, and at every tick.

Figures are money units. Source: docs/trading.md, positions, margin and risk.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from engine.broker.account import Account, OpenPosition
from engine.broker.fill_models import Fill
from engine.broker.ledger import money_in, money_out, unrealised
from engine.broker.matching import mark_price
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.errors import Reason
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote

RATE_SCALE = 1_000_000

ApiError = tuple[Reason, str]


class Margins(NamedTuple):
    """Margin figures of an account: equity, margin of the positions, margin held back by open orders."""

    equity: int
    used: int
    reserved: int

    @property
    def free(self) -> int:
        """What new risk can use."""
        return self.equity - self.used - self.reserved


def rate_at(instrument: Instrument, leverage: int) -> int:
    """Return a margin rate in parts per million: the instrument's own or 1 / leverage, the larger."""
    return _rate(instrument.margin_rate, leverage)


@lru_cache(maxsize=4096)
def _rate(own: float, leverage: int) -> int:
    return max(round(own * RATE_SCALE), -(-RATE_SCALE // leverage))


def margin_rate(account: Account, instrument: Instrument) -> int:
    """Return the margin rate of a symbol for an account, in parts per million."""
    return rate_at(instrument, account.leverage_of(instrument.name))


def margin_of(account: Account, instrument: Instrument, qty: int, price: int) -> int:
    """Return the margin of a quantity at a price, rounded up."""
    rate = _rate(instrument.margin_rate, account.leverage_of(instrument.name))
    return -(-qty * price * instrument.money_factor * rate // RATE_SCALE)


def profit_of(account: Account, position: OpenPosition, quote: Quote) -> int:
    """Return the unrealised profit of a position."""
    mark = mark_price(position.holding.qty, quote, account.profile.mark)
    return unrealised(position.holding, mark) * position.instrument.money_factor


def assess(account: Account, moment: Moment) -> Margins:
    """Return the margin figures now; marks are derived from exact state and the current quotes every time."""
    if not account.positions:
        return Margins(account.funds.balance, 0, account.reserved)
    profit = used = 0
    quotes, own, usual = moment.quotes, account.leverage, account.profile.leverage
    is_last = account.profile.mark == "last"
    # Written out: an account may have a thousand positions, and every tick moves them.
    for symbol, position in account.positions.items():
        quote, instrument, (qty, basis) = quotes(symbol), position.instrument, position.holding
        factor = instrument.money_factor
        value = qty * (quote.last if is_last else quote.bid if qty > 0 else quote.ask) * factor
        profit += value - (basis if qty > 0 else -basis) * factor
        used -= -abs(value) * _rate(instrument.margin_rate, own.get(symbol, usual)) // RATE_SCALE
    return Margins(account.funds.balance + profit, used, account.reserved)


def opening_qty(account: Account, symbol: str, side: int, qty: int) -> int:
    """Return the part of a quantity that adds risk: what goes beyond closing the opposite position."""
    position = account.positions.get(symbol)
    if position is None:
        return qty
    closable = -side * position.holding.qty
    return qty if closable <= 0 else max(0, qty - closable)


def reserve_of(account: Account, instrument: Instrument, side: int, qty: int, reference: int) -> int:
    """Return the margin that an order holds back for what is open of it; `reference` is its price in price units."""
    return margin_of(account, instrument, opening_qty(account, instrument.name, side, qty), reference)


def placement_refusal(
    account: Account, instrument: Instrument, side: int, qty: int, required: int, moment: Moment
) -> ApiError | None:
    """Return why the account cannot take an order that adds risk, or None; it may use the margin that it frees.

    Args:
        account: Who wants to trade.
        instrument: What.
        side: Direction.
        qty: Quantity units.
        required: Margin that the order needs, in money units.
        moment: Time and market.
    """
    opening = opening_qty(account, instrument.name, side, qty)
    if not opening:
        return None
    return refusal(account, instrument, side, qty, opening, required, assess(account, moment), moment)


def refusal(
    account: Account,
    instrument: Instrument,
    side: int,
    qty: int,
    opening: int,
    required: int,
    margins: Margins,
    moment: Moment,
) -> ApiError | None:
    """Return why the account cannot carry a trade of which `opening` adds risk, or None; see `placement_refusal`."""
    refused = limit_refusal(account, instrument, side, qty, margins.equity, moment.now_ms)
    if refused is not None:
        return refused
    free = margins.equity - margins.used - margins.reserved
    if qty > opening:
        free += freed_by(account, instrument, qty - opening, moment)
    return None if required <= max(0, free) else margin_refusal(free, required)


def freed_by(account: Account, instrument: Instrument, closed: int, moment: Moment) -> int:
    """Return the margin that closing a part of a position frees."""
    mark = mark_price(account.signed_qty(instrument.name), moment.quotes(instrument.name), account.profile.mark)
    return margin_of(account, instrument, closed, mark)


def margin_refusal(free: int, required: int) -> ApiError:
    """Return the refusal of what the free margin does not carry."""
    text = f"{money_out(required):.2f} of margin is required, {money_out(free):.2f} is available"
    return Reason.INSUFFICIENT_MARGIN, text


def limit_refusal(
    account: Account, instrument: Instrument, side: int, qty: int, equity: int, now_ms: int
) -> ApiError | None:
    """Return which limit of the account a trade that adds risk would break, or None."""
    limits = account.profile.limits
    if limits.max_position is not None:
        after = abs(account.signed_qty(instrument.name) + side * qty)
        if after > limits.max_position * instrument.qty_scale:
            text = f"the position would be {instrument.qty_out(after):g}, the limit is {limits.max_position:g}"
            return Reason.POSITION_LIMIT, text
    if limits.daily_loss is not None:
        loss = day_balance(account, now_ms) - equity
        if loss >= money_in(limits.daily_loss):
            text = (
                f"today's loss is {money_out(loss):.2f}, the limit is {limits.daily_loss:.2f}: only closing is allowed"
            )
            return Reason.DAILY_LOSS_LIMIT, text
    return None


def day_balance(account: Account, now_ms: int) -> int:
    """Return the balance at the beginning of the day (UTC) that holds `now_ms`."""
    funds = account.funds
    return funds.day_balance if now_ms // 86_400_000 == funds.day else funds.balance


def is_below(equity: int, used: int, level: float | None) -> bool:
    """Whether an account is below a margin level (a multiple of the margin used); never without positions."""
    return level is not None and used > 0 and equity < used * level


def leverage_refusal(account: Account, symbol: str, leverage: int, moment: Moment) -> ApiError | None:
    """Return why the account cannot carry its position in a symbol with another leverage, or None."""
    position = account.positions.get(symbol)
    if position is None:
        return None
    qty, instrument = position.holding.qty, position.instrument
    notional = abs(qty) * mark_price(qty, moment.quotes(symbol), account.profile.mark) * instrument.money_factor
    margins = assess(account, moment)
    before = -(-notional * margin_rate(account, instrument) // RATE_SCALE)
    after = -(-notional * rate_at(instrument, leverage) // RATE_SCALE)
    return margin_refusal(margins.free, after - before) if after - before > max(0, margins.free) else None


def largest_loser(account: Account, moment: Moment) -> OpenPosition | None:
    """Return the position that loses most among those whose market is open; of equals the one opened first."""
    return min(
        (position for symbol, position in account.positions.items() if moment.is_open(symbol)),
        key=lambda position: profit_of(account, position, moment.quotes(position.symbol)),
        default=None,
    )


def required_for(account: Account, order: Order, fills: Iterable[Fill]) -> int:
    """Return the margin that trades need beyond what their order holds back for them; none for closing."""
    if order.is_reduce_only:
        return 0
    position = account.positions.get(order.symbol)
    closable = 0 if position is None else max(0, -order.side * position.holding.qty)
    total = needed = 0
    for fill in fills:
        qty = fill.qty
        opened = qty - closable if qty > closable else 0
        closable -= qty - opened
        total += qty
        if opened:
            needed += margin_of(account, order.instrument, opened, fill.price)
    return max(0, needed - order.held_for(total)) if needed else 0
