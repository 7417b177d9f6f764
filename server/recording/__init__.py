"""Recordings: every input of a world in order with the events that it made, in one file, and their replay.

`lines.py` is the format. `inputs.py` is the one place where inputs enter, `recorder.py` pairs them with durable results
and writes the lines, `replay.py` feeds a file to a new world and compares. Open `lines.py` first.
"""
