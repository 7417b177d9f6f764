"""The trading engine: decides, knows no sockets, no clock and no randomness of its own."""
