"""Commands on positions: close, reverse and brackets. Rules that yield events, like those of commands.py."""

from engine.broker import brackets, commands, margin, matching, pre_trade
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.events import Parent, Terms
from engine.broker.individual_positions import IndividualPosition
from engine.broker.ledger import Holding
from engine.broker.market_view import MarketView
from engine.broker.position import OpenPosition
from engine.broker.validation import check_fifo, read_qty, unsupported
from engine.errors import Denied, Missing, Reason, deny_if
from engine.models.broker.orders import OrderType, ParentType, PreOrder, Side
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument

AnyPosition = OpenPosition | IndividualPosition


def close(account: Account, position_id: str, amount: float | None, market: MarketView) -> ev.Events:
    """Close `amount` of a position, or all of it, with a reduce-only market order.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: HALTED, MARKET_CLOSED, BAD_QTY_STEP, or QTY_RANGE for an amount outside the open quantity.
    """
    position = account.position(position_id)
    qty = _read_amount(amount, position.holding, position.instrument)
    deny_if(pre_trade.closed_refusal(position.instrument, market))
    yield from close_at_market(account, position, qty, market.now_ms)


def _read_amount(amount: float | None, holding: Holding, instrument: Instrument) -> int:
    """Return the quantity to close in quantity units. Raises: Denied BAD_QTY_STEP, QTY_RANGE."""
    open_qty = abs(holding.qty)
    qty = open_qty if amount is None else read_qty(amount, instrument)
    if not 0 < qty <= open_qty:
        out = instrument.qty_out
        text = f"amount {out(qty):.12g} is outside the open quantity, {out(open_qty):.12g}"
        raise Denied(Reason.QTY_RANGE, text)
    return qty


def individual_position(account: Account, position_id: str) -> IndividualPosition:
    """Return an open individual position. Raises: Missing UNKNOWN_POSITION."""
    position = account.individual.find(position_id)
    if position is None:
        raise Missing(Reason.UNKNOWN_POSITION, f"individual position {position_id} does not exist")
    return position


def close_individual(account: Account, position_id: str, amount: float | None, market: MarketView) -> ev.Events:
    """Close `amount` of an individual position, or all of it, with a market order that names it.

    Closing is never refused for margin, not even where it takes off a hedge.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: as in `close`; FIFO_CLOSE.
    """
    position = individual_position(account, position_id)
    check_fifo(account, position)
    qty = _read_amount(amount, position.holding, position.instrument)
    deny_if(pre_trade.closed_refusal(position.instrument, market))
    yield from close_at_market(account, position, qty, market.now_ms)


def reverse(account: Account, position_id: str, market: MarketView) -> ev.Events:
    """Turn a position into the opposite one of the same quantity with one market order.

    The order ends at minus the quantity that is open now: other trades of the symbol change its quantity, see
    execution.py.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: REVERSE_WORKING, HALTED, MARKET_CLOSED, INSUFFICIENT_MARGIN.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, position.holding.qty
    working = account.reversals.get(instrument.name)
    if working is not None:
        raise Denied(Reason.REVERSE_WORKING, f"position {position_id} is being reversed by {working.id}")
    side = -1 if open_qty > 0 else 1
    reference = matching.opposite(side, market.quote(instrument.name))
    exposure = margin.exposure_at(account, instrument, side, 2 * abs(open_qty), reference, market)
    deny_if(pre_trade.closed_refusal(instrument, market))
    deny_if(margin.refusal(account, exposure, market))
    sent = market_order(position, exposure.qty, is_close=False)
    order_id, now_ms, terms = account.next_order_id(), market.now_ms, Terms(exposure.qty)
    yield ev.OrderAccepted(
        account.id, now_ms, order_id, sent, terms, False, now_ms, exposure.required, target=-open_qty
    )


def close_at_market(
    account: Account, position: AnyPosition, qty: int, now_ms: int, reason: Reason | None = None
) -> ev.Events:
    """Send a reduce-only market order against a position; `reason` is set by the broker only."""
    sent, order_id = market_order(position, qty, is_close=True), account.next_order_id()
    yield ev.OrderAccepted(account.id, now_ms, order_id, sent, Terms(qty), True, now_ms, 0, reason=reason)


def market_order(position: AnyPosition, qty: int, is_close: bool) -> PreOrder:
    """Return a market order against a position; `qty` is in quantity units."""
    instrument, side = position.instrument, Side.SELL if position.holding.qty > 0 else Side.BUY
    sent = PreOrder(
        symbol=instrument.name, type=OrderType.MARKET, side=side, qty=instrument.qty_out(qty), isClose=is_close
    )
    return sent.model_copy(update={"positionId": position.id}) if isinstance(position, IndividualPosition) else sent


def edit_brackets(account: Account, position_id: str, prices: Brackets, market: MarketView) -> ev.Events:
    """Replace the brackets of a position by the requested ones.

    Brackets of its entries become brackets of the position; a working entry shows no brackets from then on.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: as in `brackets.read_legs`; UNSUPPORTED_COMBINATION for the net position of individual ones.
    """
    position = account.position(position_id)
    if account.is_hedging:
        raise unsupported("this account has brackets of its individual positions, none of net positions")
    parent = Parent(position_id, ParentType.POSITION, position_id)
    yield from _replace_brackets(account, position, parent, prices, market)


def edit_individual_brackets(account: Account, position_id: str, prices: Brackets, market: MarketView) -> ev.Events:
    """Replace the brackets of an individual position, like `edit_brackets`. Raises: Missing, Denied."""
    position = individual_position(account, position_id)
    parent = Parent(position_id, ParentType.INDIVIDUAL_POSITION, position_id)
    yield from _replace_brackets(account, position, parent, prices, market)


def _replace_brackets(
    account: Account, position: AnyPosition, parent: Parent, prices: Brackets, market: MarketView
) -> ev.Events:
    """Replace the brackets of a position; `parent` is that of its own pair."""
    side, qty, instrument = position.side, abs(position.holding.qty), position.instrument
    reference = matching.mark_price(position.holding.qty, market.quote(instrument.name))
    old = list(account.brackets.get(parent.id, ()))
    prices, entry = brackets.keep_limit(old, prices), brackets.Entry(instrument, side, qty, reference)
    legs = brackets.keep_trails(old, brackets.read_legs(prices, entry, account, market))
    for leg in legs:
        if leg.terms.trail is not None:
            deny_if(pre_trade.stop_refusal(-side, leg.terms, instrument, market))
    commands.check_count(account, max(0, len(legs) - len(old)))
    entries = dict.fromkeys(leg.parent.pair for leg in old if leg.parent is not None)
    yield from brackets.revise(account, old, legs, parent, market)
    for entry_id in entries:
        without = dict.fromkeys(Brackets.model_fields)
        yield from commands.show_on_entry(account, account.working.get(entry_id), without, market)
