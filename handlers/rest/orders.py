"""Orders over REST. `handlers/base.py` reads, answers and commits; `server/routes.py` has the addresses."""

from engine.broker import queries, serializers
from engine.models.broker.orders import CancelQuery, HistoryQuery, LinkedOrders, OrderChange, PreOrder
from handlers.base import ApiHandler
from handlers.rest.archive import has_all_orders


class OrdersHandler(ApiHandler):
    """`/orders`."""

    async def get(self) -> None:
        """List the session's orders."""
        await self.show(lambda: queries.orders(self.account, self.engine.view()))

    async def post(self) -> None:
        """Place an order."""
        order_id, result = self.engine.place_order(self.account_id, self.read(PreOrder))
        await self.commit(result, {"orderId": order_id})

    async def delete(self) -> None:
        """Cancel the matching working orders."""
        count, result = self.engine.cancel_orders(self.account_id, self.query(CancelQuery))
        await self.commit(result, {"success": True, "message": f"{count} orders canceled"})


class LinkedOrdersHandler(ApiHandler):
    """`/orders/linked`."""

    async def post(self) -> None:
        """Place two orders of which one cancels the other."""
        order_ids, result = self.engine.place_linked_orders(self.account_id, self.read(LinkedOrders).orders)
        await self.commit(result, {"orderIds": order_ids})


class OrderHandler(ApiHandler):
    """`/orders/{id}`."""

    async def get(self, order_id: str) -> None:
        """Show one order."""
        await self.show(lambda: serializers.order_payload(self.account.order(order_id)))

    async def put(self, order_id: str) -> None:
        """Modify a working order."""
        _, result = self.engine.modify_order(self.account_id, order_id, self.read(OrderChange))
        await self.commit(result, {"success": True, "message": f"{order_id} modified"})

    async def delete(self, order_id: str) -> None:
        """Cancel a working order."""
        _, result = self.engine.cancel_order(self.account_id, order_id)
        await self.commit(result, {"success": True, "message": f"{order_id} canceled"})


class PreviewOrderHandler(ApiHandler):
    """`/orders/preview`."""

    is_read_only = True

    async def post(self) -> None:
        """Show the cost of an order without placing it."""
        await self.show(lambda: self.engine.preview_order(self.account_id, self.read(PreOrder)))


class OrderHistoryHandler(ApiHandler):
    """`/orders/history`."""

    async def get(self) -> None:
        """List final orders; older ones come from the archive."""
        query, account = self.query(HistoryQuery), self.account
        found = len(queries.order_history(account, query))
        if has_all_orders(account, query, found):
            await self.show(lambda: queries.order_history(self.engine.account(account.id), query))
        else:
            self.reply(await self.services.archive.orders(account, query))
