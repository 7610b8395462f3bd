"""Compiled: runs of statements that are no matrix products, as loops in C between those that are."""
