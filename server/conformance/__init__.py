"""The conformance kit: TradingView's rules for brokers as a program.

`checker.py` is pure: messages of a broker in, violations out; the rules are in `rules/`. `script.py` drives a real
broker over REST and WebSocket, `command.py` is the command `conform`. Start with `rules/orders.py`, then `checker.py`.
"""
