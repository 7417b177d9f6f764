"""The synthetic market: prices as a pure function of seed, symbol and time.

Start with feed.py, then instrument.py, which answers for one instrument from the bars of bar_hierarchy.py.
bar_fitting.py makes bars inside bars, daily_bars.py the days, scenario_overlay.py applies shocks, halts and variable
tick sizes.
"""

from engine.market.feeds.synthetic.feed import SyntheticFeed

__all__ = ["SyntheticFeed"]
