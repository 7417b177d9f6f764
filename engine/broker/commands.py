"""Commands on orders: rules that read an account and yield events.

The caller applies each event before it asks for the next one, so every rule sees the account after it. `Denied` is
raised before the first event. A refusal by the market or the account is an event. position_commands.py has the commands
on positions, brackets.py the rules for brackets, execution.py those for trades.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.broker import brackets, exit_levels, linked_orders, margin, matching, order_faults, pre_trade
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.events import Parent, Terms
from engine.broker.fill_models import reference_price
from engine.broker.liquidity import Take
from engine.broker.margin import Exposure
from engine.broker.market_view import MarketView
from engine.broker.order import MARKET, Order, OrderRequest
from engine.broker.serializers import changed_fields
from engine.broker.validation import arrival_ms, keep_best, read_terms, unsupported
from engine.errors import Denied, Reason, deny_if
from engine.faults import FaultTable
from engine.models.broker.orders import OrderChange, OrderType, ParentType, PreOrder
from engine.models.broker.positions import Brackets

NOTES = ("seenPrice", "currentQuotes", "customFields")
"""Fields of an order that no rule reads."""

FIXED = ("symbol", "side", "type", "positionId")
"""Fields of an order that cannot change."""

ALTERNATIVES = {"qty": "notional", "trailingStopPips": "trailPercent"}
"""Fields whose new value replaces another way to give the same term."""


def estimate(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> list[Take]:
    """Return the expected trades of an order: a market order takes levels of the book, others have one price."""
    if request.type is MARKET and not account.is_simulated:
        return account.liquidity.estimate(request.side, terms.qty, market.quote(request.symbol), market.depth)
    price = reference_price(request, terms, account, market)
    return [Take(1, price, price, None, 0, terms.qty)]


def exposure_of(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> Exposure:
    """Return the risk that a new order adds at the average price of its expected trades, rounded up."""
    instrument, side, qty = request.instrument, request.side, terms.qty
    opening = 0 if request.is_close else margin.opening_qty(account, instrument.name, side, qty)
    if not opening:
        return Exposure(instrument, side, qty, 0, 0)
    cost = sum([take.qty * take.price for take in estimate(account, request, terms, market)])
    required = margin.margin_of(account, instrument, opening, -(-cost // qty), market)
    return Exposure(instrument, side, qty, opening, required)


def place(
    account: Account, order_id: str, request: OrderRequest, market: MarketView, faults: FaultTable | None
) -> ev.Events:
    """Accept or reject a new order, with its brackets; a rule of `faults` may change the outcome.

    Raises:
        Denied: see `read_terms` and `brackets.read_legs`; MAX_OPEN_ORDERS.
    """
    terms = read_terms(request, account, market)
    legs = _read_legs(account, request, terms, market)
    check_count(account, 1 + len(legs))
    exposure = exposure_of(account, request, terms, market)
    eligible_ms = arrival_ms(request, account, market)
    now_ms, refusal = market.now_ms, pre_trade.refusal(account, request, terms, exposure, market)
    outcome = order_faults.NOTHING
    if refusal is None:
        outcome = order_faults.outcome(faults, account.id, request)
        refusal = outcome.refusal
    if refusal is not None:
        yield ev.OrderRejected(account.id, now_ms, order_id, request.sent, terms, *refusal)
        return
    is_close, eligible_ms = bool(request.is_close), eligible_ms + outcome.delay_ms
    yield ev.OrderAccepted(account.id, now_ms, order_id, request.sent, terms, is_close, eligible_ms, exposure.required)
    if outcome.cap is not None:
        yield ev.OrderCapped(account.id, now_ms, order_id, *outcome.cap)
    if terms.trail is not None:
        yield from brackets.trail(account, account.order(order_id), market)
    if legs:
        yield from brackets.attach(account, legs, Parent(order_id, ParentType.ORDER, order_id), market)


def place_linked(account: Account, requests: Sequence[OrderRequest], market: MarketView) -> ev.Events:
    """Accept or reject two orders of which one cancels the other; both are rejected if one of them is refused.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for orders that cannot be linked, or as in `place`.
    """
    first, second = requests
    terms = [read_terms(one, account, market) for one in requests]
    if (first.symbol, first.side, terms[0].qty) != (second.symbol, second.side, terms[1].qty):
        raise unsupported("two linked orders have the same symbol, side and quantity")
    if any(one.has_brackets or one.is_immediate or one.is_auction for one in requests):
        raise unsupported("linked orders have no brackets, and rest until they trade")
    check_count(account, 2)
    rows = [(one, own, exposure_of(account, one, own, market)) for one, own in zip(requests, terms, strict=True)]
    refusal = next(filter(None, [pre_trade.refusal(account, *row, market) for row in rows]), None)
    now_ms, linked = market.now_ms, account.next_order_id()
    for request, own, exposure in rows:
        order_id, eligible_ms = account.next_order_id(), arrival_ms(request, account, market)
        if refusal is not None:
            yield ev.OrderRejected(account.id, now_ms, order_id, request.sent, own, *refusal)
            continue
        fields = (bool(request.is_close), eligible_ms, exposure.required)
        yield ev.OrderAccepted(account.id, now_ms, order_id, request.sent, own, *fields, linked=linked)
        if own.trail is not None:
            yield from brackets.trail(account, account.order(order_id), market)


def _read_legs(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> list[brackets.Leg]:
    """Return the legs that an order asks for. Raises: Denied."""
    if not request.has_brackets:
        return []
    reference = reference_price(request, terms, account, market)
    entry = brackets.Entry(request.instrument, request.side, terms.qty, reference)
    legs = brackets.read_legs(brackets.prices_of(request), entry, account, market)
    if legs and request.is_close:
        raise unsupported("an order that closes a position has no brackets")
    return legs


def check_count(account: Account, more: int) -> None:
    """Check the number of open orders with so many more. Raises: Denied MAX_OPEN_ORDERS."""
    limit, count = account.profile.limits.max_open_orders, len(account.working)
    if limit is not None and count + more > limit:
        raise Denied(Reason.MAX_OPEN_ORDERS, f"the account has {count} open orders, the limit is {limit}")


def modify(
    account: Account, order_id: str, change: OrderChange, market: MarketView, client_id: str | None = None
) -> ev.Events:
    """Change the terms or the brackets of an order that is not final.

    A field with the value that clients see is no change. A command that changes nothing is confirmed by an event.

    Args:
        account: The account.
        order_id: The order.
        change: The fields that change.
        market: The market.
        client_id: A new `clientOrderId`; None: the old one stays.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL, UNSUPPORTED_COMBINATION for another symbol, side, type or client id, QTY_RANGE for a
            quantity not above the filled one, HALTED, WOULD_MATCH_IMMEDIATELY, STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY,
            REDUCE_ONLY_VIOLATION, INSUFFICIENT_MARGIN, or as in `place`.
    """
    order = account.working_order(order_id)
    given = {name: getattr(change, name) for name in changed_fields(order, change)}
    if not given.keys().isdisjoint(FIXED) or given.get("clientOrderId") is not None:
        raise unsupported("symbol, side, type, positionId and clientOrderId of an order cannot be modified")
    for name, other in ALTERNATIVES.items():
        if given.get(name) is not None and getattr(order.sent, other) is not None:
            given.setdefault(other, None)
    if given.get("stopLoss", 0) is None:
        given.setdefault("stopLossLimit", None)
    if client_id is not None:
        given["clientOrderId"] = client_id
    if not given:
        yield _revised(account, order, order.sent, order.terms, market, is_revision=False)
    elif order.parent is not None:
        yield from _modify_leg(account, order, given, market)
    else:
        request = OrderRequest.read(order.sent.model_copy(update=given), order.instrument)
        yield from _modify_entry(account, order, request, market)


def _revised(
    account: Account, order: Order, sent: PreOrder, terms: Terms, market: MarketView, *, is_revision: bool
) -> ev.OrderModified:
    """Return the event of an order that holds back the same margin as before."""
    reserved = (order.reserve, order.reserve_qty)
    return ev.OrderModified(account.id, market.now_ms, order.id, sent, terms, *reserved, is_revision)


def _modify_entry(account: Account, order: Order, request: OrderRequest, market: MarketView) -> ev.Events:
    """Change an order that is not a bracket."""
    terms = read_terms(request, account, market)
    if terms.qty <= order.filled:
        out = order.instrument.qty_out
        raise Denied(Reason.QTY_RANGE, f"qty {out(terms.qty):.12g} is not above the filled {out(order.filled):.12g}")
    if order.target is not None and terms.qty != order.terms.qty:
        raise unsupported("the quantity of a reversal follows its position")
    if order.linked is not None and terms.qty != order.terms.qty:
        raise unsupported("the quantity of two linked orders cannot be modified")
    reference, remaining = reference_price(request, terms, account, market), terms.qty - order.filled
    old_legs, legs = account.pairs.get(order.id, []), list[brackets.Leg]()
    has_fixed_levels = _has_fixed_levels(order, request)
    if not has_fixed_levels:
        legs = brackets.keep_trails(old_legs, _read_legs(account, request, terms, market))
    terms = keep_best(order, terms)
    exposure = margin.exposure_at(account, order.instrument, order.side, remaining, reference, market)
    reserve = 0 if request.is_close else exposure.required
    check_count(account, max(0, len(legs) - len(old_legs)))
    _check_revision(account, order, request, terms, exposure, market)
    yield ev.OrderModified(account.id, market.now_ms, order.id, request.sent, terms, reserve, remaining, True)
    if terms.trail is not None and order.best is None:
        yield from brackets.trail(account, order, market)
    if not has_fixed_levels:
        yield from _revise_legs(account, order, legs, market)
    if request.is_close:
        yield from brackets.follow_position(account, order.symbol, market.now_ms)


def _has_fixed_levels(order: Order, request: OrderRequest) -> bool:
    """Whether an order has exit levels that cannot change any more, because some of it was filled. Raises: Denied."""
    if not order.filled or (order.sent.exitLevels is None and request.sent.exitLevels is None):
        return False
    if order.sent.exitLevels != request.sent.exitLevels:
        raise unsupported("exit levels of a partly filled order cannot be modified, those of its position can")
    return True


def _check_revision(
    account: Account, order: Order, request: OrderRequest, terms: Terms, exposure: Exposure, market: MarketView
) -> None:
    """Deny a revision that would be refused as a new order. Raises: Denied."""
    side, instrument = order.side, order.instrument
    if (request.is_immediate or request.is_auction) and request.time_in_force != order.request.time_in_force:
        raise unsupported(f"an order that rests cannot become {request.time_in_force}")
    # A triggered stop-limit order rests as a limit order.
    resting = terms if order.rests_as_stop else terms._replace(stop_price=None)
    if pre_trade.is_marketable_in_halt(account, resting, side, instrument, market):
        raise Denied(Reason.HALTED, f"trading in {instrument.name} is halted")
    if not account.is_simulated:
        if order.rests_as_stop:
            deny_if(pre_trade.stop_refusal(side, terms, instrument, market))
        quote, limit_price = market.quote(order.symbol), terms.limit_price
        if request.post_only and limit_price and matching.is_marketable(side, limit_price, quote):
            raise Denied(Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once")
    if request.is_close:
        deny_if(pre_trade.reduce_refusal(account, request, terms))
        return
    more = exposure.required - order.reserved
    if exposure.qty > order.remaining or more > 0:
        deny_if(margin.refusal(account, exposure._replace(required=max(0, more)), market))


def _revise_legs(account: Account, order: Order, legs: list[brackets.Leg], market: MarketView) -> ev.Events:
    """Adapt the brackets of a modified entry to the requested ones."""
    old = list(account.pairs.get(order.id, ()))
    if not order.filled:
        yield from brackets.revise(account, old, legs, Parent(order.id, ParentType.ORDER, order.id), market)
        return
    open_qty = min(order.filled, brackets.open_qty_of(account, order))
    remaining = min([leg.remaining for leg in old] or [open_qty])
    if remaining:
        sized = [leg._replace(terms=leg.terms._replace(qty=remaining)) for leg in legs]
        yield from brackets.revise(account, old, sized, brackets.position_parent(account, order), market)


def _modify_leg(account: Account, leg: Order, given: Mapping[str, Any], market: MarketView) -> ev.Events:
    """Change the price of a bracket, and the price that its entry shows, or the notes of the bracket."""
    assert leg.parent is not None
    instrument, entry = leg.instrument, account.working.get(leg.parent.pair)
    if "qty" in given:
        raise unsupported("the quantity of a bracket follows its position")
    kind = brackets.kind_of(leg)
    fields = brackets.KINDS[kind].fields
    # A whole order may have an earlier price of a trailing stop, and null for the kind of a stop-loss.
    computed = [("stopType", None)] + ([] if leg.terms.trail is None else [("stopPrice", given.get("stopPrice"))])
    changed = {one: value for one, value in given.items() if (one, value) not in computed}
    is_reached = leg.type is OrderType.STOP_LIMIT and leg.is_triggered
    free = set(fields.values()) - ({"stopPrice"} if is_reached else set())
    fixed = changed.keys() - {*free, "clientOrderId", *NOTES}
    if fixed:
        raise unsupported(f"{' and '.join(sorted(fixed))} of a bracket cannot be modified")
    sent = leg.sent.model_copy(update={"qty": instrument.qty_out(leg.terms.qty), **changed})
    if changed.keys().isdisjoint(free):
        yield _revised(account, leg, sent, leg.terms, market, is_revision=True)
        return
    values, reference = {name: getattr(sent, field) for name, field in fields.items()}, None
    if leg.is_inactive and entry is not None:
        reference = reference_price(entry.request, entry.terms, account, market)
    elif not is_reached:
        reference = matching.mark_price(-leg.side, market.quote(leg.symbol))
    protected = brackets.Entry(instrument, -leg.side, leg.terms.qty, reference)
    found = brackets.read_legs(Brackets.model_validate(values), protected, account, market)
    if [one.kind for one in found] != [kind]:
        raise Denied(Reason.PRICE_REQUIRED, f"{kind} needs a price")
    terms = brackets.keep_trails([leg], [found[0]._replace(level=leg.parent.level)])[0].terms
    if terms.trail is not None:
        deny_if(pre_trade.stop_refusal(leg.side, terms, instrument, market))
    yield _revised(account, leg, sent, terms, market, is_revision=True)
    yield from show_on_entry(account, entry, values, market, leg.parent.level)


def show_on_entry(
    account: Account, entry: Order | None, prices: Mapping[str, float | None], market: MarketView, level: str = ""
) -> ev.Events:
    """Update the bracket prices in the request of a working entry, those of one exit level if it is given."""
    if entry is not None:
        sent = exit_levels.shown(entry.sent, level, prices)
        yield _revised(account, entry, sent, entry.terms, market, is_revision=False)


def cancel(account: Account, order_id: str, market: MarketView) -> ev.Events:
    """Cancel an order that is not final, and the brackets that wait for it.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL.
    """
    order = account.working_order(order_id)
    parent, fields = order.parent, brackets.KINDS[brackets.kind_of(order)].fields
    yield from end(account, order, None, None, market.now_ms)
    if parent is not None:
        yield from show_on_entry(account, account.working.get(parent.pair), dict.fromkeys(fields), market, parent.level)


def end(account: Account, order: Order, reason: Reason | None, message: str | None, now_ms: int) -> ev.Events:
    """Cancel an order for a reason, and the brackets that wait for it."""
    yield ev.OrderCanceled(account.id, now_ms, order.id, reason, message)
    for leg in list(account.pairs.get(order.id, ())):
        if leg.is_inactive:
            yield ev.OrderCanceled(account.id, now_ms, leg.id, Reason.PARENT_CANCELED, f"{order.id} was canceled")
    if order.linked is not None:
        yield from linked_orders.cancel_sibling(account, order, now_ms)


def end_all(account: Account, orders: Iterable[Order], reason: Reason | None, message: str, now_ms: int) -> ev.Events:
    """Cancel orders one after the other; skip those that an earlier cancellation ended."""
    for order in orders:
        if not order.is_final:
            yield from end(account, order, reason, message, now_ms)
