"""The servers that the benchmarks compare: each one a program that publishes, measures itself and ends."""
