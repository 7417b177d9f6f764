"""Watchlists: named lists of assets that are kept with the account, `/v2/watchlists` and `/v2/watchlists:by_name`."""

from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid4

from pydantic import Field

from engine.broker.account import Account
from engine.errors import Missing, Reason
from handlers.alpaca.assets import asset, find_instrument
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import time_text
from handlers.alpaca.ids import named_uuid
from handlers.alpaca.requests import Body, Symbol
from handlers.errors import ApiError

PREFIX = "watchlist "
"""Begin of the names of the documents that hold watchlists."""

MAX_SYMBOLS = 200


class WatchlistBody(Body):
    """Body that makes or changes a watchlist; an absent field stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    symbols: Annotated[list[Symbol], Field(max_length=MAX_SYMBOLS)] | None = None


class SymbolBody(Body):
    """Body that adds a symbol."""

    symbol: Symbol


class Watchlist(NamedTuple):
    """A watchlist: symbols are canonical names, times epoch milliseconds."""

    id: str
    name: str
    symbols: list[str]
    created_ms: int
    updated_ms: int


def watchlists(account: Account) -> list[Watchlist]:
    """Return the watchlists of an account, oldest first."""
    return [
        Watchlist(name.removeprefix(PREFIX), **value)  # type: ignore[arg-type]
        for name, value in account.documents.items()
        if name.startswith(PREFIX)
    ]


class WatchlistsHandler(AlpacaHandler):
    """`/v2/watchlists`."""

    async def get(self) -> None:
        """List the watchlists without their assets."""
        await self.show(lambda: [self.summary(one) for one in watchlists(self.account)])

    async def post(self) -> None:
        """Make a watchlist."""
        body, now_ms = self.read(WatchlistBody), self.engine.now_ms()
        if body.name is None:
            raise ApiError(422, "a watchlist needs a name")
        await self.keep(Watchlist(str(uuid4()), body.name, self.names(body.symbols or []), now_ms, now_ms))

    # Shared with the handlers of one watchlist

    def summary(self, one: Watchlist) -> dict[str, Any]:
        """Return a Watchlist without its assets."""
        return {
            "id": one.id,
            "account_id": named_uuid("account", self.account.id),
            "name": one.name,
            "created_at": time_text(one.created_ms),
            "updated_at": time_text(one.updated_ms),
        }

    def shape(self, one: Watchlist) -> dict[str, Any]:
        """Return a Watchlist with its assets; symbols that the catalogue no longer has are left out."""
        found = (self.engine.market.instrument(name) for name in one.symbols)
        return {**self.summary(one), "assets": [asset(instrument) for instrument in found if instrument is not None]}

    def names(self, symbols: list[str]) -> list[str]:
        """Return canonical names without repetitions. Raises: Denied UNKNOWN_SYMBOL."""
        return list(dict.fromkeys(find_instrument(self.engine, one).name for one in symbols))

    async def keep(self, one: Watchlist) -> None:
        """Store a watchlist and answer with it. Raises: ApiError 422 for a name that another one has."""
        if any(other.name == one.name and other.id != one.id for other in watchlists(self.account)):
            raise ApiError(422, "watchlist name must be unique")
        fields = one._asdict()
        name = PREFIX + fields.pop("id")
        await self.store(self.engine.store_document(self.account.id, name, fields).result)
        self.reply(self.shape(one))


class OneWatchlistHandler(WatchlistsHandler):
    """Base of the handlers of one watchlist."""

    def find(self, *path: str) -> Watchlist:
        """Return the watchlist that a request names. Raises: Missing UNKNOWN_DOCUMENT."""
        raise NotImplementedError

    async def get(self, *path: str) -> None:
        """Show the watchlist with its assets."""
        await self.show(lambda: self.shape(self.find(*path)))

    async def put(self, *path: str) -> None:
        """Change name and symbols."""
        body, one = self.read(WatchlistBody), self.find(*path)
        symbols = one.symbols if body.symbols is None else self.names(body.symbols)
        await self._change(one._replace(name=body.name or one.name, symbols=symbols))

    async def post(self, *path: str) -> None:
        """Add a symbol."""
        one = self.find(*path)
        symbols = [*one.symbols, *self.names([self.read(SymbolBody).symbol])]
        await self._change(one._replace(symbols=list(dict.fromkeys(symbols))))

    async def delete(self, *path: str) -> None:
        """Delete the watchlist."""
        one = self.find(*path)
        await self.store(self.engine.store_document(self.account.id, PREFIX + one.id, None).result)
        self.reply_nothing()

    async def _change(self, one: Watchlist) -> None:
        await self.keep(one._replace(updated_ms=self.engine.now_ms()))


class WatchlistHandler(OneWatchlistHandler):
    """`/v2/watchlists/{id}`."""

    def find(self, *path: str) -> Watchlist:
        """Return the watchlist of an id. Raises: Missing."""
        try:
            wanted = str(UUID(path[0]))
        except ValueError:
            wanted = ""
        return first(one for one in watchlists(self.account) if one.id == wanted)


class NamedWatchlistHandler(OneWatchlistHandler):
    """`/v2/watchlists:by_name?name=`."""

    def find(self, *path: str) -> Watchlist:  # noqa: ARG002 - the name is in the query
        """Return the watchlist of a name. Raises: Missing."""
        wanted = self.arguments.get("name")
        return first(one for one in watchlists(self.account) if one.name == wanted)


class WatchlistSymbolHandler(WatchlistHandler):
    """`/v2/watchlists/{id}/{symbol}`; the symbol of a crypto pair may have a slash."""

    async def delete(self, *path: str) -> None:
        """Remove a symbol."""
        one, name = self.find(*path), find_instrument(self.engine, "/".join(path[1:]), Missing).name
        await self._change(one._replace(symbols=[symbol for symbol in one.symbols if symbol != name]))


def first(found: Any) -> Watchlist:
    """Return the first watchlist. Raises: Missing: there is none."""
    one: Watchlist | None = next(found, None)
    if one is None:
        raise Missing(Reason.UNKNOWN_DOCUMENT, "watchlist not found")
    return one
