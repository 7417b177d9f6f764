"""The REST API: one file per business topic, four to eight lines per method.

Read `orders.py` first: each handler is a Tornado RequestHandler; what they share is in `handlers/base.py`, their
addresses are in `server/routes.py`.
"""
