"""How second derivatives were computed a second time, and what came of it."""

from __future__ import annotations

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.curvature import Curvature
from symcnn.document.rows.apart import letters_of
from symcnn.document.words.words import filled, joined

_METHOD = (
    "Every formula of the second derivatives{numbers} was compared with a computation in which "
    r"each number carries its derivative with respect to $\theta$ along, as "
    r"$\left(a + a' \varepsilon\right) \left(b + b' \varepsilon\right) = a b + "
    r"\left(a' b + a b'\right) \varepsilon$ with $\varepsilon^2 = 0$: the forward pass gives $J$, "
    "and the slopes along all paths from an entry to the loss, multiplied and added up, give $H$. "
    "No formula of a backward pass is used."
)
_LARGEST = "In floating point, the largest difference from a printed number is {error}."


def hessian_check(context: Context, made: Curvature) -> Text:
    """Say what the second derivatives were compared with."""
    if made.error is None:
        return filled(_METHOD, letters_of(context), numbers="")
    error = Inline(context.numerals.marked(f"{made.error:.1e}" if made.error else "0"))
    return joined(
        (
            filled(_METHOD, letters_of(context), numbers=" and every number"),
            filled(_LARGEST, error=error),
        )
    )
