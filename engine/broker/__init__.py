"""Accounts, orders, fills, positions and money. It never imports engine.market: quotes come in through `MarketView`.

Open broker.py first: commands and ticks. commands.py (orders) and execution.py (trades) are rules that yield events,
account.py applies the events, updates.py makes the messages to clients.
"""
