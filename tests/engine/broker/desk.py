"""A broker at a desk: one account, quotes that the test sets, time that the test moves."""

from collections.abc import Callable, Iterable
from typing import Any

from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.command_result import CommandResult
from engine.broker.invariants import deep_violations
from engine.broker.moment import Moment
from engine.broker.serializers import execution_payload, order_payload, position_payload
from engine.broker.transaction import Transaction
from engine.market.feeds.replay import path_of
from engine.market.instruments import Catalogue
from engine.models.broker.account import AccountReset, Profile
from engine.models.broker.orders import OrderType, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.market.bars import BarRow
from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Print, Quote
from engine.topics import Payload, Topic

INSTRUMENTS: dict[str, Instrument] = {instrument.name: instrument for instrument in Catalogue.load()}
ACCOUNT = "TEST"

MARKET, LIMIT, STOP, STOP_LIMIT = OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT
BUY, SELL = 1, -1


class Everything:
    """An interest in all channels."""

    def wants(self, channel: str) -> bool:
        return True

    def topics(self, route: str) -> Iterable[Topic]:
        return ()


def quote_of(symbol: str, bid: float, ask: float, last: float | None, size: int, time_ms: int) -> Quote:
    """A quote from natural prices; `size` in natural quantity units on both sides, 0 is unlimited."""
    instrument = INSTRUMENTS[symbol]
    last = bid if last is None else last
    prices = [round(price * instrument.pricescale) for price in (bid, ask, last)]
    units = size * instrument.qty_scale
    return Quote(symbol, time_ms, prices[0], prices[1], prices[2], units, units)


