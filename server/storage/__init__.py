"""Durable state: a journal of events in SQLite, written by group commit; snapshots, recovery, administration.

Open `service.py` first: what a running server does with its storage. `journal.py` writes, `recovery.py` reads it back
at the start, `integrity.py` finds damage, `admin.py` has the commands verify, backup, restore and snapshot.
"""
