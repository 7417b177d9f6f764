"""Answers to questions about accounts and instruments, as wire shapes. Nothing here changes anything."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple, TypeVar

from engine.broker import views
from engine.broker.account import Account, QuoteOf
from engine.broker.order import Order
from engine.models.broker.orders import CancelQuery, HistoryQuery, OrderType
from engine.models.market.instruments import Instrument
from engine.topics import Payload

T = TypeVar("T")

DURATIONS: list[Payload] = [
    {
        "name": "GTC",
        "value": "GTC",
        "hasDatePicker": False,
        "hasTimePicker": False,
        "default": True,
        "supportedOrderTypes": None,
    }
]

SUPPORTED = frozenset(
    (
        "supportPositions",
        "supportPLUpdate",
        "supportMarketOrders",
        "supportLimitOrders",
        "supportStopOrders",
        "supportStopLimitOrders",
        "supportModifyOrderPrice",
        "supportEditAmount",
        "supportClosePosition",
        "supportPartialClosePosition",
        "supportOrdersHistory",
        "supportExecutions",
        "supportSymbolSearch",
        "showNotificationsLog",
    )
)
"""Flags of TradingView's BrokerConfigFlags that hold here; every other one is false."""


class OrderFilter(NamedTuple):
    """Which working orders are meant; None matches everything."""

    symbol: str | None
    side: int | None
    ids: frozenset[str] | None

    @classmethod
    def of(cls, query: CancelQuery, symbol: str | None) -> "OrderFilter":
        """Return the filter of a query, its symbol already in canonical form."""
        ids = None if query.ids is None else frozenset(query.ids.split(","))
        return cls(symbol, query.side, ids)

    def matches(self, order: Order) -> bool:
        """Whether an order is meant."""
        return (
            (self.symbol is None or order.symbol == self.symbol)
            and (self.side is None or order.side == self.side)
            and (self.ids is None or order.id in self.ids)
        )


def page(rows: Iterable[tuple[int, T]], query: HistoryQuery) -> list[T]:
    """Cut a page out of rows of (time, row), oldest first."""
    low = query.from_time or 0
    high = query.to_time if query.to_time is not None else 1 << 62
    chosen = (row for time_ms, row in rows if low <= time_ms < high)
    if query.from_time is not None:
        return list(islice(chosen, query.limit))
    return list(chosen)[-query.limit :]


def orders(account: Account) -> list[Payload]:
    """Return the session's orders, oldest first: final ones that are still kept, then the working ones."""
    return [views.order_payload(order) for order in (*account.final.values(), *account.working.values())]


def order_history(account: Account, query: HistoryQuery) -> list[Payload]:
    """Return final orders by the time they ended, oldest first."""
    rows = ((order.update_time, order) for order in account.final.values())
    return [views.order_payload(order) for order in page(rows, query)]


def executions(account: Account, query: HistoryQuery) -> list[Payload]:
    """Return a page of executions, oldest first."""
    rows = ((event.time_ms, event) for event in account.executions)
    return [views.execution_payload(event, account.instruments[event.symbol]) for event in page(rows, query)]


def symbol_executions(account: Account, symbol: str) -> list[Payload]:
    """Return all kept executions of a symbol, oldest first."""
    instrument = account.instruments[symbol]
    return [views.execution_payload(event, instrument) for event in account.executions if event.symbol == symbol]


def positions(account: Account, quotes: QuoteOf) -> list[Payload]:
    """Return the open positions, marked with the current quotes."""
    return [views.position_payload(position, quotes(symbol)) for symbol, position in account.positions.items()]


def broker_config(flags: Iterable[str]) -> Payload:
    """Return BrokerConfig for the names of all flags: true where this broker really supports it."""
    return {**{flag: flag in SUPPORTED for flag in flags}, "durations": DURATIONS}


def instrument_info(instrument: Instrument, leverage: int) -> Payload:
    """Return InstrumentInfo."""
    tick = instrument.price_out(instrument.minmov)
    qty = instrument.qty
    pip_value = float(instrument.pip_size * instrument.lot_size * instrument.point_value)
    return {
        "symbol": instrument.name,
        "description": instrument.description,
        "type": instrument.type,
        "qty": {"min": float(qty.min), "max": float(qty.max), "step": float(qty.step), "default": float(qty.min)},
        "pipSize": float(instrument.pip_size),
        "pipValue": pip_value,
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
        "allowedDurations": [str(duration["value"]) for duration in DURATIONS],
        "allowedOrderTypes": [int(order_type) for order_type in OrderType],
    }
