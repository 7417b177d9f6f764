"""Wire models of the control of a simulation: worlds and clock. Open `worlds.py` first."""
