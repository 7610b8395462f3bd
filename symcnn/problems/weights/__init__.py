"""Weights by the names and in the layouts of where a network is from."""
