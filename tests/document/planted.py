"""Errors that several tests plant in what is printed."""

from symcnn.writing.formula import read
from symcnn.writing.formula.latex import latex


def with_another_digit(figure):
    """Raise the last digit of a printed number by one, be it of an exponent or a divisor."""
    text = latex(figure)
    place = max(n for n, letter in enumerate(text) if letter.isdigit())
    return read(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :])
