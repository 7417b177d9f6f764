"""The account of a key: `/v2/account` and its configurations."""

from typing import Any

from engine.broker import margin
from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import money_text, time_text
from handlers.alpaca.ids import named_uuid

ALWAYS: dict[str, Any] = {
    "status": "ACTIVE",
    "crypto_status": "ACTIVE",
    "options_buying_power": "0",
    "sma": "0",
    "shorting_enabled": True,
    "pattern_day_trader": False,
    "daytrade_count": 0,
    "trading_blocked": False,
    "transfers_blocked": False,
    "account_blocked": False,
    "trade_suspended_by_user": False,
    "accrued_fees": "0",
}
"""Fields of every account, whose rules this broker does not have."""


def account_shape(account: Account, market: MarketView) -> dict[str, Any]:
    """Return an Account; `last_equity` is the balance at the beginning of the day (UTC)."""
    margins, funds, leverage = margin.assess(account, market), account.funds, account.profile.leverage
    values = [
        holding.qty * mark_price(holding.qty, market.quote(name), account.profile.mark) * one.instrument.money_factor
        for name, one in account.positions.items()
        for holding in (one.holding,)
    ]
    equity, used = money_text(margins.equity), money_text(margins.used)
    buying_power = money_text(max(0, margins.free) * leverage)
    return {
        "id": named_uuid("account", account.id),
        "account_number": account.id,
        "currency": account.currency,
        "cash": money_text(funds.cash),
        "equity": equity,
        "last_equity": money_text(funds.day_balance),
        "portfolio_value": equity,
        "buying_power": buying_power,
        "regt_buying_power": buying_power,
        "daytrading_buying_power": buying_power,
        "non_marginable_buying_power": money_text(max(0, margins.free)),
        "long_market_value": money_text(sum(value for value in values if value > 0)),
        "short_market_value": money_text(sum(value for value in values if value < 0)),
        "position_market_value": money_text(sum(map(abs, values))),
        "initial_margin": money_text(margins.used + margins.reserved),
        "maintenance_margin": used,
        "last_maintenance_margin": used,
        "multiplier": str(leverage),
        "created_at": time_text(account.began.time_ms),
        **ALWAYS,
    }


class AccountHandler(AlpacaHandler):
    """`/v2/account`."""

    async def get(self) -> None:
        """Show the account and its money."""
        await self.show(lambda: account_shape(self.account, self.view))


class ConfigurationsHandler(AlpacaHandler):
    """`/v2/account/configurations`."""

    def get(self) -> None:
        """Show the account's configuration."""
        self.reply(
            {
                "dtbp_check": "entry",
                "pdt_check": "entry",
                "trade_confirm_email": "none",
                "suspend_trade": False,
                "no_shorting": False,
                "fractional_trading": True,
                "max_margin_multiplier": str(self.account.profile.leverage),
                "ptp_no_exception_entry": False,
                "max_options_trading_level": 0,
                "disable_overnight_trading": False,
            }
        )
