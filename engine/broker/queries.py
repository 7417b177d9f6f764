"""Queries about accounts and instruments, answered in wire shapes. They change nothing."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from operator import attrgetter
from typing import TypeVar

from engine.broker import margin, serializers
from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.broker.order import ENDS_AT_ONCE, Order
from engine.broker.validation import DURATIONS
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from engine.models.broker.config import FEATURES
from engine.models.broker.orders import CancelQuery, HistoryQuery, OrderType
from engine.models.market.instruments import Instrument
from engine.topics import Payload, State

T = TypeVar("T")

DURATION_NAMES = {
    "DAY": "Day",
    "GTC": "Good till canceled",
    "GTD": "Good till date",
    "IOC": "Immediate or cancel",
    "FOK": "Fill or kill",
    "OPG": "At the open",
    "CLS": "At the close",
}

OF_HEDGING = (
    "supportPositionNetting",
    "supportIndividualPositionBrackets",
    "supportCloseIndividualPosition",
    "supportPartialCloseIndividualPosition",
)
"""Features of accounts with individual positions."""

LEVERAGE_RANGE = (1, 100)
MODERATE_LEVERAGE, HIGH_LEVERAGE = 20, 50
"""The preview warns of a greater leverage. Source: the original's preview."""

SNAPSHOT_EXECUTIONS = 500
FINAL_KEPT_MS = 60_000
"""Shortest time that a final order stays in the list of orders, even beyond its session."""


def orders_to_cancel(account: Account, query: CancelQuery, symbol: str | None) -> list[Order]:
    """Return the orders that are not final and match a query; `symbol` is its canonical name."""
    ids = None if query.ids is None else query.ids.split(",")
    return [
        order
        for order in account.working.values()
        if symbol in (None, order.symbol) and query.side in (None, order.side) and (ids is None or order.id in ids)
    ]


def page(rows: Iterable[T], time_of: Callable[[T], int], query: HistoryQuery) -> list[T]:
    """Return a page of rows, oldest first."""
    high = query.to_time if query.to_time is not None else 1 << 62
    chosen = (row for row in rows if (query.from_time or 0) <= time_of(row) < high)
    return list(islice(chosen, query.limit)) if query.from_time is not None else list(chosen)[-query.limit :]


def orders(account: Account, market: MarketView) -> list[Payload]:
    """Return final orders of this trading day or the last minute, then the others, oldest first."""
    recent = (
        order
        for order in account.final.values()
        if market.now_ms - order.update_time < FINAL_KEPT_MS or order.update_time >= market.day_start_ms(order.symbol)
    )
    return [serializers.order_payload(order) for order in (*recent, *account.working.values())]


def order_history(account: Account, query: HistoryQuery) -> list[Payload]:
    """Return final orders by the time they ended, oldest first."""
    orders = page(account.final.values(), attrgetter("update_time"), query)
    return [serializers.order_payload(order) for order in orders]


def executions(account: Account, query: HistoryQuery) -> list[Payload]:
    """Return a page of executions, oldest first."""
    events = page(account.executions, attrgetter("time_ms"), query)
    return [serializers.execution_payload(event, account.instruments[event.symbol]) for event in events]


def symbol_executions(account: Account, instrument: Instrument) -> list[Payload]:
    """Return all kept executions of a symbol, oldest first."""
    kept = (event for event in account.executions if event.symbol == instrument.name)
    return [serializers.execution_payload(event, instrument) for event in kept]


def explain(account: Account, execution_id: str) -> Payload:
    """Return the rule and the figures behind a trade, as ExecutionExplanation. Raises: Missing UNKNOWN_ORDER."""
    for event in reversed(account.executions):
        if event.execution_id == execution_id:
            return serializers.explanation_payload(event, account.instruments[event.symbol])
    raise Missing(Reason.UNKNOWN_ORDER, f"execution {execution_id} does not exist")


def positions(account: Account, market: MarketView) -> list[Payload]:
    """Return the open positions, marked with the current quotes."""
    held = [one for one in account.positions.values() if one.holding.qty]
    return [serializers.position_payload(account, position, market) for position in held]


def topic_state(route: str, account: Account, symbol: str | None, market: MarketView) -> State:
    """Return the state that a subscriber of a broker topic starts from; None where there is none.

    Executions are the newest ones, oldest first. Notifications are sent once and are not part of the state.
    """
    match route:
        case "orders":
            return orders(account, market)
        case "positions":
            return positions(account, market)
        case "executions":
            newest = (event for event in reversed(account.executions) if symbol in (None, event.symbol))
            events = [*islice(newest, SNAPSHOT_EXECUTIONS)][::-1]
            return [serializers.execution_payload(event, account.instruments[event.symbol]) for event in events]
        case "equity":
            return serializers.equity_payload(account, market)
        case "pl":
            return serializers.pl_payload(account, market)
        case "individual-positions":
            return serializers.individual_payloads(account, market)
        case "individual-pl":
            return serializers.individual_pl_payload(account, market)
        case "margin-available":
            return serializers.margin_available_payload(account, market)
        case "pip-value" if symbol is not None:
            with suppress(Denied):
                return pip_values(account, account.instruments[symbol], market)
        case "notifications":
            return []
    return None


