"""The Alpaca dialect: Alpaca's Trading and Market Data API on this engine, so that existing bots trade here.

It translates and has no rule of trading: each handler calls the same commands as `handlers/rest`. Read `base.py` first
(authentication and errors), then `orders.py` with `order_shapes.py`. docs/alpaca.md lists what is there.
"""
