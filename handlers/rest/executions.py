"""Executions over REST. Older ones come from the archive (`archive.py`)."""

from engine.models.broker.orders import HistoryQuery
from handlers.base import ApiHandler
from handlers.rest.archive import has_all_executions


class ExecutionsHandler(ApiHandler):
    """`/executions`."""

    async def get(self) -> None:
        """List a page of executions; older ones come from the archive."""
        query, account = self.query(HistoryQuery), self.engine.account(self.account_id)
        found = len(self.engine.executions(account.id, query))
        if has_all_executions(account, query, found):
            await self.show(lambda: self.engine.executions(account.id, query))
        else:
            self.reply(await self.services.archive.executions(account, query))


class ExplainExecutionHandler(ApiHandler):
    """`/executions/{id}/explain`."""

    async def get(self, execution_id: str) -> None:
        """Explain the price of an execution."""
        await self.show(lambda: self.engine.explain(self.account_id, execution_id))


class SymbolExecutionsHandler(ApiHandler):
    """`/executions/{symbol}`."""

    async def get(self, symbol: str) -> None:
        """List the executions of a symbol."""
        await self.show(lambda: self.engine.symbol_executions(self.account_id, symbol))
