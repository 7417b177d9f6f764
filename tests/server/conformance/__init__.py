"""Tests of the conformance kit; `faults.py` is the table of the planted faults."""
