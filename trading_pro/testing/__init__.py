"""The pytest plugin: a server for the tests of bots and front ends, and a fresh world for each test.

Open `plugin.py` first for the fixtures. `server.py` starts a server as a process, also without pytest; `world.py` is
what a test sees of it.
"""

from trading_pro.testing.server import Server, StartError
from trading_pro.testing.world import AlpacaSettings, Refused, World

__all__ = ["AlpacaSettings", "Refused", "Server", "StartError", "World"]
