"""Leverage over REST."""

from engine.broker import queries
from engine.models.broker.leverage import LeverageQuery, LeverageSetParams
from engine.topics import Payload
from handlers.base import ApiHandler


class LeverageInfoHandler(ApiHandler):
    """`/leverage/info`."""

    async def get(self) -> None:
        """Show the leverage of a symbol."""
        symbol = self.query(LeverageQuery).symbol
        await self.show(lambda: queries.leverage_info(self.account, self.engine.instrument(symbol)))


class SetLeverageHandler(ApiHandler):
    """`/leverage/set`."""

    async def put(self) -> None:
        """Change the leverage of a symbol."""
        leverage, result = self.engine.set_leverage(self.account_id, self.read(LeverageSetParams))
        await self.commit(result, {"leverage": leverage})


class PreviewLeverageHandler(ApiHandler):
    """`/leverage/preview`."""

    is_read_only = True

    async def post(self) -> None:
        """Show the effect of another leverage without setting it."""
        await self.show(self._preview)

    def _preview(self) -> Payload:
        account, request = self.account, self.read(LeverageSetParams)
        instrument = self.engine.instrument(request.symbol)
        return queries.leverage_preview(account, instrument, request.leverage, self.engine.view())
