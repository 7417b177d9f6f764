"""nautilus_trader plays the script, or matches a resting book. Run by bench/engine.py in its own process.

`python -m bench.peers.nautilus_orders script STEPS`: the whole backtest engine plays the script.
`python -m bench.peers.nautilus_orders book ORDERS TICKS`: ORDERS limit orders rest, none of which is reached by TICKS
ticks; the CPU time of the median tick is handed back, in seconds.
"""

import sys
from itertools import pairwise
from statistics import median
from time import process_time

from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import TraderId, Venue
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

from bench.trading_script import START_CENTS, Fill, Step, hand_back, measure, write_script

INSTRUMENT = TestInstrumentProvider.equity(symbol="AAPL", venue="XNAS")
FIRST_NS = 10**18
ONE = Quantity.from_int(1)
SIDES = {1: OrderSide.BUY, -1: OrderSide.SELL}


def price_of(cents: int) -> Price:
    return Price(cents / 100, 2)


class Trader(Strategy):
    def __init__(self, script: list[Step], fills: list[Fill], has_orders: bool) -> None:
        super().__init__(StrategyConfig())
        self.script, self.fills, self.has_orders, self.number = script, fills, has_orders, -1

    def on_start(self) -> None:
        self.subscribe_quote_ticks(INSTRUMENT.id)

    def on_quote_tick(self, tick: QuoteTick) -> None:
        self.number += 1
        step, factory = self.script[self.number], self.order_factory
        if not self.has_orders or step.kind == "none":
            return
        side = SIDES[step.side]
        if step.kind == "market":
            order = factory.market(INSTRUMENT.id, side, ONE)
        elif step.kind == "limit":
            order = factory.limit(INSTRUMENT.id, side, ONE, price_of(step.order_price))
        else:
            order = factory.stop_market(INSTRUMENT.id, side, ONE, price_of(step.order_price))
        self.submit_order(order)

    def on_order_filled(self, event) -> None:
        number = (event.ts_event - FIRST_NS) // 10**9
        side = 1 if event.order_side == OrderSide.BUY else -1
        self.fills.append((number, side, round(float(event.last_px) * 100)))


def play(script: list[Step], has_orders: bool) -> list[Fill]:
    fills: list[Fill] = []
    run(script, Trader(script, fills, has_orders))
    return fills


def run(script: list[Step], strategy: Strategy) -> None:
    engine = BacktestEngine(
        BacktestEngineConfig(
            trader_id=TraderId("BENCH-001"),
            logging=LoggingConfig(bypass_logging=True),
            risk_engine=RiskEngineConfig(max_order_submit_rate="10000000/00:00:01"),
        )
    )
    engine.add_venue(
        Venue("XNAS"),
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        base_currency=USD,
        starting_balances=[Money(1_000_000_000, USD)],
    )
    engine.add_instrument(INSTRUMENT)
    size = Quantity.from_int(1_000_000)
    engine.add_data(
        [
            QuoteTick(INSTRUMENT.id, price_of(s.price), price_of(s.price), size, size, at_ns, at_ns)
            for s, at_ns in zip(script, range(FIRST_NS, FIRST_NS + len(script) * 10**9, 10**9), strict=True)
        ]
    )
    engine.add_strategy(strategy)
    engine.run()


class Rester(Strategy):
    """Places orders that never trade with the first tick, and takes the time from tick to tick."""

    def __init__(self, orders: int) -> None:
        super().__init__(StrategyConfig())
        self.orders, self.times = orders, []

    def on_start(self) -> None:
        self.subscribe_quote_ticks(INSTRUMENT.id)

    def on_quote_tick(self, tick: QuoteTick) -> None:
        for number in range(self.orders if not self.times else 0):
            side = 1 if number % 2 else -1
            price = price_of(START_CENTS - side * (100 + number % 4000))
            self.submit_order(self.order_factory.limit(INSTRUMENT.id, SIDES[side], ONE, price))
        self.times.append(process_time())


def time_book(orders: int, ticks: int) -> float:
    """Return the CPU seconds of the median tick over a book of resting limit orders."""
    script = [Step(START_CENTS + number % 3, "none", 1, None) for number in range(ticks + 2)]
    rester = Rester(orders)
    run(script, rester)
    assert rester.cache.orders_open_count() == orders
    return median(after - before for before, after in pairwise(rester.times[1:]))


if sys.argv[1] == "script":
    hand_back(measure(play, write_script(int(sys.argv[2]))))
else:
    hand_back(time_book(int(sys.argv[2]), int(sys.argv[3])))