class Desk:
    """Commands in natural units; what came of each is in `result`, all events in `events`."""

    def __init__(
        self,
        profile: Profile | None = None,
        balance: float = 100_000,
        seed: int = 1,
        instruments: dict[str, Instrument] | None = None,
    ) -> None:
        self.broker = Broker(instruments or INSTRUMENTS, seed)
        self.now_ms = 1_000_000
        self.session = (0, 10_000_000)
        self.halted: set[str] = set()
        self.quotes: dict[str, Quote] = {}
        self.books: dict[str, Depth] = {}
        self.books_asked = 0
        self.opened: dict[str, int] = {}
        self.met: Callable[[str], Print | None] | None = None
        self.events: list[Any] = []
        self.updates: list[tuple[str, Payload]] = []
        self.result: CommandResult
        txn = self._begin()
        self.broker.open_account(txn, ACCOUNT, "Test", "USD", balance, profile or Profile())
        self._end(txn)
        self.quote("AAPL", 99.98, 100.00)

    @property
    def account(self) -> Account:
        return self.broker.accounts[ACCOUNT]

    def quote(self, symbol: str, bid: float, ask: float, last: float | None = None, size: int = 0) -> None:
        """Set the market of a symbol; nothing trades before the next tick or command."""
        self.now_ms += 200
        self.quotes[symbol] = quote_of(symbol, bid, ask, last, size, self.now_ms)
        self.books.pop(symbol, None)

    def book(self, bids: dict[float, int], asks: dict[float, int], symbol: str = "AAPL") -> None:
        """Set the market of a symbol to a book of several levels: sizes by price, the best ones first."""
        instrument = INSTRUMENTS[symbol]
        sides = [
            tuple(
                Level(round(price * instrument.pricescale), size * instrument.qty_scale) for price, size in one.items()
            )
            for one in (bids, asks)
        ]
        self.now_ms += 200
        (bid, bid_size), (ask, ask_size) = sides[0][0], sides[1][0]
        self.quotes[symbol] = Quote(symbol, self.now_ms, bid, ask, bid, bid_size, ask_size)
        self.books[symbol] = Depth(symbol, self.now_ms, *sides)

    def bar(self, open: float, high: float, low: float, close: float, size: int = 0, symbol: str = "AAPL") -> None:
        """Let the four prints of a bar happen, a tick after each; `size` is that of each print."""
        before, prices = None, [round(price * 100) for price in (open, high, low, close)]
        for price in path_of(BarRow(0, prices[0], prices[1], prices[2], prices[3], 0)):
            self.quote(symbol, price / 100 - 0.01, price / 100 + 0.01, price / 100)
            units = size * INSTRUMENTS[symbol].qty_scale
            point = Quote(symbol, self.now_ms, price, price, price, units, units)
            self.look(Print(point, before, is_past=True, is_bar=True))
            before = price

    def look(self, *met: Print) -> None:
        """Let a tick happen at which symbols meet this, and the others nothing new."""
        found = {one.quote.symbol: one for one in met}
        self.met = found.get
        self.tick()
        self.met = None

    def place(self, side: int, qty: float, kind: OrderType = MARKET, symbol: str = "AAPL", **fields: Any) -> str:
        """Place an order and return its id."""
        request = PreOrder.model_validate({"symbol": symbol, "type": kind, "side": side, "qty": qty, **fields})
        txn = self._begin()
        order_id = self.broker.place_order(txn, self.account, request, self.broker._instruments[symbol])
        self._end(txn)
        return order_id

    def modify(self, order_id: str, **fields: Any) -> None:
        """Modify an order, keeping what is not given."""
        request = self.account.order(order_id).request
        changed = PreOrder.model_validate(request.model_dump() | fields)
        txn = self._begin()
        self.broker.modify_order(txn, self.account, order_id, changed)
        self._end(txn)

    def reverse(self, symbol: str = "AAPL") -> None:
        txn = self._begin()
        self.broker.reverse_position(txn, self.account, symbol)
        self._end(txn)

    def brackets(self, symbol: str = "AAPL", **prices: float) -> None:
        """Give a position exactly these brackets."""
        txn = self._begin()
        self.broker.edit_brackets(txn, self.account, symbol, Brackets.model_validate(prices))
        self._end(txn)

    def leverage(self, symbol: str, leverage: int) -> None:
        txn = self._begin()
        self.broker.set_leverage(txn, self.account, symbol, leverage)
        self._end(txn)

    def reset(self, **fields: Any) -> None:
        txn = self._begin()
        self.broker.reset_account(txn, self.account, AccountReset.model_validate(fields))
        self._end(txn)

    def cancel(self, order_id: str) -> None:
        txn = self._begin()
        self.broker.cancel_order(txn, self.account, order_id)
        self._end(txn)

    def close(self, symbol: str = "AAPL", amount: float | None = None) -> None:
        txn = self._begin()
        self.broker.close_position(txn, self.account, symbol, amount)
        self._end(txn)

    def execute(self) -> None:
        """Let the simulator execute what works."""
        txn = self._begin()
        self.broker.execute_orders(txn)
        self._end(txn)

    def tick(
        self, symbol: str | None = None, bid: float = 0, ask: float = 0, last: float | None = None, size: int = 0
    ) -> None:
        """Move the market of a symbol, if one is given, and let a tick happen."""
        if symbol is not None:
            self.quote(symbol, bid, ask, last, size)
        txn = self._begin()
        self.broker.on_tick(txn)
        self._end(txn)

    def routes(self) -> list[str]:
        """Return the routes of the last result's updates, in the order of publication, without the filtered copies."""
        return [name for name, *rest in (u.channel.split(":") for u in self.result.updates) if len(rest) == 1]

    def told(self, route: str) -> list[Payload]:
        """Return what the last result told on a route."""
        return [update.payload for update in self.result.updates if update.channel == f"{route}:{ACCOUNT}"]

    def legs(self) -> dict[str, Payload]:
        """Return the brackets that are not final, by "takeProfit" and "stop"."""
        working = [order_payload(o) for o in self.account.working.values() if o.parent is not None]
        return {"takeProfit" if leg["type"] == 1 else "stop": leg for leg in working}

    def order(self, order_id: str) -> Payload:
        """Return an order as clients see it."""
        return order_payload(self.account.order(order_id))

    def position(self, symbol: str = "AAPL") -> tuple[float, float] | None:
        """Return signed quantity and average price, None when flat."""
        position = self.account.positions.get(symbol)
        if position is None:
            return None
        payload = position_payload(self.account, position, self.quotes[symbol])
        return payload["side"] * payload["qty"], payload["avgPrice"]

    def _begin(self) -> Transaction:
        moment = Moment(
            self.now_ms,
            self.quotes.__getitem__,
            lambda _: self.session,
            self._depth,
            self.met,
            self.halted.__contains__,
            opened_ms=self.opened.get,
            day_start_ms=lambda _: self.session[0],
        )
        return Transaction(self.broker, "test", moment)

    def _depth(self, symbol: str) -> Depth:
        self.books_asked += 1
        quote = self.quotes[symbol]
        best = (Level(quote.bid, quote.bid_size),), (Level(quote.ask, quote.ask_size),)
        return self.books.get(symbol) or Depth(symbol, quote.time_ms, *best)

    def restart(self) -> None:
        """Let another broker go on from the events."""
        broker = Broker(self.broker._instruments, self.broker.seed)
        for event in self.events:
            broker.replay(event)
        self.broker = broker

    def executed(self) -> list[tuple[float, float]]:
        """Return quantity and price of every execution so far."""
        told = [execution_payload(event, INSTRUMENTS[event.symbol]) for event in self.account.executions]
        return [(one["qty"], one["price"]) for one in told]

    def _end(self, txn: Transaction) -> None:
        self.result = txn.close(Everything())
        self.events += self.result.events
        assert self.result.violations == ()
        assert list(deep_violations(self.account)) == []
