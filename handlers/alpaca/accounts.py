"""The account of a key: `/v2/account`, its configurations, and its equity over time."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from engine.broker import margin
from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.position import OpenPosition
from engine.models.broker.account import EquityHistoryQuery
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import DAY_MS, money_text, read_time, time_text
from handlers.alpaca.ids import named_uuid
from handlers.alpaca.requests import Body
from handlers.equity_history import equity_history
from handlers.errors import ApiError

RESOLUTIONS = {"1Min": "1", "5Min": "5", "15Min": "15", "1H": "60", "1D": "1D"}
"""Timeframes of the portfolio history, as resolutions of the equity history."""

PERIOD = re.compile(r"([1-9]\d{0,2})([DWMA])")
PERIOD_DAYS = {"D": 1, "W": 7, "M": 30, "A": 365}

ALWAYS: dict[str, Any] = {
    "status": "ACTIVE",
    "crypto_status": "ACTIVE",
    "options_buying_power": "0",
    "sma": "0",
    "pattern_day_trader": False,
    "daytrade_count": 0,
    "trading_blocked": False,
    "transfers_blocked": False,
    "account_blocked": False,
    "accrued_fees": "0",
}
"""Fields that are the same for every account, because this broker does not have their rules."""

PROFILE_FIELDS = {"suspend_trade": "suspended", "no_shorting": "long_only", "max_margin_multiplier": "leverage"}
"""By field of a configuration: the rule of the account that it changes."""


class ConfigurationBody(Body):
    """Body of `PATCH /v2/account/configurations`."""

    suspend_trade: bool | None = None
    no_shorting: bool | None = None
    max_margin_multiplier: Annotated[float, Field(ge=1, le=100), AfterValidator(int)] | None = None


class HistoryQuery(Body):
    """Query of the portfolio history; the other fields of Alpaca are accepted and have no effect."""

    period: str | None = None
    timeframe: Literal["1Min", "5Min", "15Min", "1H", "1D"] | None = None
    start: str | None = None
    end: str | None = None
    date_end: str | None = None


def account_shape(account: Account, market: MarketView) -> dict[str, Any]:
    """Return an Account; `last_equity` is the balance at the beginning of the day (UTC).

    `cash` and the market values add up to `equity`, also where positions are in other currencies.
    """
    margins, funds, leverage = margin.assess(account, market), account.funds, account.profile.leverage
    values = [market_value(account, position, market) for position in account.positions.values()]
    equity, used = money_text(margins.equity), money_text(margins.used)
    buying_power = money_text(max(0, margins.free) * leverage)
    return {
        "id": named_uuid("account", account.id),
        "account_number": account.id,
        "currency": account.currency,
        "cash": money_text(margins.equity - sum(values)),
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
        "shorting_enabled": not account.profile.long_only,
        "trade_suspended_by_user": account.profile.suspended,
        "created_at": time_text(account.began.time_ms),
        **ALWAYS,
    }


def market_value(account: Account, position: OpenPosition, market: MarketView) -> int:
    """Return the signed value of a position at its mark, in money units of the account's currency."""
    qty, instrument = position.holding.qty, position.instrument
    mark = mark_price(qty, market.quote(instrument.name), account.profile.mark)
    return margin.amount_of(position, qty * mark * instrument.money_factor, mark, market)


def configuration_shape(account: Account) -> dict[str, Any]:
    """Return AccountConfigurations."""
    profile = account.profile
    return {
        "dtbp_check": "entry",
        "pdt_check": "entry",
        "trade_confirm_email": "none",
        "suspend_trade": profile.suspended,
        "no_shorting": profile.long_only,
        "fractional_trading": True,
        "max_margin_multiplier": str(profile.leverage),
        "ptp_no_exception_entry": False,
        "max_options_trading_level": 0,
        "disable_overnight_trading": False,
    }


def read_period(text: str) -> int:
    """Return the length of a period such as 1D, 2W, 3M or 1A in milliseconds. Raises: ApiError 422."""
    found = PERIOD.fullmatch(text)
    if found is None:
        raise ApiError(422, f"Invalid format for parameter period: {text[:16]} is not one such as 1D, 1W, 1M or 1A")
    return int(found[1]) * PERIOD_DAYS[found[2]] * DAY_MS


class AccountHandler(AlpacaHandler):
    """`/v2/account`."""

    async def get(self) -> None:
        """Show the account and its money."""
        await self.show(lambda: account_shape(self.account, self.view))


class ConfigurationsHandler(AlpacaHandler):
    """`/v2/account/configurations`."""

    async def get(self) -> None:
        """Show the account's configuration."""
        await self.show(lambda: configuration_shape(self.account))

    async def patch(self) -> None:
        """Change rules of the account. Fields that are no rule here are accepted and have no effect."""
        body, account = self.read(ConfigurationBody), self.account
        changes = {rule: value for name, rule in PROFILE_FIELDS.items() if (value := getattr(body, name)) is not None}
        if changes:
            profile = account.profile.model_copy(update=changes)
            await self.store(self.engine.change_profile(account.id, profile).result)
        self.reply(configuration_shape(self.account))


class PortfolioHistoryHandler(AlpacaHandler):
    """`/v2/account/portfolio/history`."""

    async def get(self) -> None:
        """Show the equity over time, and the profit since the beginning of the range."""
        query, now_ms = self.query(HistoryQuery), self.engine.now_ms()
        start, end = read_time("start", query.start), read_time("end", query.end or query.date_end)
        end_ms = min(now_ms, end or now_ms)
        if start is None:
            start = end_ms - read_period(query.period or "1M")
        timeframe = query.timeframe or ("1Min" if end_ms - start <= 7 * DAY_MS else "1D")
        fields = {"resolution": RESOLUTIONS[timeframe], "from": start, "to": end_ms}
        history = await equity_history(self.engine, self.account, EquityHistoryQuery.model_validate(fields))
        points = history["points"]
        base = points[0]["equity"] if points else 0.0
        gains = [round(one["equity"] - base, 2) for one in points]
        self.reply(
            {
                "timestamp": [one["time"] // 1000 for one in points],
                "equity": [one["equity"] for one in points],
                "profit_loss": gains,
                "profit_loss_pct": [round(gain / base, 6) if base else 0.0 for gain in gains],
                "base_value": base,
                "timeframe": timeframe,
            }
        )
