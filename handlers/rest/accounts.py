"""The account, its money, its executions, and what the broker can do, over REST."""

from engine.broker import queries, serializers
from engine.errors import Missing
from engine.models.broker.account import AccountCreate, AccountReset
from engine.models.broker.orders import HistoryQuery
from handlers.base import ApiHandler
from handlers.permissions import Action, decide, is_visible
from handlers.rest.archive import has_all_executions


class AccountHandler(ApiHandler):
    """`/account`."""

    async def get(self) -> None:
        """Show who the account is."""
        await self.show(lambda: serializers.account_payload(self.engine.account(self.account_id)))


class AccountsHandler(ApiHandler):
    """`/accounts`."""

    async def get(self) -> None:
        """List the accounts that the caller may use."""
        await self.show(
            lambda: [
                serializers.account_info(account)
                for account in self.engine.broker.accounts.values()
                if is_visible(self.caller, account.id)
            ]
        )

    def post(self) -> None:
        """Open an account."""
        request = self.read(AccountCreate)
        decide(self.caller, request.id, Action.OPEN)
        account, result = self.engine.create_account(request)
        self.commit(result, account)


class ResetAccountHandler(ApiHandler):
    """`/accounts/{id}/reset`."""

    def post(self, account_id: str) -> None:
        """Let an account start anew; the body may be absent."""
        account = self.permitted(account_id)
        request = self.read(AccountReset) if self.has_body else AccountReset()
        state, result = self.engine.reset_account(account, request)
        self.commit(result, state)


class DebugResetHandler(ApiHandler):
    """`/debug/reset`."""

    needs = "admin"

    def post(self) -> None:
        """Let the caller's account start anew as it was opened."""
        _, result = self.engine.reset_account(self.account_id, AccountReset())
        self.commit(result, {"success": True, "message": "the account was reset"})


class AccountStateHandler(ApiHandler):
    """`/account/state`."""

    async def get(self) -> None:
        """Show the account's money, marked now."""
        await self.show(lambda: serializers.equity_payload(self.engine.account(self.account_id), self.engine.view()))


class ExecutionsHandler(ApiHandler):
    """`/executions`."""

    async def get(self) -> None:
        """List a page of executions; what left memory comes from the archive."""
        query, account = self.query(HistoryQuery), self.engine.account(self.account_id)
        found = len(queries.executions(account, query))
        if has_all_executions(account, query, found):
            await self.show(lambda: queries.executions(self.engine.account(account.id), query))
        else:
            self.reply(await self.services.archive.executions(account, query))


class ExplainExecutionHandler(ApiHandler):
    """`/executions/{id}/explain`."""

    async def get(self, execution_id: str) -> None:
        """Show why a trade came out as it did."""
        await self.show(lambda: queries.explain(self.engine.account(self.account_id), execution_id))


class SymbolExecutionsHandler(ApiHandler):
    """`/executions/{symbol}`."""

    async def get(self, symbol: str) -> None:
        """List the executions of a symbol."""
        engine = self.engine
        await self.show(
            lambda: queries.symbol_executions(engine.account(self.account_id), engine.instrument(symbol, Missing))
        )


class BrokerConfigHandler(ApiHandler):
    """`/config` of the broker."""

    def get(self) -> None:
        """Show what this broker supports."""
        self.reply(queries.broker_config(self.engine.account(self.account_id).profile))


class InstrumentHandler(ApiHandler):
    """`/symbols/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show the trading facts of a symbol."""
        account_id, instrument = self.account_id, self.engine.instrument(symbol, Missing)
        leverage = self.engine.account(account_id).leverage_of(instrument.name)
        self.reply(queries.instrument_info(instrument, leverage))
