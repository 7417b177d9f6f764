"""Wire models of the control of a simulation: worlds, clock, faults, and what clients did. Open `worlds.py` first."""
