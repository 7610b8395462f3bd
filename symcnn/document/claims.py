"""What stands on the sides of a row, and what it says is equal, in a form that can be checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from sympy import Expr, Symbol

from symcnn.derivation.convolution_form import ConvolutionForm
from symcnn.equations import Affine
from symcnn.equations.functions import Iverson
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


class Terms(NamedTuple):
    """What a theorem's formulas have names for.

    Attributes:
        loops: For each summand, how many values the indices of its sum have.
        indices: What named indices are made of, counted from 0.
        numbers: Other letters of numbers.
        slope: A function's argument and its derivative, if it has one.
    """

    loops: Sequence[Mapping[Symbol, int]]
    indices: Mapping[Symbol, Affine]
    numbers: Mapping[Symbol, int]
    slope: tuple[Symbol, Expr] | None = None


NO_TERMS = Terms((), {}, {})


@dataclass(frozen=True)
class Claim:
    """What a row says is equal, in a form that can be checked.

    Attributes:
        left: An entry's symbol, for each case that the row speaks of; for a figure alone,
            it may be an expression of entries.
        right: For each case, the expressions that are claimed to equal it at all
            numbers that the network can be given.
        value: The figure that the row ends with, at the problem's own numbers.
        where: Comparisons under which the row claims this; None claims it everywhere.
        twice: Whether it is of second derivatives, which need not exist where the first do.
        indices: For each case, the values of the free indices in print, counted from 0.
        terms: What else its formula has names for.
        form: What its formula is in convolution notation, if it is printed so.
    """

    left: tuple[Expr, ...]
    right: Callable[[Symbol], Sequence[Expr]]
    value: Expr | None = None
    where: Iverson | None = None
    twice: bool = False
    indices: Mapping[Expr, Mapping[Symbol, int]] = field(default_factory=dict, compare=False)
    terms: Terms = field(default=NO_TERMS, compare=False)
    form: ConvolutionForm | None = field(default=None, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Write the right side out case by case: no function is sent to another process."""
        written_out = {case: tuple(self.right(case)) for case in self.left}
        made = self.left, written_out.__getitem__, self.value, self.where, self.twice
        return Claim, (*made, self.indices, self.terms, self.form)
