"""Where prices come from: the synthetic market, replayed files, ticks of another program.

Every feed answers the questions of `feed.py`. Read `synthetic.py` first; the layers below it are `instrument_feed.py`,
`bar_hierarchy.py` and `daily_bars.py`. Files of users are read by `csv_file.py` and `csv_rows.py`.
"""
