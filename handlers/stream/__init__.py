"""The WebSocket stream: topics, subscribers, and updates in order. Nothing here knows trading.

Open `handler.py` first: the conversation with one client. `connection.py` is its WebSocket protocol, `hub.py` knows the
subscribers, `fanout.py` sends, `send_queue.py` holds what a slow client has not taken yet.
"""
