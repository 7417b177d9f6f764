"""Handlers of an edge: a process that serves sockets and reads, and passes commands on to the core (docs/scale.md).

Open `stream.py` first. `hub.py` sends updates that the core has numbered, `proxy.py` passes requests on, and `core.py`
is the core as these handlers use it. `server/edge/` composes them.
"""
