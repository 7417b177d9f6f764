"""Trading Pro as an installed package: the program, started by `trading-pro` or `python -m trading_pro`.

Open `__main__.py` first. The folder `program`, in the wheel only, contains engine, handlers, server and static as they
are in the checkout. `testing` is the pytest plugin.
"""
