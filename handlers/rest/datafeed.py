"""Market data over REST. Long work is done in slices, so that the event loop serves other clients in between."""

import asyncio
from collections.abc import Iterator, Sequence

from engine.core import Engine
from engine.models.market.bars import BarsQuery, SparklinesRequest
from engine.models.market.instruments import ResolveRequest, SearchPageQuery, SearchQuery
from engine.models.market.quotes import QuotesRequest
from engine.topics import Payload
from handlers.base import ApiHandler
from handlers.turns import in_turns


async def bars_in_turns(engine: Engine, query: BarsQuery) -> Payload:
    """Return the bars of a query. Preparation, reading and the caller's work run in separate passes of the loop."""
    await in_turns(engine.market.prepare_bars(query, engine.now_ms()))
    reply = engine.market.bars(query, engine.now_ms())
    await asyncio.sleep(0)
    return reply


async def quotes_in_turns(engine: Engine, names: Sequence[str]) -> list[Payload]:
    """Return one QuoteData per name, in order, all at one market time. The work is divided by `in_turns`."""
    now_ms = engine.now_ms()
    found: list[Payload] = []

    def pieces() -> Iterator[None]:
        for name in names:
            found.extend(engine.market.quotes([name], now_ms))
            yield

    await in_turns(pieces())
    return found


async def sparklines_in_turns(engine: Engine, names: Sequence[str]) -> list[Payload]:
    """Return a Sparkline per name that has one, in order, all at one market time. The work is divided by `in_turns`."""
    now_ms = engine.now_ms()
    found: list[Payload] = []

    def pieces() -> Iterator[None]:
        for name in names:
            query = engine.market.sparkline_query(name, now_ms)
            if query is not None:
                yield from engine.market.prepare_bars(query, now_ms)
                found.append(engine.market.sparkline(query, now_ms))
                yield

    await in_turns(pieces())
    return found


class DatafeedConfigHandler(ApiHandler):
    """`/config` of the datafeed."""

    def get(self) -> None:
        """Show the features that the datafeed supports."""
        self.reply(self.engine.market.config())


class SearchHandler(ApiHandler):
    """`/search`."""

    def get(self) -> None:
        """Find symbols."""
        self.reply(self.engine.market.search(self.query(SearchQuery)))


class SearchPageHandler(ApiHandler):
    """`/search/page`."""

    def get(self) -> None:
        """Find symbols, page by page."""
        self.reply(self.engine.market.search_page(self.query(SearchPageQuery)))


class ResolveHandler(ApiHandler):
    """`/resolve/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show a symbol's session, scale and resolutions."""
        self.reply(self.engine.market.resolve(symbol))


class ResolveManyHandler(ApiHandler):
    """`/resolve`."""

    is_read_only = True

    def post(self) -> None:
        """Show the infos of the requested symbols; unknown names are left out."""
        self.reply_compressed(self.engine.market.resolve_known(self.read(ResolveRequest).symbols))


class BarsHandler(ApiHandler):
    """`/bars`."""

    async def get(self) -> None:
        """Show history."""
        query = self.query(BarsQuery)
        self.reply_compressed(await bars_in_turns(self.engine, query))


class SparklinesHandler(ApiHandler):
    """`/sparklines`."""

    is_read_only = True

    async def post(self) -> None:
        """Show the course of the day of the requested symbols; names without bars within a day are left out."""
        self.reply_compressed(await sparklines_in_turns(self.engine, self.read(SparklinesRequest).symbols))


class QuotesHandler(ApiHandler):
    """`/quotes`."""

    is_read_only = True

    async def post(self) -> None:
        """Show the current quotes of the requested symbols."""
        self.reply_compressed(await quotes_in_turns(self.engine, self.read(QuotesRequest).symbols))


class DepthHandler(ApiHandler):
    """`/depth/{symbol}`."""

    def get(self, symbol: str) -> None:
        """Show the order book."""
        self.reply(self.engine.market.depth_data(symbol, self.engine.now_ms()))


class TimeHandler(ApiHandler):
    """`/time`."""

    def get(self) -> None:
        """Show market time in whole seconds."""
        self.reply(self.engine.now_ms() // 1000)
