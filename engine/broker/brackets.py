"""Brackets: the take-profit and the stop that close an entry or a position, and one-cancels-other.

The rules yield events like those of commands.py; exit_levels.py has the quantities of several exits. A bracket is a
reduce-only child order: inactive until its entry trades, then working for the position. The two legs of a pair shrink
together and end with the position. Source: docs/trading.md, brackets; Alpaca's bracket orders for the partly filled
entry.
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine.broker import events as ev
from engine.broker import exit_levels, matching
from engine.broker.account import Account
from engine.broker.events import Parent, Terms
from engine.broker.individual_positions import position_id_of
from engine.broker.market_view import MarketView
from engine.broker.order import Order, OrderRequest
from engine.broker.validation import (
    check_band,
    distance_at,
    keep_best,
    read_price,
    read_trail,
    trailing_stop,
    unsupported,
)
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, ParentType, PreOrder, Side, StopType
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument


class Kind(NamedTuple):
    """A kind of bracket: the order that it becomes.

    Attributes:
        fields: By wire field of the bracket: the field of the child order that has its value.
    """

    type: OrderType
    stop_type: StopType | None
    fields: dict[str, str]


KINDS = {
    "takeProfit": Kind(OrderType.LIMIT, None, {"takeProfit": "limitPrice"}),
    "stopLoss": Kind(OrderType.STOP, StopType.STOP_LOSS, {"stopLoss": "stopPrice"}),
    "stopLossLimit": Kind(
        OrderType.STOP_LIMIT, StopType.STOP_LOSS, {"stopLoss": "stopPrice", "stopLossLimit": "limitPrice"}
    ),
    "guaranteedStop": Kind(OrderType.STOP, StopType.GUARANTEED, {"guaranteedStop": "stopPrice"}),
    "trailingStopPips": Kind(OrderType.STOP, StopType.TRAILING, {"trailingStopPips": "trailingStopPips"}),
}
"""The kinds of brackets; each is named after the wire field that asks for it."""


class Leg(NamedTuple):
    """A bracket that is requested: its kind, the child order that it becomes, and the id of its exit level."""

    kind: str
    sent: PreOrder
    terms: Terms
    level: str = ""


class Entry(NamedTuple):
    """The entry or position that brackets protect.

    Attributes:
        reference: Price of the entry, or market price of the position, in price units; None for a stop that the market
            reached, whose price is not compared.
    """

    instrument: Instrument
    side: int
    qty: int
    reference: int | None


def prices_of(request: OrderRequest) -> Brackets:
    """Return the brackets that an order asks for; the distance of a trailing stop order is not one of them."""
    sent = request.sent
    return Brackets(
        takeProfit=sent.takeProfit,
        stopLoss=sent.stopLoss,
        stopLossLimit=sent.stopLossLimit,
        guaranteedStop=sent.guaranteedStop,
        trailingStopPips=None if request.is_trailing else sent.trailingStopPips,
        exitLevels=sent.exitLevels,
    )


def read_legs(prices: Brackets, entry: Entry, account: Account, market: MarketView) -> list[Leg]:
    """Return the legs of each exit level, or of the one pair; of a pair the take-profit is first.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for two kinds of stop, OCO_BAD_PRICES for a leg on the wrong side of the
            reference, PRICE_REQUIRED for a stopLossLimit without stopLoss, BAD_PRICE_TICK, PRICE_BAND, or as in
            `exit_levels.read_levels`.
    """
    legs: list[Leg] = []
    for level in exit_levels.read_levels(prices, entry.qty, entry.instrument):
        pair = _read_pair(level.prices, entry._replace(qty=level.qty), account, market)
        legs += [leg._replace(level=level.id) for leg in pair]
    return legs


def _read_pair(prices: Brackets, entry: Entry, account: Account, market: MarketView) -> list[Leg]:
    """Return the legs of a pair; they trade against the entry. Raises: Denied."""
    side, instrument = entry.side, entry.instrument
    quote = market.quote(instrument.name)
    basis = matching.opposite(-side, market.trail_quote(instrument.name))
    legs = _make_legs(prices, side, entry.qty, instrument, basis)
    for leg in legs:
        terms = leg.terms
        if terms.trail is not None:
            trailing_stop(-side, basis, terms.trail, instrument)
            continue
        price, direction = (terms.limit_price or 0, side) if terms.stop_price is None else (terms.stop_price, -side)
        if entry.reference is not None:
            _check_beyond(next(iter(KINDS[leg.kind].fields)), price, direction, entry.reference, instrument)
        for one in (terms.limit_price, terms.stop_price):
            if one is not None and not account.is_simulated:
                check_band(-side, one, instrument, quote)
    return legs


def _kinds_of(prices: Brackets) -> list[str]:
    """Return the kinds of the requested legs. Raises: Denied UNSUPPORTED_COMBINATION for two kinds of stop."""
    kinds = [name for name in KINDS if getattr(prices, name) is not None]
    if prices.stopLoss is not None and prices.stopLossLimit is not None:
        kinds.remove("stopLoss")
    stops = [name for name in kinds if KINDS[name].stop_type is not None]
    if len(stops) > 1:
        raise unsupported(f"{' and '.join(stops)} contradict each other: one kind of stop is possible")
    return kinds


def _make_legs(prices: Brackets, side: int, qty: int, instrument: Instrument, basis: int) -> list[Leg]:
    """Return the requested legs, not checked against the market.

    Raises:
        Denied: UNSUPPORTED_COMBINATION, PRICE_REQUIRED, BAD_PRICE_TICK, PRICE_BAND.
    """
    legs = []
    for name in _kinds_of(prices):
        kind = KINDS[name]
        values = {field: getattr(prices, one) for one, field in kind.fields.items()}
        if name == "trailingStopPips":
            distance = read_trail(prices.trailingStopPips, instrument)
            terms = Terms(qty, stop_price=_stop_behind(-side, basis, distance, instrument), trail=distance)
        else:
            read = {field: read_price(one, getattr(prices, one), instrument) for one, field in kind.fields.items()}
            terms = Terms(qty, read.get("limitPrice"), read.get("stopPrice"))
        fields = {
            "symbol": instrument.name,
            "type": kind.type,
            "side": Side(-side),
            "qty": instrument.qty_out(qty),
            "isClose": True,
            "stopType": kind.stop_type,
            **values,
        }
        legs.append(Leg(name, PreOrder.model_validate(fields), terms))
    return legs


def _stop_behind(side: int, best: int, distance: int, instrument: Instrument) -> int:
    """Return the stop price behind a best price; the lowest price where it would be below zero."""
    try:
        return trailing_stop(side, best, distance, instrument)
    except Denied:
        return instrument.grid.tick_at(0)


def _check_beyond(field: str, price: int, direction: int, reference: int, instrument: Instrument) -> None:
    """Check that a leg is at least one tick on the right side of the reference. Raises: Denied OCO_BAD_PRICES."""
    grid = instrument.grid
    if (grid.place(price) - grid.place(reference)) * direction < 1:
        word = "above" if direction > 0 else "below"
        text = f"{field} {instrument.price_out(price):.12g} is not {word} {instrument.price_out(reference):.12g}"
        raise Denied(Reason.OCO_BAD_PRICES, text)


def kind_of(order: Order) -> str:
    """Return the kind of bracket that a child order is."""
    if order.type is not OrderType.STOP:
        return "takeProfit" if order.type is OrderType.LIMIT else "stopLossLimit"
    if order.terms.trail is not None:
        return "trailingStopPips"
    return "guaranteedStop" if order.is_guaranteed else "stopLoss"


def prices_of_leg(leg: Order) -> dict[str, float | None]:
    """Return the wire fields of the bracket that a child order is, with their values."""
    return {name: getattr(leg.sent, field) for name, field in KINDS[kind_of(leg)].fields.items()}


def attach(account: Account, legs: Iterable[Leg], parent: Parent, market: MarketView) -> ev.Events:
    """Create the children of an order (inactive) or of a position (working; trailing ones get their stop)."""
    now_ms = market.now_ms
    for leg in legs:
        order_id, own = account.next_order_id(), parent._replace(level=leg.level)
        yield ev.OrderAccepted(account.id, now_ms, order_id, leg.sent, leg.terms, True, now_ms, 0, own)
        if leg.terms.trail is not None and parent.type != ParentType.ORDER:
            yield from trail(account, account.order(order_id), market)


def follow_entry(account: Account, entry: Order, qty: int, market: MarketView) -> ev.Events:
    """Activate the legs of an entry for its position after the entry traded `qty`.

    Legs that ended before, because the position was closed, stay final: later trades of the entry get new ones, unless
    the position is closed or has its own pair.
    """
    symbol, side, pair = entry.symbol, entry.side, list(account.pairs.get(entry.id, ()))
    if not (pair or entry.request.has_brackets):
        return
    parent = position_parent(account, entry)
    is_open = open_qty_of(account, entry) > 0 and parent.id not in account.pairs
    levels = exit_levels.levels_of(prices_of(entry.request), entry.terms.qty, entry.instrument)
    parts = {level.id: part for level in levels if (part := level.part_of(entry.filled - qty, entry.filled))}
    if entry.filled > qty and is_open:
        kept = {leg.parent.level for leg in pair if leg.parent is not None}
        basis = matching.opposite(-side, market.trail_quote(symbol))
        for level in levels:
            if level.id in parts and level.id not in kept:
                legs = _make_legs(level.prices, side, parts[level.id], entry.instrument, basis)
                yield from attach(account, [leg._replace(level=level.id) for leg in legs], parent, market)
    for leg in pair:
        level_id = "" if leg.parent is None else leg.parent.level
        if level_id not in parts:
            continue
        was_inactive, part = leg.is_inactive, parts[level_id]
        remaining, own = part if was_inactive else leg.remaining + part, parent._replace(level=level_id)
        yield ev.BracketMoved(account.id, market.now_ms, leg.id, own, leg.filled + remaining)
        if was_inactive and leg.terms.trail is not None:
            yield from trail(account, leg, market)


def position_parent(account: Account, entry: Order) -> Parent:
    """Return the parent of an entry's legs after it traded: its individual position, or the net position."""
    if account.is_hedging:
        return Parent(position_id_of(entry), ParentType.INDIVIDUAL_POSITION, entry.id)
    return Parent(entry.symbol, ParentType.POSITION, entry.id)


