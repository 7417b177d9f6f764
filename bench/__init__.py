"""Measurements against peers, in one run: `make bench`. Nothing here is part of the server."""
