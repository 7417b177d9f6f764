"""Orders as Alpaca shows them. `Version` is one revision of an order; the newest one is the order as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.broker.order import Order, has_brackets, is_trailing
from engine.errors import Missing, Reason
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder
from engine.models.common import fields_of
from handlers.alpaca.assets import asset_id, class_of, symbol_of
from handlers.alpaca.formats import decimal_text, time_text
from handlers.alpaca.ids import number_of, order_uuid, read_order_uuid

TYPES = {
    OrderType.MARKET: "market",
    OrderType.LIMIT: "limit",
    OrderType.STOP: "stop",
    OrderType.STOP_LIMIT: "stop_limit",
}
SIDES = {1: "buy", -1: "sell"}
TIMES_IN_FORCE = {"DAY": "day", "GTC": "gtc", "GTD": "gtc", "IOC": "ioc", "FOK": "fok", "OPG": "opg", "CLS": "cls"}
STATUSES = {
    OrderStatus.CANCELED: "canceled",
    OrderStatus.FILLED: "filled",
    OrderStatus.INACTIVE: "held",
    OrderStatus.PLACING: "pending_new",
    OrderStatus.REJECTED: "rejected",
    OrderStatus.WORKING: "new",
}
END_TIMES = {
    "filled": "filled_at",
    "canceled": "canceled_at",
    "expired": "expired_at",
    "rejected": "failed_at",
    "replaced": "replaced_at",
}
"""By final status: the field that has its time."""

REPLACED = "replaced"


@dataclass(slots=True)
class Version:
    """One revision of an order, with the figures that it had; the newest one has those of the order.

    Attributes:
        number: Revision: 0 for the order as it was placed.
        status: Alpaca's status.
        update_time: When it changed last, in epoch milliseconds.
        filled, value: Quantity units traded, and the sum of quantity * price.
    """

    order: Order
    number: int
    status: str
    sent: PreOrder
    qty: int
    limit_price: int | None
    stop_price: int | None
    update_time: int
    filled: int
    value: int

    @property
    def create_time(self) -> int:
        """When it was placed, or when it replaced the revision before it, in epoch milliseconds."""
        order = self.order
        before = self.number - 1 - (order.revision - len(order.earlier))
        return order.earlier[before].time_ms if 0 <= before < len(order.earlier) else order.create_time

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Sorts the revisions of an account's orders by time of creation."""
        return self.create_time, number_of(self.order.id), self.number

    @property
    def id(self) -> str:
        """Its UUID."""
        return order_uuid(self.order.account_id, self.order.id, self.number)


def current(order: Order, market: MarketView) -> Version:
    """Return the newest revision of an order."""
    terms = order.terms
    prices = terms.limit_price, terms.stop_price
    status = status_of(order, market)
    return Version(
        order, order.revision, status, order.sent, terms.qty, *prices, order.update_time, order.filled, order.value
    )


def earlier(order: Order) -> list[Version]:
    """Return the replaced revisions of an order that are kept, oldest first."""
    first = order.revision - len(order.earlier)
    return [
        Version(
            order,
            first + index,
            REPLACED,
            one.sent,
            one.terms.qty,
            one.terms.limit_price,
            one.terms.stop_price,
            one.time_ms,
            one.filled,
            one.value,
        )
        for index, one in enumerate(order.earlier)
    ]


def status_of(order: Order, market: MarketView) -> str:
    """Return Alpaca's status of an order."""
    if order.status is OrderStatus.CANCELED and order.reason == Reason.EXPIRED and not order.is_immediate:
        return "expired"
    if order.status is OrderStatus.WORKING:
        if order.filled:
            return "partially_filled"
        if order.is_late or not market.is_open(order.symbol):
            return "accepted"
    return STATUSES[order.status]


def find_version(account: Account, text: str, market: MarketView) -> Version:
    """Return the order of a UUID. Raises: Missing UNKNOWN_ORDER."""
    found = read_order_uuid(account.id, text)
    if found is None:
        raise Missing(Reason.UNKNOWN_ORDER, f"order not found for {text[:64]}")
    order = account.order(found.order_id)
    if found.revision == order.revision:
        return current(order, market)
    for version in earlier(order):
        if version.number == found.revision:
            return version
    raise Missing(Reason.UNKNOWN_ORDER, f"order not found for {text[:64]}")


def order_class(order: Order, account: Account) -> str:
    """Return Alpaca's class of an order: bracket with two legs, oto with one, oco for linked orders.

    A leg has the class of its entry.
    """
    parent, sent = order.parent, order.sent
    if order.linked is not None:
        return "oco"
    if parent is not None:
        try:
            sent = account.order(parent.pair).sent
        except Missing:
            return "oco"
    if not has_brackets(sent):
        return "simple"
    stops = (sent.stopLoss, sent.guaranteedStop, None if is_trailing(sent) else sent.trailingStopPips)
    has_stop = any(one is not None for one in stops)
    if sent.takeProfit is None and not has_stop:
        return "simple"
    return "bracket" if sent.takeProfit is not None and has_stop else "oto"


