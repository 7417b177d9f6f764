"""The trading engine: pure state and decisions, without sockets, clock or randomness of its own.

core.py is the interface: it runs commands and ticks and returns results. broker/ has accounts and orders, market/ has
the prices, models/ has the wire models of both.
"""
