"""How a statement is printed: its printer, its first index, its constants."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, sympify

from symcnn.derivation.constants import Constants, constants
from symcnn.derivation.manner import manner_of
from symcnn.derivation.statement import left_of, terms_of
from symcnn.document.blocks import Inline
from symcnn.equations import Tensor, loops_over, units
from symcnn.formula import Row as Formula
from symcnn.formula.build import derivative, joined, row
from symcnn.printing.arithmetic import arithmetic
from symcnn.printing.mathematics import MathPrinter
from symcnn.printing.numerals import Numerals
from symcnn.theory.statement import Formula as General
from symcnn.theory.statement import Statement


@dataclass(frozen=True)
class Printed:
    """Prints parts of a statement.

    Attributes:
        made: The statement.
        base: What the first index is, 0 or 1.
        printer: Prints its formulas.
        constants: The constants that have a letter.
    """

    made: Statement
    base: int
    printer: MathPrinter
    constants: Constants

    def formula(self, expression: Expr) -> Inline:
        """Print an expression inside of a sentence."""
        return Inline(self.printer.tree(expression))

    def letter(self, tensor: Tensor) -> Inline:
        """Print what a tensor is called."""
        return self.formula(tensor.base.label)

    def entry(self, tensor: Tensor) -> Expr:
        """Return a tensor's entry with its own indices, without those of axes of length 1."""
        entry = tensor[tensor.indices]
        return entry.xreplace(units(loops_over(entry)))

    def left(self, of: General) -> Formula:
        """Print the left side of a formula."""
        general, tensor = of.general, of.tensor
        entry = tensor[general.left.indices]
        if tensor in self.made.inputs:
            return row(derivative("L", self.printer.tree(entry)))
        return left_of(self.printer, tensor, entry, general.left)

    def right(self, of: General) -> tuple[Formula, ...]:
        """Print the summands of the right side of a formula."""
        return terms_of(of.general, self.printer, self.base)

    def shape(self, tensor: Tensor) -> Inline:
        """Print H x W x C."""
        return Inline(joined([arithmetic(sympify(n)) for n in tensor.shape], r"\times"))


def printed(made: Statement, index_base: int) -> Printed:
    """Return what prints a statement."""
    settings = constants(made.network, Numerals())
    printer = MathPrinter(manner=manner_of(made.derivation, settings, index_base))
    return Printed(made, index_base, printer, settings)
