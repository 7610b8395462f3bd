"""Straight-line code, independent of a language: one assignment for each entry, in order."""
