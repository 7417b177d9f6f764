"""Order preview: the cost of an order, and the reasons against it, in words for traders.

Every number comes from the live quote, the account's commission model, its leverage and its free margin. Nothing
changes. Source of the shape: TradingView's OrderPreviewResult.
"""

from hashlib import blake2b

from engine.broker import brackets, fees, margin, matching, pre_trade
from engine.broker.account import Account
from engine.broker.commands import reference_price
from engine.broker.events import Terms
from engine.broker.ledger import money_out
from engine.broker.liquidity import Estimate, Liquidity, Part, estimate
from engine.broker.margin import Exposure
from engine.broker.market_view import MarketView
from engine.broker.order import MARKET
from engine.broker.order_request import OrderRequest
from engine.broker.serializers import average_out
from engine.broker.validation import read_terms
from engine.errors import Denied
from engine.models.broker.orders import OrderType
from engine.models.market.instruments import Instrument
from engine.topics import Payload

TYPE_NAMES = {
    OrderType.LIMIT: "Limit",
    OrderType.MARKET: "Market",
    OrderType.STOP: "Stop",
    OrderType.STOP_LIMIT: "Stop Limit",
}


def preview(account: Account, request: OrderRequest, liquidity: Liquidity, market: MarketView) -> Payload:
    """Return an OrderPreviewResult; its `errors` are the reasons to deny or reject the order."""
    try:
        terms = read_terms(request, account, market)
    except Denied as denied:
        return _result([_details(request, None)], request, [], [denied.message])
    price = reference_price(request, terms, account, market)
    if request.type is MARKET and not liquidity.ignores_market:
        cost = _estimate(request, terms, liquidity, market)
    else:
        cost = Estimate((Part(terms.qty, price),), 0)
    instrument, side, errors = request.instrument, request.side, list[str]()
    if request.is_close:
        exposure = Exposure(instrument, side, terms.qty, 0, 0)
    else:
        exposure = margin.exposure_at(account, instrument, side, terms.qty, cost.price)
    sections = [_details(request, terms), _costs(account, request, terms, cost, exposure.required)]
    if request.has_brackets:
        try:
            sections.append(_risk(account, request, brackets.Entry(instrument, side, terms.qty, price), market))
        except Denied as denied:
            errors.append(denied.message)
    refusal = pre_trade.check(account, request, terms, exposure, liquidity, market).refusal
    if refusal is not None:
        errors.append(refusal.message)
    return _result(sections, request, _warnings(request, terms, liquidity, market), errors)


def _estimate(request: OrderRequest, terms: Terms, liquidity: Liquidity, market: MarketView) -> Estimate:
    """Return the executions that an order would get now."""
    side, quote = request.side, market.quote(request.symbol)
    takes = liquidity.find(side, terms.qty, quote, market.depth, terms.limit_price)
    return estimate(takes, side, terms.qty, quote, terms.limit_price)


def _result(sections: list[Payload], request: OrderRequest, warnings: list[str], errors: list[str]) -> Payload:
    digest = blake2b(request.sent.model_dump_json().encode(), digest_size=8).hexdigest()
    return {
        "sections": sections,
        "confirmId": None if errors else f"PREVIEW-{digest}",
        "warnings": warnings or None,
        "errors": errors or None,
    }


def _section(header: str, rows: list[tuple[str, str]]) -> Payload:
    return {"header": header, "rows": [{"title": title, "value": value} for title, value in rows]}


def _price(price: int, instrument: Instrument) -> str:
    return f"{instrument.price_out(price):.{instrument.price_decimals}f}"


def _money(units: int, instrument: Instrument) -> str:
    return f"{money_out(units):.2f} {instrument.currency}"


def _details(request: OrderRequest, terms: Terms | None) -> Payload:
    instrument = request.instrument
    rows = [
        ("Symbol", instrument.name),
        ("Side", "Buy" if request.side > 0 else "Sell"),
        ("Quantity", f"{request.sent.qty:.12g}"),
        ("Order Type", TYPE_NAMES[request.type]),
    ]
    if terms is not None and terms.limit_price is not None:
        rows.append(("Limit Price", _price(terms.limit_price, instrument)))
    if terms is not None and terms.stop_price is not None:
        rows.append(("Stop Price", _price(terms.stop_price, instrument)))
    rows.append(("Duration", request.time_in_force))
    return _section("Order Details", rows)


def _costs(account: Account, request: OrderRequest, terms: Terms, cost: Estimate, required: int) -> Payload:
    instrument = request.instrument
    is_maker = terms.limit_price is not None and bool(request.post_only)
    model, parts = account.profile.commission, cost.parts
    commission = sum(fees.commission(model, instrument, part.qty, part.price, is_maker) for part in parts)
    average = average_out(cost.cost, terms.qty, instrument)
    rows = [
        ("Estimated Price", _price(parts[0].price, instrument) if len(parts) == 1 else f"{average:.12g}"),
        ("Order Value", _money(cost.cost * instrument.money_factor, instrument)),
        ("Commission", _money(commission, instrument)),
        ("Margin Required", _money(required, instrument)),
        ("Total Cost", _money(required + commission, instrument)),
    ]
    return _section("Cost Analysis", rows)


def _risk(account: Account, request: OrderRequest, entry: brackets.Entry, market: MarketView) -> Payload:
    """Return the section about brackets: prices, and possible profit or loss. Raises: Denied, see `read_legs`."""
    rows, instrument = [], request.instrument
    for leg in brackets.read_legs(brackets.prices_of(request), entry, account, market):
        price = leg.terms.limit_price or leg.terms.stop_price or 0
        gain = entry.side * (price - entry.reference) * entry.qty * instrument.money_factor
        title = {"takeProfit": "Take Profit", "stopLoss": "Stop Loss", "guaranteedStop": "Guaranteed Stop"}
        rows.append((title.get(leg.field, "Trailing Stop"), _price(price, instrument)))
        rows.append(("Potential Profit" if gain > 0 else "Potential Loss", _money(abs(gain), instrument)))
    return _section("Risk Management", rows)


def _warnings(request: OrderRequest, terms: Terms, liquidity: Liquidity, market: MarketView) -> list[str]:
    instrument, quote, limit_price = request.instrument, market.quote(request.symbol), terms.limit_price
    is_open, warnings = market.is_open(request.symbol), list[str]()
    takes = terms.stop_price is None and (
        limit_price is None or matching.is_marketable(request.side, limit_price, quote)
    )
    if takes and not liquidity.ignores_market:
        parts, rest = _estimate(request, terms, liquidity, market)
        levels = len(parts) - (rest > 0)
        if levels > 1:
            last = _price(parts[levels - 1].price, instrument)
            warnings.append(f"Larger than what is displayed at the best price: {levels} levels, the last at {last}")
        if rest:
            shown = f"{instrument.qty_out(terms.qty - rest):.12g}"
            warnings.append(f"Only {shown} is displayed: the rest will wait for the next quotes")
    if takes and limit_price is not None and is_open:
        warnings.append("The limit price reaches the market: the order would trade at once")
    if market.is_halted(request.symbol):
        warnings.append(f"Trading in {instrument.name} is halted")
    elif not is_open:
        warnings.append(f"The market of {instrument.name} is closed")
    return warnings
