"""Cost of the broker, in ratios to a linear scan, backtrader and nautilus_trader. Run with `make bench`.

`python -m bench.engine [--rounds N] [--json]` takes about two minutes. The peers are in the `bench` extra and run in
separate processes. A missing or failed peer is reported on standard error, and its ratios are left out.

1. A tick over a book: no order of 100 and of 100,000 resting ones triggers; 10, 100 and 1,000 of 100,000 trigger.
2. The path of an order: validate, decide, apply, check, publish, encode every update. Prices and orders come from
   bench/trading_script.py. backtrader and nautilus_trader play the same script, and their fills must be equal.
3. A tick that moves all marks of an account with 1,000 positions, with and without a listener.

Times are CPU seconds. Every round runs all measurements in another order. A figure is the median over the rounds, a
ratio the median of the rounds' ratios.
"""

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from random import Random
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import orjson

from bench.running import ROOT
from bench.trading_script import START_CENTS, Fill, Step, measure, write_script
from engine.broker import matching
from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.order import Order, OrderRequest
from engine.broker.transaction import Transaction
from engine.market.instruments import Catalogue
from engine.models.broker.account import AccountCreate, Limits, Profile
from engine.models.broker.orders import OrderType, PreOrder
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Print, Quote
from engine.topics import Topic

APPLE = next(instrument for instrument in Catalogue.load() if instrument.name == "AAPL")
PROFILE = Profile(limits=Limits(max_open_orders=None), margin_call=None, stop_out=None)
BALANCE = 400_000_000.0
MANY, FEW, ACCOUNTS = 100_000, 100, 100
TRIGGERED = (10, 100, 1000)
POSITIONS = 1000
QUIET_TURNS, QUIET_TICKS = 20, 200
STEPS = 1500
NAUTILUS_BOOKS = (10, 1000)
"""Numbers of resting orders for nautilus_trader. Its time to place them is quadratic; 100,000 would take too long."""
PEER_TIMEOUT_S = 100


