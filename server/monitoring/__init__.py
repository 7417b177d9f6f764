"""Monitoring: metrics for Prometheus, logs, and the notifications to systemd.

Open `metrics.py` first; `sources.py` lists the values that it exports.
"""
