"""Durable state: a journal of events in SQLite, written by group commit; snapshots, recovery, administration.

Read `service.py` first: what a running server does with its storage. `journal.py` writes, `recovery.py` reads it back
at the start, `admin.py` has the commands verify, backup and restore.
"""
