"""Reading: an indexed access becomes an array with one axis for each of its loops.

    T[s i + d u - p, c]   over i, u, c    is a view with T's memory and strides

so a window, a group of channels and a flattened image cost no copy. Where an access
can leave its tensor, the tensor is padded first.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Symbol

_TIGHT = (ast.Name, ast.Call, ast.Subscript, ast.Attribute)


@dataclass(frozen=True)
class Operand:
    """The text of an array, and the loop that each of its axes runs over."""

    text: str
    loops: tuple[Symbol, ...]

    def over(self, order: Sequence[Symbol]) -> str:
        """Return the text with its axes in ``order``, loops that it lacks of length 1."""
        own = [loop for loop in order if loop in self.loops]
        text = self.text
        if own != list(self.loops):
            text = f"{atom(text)}.transpose({[self.loops.index(loop) for loop in own]})"
        axes = [":" if loop in self.loops else "None" for loop in order]
        return text if "None" not in axes else f"{atom(text)}[{', '.join(axes)}]"


def constant(text: str) -> Operand:
    """Return the operand of a number."""
    return Operand(f"np.float64({text})", ())


def atom(text: str) -> str:
    """Put an expression in parentheses, unless it binds as tightly as a name does."""
    tight = isinstance(ast.parse(text, mode="eval").body, _TIGHT)
    return text if tight else f"({text})"
