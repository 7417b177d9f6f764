"""HTTP and WebSocket handlers. They translate between the wire and the engine; the engine makes all decisions."""
