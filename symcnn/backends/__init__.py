"""Backends: each writes a plan down as the text of a program."""
