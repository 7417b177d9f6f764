"""The market: instruments, sessions, quotes, bars, depth and scenarios. It never imports the broker.

Start with market.py, the interface for the engine and the handlers, then feeds/feed.py, the interface of every source
of prices. instruments.py has the catalogue, sessions.py the trading hours, live_updates.py the updates of a tick.
"""
