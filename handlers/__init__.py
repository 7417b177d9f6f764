"""Every line that touches HTTP or WebSocket frames. Handlers translate; the engine decides."""
