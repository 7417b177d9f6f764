"""A moving-average bot in alpaca-py: it buys when the fast average is above the slow one, and sells when it is below.

Run it unchanged against this server: `python run.py run -- python docs/examples/alpaca_bot.py`. The number after it is
how many decisions it makes.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from statistics import mean

from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.requests import StockBarsRequest
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.client import TradingClient
from alpaca.trading.enums import OrderSide, TimeInForce
from alpaca.trading.requests import MarketOrderRequest

SYMBOL, QTY = "AAPL", 10
FAST, SLOW = 5, 20
PAUSE_S = 1.0


def averages(data: StockHistoricalDataClient, now: datetime) -> tuple[float, float]:
    """Return the fast and the slow average of the closing prices of the last minutes."""
    start = now - timedelta(minutes=SLOW)
    request = StockBarsRequest(symbol_or_symbols=SYMBOL, timeframe=TimeFrame.Minute, start=start, end=now)
    closes = [bar.close for bar in data.get_stock_bars(request).data[SYMBOL]]
    return mean(closes[-FAST:]), mean(closes)


def main(decisions: int) -> None:
    """Trade until the decisions are made, then close the position."""
    key, secret = os.environ.get("APCA_API_KEY_ID", "key"), os.environ.get("APCA_API_SECRET_KEY", "secret")
    trading = TradingClient(key, secret, paper=True)
    data = StockHistoricalDataClient(key, secret)
    for number in range(decisions):
        now = trading.get_clock().timestamp.astimezone(UTC)
        fast, slow = averages(data, now)
        held = {position.symbol for position in trading.get_all_positions()}
        side = OrderSide.BUY if fast > slow and SYMBOL not in held else None
        side = OrderSide.SELL if fast < slow and SYMBOL in held else side
        if side is not None:
            order = MarketOrderRequest(symbol=SYMBOL, qty=QTY, side=side, time_in_force=TimeInForce.DAY)
            print(number, side.value, trading.submit_order(order).status.value)
        time.sleep(PAUSE_S if number + 1 < decisions else 0)
    trading.close_all_positions(cancel_orders=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
