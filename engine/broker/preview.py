"""Order preview: the cost of an order, and the reasons against it, in words for traders.

Every number comes from the live quote, the account's commission model, its leverage and its free margin. Nothing
changes. Source of the shape: TradingView's OrderPreviewResult.
"""

from hashlib import blake2b

from engine.broker import brackets, fees, matching, pre_trade
from engine.broker.account import Account
from engine.broker.commands import estimate, exposure_of
from engine.broker.conversion import converted
from engine.broker.events import Terms
from engine.broker.fill_models import reference_price
from engine.broker.ledger import money_out
from engine.broker.liquidity import Take
from engine.broker.margin import value_of
from engine.broker.market_view import MarketView
from engine.broker.order import OrderRequest
from engine.broker.serializers import average_out
from engine.broker.validation import read_terms
from engine.errors import Denied
from engine.models.broker.orders import OrderType
from engine.models.market.instruments import Instrument
from engine.topics import Payload

LARGE_QTY = 1000
"""A larger order, in natural units, is warned of slippage whatever is displayed. Source: the original's preview."""

TITLES = {
    "takeProfit": "Take Profit",
    "stopLoss": "Stop Loss",
    "stopLossLimit": "Stop Loss",
    "guaranteedStop": "Guaranteed Stop",
    "trailingStopPips": "Trailing Stop",
}
"""By kind of bracket: its title."""

LIMITED_SLIPPAGE = "Large order: slippage is possible, up to the limit price"


def preview(account: Account, request: OrderRequest, market: MarketView) -> Payload:
    """Return an OrderPreviewResult; its `errors` are the reasons to deny or reject the order."""
    try:
        terms = read_terms(request, account, market)
    except Denied as denied:
        return _result([_details(request, None)], request, [], [denied.message])
    takes, errors = estimate(account, request, terms, market), list[str]()
    exposure = exposure_of(account, request, terms, market)
    sections = [_details(request, terms), _costs(account, request, terms, takes, exposure.required, market)]
    if request.has_brackets:
        try:
            sections.append(_risk(account, request, terms, market))
        except Denied as denied:
            errors.append(denied.message)
    refusal = pre_trade.refusal(account, request, terms, exposure, market)
    if refusal is not None:
        errors.append(refusal.message)
    return _result(sections, request, _warnings(account, request, terms, market), errors)


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


def _money(units: int, account: Account) -> str:
    return f"{money_out(units):.2f} {account.currency}"


def _details(request: OrderRequest, terms: Terms | None) -> Payload:
    instrument = request.instrument
    rows = [
        ("Symbol", instrument.name),
        ("Side", "Buy" if request.side > 0 else "Sell"),
        ("Quantity", f"{request.sent.qty if terms is None else instrument.qty_out(terms.qty):.12g}"),
        ("Order Type", request.type.name.replace("_", " ").title()),
    ]
    if terms is not None and terms.limit_price is not None:
        rows.append(("Limit Price", _price(terms.limit_price, instrument)))
    if terms is not None and terms.stop_price is not None:
        rows.append(("Stop Price", _price(terms.stop_price, instrument)))
    rows.append(("Duration", request.time_in_force))
    return _section("Order Details", rows)


def _costs(
    account: Account, request: OrderRequest, terms: Terms, takes: list[Take], required: int, market: MarketView
) -> Payload:
    instrument, model = request.instrument, account.profile.commission
    is_maker, conversion = terms.limit_price is not None and bool(request.post_only), account.conversion_of(instrument)
    commission = value = 0
    for take in takes:
        rate = None if conversion is None else conversion.rate(False, take.price, market)
        commission += fees.commission(model, instrument, take.qty, take.price, is_maker, rate)
        value += value_of(account, instrument, take.qty, take.price, market)
    average = average_out(sum(take.qty * take.price for take in takes), terms.qty, instrument)
    rows = [
        ("Estimated Price", _price(takes[0].price, instrument) if len(takes) == 1 else f"{average:.12g}"),
        ("Order Value", _money(value, account)),
        ("Commission", _money(commission, account)),
        ("Margin Required", _money(required, account)),
        ("Total Cost", _money(required + commission, account)),
    ]
    return _section("Cost Analysis", rows)


def _risk(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> Payload:
    """Return the section about brackets: prices, and possible profit or loss. Raises: Denied, see `read_legs`."""
    rows, instrument = [], request.instrument
    conversion = account.conversion_of(instrument)
    reference = reference_price(request, terms, account, market)
    entry = brackets.Entry(instrument, request.side, terms.qty, reference)
    for leg in brackets.read_legs(brackets.prices_of(request), entry, account, market):
        price = leg.terms.limit_price or leg.terms.stop_price or 0
        gain = entry.side * (price - reference) * leg.terms.qty * instrument.money_factor
        if conversion is not None:
            gain = converted(gain, conversion.rate(gain > 0, price, market))
        rows.append((TITLES[leg.kind], _price(price, instrument)))
        rows.append(("Potential Profit" if gain > 0 else "Potential Loss", _money(abs(gain), account)))
    return _section("Risk Management", rows)


def _warnings(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> list[str]:
    instrument, quote, limit_price = request.instrument, market.quote(request.symbol), terms.limit_price
    is_open, warnings = market.is_open(request.symbol), list[str]()
    side = request.side
    if request.type is OrderType.MARKET and is_open and not market.is_halted(request.symbol):
        warnings.append("Market order will execute immediately at the current price")
    is_taking = terms.stop_price is None and (limit_price is None or matching.is_marketable(side, limit_price, quote))
    is_large, sizes = request.sent.qty > LARGE_QTY, list[str]()
    if is_taking and not account.is_simulated:
        takes = account.liquidity.estimate(side, terms.qty, quote, market.depth, limit_price)
        rest = 0 if takes[-1].number else takes[-1].qty
        levels = len(takes) - (rest > 0)
        is_large |= levels > 1 or rest > 0
        if levels > 1:
            last = _price(takes[levels - 1].price, instrument)
            sizes.append(f"Larger than what is displayed at the best price: {levels} levels, the last at {last}")
        if rest:
            shown = f"{instrument.qty_out(terms.qty - rest):.12g}"
            sizes.append(f"Only {shown} is displayed: the rest will wait for the next quotes")
    if is_large:
        warnings.append("Large order: slippage is possible" if limit_price is None else LIMITED_SLIPPAGE)
    warnings += sizes
    if is_taking and limit_price is not None and is_open:
        warnings.append("The limit price reaches the market: the order would trade at once")
    if market.is_halted(request.symbol):
        warnings.append(f"Trading in {instrument.name} is halted")
    elif not is_open:
        warnings.append(f"The market of {instrument.name} is closed")
    return warnings
