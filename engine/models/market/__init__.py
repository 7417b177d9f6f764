"""Wire models and values of the datafeed module, one file a topic."""