def broker_config(profile: Profile) -> Payload:
    """Return BrokerConfig for an account with these rules."""
    of_profile = {
        "supportStopOrdersInBothDirections": profile.stop_orders_both_directions,
        "supportPositionBrackets": not profile.hedging,
        "requiresFIFOCloseIndividualPositions": profile.hedging and profile.fifo_close,
        **dict.fromkeys(OF_HEDGING, profile.hedging),
    }
    durations = [
        {
            "name": DURATION_NAMES[value],
            "value": value,
            "hasDatePicker": value == "GTD",
            "hasTimePicker": value == "GTD",
            "default": value == "GTC",
            "supportedOrderTypes": [int(OrderType.LIMIT), int(OrderType.MARKET)] if value in ENDS_AT_ONCE else None,
        }
        for value in DURATIONS
    ]
    return FEATURES | of_profile | {"durations": durations}


def leverage_info(account: Account, instrument: Instrument) -> Payload:
    """Return LeverageInfo of a symbol."""
    low, high = LEVERAGE_RANGE
    return {
        "title": f"Leverage for {instrument.name}",
        "leverage": account.leverage_of(instrument.name),
        "min": low,
        "max": high,
        "step": 1,
    }


def read_leverage(value: float) -> int:
    """Return a leverage as an integer. Raises: Denied UNSUPPORTED_COMBINATION outside the range or its steps."""
    low, high = LEVERAGE_RANGE
    if value > high:
        raise Denied(Reason.UNSUPPORTED_COMBINATION, f"leverage {value:g} exceeds the maximum of {high}")
    if value < low:
        raise Denied(Reason.UNSUPPORTED_COMBINATION, f"leverage {value:g} is below the minimum of {low}")
    if value != int(value):
        raise Denied(Reason.UNSUPPORTED_COMBINATION, f"leverage {value:g} is not a whole number")
    return int(value)


def leverage_preview(account: Account, instrument: Instrument, value: float, market: MarketView) -> Payload:
    """Return LeveragePreviewResult."""
    infos, warnings, errors = list[str](), list[str](), list[str]()
    try:
        leverage = read_leverage(value)
    except Denied as denied:
        errors.append(denied.message)
    else:
        infos.append(f"Margin requirement: {100 / leverage:.2f}%")
        if leverage > MODERATE_LEVERAGE:
            level = "High" if leverage > HIGH_LEVERAGE else "Moderate"
            warnings.append(f"{level} leverage: a price move of {100 / leverage:.2f}% can lose the whole margin")
        if instrument.margin_rate > 1 / leverage:
            least = f"{100 * instrument.margin_rate:.2f}%"
            warnings.append(f"{instrument.name} has a margin requirement of at least {least} at every leverage")
        refusal = margin.leverage_refusal(account, instrument.name, leverage, market)
        if refusal is not None:
            errors.append(refusal.message)
    return {"infos": infos or None, "warnings": warnings or None, "errors": errors or None}


def pip_value(account: Account, instrument: Instrument, market: MarketView) -> float:
    """Return the value of a pip of one lot in the account's currency, at the current rate. Raises: Denied."""
    value = instrument.pip_size * instrument.lot_size * instrument.point_value
    conversion = account.conversion_of(instrument)
    if conversion is None:
        return float(value)
    rate = conversion.rate(False, market.quote(instrument.name).bid, market)
    return float(Fraction(value) * Fraction(rate.numerator, rate.denominator))


def pip_values(account: Account, instrument: Instrument, market: MarketView) -> Payload:
    """Return PipValues: both sides have one value, that of InstrumentInfo. Raises: Denied."""
    value = pip_value(account, instrument, market)
    return {"symbol": instrument.name, "buyPipValue": value, "sellPipValue": value}


def instrument_info(account: Account, instrument: Instrument, market: MarketView) -> Payload:
    """Return InstrumentInfo. Raises: Denied while the rate of another currency has no price."""
    tick = instrument.price_out(instrument.minmov)
    qty, leverage = instrument.qty, account.leverage_of(instrument.name)
    return {
        "symbol": instrument.name,
        "description": instrument.description,
        "type": instrument.type,
        "qty": {"min": float(qty.min), "max": float(qty.max), "step": float(qty.step), "default": float(qty.min)},
        "pipSize": float(instrument.pip_size),
        "pipValue": pip_value(account, instrument, market),
        "minTick": tick,
        "variableMinTick": instrument.variable_tick,
        "lotSize": float(instrument.lot_size),
        "limitPriceStep": tick,
        "stopPriceStep": tick,
        "bigPointValue": float(instrument.point_value),
        "marginRate": max(instrument.margin_rate, 1 / leverage),
        "leverage": f"{leverage}:1",
        "currency": instrument.currency,
        "baseCurrency": instrument.base_currency,
        "quoteCurrency": instrument.currency if instrument.base_currency else None,
        "allowedDurations": list(DURATIONS),
        "allowedOrderTypes": [int(order_type) for order_type in OrderType],
    }
