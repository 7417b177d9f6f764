"""The REST API: one file per business topic, four to eight lines per method.

Read `orders.py` first: each handler is a Tornado RequestHandler. `handlers/base.py` has their base class,
`server/routes.py` their addresses.
"""
