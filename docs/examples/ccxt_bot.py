"""A moving-average bot in ccxt: it buys when the fast average is above the slow one, and sells when it is below.

Run it unchanged against this server: `python run.py run -- python docs/examples/ccxt_bot.py`. The number after it is
how many decisions it makes.
"""

import os
import sys
import time
from statistics import mean

import ccxt

SYMBOL, AMOUNT = "BTC/USD", 0.01
FAST, SLOW = 5, 20
PAUSE_S = 1.0


def averages(exchange: ccxt.alpaca) -> tuple[float, float]:
    """Return the fast and the slow average of the closing prices of the last minutes."""
    since = exchange.fetch_time() - exchange.fetch_time() % 86_400_000
    closes = [bar[4] for bar in exchange.fetch_ohlcv(SYMBOL, "1m", since, 1440)][-SLOW:]
    return mean(closes[-FAST:]), mean(closes)


def main(decisions: int) -> None:
    """Trade until the decisions are made, then sell what is left."""
    exchange = ccxt.alpaca(
        {"apiKey": os.environ.get("APCA_API_KEY_ID", "key"), "secret": os.environ.get("APCA_API_SECRET_KEY", "secret")}
    )
    exchange.set_sandbox_mode(True)
    held = 0.0
    for number in range(decisions):
        fast, slow = averages(exchange)
        if fast > slow and not held:
            held = exchange.create_order(SYMBOL, "market", "buy", AMOUNT)["filled"]
            print(number, "buy", held)
        elif fast < slow and held:
            exchange.create_order(SYMBOL, "market", "sell", held)
            print(number, "sell", held)
            held = 0.0
        time.sleep(PAUSE_S if number + 1 < decisions else 0)
    if held:
        exchange.create_order(SYMBOL, "market", "sell", held)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
