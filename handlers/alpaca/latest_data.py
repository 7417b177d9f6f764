"""The newest market data over REST: latest bars, quotes, trades and order books, and snapshots."""

from collections.abc import Callable
from typing import Any, Literal

from engine.core import Engine
from engine.market.feeds.feed import NoPrice
from engine.models.market.bars import BarsQuery
from engine.models.market.instruments import Instrument
from handlers.alpaca.assets import symbol_of
from handlers.alpaca.formats import time_text
from handlers.alpaca.market_data import MarketHandler
from handlers.alpaca.market_shapes import bar_shape, book_shape, quote_shape, trade_shape
from handlers.services import Services

Shape = dict[str, Any]


def latest_quote(engine: Engine, instrument: Instrument) -> Shape:
    """Return the current quote. Raises: NoPrice."""
    return quote_shape(engine.market.quote(instrument.name, engine.now_ms()), instrument, time_text)


def latest_trade(engine: Engine, instrument: Instrument) -> Shape:
    """Return the last price as a trade. Raises: NoPrice."""
    return trade_shape(engine.market.quote(instrument.name, engine.now_ms()), instrument, time_text)


def latest_book(engine: Engine, instrument: Instrument) -> Shape:
    """Return the order book. Raises: NoPrice."""
    return book_shape(engine.view().depth(instrument.name), instrument, time_text)


def latest_bar(engine: Engine, instrument: Instrument, resolution: str = "1", back: int = 0) -> Shape | None:
    """Return the forming bar, or the one `back` bars before it; None at the beginning of history."""
    query = BarsQuery(symbol=instrument.name, resolution=resolution, count_back=back + 1)
    bars = engine.market.bars(query, engine.now_ms())["bars"]
    return bar_shape(bars[0], instrument, time_text) if len(bars) > back else None


LATEST: dict[str, Callable[[Engine, Instrument], Shape | None]] = {
    "bars": latest_bar,
    "quotes": latest_quote,
    "trades": latest_trade,
    "orderbooks": latest_book,
}


class LatestHandler(MarketHandler):
    """The newest value of a kind, of several symbols or of one."""

    def initialize(self, services: Services, market: Literal["stocks", "crypto"], kind: str) -> None:  # type: ignore[override]
        """Store the services, the market and the kind of data."""
        super().initialize(services, market)
        self._kind = kind

    def get(self, *path: str) -> None:
        """Show the newest values; a symbol without a price is left out."""
        if path and self.market == "stocks":
            instrument = self.one_instrument(path[0])
            value = LATEST[self._kind](self.engine, instrument)
            self.reply({"symbol": symbol_of(instrument), self._kind.removesuffix("s"): value})
            return
        found = {}
        for instrument in self.instruments(self.arguments.get("symbols")):
            try:
                value = LATEST[self._kind](self.engine, instrument)
            except NoPrice:
                continue
            if value is not None:
                found[symbol_of(instrument)] = value
        self.reply({self._kind: found})


class SnapshotHandler(MarketHandler):
    """Newest trade, quote and bars together, of several symbols or of one."""

    def get(self, *path: str) -> None:
        """Show the snapshots."""
        if path and self.market == "stocks":
            instrument = self.one_instrument(path[0])
            self.reply({"symbol": symbol_of(instrument), **self._snapshot(instrument)})
            return
        found = {symbol_of(one): self._snapshot(one) for one in self.instruments(self.arguments.get("symbols"))}
        self.reply({"snapshots": found} if self.market == "crypto" else found)

    def _snapshot(self, instrument: Instrument) -> Shape:
        engine = self.engine
        try:
            values = {
                "latestTrade": latest_trade(engine, instrument),
                "latestQuote": latest_quote(engine, instrument),
                "minuteBar": latest_bar(engine, instrument),
                "dailyBar": latest_bar(engine, instrument, "1D"),
                "prevDailyBar": latest_bar(engine, instrument, "1D", 1),
            }
        except NoPrice:
            return {}
        return {name: value for name, value in values.items() if value is not None}
