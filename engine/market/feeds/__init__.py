"""Sources of prices: the synthetic market, replayed files, ticks of a client.

Start with feed.py, the interface of every feed, then synthetic/. stored_bars.py keeps the bars of the feeds whose
prices come from outside; csv_file.py and csv_rows.py read the files of replay.py.
"""
