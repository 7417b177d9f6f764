"""One process: composition and surroundings of engine and handlers."""

VERSION = "0.1.0"
