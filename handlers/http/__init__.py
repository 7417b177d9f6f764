"""HTTP/1.1 below Tornado's handlers, on the llhttp parser (httptools).

Read `protocol.py` first: requests and answers without sockets, on the parser of `parser.py`. `connection.py` moves the
bytes, `exchange.py` implements Tornado's interfaces, `listener.py` accepts. It does not depend on trading.
"""
