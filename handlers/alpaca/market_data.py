"""Historical market data over REST: bars, quotes and trades of `/v2/stocks` and `/v1beta3/crypto`.

A page is filled symbol by symbol. `next_page_token` names the symbol and the time at which the next page begins.
`latest_data.py` has the newest values, `market_shapes.py` the shapes.
"""

import base64
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from engine.errors import Missing, Reason
from engine.market.feeds.feed import NoPrice
from engine.models.market.bars import BarsQuery
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS, Quote
from engine.topics import Payload
from handlers.alpaca.assets import find_instrument, is_crypto, symbol_of
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import DAY_MS, Lower, read_time, time_text
from handlers.alpaca.market_shapes import bar_shape, quote_shape, trade_shape
from handlers.alpaca.requests import Body
from handlers.alpaca.timeframes import Timeframe, read_timeframe
from handlers.errors import ApiError
from handlers.services import Services
from handlers.turns import in_turns

MAX_SYMBOLS = 100
MAX_BARS = 5000
MAX_PRINTS = 2000
"""Quotes or trades of one page."""

Kind = Literal["bars", "quotes", "trades"]


class HistoryQuery(Body):
    """Query of historical data; `adjustment`, `feed` and `currency` are accepted and have no effect."""

    symbols: str | None = None
    timeframe: str = "1Min"
    start: str | None = None
    end: str | None = None
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000
    sort: Annotated[Literal["asc", "desc"], Lower] = "asc"
    page_token: str | None = None


class Range(NamedTuple):
    """The times of a request in epoch milliseconds, both inclusive; `limit` is how many rows are wanted."""

    start_ms: int
    end_ms: int
    limit: int
    is_descending: bool


class Place(NamedTuple):
    """Begin of the next page: the symbol, and the time of its first row."""

    symbol: str
    time_ms: int


class MarketHandler(AlpacaHandler):
    """Base of the handlers of market data; crypto data needs no credentials, because ccxt sends none."""

    def initialize(self, services: Services, market: Literal["stocks", "crypto"]) -> None:  # type: ignore[override]
        """Store the services and the market: stocks, or crypto."""
        super().initialize(services)
        self.market = market

    @property
    def is_public(self) -> bool:
        """Whether the address needs no credentials."""
        return self.market == "crypto"

    def instruments(self, text: str | None) -> list[Instrument]:
        """Return the instruments of comma-separated symbols. Raises: ApiError 422; Missing UNKNOWN_SYMBOL."""
        names = [name for name in (text or "").split(",") if name]
        if not 1 <= len(names) <= MAX_SYMBOLS:
            raise ApiError(422, f"symbols must name 1 to {MAX_SYMBOLS} symbols")
        return [self.one_instrument(name) for name in dict.fromkeys(names)]

    def one_instrument(self, name: str) -> Instrument:
        """Return the instrument of a symbol of this market. Raises: Missing UNKNOWN_SYMBOL."""
        instrument = find_instrument(self.engine, name, Missing)
        if is_crypto(instrument) != (self.market == "crypto"):
            raise Missing(Reason.UNKNOWN_SYMBOL, f"{name} does not belong to {self.market}")
        return instrument


