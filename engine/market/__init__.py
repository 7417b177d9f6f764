"""Instruments, prices, bars. Never imports the broker."""
