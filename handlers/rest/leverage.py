"""Leverage over REST."""

from engine.broker import queries
from engine.models.broker.leverage import LeverageQuery, LeverageSetParams
from handlers.base import ApiHandler


class LeverageInfoHandler(ApiHandler):
    """`/leverage/info`."""

    async def get(self) -> None:
        """Show the leverage of a symbol."""
        engine, account_id, name = self.engine, self.account_id, self.query(LeverageQuery).symbol
        await self.show(lambda: queries.leverage_info(engine.account(account_id), engine.instrument(name)))


class SetLeverageHandler(ApiHandler):
    """`/leverage/set`."""

    def put(self) -> None:
        """Change the leverage of a symbol."""
        leverage, result = self.engine.set_leverage(self.account_id, self.read(LeverageSetParams))
        self.commit(result, {"leverage": leverage})


class PreviewLeverageHandler(ApiHandler):
    """`/leverage/preview`."""

    is_question = True

    def post(self) -> None:
        """Show what another leverage would mean."""
        engine, account_id, request = self.engine, self.account_id, self.read(LeverageSetParams)
        account, instrument = engine.account(account_id), engine.instrument(request.symbol)
        self.reply(queries.leverage_preview(account, instrument, request.leverage, engine.view()))
