"""Wire models by business topic, and the market values that broker and market share.

broker/ has one file for each topic of the broker, market/ those of the datafeed; common.py is their base.
"""