def open_qty_of(account: Account, entry: Order) -> int:
    """Return the open quantity of the position that an entry's legs close, 0 for one of the other side."""
    if account.is_hedging:
        return account.individual.closable(entry.symbol, -entry.side, position_id_of(entry))
    return max(0, entry.side * account.signed_qty(entry.symbol))


def trail(account: Account, order: Order, market: MarketView) -> ev.Events:
    """Set a trailing stop behind the current market; at the lowest price where it would be below zero."""
    assert order.terms.trail is not None
    best, instrument = matching.opposite(order.side, market.trail_quote(order.symbol)), order.instrument
    distance = distance_at(best, order.terms.trail, order.terms.trail_rate, instrument)
    stop_price = _stop_behind(order.side, best, distance, instrument)
    yield ev.OrderTrailed(account.id, market.now_ms, order.id, stop_price, best)


def shrink_sibling(account: Account, leg: Order, qty: int, now_ms: int) -> ev.Events:
    """One cancels other: after a leg traded `qty`, its sibling shrinks to what remains, or is canceled."""
    assert leg.parent is not None
    for sibling in list(account.pairs.get(leg.parent.pair, ())):
        if sibling is leg or (sibling.parent is not None and sibling.parent.level != leg.parent.level):
            continue
        remaining = sibling.remaining - qty
        if remaining > 0:
            yield ev.BracketMoved(account.id, now_ms, sibling.id, leg.parent, sibling.filled + remaining)
        else:
            yield ev.OrderCanceled(account.id, now_ms, sibling.id, Reason.OCO, f"{leg.id} closed the position")


