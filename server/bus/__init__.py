"""The bus between the core and its edges: the messages of both sides, and the core's side of NATS.

`messages.py` has what the core publishes, `queries.py` the requests of edges, `record.py` the registration. Open
`messages.py` first. docs/scale.md has the picture and the promises. Only modules that `--bus` needs import NATS.
"""
