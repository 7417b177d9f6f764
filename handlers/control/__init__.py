"""Control of a simulation over REST: worlds, clock, faults, requests and recordings.

Every address answers 404 without `--control`, and needs the admin scope where tokens are on. One file has one topic.
Open `control.py` first (what the handlers use), then `clock.py`.
"""
