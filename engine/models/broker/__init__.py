"""Wire models of the broker module, one file a topic."""
