"""Orders, fills, positions, money. Never imports the datafeed: quotes come in as values."""
