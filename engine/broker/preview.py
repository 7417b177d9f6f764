"""Order preview: what an order would cost, and what speaks against it, in words a trader understands.

Every number comes from the live quote, the account's commission model, its leverage and its free margin. Nothing
changes. Source of the shape: TradingView's OrderPreviewResult.
"""

from hashlib import blake2b

from engine.broker import brackets, commands, fees, margin, matching, pre_trade
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.ledger import money_out
from engine.broker.liquidity import Estimate, Liquidity, estimate
from engine.broker.moment import Moment
from engine.broker.serializers import average_out
from engine.broker.validation import duration_of, read_terms
from engine.errors import Denied
from engine.models.broker.orders import OrderType, PreOrder
from engine.models.market.instruments import Instrument
from engine.topics import Payload

TYPE_NAMES = {
    OrderType.LIMIT: "Limit",
    OrderType.MARKET: "Market",
    OrderType.STOP: "Stop",
    OrderType.STOP_LIMIT: "Stop Limit",
}


def preview(
    account: Account, request: PreOrder, instrument: Instrument, liquidity: Liquidity, moment: Moment
) -> Payload:
    """Return an OrderPreviewResult; what would be denied or rejected is in its `errors`."""
    try:
        terms = read_terms(request, account, instrument, moment)
    except Denied as denied:
        return _result([_details(request, None, instrument)], request, [], [denied.message])
    price = commands.reference_price(request, terms, account, instrument, moment)
    cost = commands.estimate_of(request, terms, account, instrument, liquidity, moment)
    warnings = _warnings(request, terms, instrument, liquidity, moment)
    sections = [_details(request, terms, instrument), _costs(account, request, terms, instrument, cost)]
    errors: list[str] = []
    if brackets.has_brackets(request):
        try:
            entry = brackets.Entry(request.side, terms.qty, price)
            sections.append(_risk(account, request, entry, instrument, moment))
        except Denied as denied:
            errors.append(denied.message)
    try:
        opening = 0 if request.isClose else margin.opening_qty(account, instrument.name, request.side, terms.qty)
        required = margin.margin_of(account, instrument, opening, cost.price)
        refusal, _ = pre_trade.refusal_of(account, request, terms, instrument, liquidity, opening, required, moment)
    except Denied as denied:
        errors.append(denied.message)
    else:
        if refusal is not None:
            errors.append(refusal[1])
    return _result(sections, request, warnings, errors)


def _result(sections: list[Payload], request: PreOrder, warnings: list[str], errors: list[str]) -> Payload:
    digest = blake2b(request.model_dump_json().encode(), digest_size=8).hexdigest()
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


def _details(request: PreOrder, terms: Terms | None, instrument: Instrument) -> Payload:
    rows = [
        ("Symbol", instrument.name),
        ("Side", "Buy" if request.side > 0 else "Sell"),
        ("Quantity", f"{request.qty:.12g}"),
        ("Order Type", TYPE_NAMES[request.type]),
    ]
    if terms is not None and terms.limit_price is not None:
        rows.append(("Limit Price", _price(terms.limit_price, instrument)))
    if terms is not None and terms.stop_price is not None:
        rows.append(("Stop Price", _price(terms.stop_price, instrument)))
    rows.append(("Duration", duration_of(request)))
    return _section("Order Details", rows)


def _costs(account: Account, request: PreOrder, terms: Terms, instrument: Instrument, cost: Estimate) -> Payload:
    is_maker = terms.limit_price is not None and bool(request.postOnly)
    model, parts = account.profile.commission, cost.parts
    commission = sum(fees.commission(model, instrument, qty, price, is_maker) for qty, price in parts)
    required = 0 if request.isClose else margin.reserve_of(account, instrument, request.side, terms.qty, cost.price)
    average = average_out(cost.cost, terms.qty, instrument)
    rows = [
        ("Estimated Price", _price(parts[0][1], instrument) if len(parts) == 1 else f"{average:.12g}"),
        ("Order Value", _money(cost.cost * instrument.money_factor, instrument)),
        ("Commission", _money(commission, instrument)),
        ("Margin Required", _money(required, instrument)),
        ("Total Cost", _money(required + commission, instrument)),
    ]
    return _section("Cost Analysis", rows)


def _risk(
    account: Account, request: PreOrder, entry: brackets.Entry, instrument: Instrument, moment: Moment
) -> Payload:
    """Describe the brackets: prices, and what they would gain or lose. Raises: Denied, see `read_legs`."""
    rows = []
    for leg in brackets.read_legs(brackets.asked_of(request), entry, account, instrument, moment):
        at = leg.terms.limit_price or leg.terms.stop_price or 0
        gain = entry.side * (at - entry.reference) * entry.qty * instrument.money_factor
        title = {"takeProfit": "Take Profit", "stopLoss": "Stop Loss", "guaranteedStop": "Guaranteed Stop"}
        rows.append((title.get(leg.field, "Trailing Stop"), _price(at, instrument)))
        rows.append(("Potential Profit" if gain > 0 else "Potential Loss", _money(abs(gain), instrument)))
    return _section("Risk Management", rows)


def _warnings(
    request: PreOrder, terms: Terms, instrument: Instrument, liquidity: Liquidity, moment: Moment
) -> list[str]:
    quote = moment.quotes(instrument.name)
    warnings = []
    takes = terms.stop_price is None and (
        terms.limit_price is None or matching.is_marketable(request.side, terms.limit_price, quote)
    )
    if takes and not liquidity.is_blind:
        parts, rest = estimate(liquidity, request.side, terms.qty, quote, moment.depth, terms.limit_price)
        levels = len(parts) - (rest > 0)
        if levels > 1:
            last = _price(parts[levels - 1][1], instrument)
            warnings.append(f"Larger than what is displayed at the best price: {levels} levels, the last at {last}")
        if rest:
            shown = f"{instrument.qty_out(terms.qty - rest):.12g}"
            warnings.append(f"Only {shown} is displayed: the rest will wait for the next quotes")
    if takes and terms.limit_price is not None and moment.is_open(instrument.name):
        warnings.append("The limit price reaches the market: the order would trade at once")
    if moment.is_halted(instrument.name):
        warnings.append(f"Trading in {instrument.name} is halted")
    elif not moment.is_open(instrument.name):
        warnings.append(f"The market of {instrument.name} is closed")
    return warnings
