"""What operators see: metrics, logs, and the notifications to systemd.

Read `metrics.py` first; the numbers come from `sources.py`.
"""
