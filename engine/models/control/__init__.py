"""Wire models of the simulation control: worlds, clock, faults, requests and reports. Read `faults.py` first."""
