"""Values and wire models of the market, one file per topic.

Start with instruments.py: its price and quantity units hold everywhere. grid.py has the tick sizes, quotes.py and
bars.py the values that feeds return, udf.py the shapes of TradingView's Universal Data Feed.
"""