def time_in_force(sent: PreOrder) -> str:
    """Return Alpaca's time in force of an order; one that waits for the open keeps the one that it was sent with."""
    given = (sent.customFields or {}).get("time_in_force")
    return str(given) if given else TIMES_IN_FORCE["GTC" if sent.duration is None else sent.duration.type]


def legs_of(order: Order, account: Account) -> list[Order]:
    """Return the brackets of an entry, or the second of two linked orders; final ones too, oldest first."""
    if order.linked != order.id and not has_brackets(order.sent):
        return []
    return legs_by_order(account).get(order.id, [])


def legs_by_order(account: Account) -> dict[str, list[Order]]:
    """Return the legs of every order that has some, by its id: one pass over all orders instead of one for each."""
    found: dict[str, list[Order]] = {}
    for order in (*account.final.values(), *account.working.values()):
        first = _first_of(order)
        if first is not None and first != order.id:
            found.setdefault(first, []).append(order)
    return found


def _first_of(order: Order) -> str | None:
    """Return the order that an order is a leg of: its entry, or the first of two linked orders; else None."""
    return order.linked if order.parent is None else order.parent.pair


def is_leg(order: Order, account: Account) -> bool:
    """Whether an order is a leg of another one that is kept, so that it is shown below that one."""
    first = _first_of(order)
    return first not in (None, order.id) and (first in account.working or first in account.final)


def order_shape(
    version: Version, account: Account, market: MarketView, legs: Sequence[Order] | None = None
) -> dict[str, Any]:
    """Return an Order; `legs` are the legs to show, by default its own."""
    order, sent = version.order, fields_of(version.sent)
    instrument, terms, notional, trail_percent = order.instrument, order.terms, sent["notional"], sent["trailPercent"]
    scale, qty_scale = instrument.pricescale, instrument.qty_scale
    kind = "trailing_stop" if is_trailing(version.sent) else TYPES[order.type]
    legs = legs_of(order, account) if legs is None else legs
    own_id, created = version.id, time_text(version.create_time)
    return {
        "id": own_id,
        "client_order_id": sent["clientOrderId"] or own_id,
        "created_at": created,
        "updated_at": time_text(version.update_time),
        "submitted_at": created,
        **_end_times(version),
        "replaced_by": _neighbour(version, 1) if version.status == REPLACED else None,
        "replaces": _neighbour(version, -1) if version.number else None,
        "asset_id": asset_id(instrument),
        "symbol": symbol_of(instrument),
        "asset_class": class_of(instrument),
        "notional": None if notional is None else f"{notional:.12g}",
        "qty": decimal_text(version.qty, qty_scale) if notional is None else None,
        "filled_qty": decimal_text(version.filled, qty_scale) if version.filled else "0",
        "filled_avg_price": _average(version),
        "order_class": order_class(order, account),
        "order_type": kind,
        "type": kind,
        "side": SIDES[order.side],
        "time_in_force": time_in_force(version.sent),
        "limit_price": None if version.limit_price is None else decimal_text(version.limit_price, scale),
        "stop_price": None if version.stop_price is None else decimal_text(version.stop_price, scale),
        "status": version.status,
        "extended_hours": bool((sent["customFields"] or {}).get("extended_hours")),
        "legs": [order_shape(current(leg, market), account, market, ()) for leg in legs] or None,
        "trail_percent": None if trail_percent is None else f"{trail_percent:.12g}",
        "trail_price": None if trail_percent or terms.trail is None else decimal_text(terms.trail, scale),
        "hwm": None if order.best is None else decimal_text(order.best, scale),
        **_intent(version.sent),
    }


def _intent(sent: PreOrder) -> dict[str, Any]:
    """Return the field `position_intent` if the order was sent with it; Alpaca's has no null."""
    given = (sent.customFields or {}).get("position_intent")
    return {"position_intent": given} if given else {}


def _end_times(version: Version) -> dict[str, str | None]:
    """Return the fields of the end of an order; the one of its status has a time."""
    status = version.status
    return {field: time_text(version.update_time) if one == status else None for one, field in END_TIMES.items()}


def _neighbour(version: Version, step: int) -> str:
    return order_uuid(version.order.account_id, version.order.id, version.number + step)


def _average(version: Version) -> str | None:
    """Return the average price of the trades, with four decimals more than a price; None without a trade."""
    if not version.filled:
        return None
    scale = version.order.instrument.pricescale
    price, rest = divmod(version.value, version.filled)
    if not rest:
        return decimal_text(price, scale)
    return decimal_text(round(version.value * 10_000 / version.filled), scale * 10_000)