class Figure(NamedTuple):
    """One line of the result; `least` and `most` are the bounds of the design."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def is_held(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


Round = dict[str, float]
"""CPU seconds of one round, by name."""


class Listener:
    """An `Interest` in all channels, or in none."""

    def __init__(self, is_there: bool) -> None:
        self._is_there = is_there

    def wants(self, channel: str) -> bool:
        return self._is_there

    def topics(self, route: str) -> Iterable[Topic]:
        return ()


class BenchView:
    """The methods of `MarketView` that the script needs: quotes of unlimited size, in a market that is always open."""

    __slots__ = ("_quotes", "now_ms")
    depth = None

    def __init__(self, now_ms: int, quotes: dict[str, Quote]) -> None:
        self.now_ms = now_ms
        self._quotes = quotes

    def quote(self, symbol: str) -> Quote:
        return self._quotes[symbol]

    trail_quote = quote

    def new_print(self, symbol: str) -> Print:
        return Print(self._quotes[symbol])

    def is_open(self, symbol: str) -> bool:
        return True

    def opened_ms(self, symbol: str) -> None:
        return None


class House:
    """A broker whose quotes the benchmark sets; all updates are encoded."""

    def __init__(self, instruments: dict[str, Instrument], accounts: int, is_heard: bool = True) -> None:
        self.broker = Broker(instruments, seed=1, max_accounts=accounts)
        self.listener = Listener(is_heard)
        self.now_ms = 1_000_000
        self.quotes: dict[str, Quote] = {}
        self.accounts: list[Account] = []
        for number in range(accounts):
            opened = self.begin("open_account")
            request = AccountCreate(id=f"A{number}", name="Bench", balance=BALANCE)
            self.accounts.append(self.broker.open_account(opened, request, PROFILE))
            self.end(opened)

    def begin(self, cause: str) -> Transaction:
        return Transaction(self.broker, cause, BenchView(self.now_ms, self.quotes))

    def end(self, txn: Transaction) -> int:
        batch = txn.close(self.listener)
        assert not batch.violations
        return sum(len(orjson.dumps(update.payload)) for update in batch.updates)

    def quote(self, cents: int, symbol: str = "AAPL", spread: int = 0) -> None:
        self.now_ms += 200
        self.quotes[symbol] = Quote(symbol, self.now_ms, cents, cents + spread, cents, None, None)

    def tick(self) -> None:
        txn = self.begin("tick")
        self.broker.on_tick(txn)
        self.end(txn)

    def close_positions(self) -> None:
        for account in self.accounts:
            for symbol in list(account.positions):
                txn = self.begin("close_position")
                self.broker.close_position(txn, account, symbol, None)
                self.end(txn)

    def place(self, request: PreOrder, account: int = 0, instrument: Instrument = APPLE) -> None:
        txn = self.begin("place_order")
        self.broker.place_order(txn, self.accounts[account], OrderRequest.read(request, instrument))
        self.end(txn)


def order_of(kind: str, side: int, cents: int | None, symbol: str = "AAPL") -> PreOrder:
    price = None if cents is None else cents / 100
    types = {"market": OrderType.MARKET, "limit": OrderType.LIMIT, "stop": OrderType.STOP}
    field = {"limit": {"limitPrice": price}, "stop": {"stopPrice": price}}.get(kind, {})
    return PreOrder.model_validate({"symbol": symbol, "type": types[kind], "side": side, "qty": 1, **field})


# A tick over a book


def rest(house: House, orders: int) -> None:
    """Place resting orders, a dollar or more from the market: both sides, half of them limits, half of them stops."""
    house.quote(START_CENTS, spread=2)
    for number in range(orders):
        side, kind = 1 if number % 2 else -1, ("limit", "stop")[number // 2 % 2]
        away = (100 + number % 4000) * side
        cents = START_CENTS - away if kind == "limit" else START_CENTS + away
        house.place(order_of(kind, side, cents), number % len(house.accounts))


def time_quiet_ticks(few: House, many: House) -> Round:
    """Time ticks that trigger no order, for both books in turns, because the speed of a shared machine varies."""
    times: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(QUIET_TURNS):
        for name, house in (("few", few), ("many", many)):
            start = process_time()
            for number in range(QUIET_TICKS):
                house.quote(START_CENTS + number % 3, spread=2)
                house.tick()
            times[name].append((process_time() - start) / QUIET_TICKS)
    return {name: median(values) for name, values in times.items()}


def time_linear_scan(orders: list[Order]) -> float:
    """Return the CPU seconds of checking every order once, with the predicates of the broker."""
    quote = Quote("AAPL", 0, START_CENTS, START_CENTS + 2, START_CENTS, None, None)
    start = process_time()
    reached = []
    for order in orders:
        terms = order.terms
        if terms.stop_price is not None:
            if matching.is_stop_triggered(order.side, terms.stop_price, "last", quote):
                reached.append(order)
        elif terms.limit_price is not None and matching.is_marketable(order.side, terms.limit_price, quote):
            reached.append(order)
    seconds = process_time() - start
    assert not reached
    return seconds


def time_triggering_tick(house: House, count: int) -> float:
    """Return the CPU seconds of a tick that fills `count` orders, with all updates published and encoded."""
    house.quote(START_CENTS, spread=2)
    for number in range(count):
        house.place(order_of("limit", 1, START_CENTS - 50), number % len(house.accounts))
    house.quote(START_CENTS - 52, spread=2)
    executed = sum(account.execution_count for account in house.accounts)
    start = process_time()
    house.tick()
    seconds = process_time() - start
    assert sum(account.execution_count for account in house.accounts) == executed + count
    house.quote(START_CENTS, spread=2)
    house.close_positions()
    return seconds


# The path of an order


def play(script: list[Step], has_orders: bool) -> list[Fill]:
    """Play the script. The time includes the validation of the requests."""
    house = House({"AAPL": APPLE}, 1)
    for step in script:
        house.quote(step.price)
        house.tick()
        if has_orders and step.kind != "none":
            house.place(order_of(step.kind, step.side, step.order_price))
    first_ms = house.now_ms - 200 * (len(script) - 1)
    return [((e.time_ms - first_ms) // 200, e.side, e.price) for e in house.accounts[0].executions]


# Peers


class Unmeasured(Exception):
    """A peer is missing, failed or took too long."""


def ask_peer(name: str, *arguments: object) -> Any:
    """Run a peer and return its result. Raises: Unmeasured."""
    command = [sys.executable, "-m", f"bench.peers.{name}_orders", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_TIMEOUT_S, check=True, cwd=ROOT)
    except subprocess.TimeoutExpired:
        raise Unmeasured(f"it took more than {PEER_TIMEOUT_S} s") from None
    except subprocess.CalledProcessError as error:
        raise Unmeasured((error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]) from None
    return json.loads(done.stdout.splitlines()[-1])


def play_peer(name: str, expected: list[Fill]) -> float:
    """Return a peer's CPU seconds per order of the script; asserts that its fills equal ours."""
    with_orders, without, fills = ask_peer(name, "script", STEPS)
    assert [tuple(fill) for fill in fills] == expected, f"{name} fills otherwise"
    return float(with_orders - without) / (STEPS - 1)


# Marks


def fill_with_positions(is_heard: bool) -> House:
    """Return a broker with one account that has a position in each of many symbols."""
    names = [f"S{number}" for number in range(POSITIONS)]
    instruments = {name: APPLE.model_copy(update={"name": name}) for name in names}
    house = House(instruments, 1, is_heard)
    for name, instrument in instruments.items():
        house.quote(START_CENTS, name, spread=2)
        house.place(order_of("market", 1, None, name), 0, instrument)
    return house


def time_marks(house: House) -> float:
    """Return the CPU seconds of a tick that moves the mark of every position."""
    cents = START_CENTS + house.now_ms // 200 % 97
    for name in list(house.quotes):
        house.quote(cents, name, spread=2)
    start = process_time()
    house.tick()
    return process_time() - start


# The run


