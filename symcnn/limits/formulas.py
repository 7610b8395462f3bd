"""The limits on formulas of others that are checked.

They are read when they are used, as those beside them are.
"""

LETTERS = 4_000
"""The characters of a formula: one that fills a page has half of them."""

SIGNS = 1_500
"""The letters, numbers and operators of a formula."""

DIGITS = 40
"""The digits of a number in a formula: floats, in which formulas are computed, hold 16."""

DEPTH = 24
"""How deep parentheses, fractions and scripts may be nested: reading is recursive."""

CASES = 40
"""The sizes and settings at which a formula is compared with the theorem."""

CASES_LAYERS = 5
"""The layers of a network up to which there are so many cases; of more layers there are half."""

SECONDS = 3.0
"""The time in which an edit that mends a formula is looked for."""

ENTRIES = 100_000
"""The entries of the largest intermediate array of a formula: indices times their ranges."""

READINGS = 600
"""How many ways to bind letters, indices and sizes are tried."""

CASE_ENTRIES = 4_000
"""The entries of a network that is itself one of the cases; of larger ones there are small ones."""

READING_SECONDS = 1.0
"""The time in which readings of a formula are tried."""
