"""The account, its money, its executions, and what the broker can do, over REST."""

from engine.models.broker.orders import HistoryQuery
from handlers.base import ApiHandler


class AccountHandler(ApiHandler):
    """`/account`."""

    def get(self) -> None:
        """Show who the account is."""
        self.reply(self.engine.account_info(self.account_id))


class AccountStateHandler(ApiHandler):
    """`/account/state`."""

    def get(self) -> None:
        """Show the account's money, marked now."""
        self.reply(self.engine.account_state(self.account_id))


class ExecutionsHandler(ApiHandler):
    """`/executions`."""

    def get(self) -> None:
        """List a page of executions."""
        self.reply(self.engine.executions(self.account_id, self.query(HistoryQuery)))


class SymbolExecutionsHandler(ApiHandler):
    """`/executions/{symbol}`."""

    def get(self, symbol: str) -> None:
        """List the executions of a symbol."""
        self.reply(self.engine.symbol_executions(self.account_id, symbol))


class BrokerConfigHandler(ApiHandler):
    """`/config` of the broker."""

    def get(self) -> None:
        """Show what this broker supports."""
        self.reply(self.engine.broker_config())


class InstrumentHandler(ApiHandler):
    """`/symbols/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show the trading facts of a symbol."""
        self.reply(self.engine.instrument_info(self.account_id, symbol))
