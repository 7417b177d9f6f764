"""Accounts, their money, and the facts of the broker, over REST. `orders.py` has the simplest handlers."""

from engine.broker import queries, serializers
from engine.errors import Missing
from engine.models.broker.account import AccountCreate, AccountReset, EquityHistoryQuery
from handlers.base import ApiHandler
from handlers.equity_history import equity_history
from handlers.permissions import Action, decide, is_visible


class AccountHandler(ApiHandler):
    """`/account`."""

    async def get(self) -> None:
        """Show the account."""
        await self.show(lambda: serializers.account_payload(self.account))


class AccountsHandler(ApiHandler):
    """`/accounts`."""

    async def get(self) -> None:
        """List the accounts that the caller may use; its own account is opened if needed."""
        self.permitted(None)
        await self.show(
            lambda: [
                serializers.account_info(account)
                for account in self.engine.broker.accounts.values()
                if is_visible(self.caller, account.id)
            ]
        )

    async def post(self) -> None:
        """Open an account."""
        request = self.read(AccountCreate)
        decide(self.caller, request.id, Action.OPEN)
        account, result = self.engine.create_account(request)
        await self.commit(result, account)


class ResetAccountHandler(ApiHandler):
    """`/accounts/{id}/reset`."""

    async def post(self, account_id: str) -> None:
        """Reset an account; the body may be absent."""
        account = self.permitted(account_id)
        request = self.read(AccountReset) if self.has_body else AccountReset()
        state, result = self.engine.reset_account(account, request)
        await self.commit(result, state)


class AccountStateHandler(ApiHandler):
    """`/account/state`."""

    async def get(self) -> None:
        """Show the account's money at current prices."""
        await self.show(lambda: serializers.equity_payload(self.account, self.engine.view()))


class EquityHistoryHandler(ApiHandler):
    """`/account/equity-history`."""

    async def get(self) -> None:
        """Show the account's equity over time."""
        query, account = self.query(EquityHistoryQuery), self.account
        self.reply(await equity_history(self.engine, account, query))


class BrokerConfigHandler(ApiHandler):
    """`/config` of the broker."""

    async def get(self) -> None:
        """Show the features that this broker supports."""
        await self.show(lambda: queries.broker_config(self.account.profile))


class InstrumentHandler(ApiHandler):
    """`/symbols/{symbol}`."""

    async def get(self, symbol: str) -> None:
        """Show the trading facts of a symbol."""
        instrument = self.engine.instrument(symbol, Missing)
        await self.show(lambda: queries.instrument_info(self.account, instrument, self.engine.view()))
