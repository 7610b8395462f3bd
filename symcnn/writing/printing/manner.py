"""How formulas are printed: from where indices count, and what stands for constants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sympy import Expr

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.errors import check_choice
from symcnn.writing.formula import Formula

DecimalMark = Literal[".", ","]
"""What separates the whole part of a number from the rest."""


@dataclass(frozen=True)
class Manner:
    """How formulas are printed.

    Attributes:
        base: What the first index is.
        shapes: The shapes of tensors by their labels, where their entries' names are not to
            count from 1.
        weights: The letters of weights, which stand before other entries.
        loss: The letter of the loss.
        signal: The letter of error signals, which stand before all entries.
        stages: The number of the stage at which the chain rule meets a tensor, by its label.
        most_inside: Of sums, maxima and brackets inside of a term that have more parts than
            this, the first two and the last are printed.
        separator: What stands between the arguments of a maximum.
        constants: Numbers that are not printed as fractions: 0.01, not 1/100.
        summands: The letters of constants that are added to something: epsilon in V + epsilon.
        is_rule: Whether terms stand in the order of a rule for all sizes, the direct one first.
        positions: The labels of the tensors whose entries choose others, E_{x_i} in place of a sum.
    """

    base: int = 1
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    weights: Collection[str] = ("w",)
    loss: str = "L"
    signal: str = "delta"
    stages: Mapping[str, int] = field(default_factory=dict)
    most_inside: int | None = None
    separator: str = ","
    constants: Mapping[Expr, Formula] = field(default_factory=dict)
    summands: Mapping[Expr, Formula] = field(default_factory=dict)
    is_rule: bool = False
    positions: Collection[str] = ()

    def with_stages(self, stages: Mapping[str, int]) -> Manner:
        """Return the manner of rules for all sizes, in which some tensors have other stages."""
        return replace(self, stages={**self.stages, **stages}, is_rule=True)


def separator(decimal: DecimalMark) -> str:
    """Return what stands between the numbers of a list: no decimal comma is taken for it."""
    return "," if decimal == "." else ";"


def check_printed(index_base: int, digits: int, decimal: DecimalMark = ".") -> None:
    """Check the first index, the significant digits of a rounded number, and the decimal mark.

    Raises:
        SymcnnError: If one of them is something else.
    """
    check_choice("index_base", index_base, (0, 1), "0 or 1")
    most = limits.DIGITS
    check_choice("digits", digits, range(1, most + 1), f"a whole number from 1 to {most}")
    check_choice("decimal", decimal, (".", ","), "'.' or ','")
