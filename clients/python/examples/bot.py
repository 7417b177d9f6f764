"""Trades the crossover of a fast and a slow average, and prints what it earned: `python bot.py http://127.0.0.1:8000`."""

import asyncio
import sys
from collections import deque

from trading_pro_client import TradingClient
from trading_pro_client.generated.codes import OrderType, Side


async def trade(address: str, symbol: str = "AAPL", crossings: int = 4, fast: int = 3, slow: int = 8) -> None:
    prices: deque[float] = deque(maxlen=slow)
    async with TradingClient(address) as client:
        start, was_long = (await client.get_account_state())["equity"], None
        async for bar in await client.stream.subscribe("bars", {"symbol": symbol, "resolution": "1"}):
            prices.append(bar["close"])
            is_long = sum(list(prices)[-fast:]) / fast > sum(prices) / slow
            if len(prices) < slow or is_long is was_long:
                continue
            qty, was_long = 10 if was_long is None else 20, is_long
            await client.place_order(
                {"symbol": symbol, "type": OrderType.MARKET, "side": Side.BUY if is_long else Side.SELL, "qty": qty}
            )
            state = await client.get_account_state()
            print(f"{'long' if is_long else 'short'}, P/L {state['equity'] - start:+.2f}", flush=True)
            if (crossings := crossings - 1) == 0:
                break


if __name__ == "__main__":
    asyncio.run(trade(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
