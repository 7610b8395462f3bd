"""Rows of formulas: made, broken into lines, checked, and left open for students."""
