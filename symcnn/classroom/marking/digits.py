"""Mistakes with digits: a given number handed in for a computed one, and digits cut off.

No other equations yield them, so that they are not in the catalogue.
"""

from symcnn.classroom.marking.mistakes import Mistake

REPEATED = Mistake(
    "given number repeated",
    "A given number was handed in unchanged. A new number is to be computed from it.",
    lambda work: (),
)
"""The figure is a number that its formula reads."""

TRUNCATED = Mistake(
    "truncated, not rounded",
    "The other digits were cut off. They must be rounded: where the first of them is 5 or more, "
    "the last digit that is kept is raised by one.",
    lambda work: (),
)
"""The figure has as many digits as are asked for, and the last is too small."""

OF_DIGITS = (REPEATED, TRUNCATED)
