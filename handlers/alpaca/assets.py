"""Assets: instruments under Alpaca's symbols, classes and exchanges, and the handlers of `/v2/assets`.

A crypto pair is BTC/USD here; BTCUSD is read too. Alpaca has no class for currency pairs, futures or indexes; they are
shown as `us_equity` on the exchange OTC.
"""

from typing import Any

from engine.core import Engine
from engine.errors import Denied, Missing
from engine.models.market.instruments import Instrument
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import decimal_text
from handlers.alpaca.ids import named_uuid

EXCHANGES = frozenset(("NASDAQ", "NYSE", "NYSEARCA", "ARCA", "AMEX", "BATS", "CRYPTO"))
"""Exchanges of Alpaca; an instrument of another one is shown on OTC."""


def is_crypto(instrument: Instrument) -> bool:
    """Whether an instrument is a crypto pair, with addresses of its own for market data."""
    return instrument.type == "crypto"


def symbol_of(instrument: Instrument) -> str:
    """Return Alpaca's symbol of an instrument."""
    if is_crypto(instrument) and instrument.base_currency:
        return f"{instrument.base_currency}/{instrument.currency}"
    return instrument.name


def class_of(instrument: Instrument) -> str:
    """Return Alpaca's asset class of an instrument."""
    return "crypto" if is_crypto(instrument) else "us_equity"


def exchange_of(instrument: Instrument) -> str:
    """Return Alpaca's exchange of an instrument."""
    if is_crypto(instrument):
        return "CRYPTO"
    return instrument.exchange if instrument.exchange in EXCHANGES else "OTC"


def find_instrument(engine: Engine, name: str, error: type[Denied] = Denied) -> Instrument:
    """Return the instrument of a symbol or asset id. Raises: `error` UNKNOWN_SYMBOL."""
    found = engine.market.instrument(name.replace("/", ""))
    if found is None and len(name) == 36:
        found = next((one for one in engine.market.instruments.values() if asset_id(one) == name.lower()), None)
    return engine.instrument(name, error) if found is None else found


def asset_id(instrument: Instrument) -> str:
    """Return the UUID of an asset."""
    return named_uuid("asset", instrument.name)


def asset(instrument: Instrument) -> dict[str, Any]:
    """Return an Asset."""
    qty = instrument.qty
    return {
        "id": asset_id(instrument),
        "class": class_of(instrument),
        "exchange": exchange_of(instrument),
        "symbol": symbol_of(instrument),
        "name": instrument.description,
        "status": "active",
        "tradable": True,
        "marginable": True,
        "shortable": True,
        "easy_to_borrow": True,
        "fractionable": qty.step < 1,
        "min_order_size": f"{qty.min.normalize():f}",
        "min_trade_increment": f"{qty.step.normalize():f}",
        "price_increment": decimal_text(instrument.minmov, instrument.pricescale),
        "maintenance_margin_requirement": 100 * instrument.margin_rate,
        "margin_requirement_long": f"{100 * instrument.margin_rate:g}",
        "margin_requirement_short": f"{100 * instrument.margin_rate:g}",
        "attributes": [],
    }


class AssetsHandler(AlpacaHandler):
    """`/v2/assets`."""

    def get(self) -> None:
        """List the assets of a class, an exchange and a status."""
        wanted = {name: self.arguments.get(name) for name in ("class", "exchange", "status")}
        wanted["class"] = self.arguments.get("asset_class")
        found = (asset(one) for one in self.engine.market.instruments.values())
        self.reply([one for one in found if all(value in (None, "", one[name]) for name, value in wanted.items())])


class AssetHandler(AlpacaHandler):
    """`/v2/assets/{symbol or id}`; the symbol of a crypto pair may have a slash."""

    def get(self, *parts: str) -> None:
        """Show one asset."""
        self.reply(asset(find_instrument(self.engine, "/".join(parts), Missing)))
