"""One process around engine and handlers: composition, settings, routes, ticks, storage, specs, security, monitoring.

Open `main.py` first: it is the life of a server. `app.py` composes the parts.
"""

VERSION = "0.1.0"
