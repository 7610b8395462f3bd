"""Formulas as trees: what prints them, what reads them back, and pictures."""
