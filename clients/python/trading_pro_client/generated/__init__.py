"""Generated from the specs: change the server's models."""
