"""Wire models of the broker module: body, reply, update and subscription of one topic are in one file."""
