"""Brackets: the take-profit and the stop that close an entry or a position, and one-cancels-other.

Rules yield events like those of decisions.py. A bracket is a reduce-only child order: inactive while its entry waits,
working for the position from the entry's first trade on. The two legs of a pair shrink together and die with the
position. Source: docs/trading.md, brackets; Alpaca's bracket orders for the partly filled entry.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from engine.broker import events as ev
from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Parent, Terms
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.broker.validation import (
    check_band,
    is_trailing,
    kept_trail,
    read_price,
    read_trail,
    trailing_stop,
    unsupported,
)
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, ParentType, PreOrder, Side, StopType
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument

Events = Iterator[ev.Event]
STOPS = {
    "stopLoss": StopType.STOP_LOSS,
    "guaranteedStop": StopType.GUARANTEED,
    "trailingStopPips": StopType.TRAILING,
}
FIELDS = ("takeProfit", *STOPS)


class Leg(NamedTuple):
    """One bracket to be: which field asked for it, and the child order that it becomes."""

    field: str
    request: PreOrder
    terms: Terms


class Priced(Protocol):
    """Anything with bracket prices: an order or the brackets of a position."""

    @property
    def takeProfit(self) -> float | None: ...  # noqa: D102, N802
    @property
    def stopLoss(self) -> float | None: ...  # noqa: D102, N802
    @property
    def guaranteedStop(self) -> float | None: ...  # noqa: D102, N802
    @property
    def trailingStopPips(self) -> float | None: ...  # noqa: D102, N802


def asked_of(order: PreOrder) -> Brackets:
    """Return the brackets that an order asks for; the distance of a trailing stop order is its own."""
    trail = None if is_trailing(order) else order.trailingStopPips
    return Brackets(
        takeProfit=order.takeProfit,
        stopLoss=order.stopLoss,
        guaranteedStop=order.guaranteedStop,
        trailingStopPips=trail,
    )


def has_brackets(order: PreOrder) -> bool:
    """Whether an order asks for brackets."""
    asked = order.__dict__
    return (
        asked["takeProfit"] is not None
        or asked["stopLoss"] is not None
        or asked["guaranteedStop"] is not None
        or (asked["trailingStopPips"] is not None and not is_trailing(order))
    )


class Entry(NamedTuple):
    """What brackets protect: direction, quantity and price of an entry, or of a position at its market price."""

    side: int
    qty: int
    reference: int


def read_legs(prices: Priced, entry: Entry, account: Account, instrument: Instrument, moment: Moment) -> list[Leg]:
    """Read the legs of a pair, take-profit first; they trade against the entry.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for two kinds of stop, OCO_BAD_PRICES for a leg on the wrong side of the
            reference, BAD_PRICE_TICK, PRICE_BAND.
    """
    given = [name for name in STOPS if getattr(prices, name) is not None]
    if len(given) > 1:
        raise unsupported(f"{' and '.join(given)} contradict each other: one kind of stop is possible")
    side, quote = entry.side, moment.quotes(instrument.name)
    basis = matching.trailing_basis(-side, quote)
    legs = _legs(prices, side, entry.qty, instrument, basis)
    for leg in legs:
        terms = leg.terms
        if terms.trail is not None:
            trailing_stop(-side, basis, terms.trail, instrument)
            continue
        price, direction = (terms.stop_price or 0, -side) if terms.limit_price is None else (terms.limit_price, side)
        _check_beyond(leg.field, price, direction, entry.reference, instrument)
        if account.profile.fill_model == "market":
            check_band(-side, price, instrument, quote)
    return legs


def _legs(prices: Priced, side: int, qty: int, instrument: Instrument, basis: int) -> list[Leg]:
    """Make the legs that are asked for, wherever the market is. Raises: Denied BAD_PRICE_TICK, PRICE_BAND."""
    legs = []
    for name in FIELDS:
        value = getattr(prices, name)
        if value is None:
            continue
        if name == "trailingStopPips":
            distance = read_trail(value, instrument)
            terms = Terms(qty, stop_price=behind(-side, basis, distance, instrument), trail=distance)
        else:
            price = read_price(name, value, instrument)
            terms = Terms(qty, limit_price=price) if name == "takeProfit" else Terms(qty, stop_price=price)
        legs.append(_leg(name, value, side, instrument, terms))
    return legs


def behind(side: int, best: int, distance: int, instrument: Instrument) -> int:
    """Return the stop price behind a best price, the lowest price where that would be below zero."""
    try:
        return trailing_stop(side, best, distance, instrument)
    except Denied:
        return instrument.tick_at(0)


def _leg(field: str, value: float, side: int, instrument: Instrument, terms: Terms) -> Leg:
    fields: dict[str, object] = {"limitPrice": value}
    if field != "takeProfit":
        fields = {"stopType": STOPS[field], "trailingStopPips" if field == "trailingStopPips" else "stopPrice": value}
    request = PreOrder.model_validate(
        {
            "symbol": instrument.name,
            "type": OrderType.LIMIT if field == "takeProfit" else OrderType.STOP,
            "side": Side(-side),
            "qty": instrument.qty_out(terms.qty),
            "isClose": True,
            **fields,
        }
    )
    return Leg(field, request, terms)


def _check_beyond(field: str, price: int, direction: int, reference: int, instrument: Instrument) -> None:
    """Hold a leg to the right side of the reference, at least one tick away. Raises: Denied OCO_BAD_PRICES."""
    grid = instrument.grid
    if (grid.place(price) - grid.place(reference)) * direction < 1:
        word = "above" if direction > 0 else "below"
        text = f"{field} {instrument.price_out(price):g} is not {word} {instrument.price_out(reference):g}"
        raise Denied(Reason.OCO_BAD_PRICES, text)


def field_of(order: Order) -> str:
    """Return which bracket field a child order stands for."""
    if order.terms.limit_price is not None:
        return "takeProfit"
    if order.terms.trail is not None:
        return "trailingStopPips"
    return "guaranteedStop" if order.is_guaranteed else "stopLoss"


def attach(account: Account, legs: Iterable[Leg], parent: Parent, moment: Moment) -> Events:
    """Create the children of an order (inactive) or of a position (working; trailing ones start to follow)."""
    now_ms = moment.now_ms
    for leg in legs:
        order_id = account.next_order_id()
        yield ev.OrderAccepted(account.id, now_ms, order_id, leg.request, leg.terms, True, now_ms, 0, parent)
        if leg.terms.trail is not None and parent.type == ParentType.POSITION:
            yield from trail(account, account.order(order_id), moment)


def follow_entry(account: Account, entry: Order, qty: int, moment: Moment) -> Events:
    """Let the legs of an entry work for its position after the entry traded `qty`.

    Legs that were through with what had traded before (a take-profit that filled, a position that was closed) do not
    come back: what trades later gets new ones.
    """
    parent = Parent(entry.symbol, ParentType.POSITION, entry.id)
    legs = list(account.pairs.get(entry.id, ()))
    if not legs and entry.filled > qty and has_brackets(entry.request):
        yield from _attach_again(account, entry, qty, parent, moment)
    for leg in legs:
        was_inactive = leg.is_inactive
        remaining = qty if was_inactive else leg.remaining + qty
        yield ev.BracketMoved(account.id, moment.now_ms, leg.id, parent, leg.filled + remaining)
        if was_inactive and leg.terms.trail is not None:
            yield from trail(account, leg, moment)


def _attach_again(account: Account, entry: Order, qty: int, parent: Parent, moment: Moment) -> Events:
    asked, side = asked_of(entry.request), entry.side
    has_own_pair = entry.symbol in account.pairs
    if has_own_pair or account.signed_qty(entry.symbol) * side <= 0:
        return
    basis = matching.trailing_basis(-side, moment.quotes(entry.symbol))
    yield from attach(account, _legs(asked, side, qty, entry.instrument, basis), parent, moment)


def trail(account: Account, order: Order, moment: Moment) -> Events:
    """Set a trailing stop behind the market of this moment, at the lowest price where it would be below that."""
    assert order.terms.trail is not None
    best = matching.trailing_basis(order.side, moment.quotes(order.symbol))
    stop_price = behind(order.side, best, order.terms.trail, order.instrument)
    yield ev.OrderTrailed(account.id, moment.now_ms, order.id, stop_price, best)


def shrink_sibling(account: Account, leg: Order, qty: int, now_ms: int) -> Events:
    """One cancels other: after a leg traded `qty`, its sibling shrinks to what remains, or is canceled."""
    assert leg.parent is not None
    for sibling in list(account.pairs.get(leg.parent.pair, ())):
        if sibling is leg:
            continue
        remaining = sibling.remaining - qty
        if remaining > 0:
            yield ev.BracketMoved(account.id, now_ms, sibling.id, leg.parent, sibling.filled + remaining)
        else:
            yield ev.OrderCanceled(account.id, now_ms, sibling.id, Reason.OCO, f"{leg.id} closed the position")


def follow_position(account: Account, symbol: str, now_ms: int) -> Events:
    """Let every working reduce-only order of a symbol follow its position.

    A position's own pair has its quantity, up and down; everything else only shrinks; nothing is left to reduce:
    canceled.
    """
    for order in list(account.reducing.get(symbol, {}).values()):
        if not order.is_working:
            continue
        reducible = max(0, -order.side * account.signed_qty(symbol))
        if reducible == 0:
            reason = Reason.REDUCE_ONLY_VIOLATION if order.parent is None else Reason.PARENT_CANCELED
            text = f"the {symbol} position that this order reduced is closed"
            yield ev.OrderCanceled(account.id, now_ms, order.id, reason, text)
        elif order.parent is None:
            if order.remaining > reducible:
                terms = order.terms._replace(qty=order.filled + reducible)
                request = order.request.model_copy(update={"qty": order.instrument.qty_out(terms.qty)})
                yield ev.OrderModified(account.id, now_ms, order.id, request, terms, 0)
        elif order.remaining > reducible or (order.parent.pair == symbol and order.remaining != reducible):
            yield ev.BracketMoved(account.id, now_ms, order.id, order.parent, order.filled + reducible)


def cancel_inactive(account: Account, entry: Order, now_ms: int) -> Events:
    """Cancel the legs that wait for an entry that has ended."""
    for leg in list(account.pairs.get(entry.id, ())):
        if leg.is_inactive:
            yield ev.OrderCanceled(account.id, now_ms, leg.id, Reason.PARENT_CANCELED, f"{entry.id} was canceled")


def keep_trails(old: list[Order], new: list[Leg]) -> list[Leg]:
    """Return the legs that are asked for; a trailing one that is there already keeps the best price it has seen.

    Raises:
        Denied: PRICE_BAND, see `trailing_stop`.
    """
    trailing = next((order for order in reversed(old) if order.terms.trail is not None), None)
    if trailing is None:
        return new
    return [leg if leg.terms.trail is None else leg._replace(terms=kept_trail(trailing, leg.terms)) for leg in new]


def revise(account: Account, old: list[Order], new: list[Leg], parent: Parent, moment: Moment) -> Events:
    """Turn the legs that are there into those that are asked for: moved, canceled, created.

    Of several legs of one kind the newest is kept.
    """
    wanted, now_ms = {leg.field: leg for leg in new}, moment.now_ms
    for order in reversed(old):
        leg = wanted.pop(field_of(order), None)
        if leg is None:
            yield ev.OrderCanceled(account.id, now_ms, order.id, None, "the bracket was removed")
            continue
        terms = leg.terms._replace(qty=order.filled + leg.terms.qty)
        if order.parent != parent or terms.qty != order.terms.qty:
            yield ev.BracketMoved(account.id, now_ms, order.id, parent, terms.qty)
        if _price(terms) != _price(order.terms):
            request = leg.request.model_copy(update={"qty": order.instrument.qty_out(terms.qty)})
            yield ev.OrderModified(account.id, now_ms, order.id, request, terms, 0)
    yield from attach(account, [leg for leg in new if leg.field in wanted], parent, moment)


def _price(terms: Terms) -> tuple[int | None, ...]:
    """Return what makes a leg another one; the stop price of a trailing leg moves by itself."""
    return terms.limit_price, None if terms.trail else terms.stop_price, terms.trail
