"""The trading engine: pure state and decisions, without sockets, clock or randomness of its own.

core.py is the entrance: commands and ticks go in, results come out. broker/ has accounts and orders, market/ has the
prices, models/ has the wire models of both.
"""
