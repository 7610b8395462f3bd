"""The operators that formulas have, as MathML writes them."""

from __future__ import annotations

INVISIBLE = APPLY, TIMES, SEPARATOR = "\u2061", "\u2062", "\u2063"
"""Those that nobody sees: f of x, a times b, and between the indices i and j."""

SIGNS = frozenset(("+", "\N{MINUS SIGN}"))
RELATIONS = frozenset(("=", "≈", "≤", "≥", "<", ">", "←", "\N{DIVIDES}"))
PRODUCTS = frozenset(("·", "\N{MULTIPLICATION SIGN}"))
PARTIAL = "∂"
DOTS = frozenset("…⋯")
OPENING, CLOSING = frozenset("([⌊⌈"), frozenset(")]⌋⌉")
NAMED = frozenset(("max", "min"))
OPERATORS = SIGNS | RELATIONS | PRODUCTS | DOTS | OPENING | CLOSING | {","}
