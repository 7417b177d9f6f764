"""Market data over REST."""

from engine.models.market.queries import BarsQuery, SearchQuery
from engine.models.market.quotes import QuotesRequest
from handlers.base import ApiHandler


class DatafeedConfigHandler(ApiHandler):
    """`/config` of the datafeed."""

    def get(self) -> None:
        """Show what the datafeed supports."""
        self.reply(self.engine.market.config())


class SearchHandler(ApiHandler):
    """`/search`."""

    def get(self) -> None:
        """Find symbols."""
        self.reply(self.engine.market.search(self.query(SearchQuery)))


class ResolveHandler(ApiHandler):
    """`/resolve/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show a symbol's session, scale and resolutions."""
        self.reply(self.engine.market.resolve(symbol))


class BarsHandler(ApiHandler):
    """`/bars`."""

    def get(self) -> None:
        """Show history."""
        self.reply(self.engine.bars(self.query(BarsQuery)))


class QuotesHandler(ApiHandler):
    """`/quotes`."""

    is_question = True

    def post(self) -> None:
        """Show the current quotes of the asked symbols."""
        self.reply(self.engine.market_quotes(list(self.read(QuotesRequest).symbols)))


class TimeHandler(ApiHandler):
    """`/time`."""

    def get(self) -> None:
        """Show market time in whole seconds."""
        self.reply(self.engine.now_ms() // 1000)
