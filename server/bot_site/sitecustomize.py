"""Redirects the clients of Alpaca in a bot to the server that `run` names; Python imports it before the bot.

It belongs to the bot's process and uses only the standard library. A client's module is changed right after its import:
alpaca-py gets other addresses, alpaca-trade-api reads Alpaca's own ones as the server's, ccxt gets another map. Paper
trading and market data go to the server; addresses of live trading become ones that the server does not have.
"""

import os
import sys
from collections.abc import Callable
from enum import Enum
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

BASE = os.environ.get("TRADING_PRO_ALPACA", "")
STREAM = BASE.replace("http", "ws", 1)
LIVE, LIVE_STREAM = f"{BASE}/live", f"{STREAM}/live"
"""Addresses of live trading; everything below them is answered with 404."""

ADDRESSES = {
    "https://paper-api.alpaca.markets": BASE,
    "https://data.alpaca.markets": BASE,
    "https://data.sandbox.alpaca.markets": BASE,
    "https://api.alpaca.markets": LIVE,
    "https://broker-api.alpaca.markets": LIVE,
    "https://broker-api.sandbox.alpaca.markets": LIVE,
    "https://stream.data.alpaca.markets": STREAM,
    "wss://stream.data.alpaca.markets": STREAM,
    "wss://paper-api.alpaca.markets/stream": f"{STREAM}/stream",
    "wss://api.alpaca.markets/stream": f"{LIVE_STREAM}/stream",
}
"""The server's address by that of Alpaca."""


def change_alpaca_py(module: ModuleType) -> None:
    """Replace the enumeration of addresses."""
    members = {name: ADDRESSES.get(one.value, LIVE) for name, one in module.BaseURL.__members__.items()}
    make_enum: Any = Enum
    setattr(module, "BaseURL", make_enum("BaseURL", members, type=str))  # noqa: B010 - a module has no such field


def change_trade_api(module: ModuleType) -> None:
    """Replace the class of addresses by one that translates Alpaca's."""
    original = module.URL

    class URL(original):  # type: ignore[misc, valid-type]
        """An address, Alpaca's translated into the server's."""

        def __new__(cls, *value: str) -> Any:
            """Return the translated address."""
            return original.__new__(cls, *(ADDRESSES.get(one.rstrip("/"), one) for one in value))

    setattr(module, "URL", URL)  # noqa: B010 - a module has no such field


def change_ccxt(module: ModuleType) -> None:
    """Replace the addresses in the description of the exchange: "test" is paper trading, "api" live trading."""
    describe = module.alpaca.describe

    def described(self: Any) -> Any:
        found = describe(self)
        for name, base, stream in (("test", BASE, STREAM), ("api", LIVE, LIVE_STREAM)):
            urls = found["urls"].setdefault(name, {})
            urls |= {"trader": base, "broker": LIVE, "market": BASE}
            urls["ws"] = {"crypto": f"{STREAM}/v1beta2/crypto", "trading": f"{stream}/stream"}
        return found

    module.alpaca.describe = described


CHANGES: dict[str, Callable[[ModuleType], None]] = {
    "alpaca.common.enums": change_alpaca_py,
    "alpaca_trade_api.common": change_trade_api,
    "ccxt.alpaca": change_ccxt,
    "ccxt.async_support.alpaca": change_ccxt,
    "ccxt.pro.alpaca": change_ccxt,
}


class ChangingLoader(Loader):
    """Loads a module as its own loader does, then changes it."""

    def __init__(self, loader: Any, change: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make the module."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module and change it."""
        self._loader.exec_module(module)
        self._change(module)


class ChangingFinder(MetaPathFinder):
    """Finds the modules of clients."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of a client's module, None for any other module."""
        change = CHANGES.get(fullname)
        spec = None if change is None else PathFinder.find_spec(fullname, path, target)
        if change is not None and spec is not None:
            spec.loader = ChangingLoader(spec.loader, change)
        return spec


def run_next_sitecustomize() -> None:
    """Run the `sitecustomize` that this one hides."""
    own = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib would cost the bot its import
    rest = [one for one in sys.path if os.path.abspath(one) != own]  # noqa: PTH100
    spec = PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(ModuleType("sitecustomize"))


if BASE:
    sys.meta_path.insert(0, ChangingFinder())
run_next_sitecustomize()
