"""The WebSocket stream: topics, subscribers, and updates in order. It does not depend on trading.

Open `handler.py` first: the messages of one client. `connection.py` is its WebSocket protocol, `hub.py` holds the
subscribers, `fanout.py` sends updates, `send_queue.py` holds the frames that a slow client has not received yet.
"""
