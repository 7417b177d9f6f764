"""Orders of the dialect: `/v2/orders`. `order_shapes.py` has the shape of an order, `requests.py` the bodies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from engine.broker.account import Account
from engine.broker.order import Order
from engine.broker.serializers import changed_fields
from engine.errors import Denied, Missing, Reason
from engine.journal import Outcome
from engine.models.broker.orders import CancelQuery, OrderStatus
from engine.models.market.instruments import Instrument
from handlers.alpaca.assets import class_of, find_instrument
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import Lower, read_time
from handlers.alpaca.ids import order_uuid, read_order_uuid
from handlers.alpaca.order_shapes import (
    SIDES,
    Version,
    current,
    earlier,
    find_version,
    is_leg,
    legs_by_order,
    order_shape,
)
from handlers.alpaca.requests import Body, OrderBody, ReplaceBody, linked_orders, new_order, replaced_order
from handlers.alpaca.trade_updates import CANCEL_REJECTED, REPLACE_REJECTED, TradeUpdates
from handlers.errors import ApiError
from handlers.services import Services


class OrdersQuery(Body):
    """Query of `GET /v2/orders`; `symbols` is a comma-separated list."""

    status: Annotated[Literal["open", "closed", "all"], Lower] = "open"
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    after: str | None = None
    until: str | None = None
    direction: Annotated[Literal["asc", "desc"], Lower] = "desc"
    nested: Annotated[bool, Lower] = False
    side: Annotated[Literal["buy", "sell"], Lower] | None = None
    symbols: Annotated[str, Field(max_length=8192)] | None = None
    asset_class: str | None = None


class OrderReplies(AlpacaHandler):
    """Base of the handlers that answer with orders."""

    def shown(self, order: Order, account: Account) -> dict[str, Any]:
        """Return the Order of the newest revision."""
        view = self.view
        return order_shape(current(order, view), account, view)


class OrderHandler(OrderReplies):
    """`/v2/orders/{id}`."""

    def initialize(self, services: Services, updates: TradeUpdates) -> None:  # type: ignore[override]
        """Store the services and the trade updates, which tell about a refused change."""
        super().initialize(services)
        self._updates = updates

    async def get(self, order_id: str) -> None:
        """Show one order, also a revision that was replaced."""
        await self.show(lambda: order_shape(find_version(self.account, order_id, self.view), self.account, self.view))

    async def patch(self, order_id: str) -> None:
        """Replace an order by a new revision, which has another id."""
        body, account = self.read(ReplaceBody), self.account
        with self._changed(order_id, REPLACE_REJECTED) as order:
            check_client_id(account, body.client_order_id)
            change = replaced_order(body, order)
            if body.client_order_id is None and not order.is_final and not changed_fields(order, change):
                raise Denied(Reason.ORDER_FINAL, "order parameters are not changed")
            _, result = self.engine.modify_order(account.id, order.id, change, body.client_order_id)
        reply = self.shown(order, account)
        await self.store(result)
        self.reply(reply)

    async def delete(self, order_id: str) -> None:
        """Cancel an order."""
        with self._changed(order_id, CANCEL_REJECTED) as order:
            _, result = self.engine.cancel_order(self.account.id, order.id)
        await self.store(result)
        self.reply_nothing()

    @contextmanager
    def _changed(self, order_id: str, event: str) -> Iterator[Order]:
        """Pass the order of a UUID to a command; the trade updates get `event` when it is refused.

        Raises:
            Missing: UNKNOWN_ORDER.
            Denied: ORDER_FINAL for a replaced revision.
        """
        account, view = self.account, self.view
        version = find_version(account, order_id, view)
        try:
            if version.number != version.order.revision:
                raise Denied(Reason.ORDER_FINAL, f"order {order_id} is replaced")
            yield version.order
        except (Denied, ApiError):
            tell = self._updates.refusal(event, version, account, view)
            if tell is not None:
                self.services.publisher.follow(tell)
            raise


class OrdersHandler(OrderReplies):
    """`/v2/orders`."""

    async def get(self) -> None:
        """List orders, the newest first."""
        query = self.query(OrdersQuery)
        await self.show(lambda: self._listed(query))

    async def post(self) -> None:
        """Place an order; one that the market or the account rejects is answered with 403."""
        body, account = self.read(OrderBody), self.account
        instrument = find_instrument(self.engine, body.symbol)
        check_client_id(account, body.client_order_id)
        order_id, result = self._placed(body, account, instrument)
        order = account.order(order_id)
        reply = self.shown(order, account)
        refusal = rejection(order)
        await self.store(result)
        if refusal is not None:
            raise refusal
        self.reply(reply)

    def _placed(self, body: OrderBody, account: Account, instrument: Instrument) -> Outcome[str]:
        """Place the order, or both orders, of a body; the answer is the id of the first. Raises: Denied; ApiError."""
        if body.order_class == "oco":
            outcome = self.engine.place_linked_orders(account.id, linked_orders(body, instrument))
            return Outcome(outcome.value[0], outcome.result)
        is_before_open = body.type == "market" and self._waits_for_open(instrument)
        return self.engine.place_order(account.id, new_order(body, instrument, is_before_open))

    def _waits_for_open(self, instrument: Instrument) -> bool:
        """Whether the trading day of an instrument has not begun."""
        view = self.view
        return view.day_start_ms(instrument.name) > view.now_ms

    async def delete(self) -> None:
        """Cancel every open order."""
        account = self.account
        ids = [order_uuid(account.id, order.id, order.revision) for order in account.working.values()]
        _, result = self.engine.cancel_orders(account.id, CancelQuery())
        await self.store(result)
        self.reply_multi_status([{"id": one, "status": 200} for one in ids])

    def _listed(self, query: OrdersQuery) -> list[dict[str, Any]]:
        account, view, chosen = self.account, self.view, Filter.of(query)
        is_open = query.status == "open"
        orders = () if is_open else tuple(account.final.values())
        found: list[Version] = []
        for order in (*orders, *account.working.values()):
            if not chosen.allows(order) or (query.nested and is_leg(order, account)):
                continue
            if not is_open:
                found += earlier(order)
            if query.status != "closed" or order.is_final:
                found.append(current(order, view))
        found = [one for one in found if chosen.is_in_time(one)]
        found.sort(key=lambda one: one.sort_key, reverse=query.direction == "desc")
        legs = legs_by_order(account) if query.nested else {}
        return [order_shape(one, account, view, legs.get(one.order.id, ())) for one in found[: query.limit]]


class Filter(NamedTuple):
    """The conditions of a query of orders; None means no condition."""

    names: frozenset[str] | None
    side: int | None
    asset_class: str | None
    after_ms: int | None
    until_ms: int | None

    @classmethod
    def of(cls, query: OrdersQuery) -> "Filter":
        """Return the filter of a query. Raises: ApiError 422."""
        names = frozenset(query.symbols.replace("/", "").split(",")) if query.symbols else None
        side = next((sign for sign, name in SIDES.items() if name == query.side), None)
        asset_class = None if query.asset_class in ("", "all") else query.asset_class
        return cls(names, side, asset_class, read_time("after", query.after), read_time("until", query.until))

    def allows(self, order: Order) -> bool:
        """Whether an order has the symbol, side and class."""
        return (
            (self.names is None or order.symbol in self.names)
            and self.side in (None, order.side)
            and self.asset_class in (None, class_of(order.instrument))
        )

    def is_in_time(self, version: Version) -> bool:
        """Whether a revision was placed after the one time, up to the other."""
        return (self.after_ms is None or version.create_time > self.after_ms) and (
            self.until_ms is None or version.create_time <= self.until_ms
        )


class OrderByClientIdHandler(OrderReplies):
    """`/v2/orders:by_client_order_id`."""

    async def get(self) -> None:
        """Show the order of a client's id."""
        client_id = self.arguments.get("client_order_id", "")
        await self.show(lambda: order_shape(self._version(client_id), self.account, self.view))

    def _version(self, client_id: str) -> Version:
        """Return the newest revision that has a client's id. Raises: Missing UNKNOWN_ORDER."""
        account = self.account
        known, own = account.client_ids.get(client_id), read_order_uuid(account.id, client_id)
        if known is None and own is None:
            raise Missing(Reason.UNKNOWN_ORDER, f"order not found for {client_id[:64]}")
        if known is None:
            return find_version(account, client_id, self.view)
        order = account.order(known.order_id)
        found = [*earlier(order), current(order, self.view)]
        return next((one for one in reversed(found) if one.sent.clientOrderId == client_id), found[-1])


def check_client_id(account: Account, client_id: str | None) -> None:
    """Refuse a client's id that an order has already. Raises: ApiError 422."""
    if client_id is not None and client_id in account.client_ids:
        raise ApiError(422, "client_order_id must be unique")


def rejection(order: Order) -> Denied | None:
    """Return why the market or the account rejected an order, None when it was accepted."""
    if order.status is not OrderStatus.REJECTED or order.reason is None:
        return None
    return Denied(Reason(order.reason), order.message or order.reason)
