"""TradingView's Universal Data Feed protocol over REST, for charts with its standard adapter.

The adapter reads bodies and ignores statuses. A refusal is a 200 with `{"s": "error", "errmsg": ...}`, as in the
published servers. Only a defect of the server is a 500.
"""

from typing import Any

from pydantic import ValidationError

from engine.broker import queries
from engine.errors import Denied, Missing
from engine.market import udf
from engine.models.market.udf import (
    UdfGroupQuery,
    UdfHistoryQuery,
    UdfMarksQuery,
    UdfQuotesQuery,
    UdfSearchQuery,
    UdfSymbolQuery,
)
from engine.topics import Payload
from handlers.base import ApiHandler
from handlers.errors import first_issue
from handlers.rest.datafeed import bars_in_turns, quotes_in_turns

MAX_NAMES = 500


class UdfHandler(ApiHandler):
    """Base of the protocol's addresses."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a refusal in the form of the protocol, with status 200; any other error as a problem body."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        if isinstance(error, Denied | ValidationError):
            self.set_status(200)
            self.reply({"s": "error", "errmsg": _message(error)})
        else:
            super().write_error(status_code, **kwargs)


def _message(error: Denied | ValidationError) -> str:
    if isinstance(error, ValidationError):
        return first_issue(error)
    return "unknown_symbol" if isinstance(error, Missing) and error.reason == "UNKNOWN_SYMBOL" else error.message


class UdfConfigHandler(UdfHandler):
    """`/udf/config`."""

    def get(self) -> None:
        """Show the features that the feed supports."""
        market, has_broker = self.engine.market, "broker" in self.services.server_info.modules
        self.reply(udf.config(market.config(), has_broker, market.keeps_hours))


class UdfSymbolsHandler(UdfHandler):
    """`/udf/symbols`."""

    def get(self) -> None:
        """Resolve a symbol."""
        self.reply(udf.symbol(self.engine.market.resolve(self.query(UdfSymbolQuery).symbol)))


class UdfSymbolInfoHandler(UdfHandler):
    """`/udf/symbol_info`."""

    def get(self) -> None:
        """List the symbols of an exchange, as columns."""
        market, group = self.engine.market, self.query(UdfGroupQuery).group.upper()
        names = [one.name for one in market.instruments.values() if group in ("", one.exchange.upper())]
        self.reply(udf.symbol_columns(market.resolve(name) for name in names))


class UdfSearchHandler(UdfHandler):
    """`/udf/search`."""

    def get(self) -> None:
        """Find symbols."""
        self.reply(self.engine.market.search(udf.search_query(self.query(UdfSearchQuery))))


class UdfHistoryHandler(UdfHandler):
    """`/udf/history`."""

    async def get(self) -> None:
        """Show bars, as columns."""
        query = udf.bars_query(self.query(UdfHistoryQuery))
        self.reply(udf.history(await bars_in_turns(self.engine, query)))


class UdfQuotesHandler(UdfHandler):
    """`/udf/quotes`."""

    async def get(self) -> None:
        """Show the current quotes of the requested symbols."""
        names = [name for name in self.query(UdfQuotesQuery).symbols.split(",") if name][:MAX_NAMES]
        self.reply({"s": "ok", "d": await quotes_in_turns(self.engine, names)})


class UdfTimeHandler(UdfHandler):
    """`/udf/time`."""

    def get(self) -> None:
        """Show market time in whole seconds, a plain integer."""
        self.reply(self.engine.now_ms() // 1000)


class UdfMarksHandler(UdfHandler):
    """`/udf/marks`."""

    async def get(self) -> None:
        """Mark the executions of the caller's own account."""
        query = self.query(UdfMarksQuery)
        instrument = self.engine.instrument(query.symbol, Missing)

        def marks() -> list[Payload]:
            if "broker" not in self.services.server_info.modules:
                return []
            account = self.engine.account(self.permitted(None))
            return udf.marks(queries.symbol_executions(account, instrument), query)

        await self.show(marks)


class UdfTimescaleMarksHandler(UdfHandler):
    """`/udf/timescale_marks`."""

    def get(self) -> None:
        """Mark the days with irregular trading hours."""
        query = self.query(UdfMarksQuery)
        self.reply(udf.timescale_marks(self.engine.market.calendar(query.symbol), query))
