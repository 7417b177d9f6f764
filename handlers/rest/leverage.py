"""Leverage over REST."""

from engine.models.broker.leverage import LeverageQuery, LeverageSetParams
from handlers.base import ApiHandler


class LeverageInfoHandler(ApiHandler):
    """`/leverage/info`."""

    async def get(self) -> None:
        """Show the leverage of a symbol."""
        await self.show(lambda: self.engine.leverage_info(self.account_id, self.query(LeverageQuery).symbol))


class SetLeverageHandler(ApiHandler):
    """`/leverage/set`."""

    async def put(self) -> None:
        """Change the leverage of a symbol."""
        leverage, result = self.engine.set_leverage(self.account_id, self.read(LeverageSetParams))
        await self.commit(result, {"leverage": leverage})


class PreviewLeverageHandler(ApiHandler):
    """`/leverage/preview`."""

    is_question = True

    def post(self) -> None:
        """Show the effect of another leverage without setting it."""
        self.reply(self.engine.preview_leverage(self.account_id, self.read(LeverageSetParams)))