class HistoryHandler(MarketHandler):
    """`/{kind}` of several symbols."""

    def initialize(self, services: Services, market: Literal["stocks", "crypto"], kind: Kind) -> None:  # type: ignore[override]
        """Store the services, the market and the kind of data."""
        super().initialize(services, market)
        self._kind = kind

    async def get(self, *path: str) -> None:
        """List the rows of each symbol, the oldest first; of one symbol if the path names it."""
        query = self.query(HistoryQuery)
        rows, token = await self._page(self._instruments(path, query), query)
        if self.market == "crypto" or not path:
            self.reply({self._kind: rows, "next_page_token": token})
        else:
            (symbol,) = path
            found = next(iter(rows.values()), [])
            self.reply({self._kind: found, "symbol": symbol.upper(), "next_page_token": token})

    def _instruments(self, path: tuple[str, ...], query: HistoryQuery) -> list[Instrument]:
        """Return the instruments in their order of a page; a crypto path names a location, which has no effect."""
        is_single = bool(path) and self.market == "stocks"
        return sorted(self.instruments(path[0] if is_single else query.symbols), key=symbol_of)

    async def _page(
        self, instruments: list[Instrument], query: HistoryQuery
    ) -> tuple[dict[str, list[dict[str, Any]]], str | None]:
        """Return the rows by symbol, and the token of the next page, None after the last one."""
        now_ms = self.engine.now_ms()
        start, end = read_time("start", query.start), read_time("end", query.end)
        whole = Range(
            now_ms - now_ms % DAY_MS if start is None else start,
            min(now_ms, end or now_ms),
            query.limit,
            query.sort == "desc",
        )
        place = read_token(query.page_token)
        found: dict[str, list[dict[str, Any]]] = {}
        left = query.limit
        for instrument in instruments:
            symbol = symbol_of(instrument)
            if place is not None and symbol < place.symbol:
                continue
            if not left:
                return found, token_of(Place(symbol, -1))
            wanted = resumed(whole._replace(limit=left), place if place and place.symbol == symbol else None)
            rows, next_ms = await self._rows(instrument, wanted, query)
            if rows:
                found[symbol] = rows
            left -= len(rows)
            if next_ms is not None:
                return found, token_of(Place(symbol, next_ms))
        return found, None

    async def _rows(
        self, instrument: Instrument, wanted: Range, query: HistoryQuery
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Return rows of one symbol, and the time of the next one if there are more."""
        if self._kind == "bars":
            frame = read_timeframe(query.timeframe)
            bars = await self._bars(instrument, wanted, frame)
            shown = [bar_shape(bar, instrument, time_text) for bar in bars[: wanted.limit]]
            return shown, bars[wanted.limit]["time"] if len(bars) > wanted.limit else None
        shape = quote_shape if self._kind == "quotes" else trade_shape
        quotes = await self._quotes(instrument, wanted)
        most = min(wanted.limit, MAX_PRINTS)
        rows = [shape(quote, instrument, time_text) for quote in quotes[:most]]
        return rows, quotes[most].time_ms if len(quotes) > most else None

    async def _bars(self, instrument: Instrument, wanted: Range, frame: Timeframe) -> list[Payload]:
        """Return up to one bar more than wanted, in the wanted order."""
        market, now_ms = self.engine.market, self.engine.now_ms()
        found: list[Payload] = []
        span_ms = frame.length_ms * max(1, min(MAX_BARS // frame.parts - 2, 2 * wanted.limit + 2))
        low, high = wanted.start_ms, wanted.end_ms
        while low <= high and len(found) <= wanted.limit:
            first = max(low, high - span_ms) if wanted.is_descending else low
            last = high if wanted.is_descending else min(high, low + span_ms - 1)
            query = BarsQuery(symbol=instrument.name, resolution=frame.resolution, from_time=first, to_time=last + 1)
            await in_turns(market.prepare_bars(query, now_ms))
            bars = frame.join(market.bars(query, now_ms)["bars"])
            found += reversed(bars) if wanted.is_descending else bars
            low, high = (low, first - 1) if wanted.is_descending else (last + 1, high)
            span_ms *= 2
        return found

    async def _quotes(self, instrument: Instrument, wanted: Range) -> list[Quote]:
        """Return up to one quote more than a page has, in the wanted order."""
        quotes: dict[int, Quote] = {}
        most = min(wanted.limit, MAX_PRINTS) + 1

        def pieces() -> Iterator[None]:
            for time_ms in _grid(wanted):
                with suppress(NoPrice):
                    quote = self.engine.market.quote(instrument.name, time_ms)
                    if wanted.start_ms <= quote.time_ms <= wanted.end_ms:
                        quotes.setdefault(quote.time_ms, quote)
                if len(quotes) >= most:
                    return
                yield

        await in_turns(pieces())
        return list(quotes.values())


def _grid(wanted: Range) -> Iterator[int]:
    """Yield the times of the prints in a range, at most as many as four pages could have."""
    first, last = -(-wanted.start_ms // PRINT_MS), wanted.end_ms // PRINT_MS
    times = range(last, first - 1, -1) if wanted.is_descending else range(first, last + 1)
    yield from (number * PRINT_MS for number in times[: 4 * MAX_PRINTS])


def resumed(wanted: Range, place: Place | None) -> Range:
    """Return the rest of a range from the place of a page token."""
    if place is None or place.time_ms < 0:
        return wanted
    return wanted._replace(end_ms=place.time_ms) if wanted.is_descending else wanted._replace(start_ms=place.time_ms)


def token_of(place: Place) -> str:
    """Return the page token of a place."""
    return base64.urlsafe_b64encode(f"{place.symbol}|{place.time_ms}".encode()).decode()


def read_token(token: str | None) -> Place | None:
    """Return the place of a page token. Raises: ApiError 422."""
    if not token:
        return None
    try:
        symbol, _, time_ms = base64.urlsafe_b64decode(token).decode().rpartition("|")
        return Place(symbol, int(time_ms))
    except ValueError:
        raise ApiError(422, "page_token is not one of this server's") from None
