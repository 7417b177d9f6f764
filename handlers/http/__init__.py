"""HTTP/1.1 below Tornado's handlers, on the llhttp parser (httptools).

Read `connection.py` first: one client's connection. `parser.py` turns bytes into requests, `listener.py` accepts
connections. Nothing here knows handlers or trading.
"""
