"""The WebSocket stream: topics, subscribers, updates in order.

Read `handler.py` first: the conversation with one client. `hub.py` knows who listens to what, `fanout.py` sends,
`send_queue.py` holds what a slow client has not taken. Nothing here knows trading.
"""
