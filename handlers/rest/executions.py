"""Executions over REST. Older ones come from the archive (`archive.py`)."""

from engine.broker import queries
from engine.errors import Missing
from engine.models.broker.orders import HistoryQuery
from handlers.base import ApiHandler
from handlers.rest.archive import has_all_executions


class ExecutionsHandler(ApiHandler):
    """`/executions`."""

    async def get(self) -> None:
        """List a page of executions; older ones come from the archive."""
        query, account = self.query(HistoryQuery), self.account
        found = len(queries.executions(account, query))
        if has_all_executions(account, query, found):
            await self.show(lambda: queries.executions(self.engine.account(account.id), query))
        else:
            self.reply(await self.services.archive.executions(account, query))


class ExplainExecutionHandler(ApiHandler):
    """`/executions/{id}/explain`."""

    async def get(self, execution_id: str) -> None:
        """Explain the price of an execution."""
        await self.show(lambda: queries.explain(self.account, execution_id))


class SymbolExecutionsHandler(ApiHandler):
    """`/executions/{symbol}`."""

    async def get(self, symbol: str) -> None:
        """List the executions of a symbol."""
        await self.show(lambda: queries.symbol_executions(self.account, self.engine.instrument(symbol, Missing)))
