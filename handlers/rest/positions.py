"""Positions over REST."""

from engine.broker import queries, serializers
from engine.models.broker.positions import ClosePositionRequest, CloseQuery, EditBracketsRequest
from handlers.base import ApiHandler


class PositionsHandler(ApiHandler):
    """`/positions`."""

    async def get(self) -> None:
        """List open positions."""
        await self.show(lambda: queries.positions(self.account, self.engine.view()))


class ClosingHandler(ApiHandler):
    """Base of the handlers that close positions."""

    async def close(self, position_id: str, amount: float | None) -> None:
        """Place the closing order and answer."""
        _, result = self.engine.close_position(self.account_id, position_id, amount)
        await self.commit(result, {"success": True, "message": f"closing {position_id}"})


class PositionHandler(ClosingHandler):
    """`/positions/{id}`."""

    async def delete(self, position_id: str) -> None:
        """Close a position, or `amount` of it."""
        await self.close(position_id, self.query(CloseQuery).amount)


class ClosePositionHandler(ClosingHandler):
    """`/positions/{id}/close`."""

    async def post(self, position_id: str) -> None:
        """Close a position, or `amount` of it; the body may be absent."""
        request = self.read(ClosePositionRequest) if self.has_body else ClosePositionRequest()
        await self.close(position_id, request.amount)


class IndividualPositionsHandler(ApiHandler):
    """`/individual-positions`."""

    async def get(self) -> None:
        """List the open individual positions."""
        await self.show(lambda: serializers.individual_payloads(self.account, self.engine.view()))


class IndividualClosingHandler(ClosingHandler):
    """Base of the handlers that close individual positions."""

    async def close(self, position_id: str, amount: float | None) -> None:
        """Place the closing order and answer."""
        _, result = self.engine.close_individual_position(self.account_id, position_id, amount)
        await self.commit(result, {"success": True, "message": f"closing {position_id}"})


class IndividualPositionHandler(IndividualClosingHandler, PositionHandler):
    """`/individual-positions/{id}`."""


class CloseIndividualPositionHandler(IndividualClosingHandler, ClosePositionHandler):
    """`/individual-positions/{id}/close`."""


class IndividualPositionBracketsHandler(ApiHandler):
    """`/individual-positions/{id}/brackets`."""

    async def put(self, position_id: str) -> None:
        """Replace the brackets of an individual position."""
        account_id, prices = self.account_id, self.read(EditBracketsRequest).edited()
        _, result = self.engine.edit_individual_brackets(account_id, position_id, prices)
        await self.commit(result, {"success": True, "message": f"brackets of {position_id} changed"})


class ReversePositionHandler(ApiHandler):
    """`/positions/{id}/reverse`."""

    async def post(self, position_id: str) -> None:
        """Reverse a position."""
        _, result = self.engine.reverse_position(self.account_id, position_id)
        await self.commit(result, {"success": True, "message": f"reversing {position_id}"})


class PositionBracketsHandler(ApiHandler):
    """`/positions/{id}/brackets`."""

    async def put(self, position_id: str) -> None:
        """Replace the brackets of a position."""
        account_id, prices = self.account_id, self.read(EditBracketsRequest).edited()
        _, result = self.engine.edit_brackets(account_id, position_id, prices)
        await self.commit(result, {"success": True, "message": f"brackets of {position_id} changed"})
