"""backtrader plays the script. Run by bench/engine.py in its own process.

`python -m bench.peers.backtrader_orders script STEPS`

An order that is given on one bar trades from the next bar on, so each order is given one bar before its step. Every
price is a bar of its own without range.
"""

import sys

import backtrader as bt

from bench.trading_script import Fill, Step, hand_back, measure, write_script

FIRST_DAY = 737_000.0
MINUTES_A_DAY = 1440
CASH = 1e9


class Prices(bt.feed.DataBase):
    params = (("script", ()),)

    def start(self):
        super().start()
        self._next = 0

    def _load(self):
        if self._next == len(self.p.script):
            return False
        lines, price = self.lines, self.p.script[self._next].price / 100
        lines.datetime[0] = FIRST_DAY + self._next / MINUTES_A_DAY
        lines.open[0] = lines.high[0] = lines.low[0] = lines.close[0] = price
        lines.volume[0], lines.openinterest[0] = 1e9, 0
        self._next += 1
        return True


class Trader(bt.Strategy):
    params = (("script", ()), ("fills", None), ("has_orders", True))

    def prenext(self):
        self.next()

    def next(self):
        number = len(self)
        if not self.p.has_orders or number >= len(self.p.script):
            return
        step = self.p.script[number]
        kind = {"market": bt.Order.Market, "limit": bt.Order.Limit, "stop": bt.Order.Stop}[step.kind]
        price = None if step.order_price is None else step.order_price / 100
        (self.buy if step.side > 0 else self.sell)(size=1, exectype=kind, price=price)

    def notify_order(self, order):
        if order.status == order.Completed:
            side = 1 if order.isbuy() else -1
            self.p.fills.append((len(self) - 1, side, round(order.executed.price * 100)))


def play(script: list[Step], has_orders: bool) -> list[Fill]:
    fills: list[Fill] = []
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(Prices(script=script))
    cerebro.addstrategy(Trader, script=script, fills=fills, has_orders=has_orders)
    cerebro.broker.setcash(CASH)
    cerebro.broker.set_checksubmit(False)
    cerebro.run()
    return fills


hand_back(measure(play, write_script(int(sys.argv[2]))))
