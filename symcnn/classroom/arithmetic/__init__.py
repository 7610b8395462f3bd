"""Programs of pages: formulas as steps, which each page takes in an arithmetic of its own.

    real.js        fractions as long as numbers are fractions, then floats with their errors
    interval.js    every value that a formula has as its entries vary, between decimals

The steps are those that the reference takes, so that a page has every function that it has.
"""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def scripts(*names: str) -> str:
    """Return some of the modules of JavaScript of this folder as one text."""
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)
