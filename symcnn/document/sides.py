"""What stands on one side of a row, and what that claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sympy import Expr, Symbol

from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.printing.numerals import Numeral

Relation = Literal["=", r"\approx"]
EQUAL: Relation = "="
ROUNDED: Relation = r"\approx"


@dataclass(frozen=True)
class Side:
    """One side of a row: its relation to the side before, and its summands.

    Attributes:
        shown: What its summands come to, if that is not all that the row claims.
        figures: The numbers that stand for entries in it.
    """

    relation: Relation
    terms: tuple[Formula, ...]
    shown: Expr | None = field(default=None, compare=False)
    figures: Mapping[Symbol, Numeral] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, number: Numeral) -> Side:
        """Return a number behind the relation in which it stands to what it is printed for."""
        return cls(EQUAL if number.exact else ROUNDED, (number.formula,))

    @property
    def alone(self) -> Side:
        """The side as a value behind another formula than that with its figures."""
        return replace(self, shown=None, figures=None)

    @property
    def formula(self) -> Formula:
        """The relation and the summands beside each other."""
        return row(self.relation, *self.terms)
