"""The edge: sockets, the page and reads of a core, which it follows on the bus. Open `main.py` first."""
