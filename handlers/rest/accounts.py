"""Accounts, their money, and the facts of the broker, over REST. `orders.py` has the simplest handlers."""

from engine.models.broker.account import AccountCreate, AccountReset
from handlers.base import ApiHandler
from handlers.permissions import Action, decide, is_visible


class AccountHandler(ApiHandler):
    """`/account`."""

    async def get(self) -> None:
        """Show the account."""
        await self.show(lambda: self.engine.account_info(self.account_id))


class AccountsHandler(ApiHandler):
    """`/accounts`."""

    async def get(self) -> None:
        """List the accounts that the caller may use."""
        await self.show(lambda: [one for one in self.engine.accounts() if is_visible(self.caller, one["id"])])

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
        await self.show(lambda: self.engine.account_state(self.account_id))


class BrokerConfigHandler(ApiHandler):
    """`/config` of the broker."""

    def get(self) -> None:
        """Show what this broker supports."""
        self.reply(self.engine.broker_config(self.account_id))


class InstrumentHandler(ApiHandler):
    """`/symbols/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show the trading facts of a symbol."""
        self.reply(self.engine.instrument_info(self.account_id, symbol))