def follow_position(account: Account, symbol: str, now_ms: int) -> ev.Events:
    """Adapt every working reduce-only order of a symbol to its position.

    The position's own pair always has its quantity; other orders only shrink, those of exit levels together. All are
    canceled with the position.
    """
    for order in list(account.reducing.get(symbol, {}).values()):
        if not order.is_working:
            continue
        reducible = account.reducible_by(order)
        if reducible == 0:
            reason = Reason.REDUCE_ONLY_VIOLATION if order.parent is None else Reason.PARENT_CANCELED
            text = f"the {order.position_id or symbol} position that this order reduced is closed"
            yield ev.OrderCanceled(account.id, now_ms, order.id, reason, text)
        elif order.parent is None:
            if order.remaining > reducible:
                terms = order.terms._replace(qty=order.filled + reducible)
                sent = order.sent.model_copy(update={"qty": order.instrument.qty_out(terms.qty)})
                yield ev.OrderModified(account.id, now_ms, order.id, sent, terms, 0)
        elif order.parent.level:
            continue
        elif order.remaining > reducible or (order.parent.pair == order.parent.id and order.remaining != reducible):
            yield ev.BracketMoved(account.id, now_ms, order.id, order.parent, order.filled + reducible)
    yield from exit_levels.follow_position(account, symbol, now_ms)