def run_rounds(tasks: dict[str, Callable[[], float | Round]], rounds: int) -> list[Round]:
    """Measure every task once a round, in another order each time; a failed task is reported and not repeated."""
    dice, names, results = Random(1), list(tasks), []
    for _ in range(rounds):
        dice.shuffle(names)
        result: Round = {}
        for name in tuple(names):
            gc.collect()
            gc.disable()
            try:
                measured = tasks[name]()
                result |= measured if isinstance(measured, dict) else {name: measured}
            except Unmeasured as error:
                names.remove(name)
                print(f"!!! NOT MEASURED: {name}: {error}", file=sys.stderr)
            gc.enable()
        results.append(result)
    return results


def make_tasks(script: list[Step]) -> dict[str, Callable[[], float | Round]]:
    """Return the measurements by name; builds the books and positions."""
    house, small = House({"AAPL": APPLE}, ACCOUNTS), House({"AAPL": APPLE}, ACCOUNTS)
    rest(house, MANY)
    rest(small, FEW)
    orders = [order for account in house.accounts for order in account.working.values()]
    heard, unheard = fill_with_positions(True), fill_with_positions(False)
    expected = sorted(play(script, True))

    def order_path() -> float:
        played = measure(play, script)
        return (played.with_orders - played.without) / (STEPS - 1)

    tasks: dict[str, Callable[[], float | Round]] = {
        "quiet": lambda: time_quiet_ticks(small, house),
        "scan": lambda: time_linear_scan(orders),
        "order": order_path,
        "marks": lambda: time_marks(heard),
        "silent marks": lambda: time_marks(unheard),
        "backtrader": lambda: play_peer("backtrader", expected),
        "nautilus_trader": lambda: play_peer("nautilus", expected),
    }
    for count in TRIGGERED:
        tasks[f"{count} of many"] = partial(time_triggering_tick, house, count)
        tasks[f"{count} of few"] = partial(time_triggering_tick, small, count)
    for count in NAUTILUS_BOOKS:
        tasks[f"nautilus_trader, {count} resting"] = partial(ask_peer, "nautilus", "book", count, 50)
    return tasks


def figures_of(rounds: list[Round]) -> list[Figure]:
    """Return the figures; those of peers that could not be measured are left out."""
    low, high = (f"nautilus_trader, {count} resting" for count in NAUTILUS_BOOKS)
    each = NAUTILUS_BOOKS[1] - NAUTILUS_BOOKS[0]
    figures: list[Figure] = []

    def add(name: str, of: Callable[[Round], float], unit: str = "x", **bounds: float) -> None:
        values = []
        for one in rounds:
            with suppress(KeyError):
                values.append(of(one) * (1 if unit == "x" else 1e6))
        if values:
            figures.append(Figure(name, median(values), unit, **bounds))

    add("tick over 100 orders, none triggered", lambda r: r["few"], "us")
    add("tick over 100,000 orders, none triggered", lambda r: r["many"], "us")
    add("100,000 orders against 100", lambda r: r["many"] / r["few"], most=1.3)
    add("a linear scan of 100,000 against us", lambda r: r["scan"] / r["many"])
    for count in TRIGGERED:
        many, few = f"{count} of many", f"{count} of few"
        add(f"tick that triggers {count} of 100,000, each of them", lambda r, m=many, c=count: r[m] / c, "us")
        add(f"... against {count} of 100 more", lambda r, m=many, f=few: r[m] / r[f])
    add("nautilus_trader: tick, each resting order", lambda r: (r[high] - r[low]) / each, "us")
    add("nautilus_trader against us, 1,000 orders", lambda r: r[high] / r["many"])
    extended = "nautilus_trader against us, 100,000 orders (line extended)"
    add(extended, lambda r: (r[low] + (r[high] - r[low]) / each * MANY) / r["many"], least=15)
    add("order: read, decided, applied, told, encoded", lambda r: r["order"], "us")
    for name, least in (("backtrader", 10), ("nautilus_trader", 5)):
        add(f"{name}: the same order", lambda r, n=name: r[n], "us")
        add(f"{name} against us, per order", lambda r, n=name: r[n] / r["order"], least=least)
    add("tick that moves 1,000 positions of an account, told", lambda r: r["marks"], "us")
    add("... each position", lambda r: r["marks"] / POSITIONS, "us")
    add("... nobody listens", lambda r: r["silent marks"], "us")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 51), metavar="N", help="repetitions (3)")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    args = parser.parse_args()
    figures = figures_of(run_rounds(make_tasks(write_script(STEPS)), args.rounds))
    if args.json:
        print(json.dumps([{**figure._asdict(), "is_held": figure.is_held} for figure in figures]))
        return
    for figure in figures:
        bound = f"least {figure.least:g}" if figure.least else f"most {figure.most:g}" if figure.most else ""
        print(f"{figure.name:<62}{figure.value:>12.2f} {figure.unit:<3}{bound:<10}{'' if figure.is_held else 'MISSED'}")


if __name__ == "__main__":
    main()
