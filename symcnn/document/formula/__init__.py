"""Formulas as one line of text."""