def keep_limit(old: list[Order], prices: Brackets) -> Brackets:
    """Return the requested prices; a stop-loss that is sent without `stopLossLimit` keeps the present limit price."""
    limit = next((one.sent.limitPrice for one in reversed(old) if kind_of(one) == "stopLossLimit"), None)
    if limit is None or prices.stopLoss is None or "stopLossLimit" in prices.model_fields_set:
        return prices
    return prices.model_copy(update={"stopLossLimit": limit})


def keep_trails(old: list[Order], new: list[Leg]) -> list[Leg]:
    """Return the requested legs; a trailing one that exists already keeps its best price.

    Raises:
        Denied: PRICE_BAND, see `trailing_stop`.
    """
    trailing = {
        order.parent.level: order for order in old if order.terms.trail is not None and order.parent is not None
    }
    return [
        leg._replace(terms=keep_best(trailing[leg.level], leg.terms))
        if leg.terms.trail is not None and leg.level in trailing
        else leg
        for leg in new
    ]


def revise(account: Account, old: list[Order], new: list[Leg], parent: Parent, market: MarketView) -> ev.Events:
    """Turn existing legs into the requested ones: move, cancel, create.

    Of several legs of one kind and level the newest stays. A new leg takes the place of a triggered stop-limit leg if
    its stop price is another one.
    """
    wanted, now_ms = {(leg.level, leg.kind): leg for leg in new}, market.now_ms
    for order in reversed(old):
        level = "" if order.parent is None else order.parent.level
        key = level, kind_of(order)
        leg = None if _is_spent(order, wanted.get(key)) else wanted.pop(key, None)
        if leg is None:
            yield ev.OrderCanceled(account.id, now_ms, order.id, None, "the bracket was removed")
            continue
        terms = leg.terms._replace(qty=order.filled + leg.terms.qty)
        own = parent._replace(level=level)
        if order.parent != own or terms.qty != order.terms.qty:
            yield ev.BracketMoved(account.id, now_ms, order.id, own, terms.qty)
        if _prices(terms) != _prices(order.terms):
            prices = {field: getattr(leg.sent, field) for field in KINDS[leg.kind].fields.values()}
            sent = order.sent.model_copy(update={"qty": order.instrument.qty_out(terms.qty), **prices})
            yield ev.OrderModified(account.id, now_ms, order.id, sent, terms, 0)
    yield from attach(account, [leg for leg in new if (leg.level, leg.kind) in wanted], parent, market)


def _is_spent(order: Order, leg: Leg | None) -> bool:
    """Whether a stop-limit leg was triggered, and the requested one has another stop price."""
    is_resting = order.is_triggered and order.type is OrderType.STOP_LIMIT
    return is_resting and leg is not None and leg.terms.stop_price != order.terms.stop_price


def _prices(terms: Terms) -> tuple[int | None, ...]:
    """Return the prices that a revision compares; the stop price of a trailing leg moves by itself."""
    return terms.limit_price, None if terms.trail else terms.stop_price, terms.trail
