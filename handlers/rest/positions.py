"""Positions over REST."""

from engine.broker import queries
from engine.models.broker.positions import ClosePositionRequest, CloseQuery, EditBracketsRequest
from handlers.base import ApiHandler


class PositionsHandler(ApiHandler):
    """`/positions`."""

    async def get(self) -> None:
        """List open positions."""
        await self.show(lambda: queries.positions(self.engine.account(self.account_id), self.engine.view()))


class ClosingHandler(ApiHandler):
    """What the addresses share that close positions."""

    def close(self, position_id: str, amount: float | None) -> None:
        """Send the closing order and answer."""
        _, result = self.engine.close_position(self.account_id, position_id, amount)
        self.commit(result, {"success": True, "message": f"closing {position_id}"})


class PositionHandler(ClosingHandler):
    """`/positions/{id}`."""

    def delete(self, position_id: str) -> None:
        """Close a position, or `amount` of it."""
        self.close(position_id, self.query(CloseQuery).amount)


class ClosePositionHandler(ClosingHandler):
    """`/positions/{id}/close`."""

    def post(self, position_id: str) -> None:
        """Close a position, or `amount` of it; the body may be absent."""
        request = self.read(ClosePositionRequest) if self.has_body else ClosePositionRequest()
        self.close(position_id, request.amount)


class ReversePositionHandler(ApiHandler):
    """`/positions/{id}/reverse`."""

    def post(self, position_id: str) -> None:
        """Turn a position around."""
        _, result = self.engine.reverse_position(self.account_id, position_id)
        self.commit(result, {"success": True, "message": f"reversing {position_id}"})


class PositionBracketsHandler(ApiHandler):
    """`/positions/{id}/brackets`."""

    def put(self, position_id: str) -> None:
        """Give a position other brackets."""
        account_id, prices = self.account_id, self.read(EditBracketsRequest).edited()
        _, result = self.engine.edit_brackets(account_id, position_id, prices)
        self.commit(result, {"success": True, "message": f"brackets of {position_id} changed"})
