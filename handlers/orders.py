"""Orders over REST."""

from engine.models.broker.orders import CancelQuery, HistoryQuery, PreOrder
from handlers.base import ApiHandler


class OrdersHandler(ApiHandler):
    """`/orders`."""

    def get(self) -> None:
        """List the session's orders."""
        self.reply(self.engine.orders(self.account_id))

    async def post(self) -> None:
        """Place an order."""
        order_id = await self.commit(self.engine.place_order(self.account_id, self.read(PreOrder)))
        self.reply({"orderId": order_id})

    async def delete(self) -> None:
        """Cancel the matching working orders."""
        count = await self.commit(self.engine.cancel_orders(self.account_id, self.query(CancelQuery)))
        self.reply({"success": True, "message": f"{count} orders canceled"})


class OrderHandler(ApiHandler):
    """`/orders/{id}`."""

    def get(self, order_id: str) -> None:
        """Show one order."""
        self.reply(self.engine.order(self.account_id, order_id))

    async def put(self, order_id: str) -> None:
        """Modify a working order."""
        await self.commit(self.engine.modify_order(self.account_id, order_id, self.read(PreOrder)))
        self.reply({"success": True, "message": f"{order_id} modified"})

    async def delete(self, order_id: str) -> None:
        """Cancel a working order."""
        await self.commit(self.engine.cancel_order(self.account_id, order_id))
        self.reply({"success": True, "message": f"{order_id} canceled"})


class PreviewOrderHandler(ApiHandler):
    """`/orders/preview`."""

    is_question = True

    def post(self) -> None:
        """Show what an order would cost."""
        self.reply(self.engine.preview_order(self.account_id, self.read(PreOrder)))


class OrderHistoryHandler(ApiHandler):
    """`/orders/history`."""

    def get(self) -> None:
        """List final orders."""
        self.reply(self.engine.order_history(self.account_id, self.query(HistoryQuery)))


class ExecuteOrdersHandler(ApiHandler):
    """`/debug/execute-orders`."""

    needs = "admin"

    async def post(self) -> None:
        """Execute every working order of the simulator accounts."""
        await self.commit(self.engine.execute_orders())
        self.reply({"success": True, "message": None})
