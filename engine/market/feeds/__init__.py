"""Sources of prices: the synthetic market, replayed files, ticks of a client.

Start with feed.py, the interface of every feed, then synthetic/. stored_bars.py keeps the bars of the feeds whose
prices come from outside. replay.py reads files: csv_folder, csv_rows, csv_file, csv_layout, csv_values, csv_texts.
"""
