"""One process around engine and handlers: composition, settings, routes, ticks, storage, specs, security, monitoring.

Open `main.py` first: it starts and stops a server. `app.py` composes the parts.
"""

VERSION = "0.2.0"
