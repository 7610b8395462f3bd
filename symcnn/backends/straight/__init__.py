"""Straight lines in no language yet: one assignment for each entry, in the order of need."""
