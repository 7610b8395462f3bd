"""Compiled: loops in C between matrix products, in the place of NumPy's other functions."""
