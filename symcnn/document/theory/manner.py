"""How a statement is printed: its printer, its first index, its constants."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, sympify

from symcnn.derivation.statement import Statements, left_of, terms_of
from symcnn.document.blocks import Inline
from symcnn.document.theory.statement import Statement, TensorFormula
from symcnn.equations import Tensor, loops_over, units
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, parenthesized
from symcnn.writing.lettering import signal_of
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.manner import DecimalMark
from symcnn.writing.printing.names import chosen_letters


class Printed(Statements):
    """Prints parts of a statement.

    Attributes:
        made: The statement.
    """

    def __init__(self, made: Statement, index_base: int = 0, decimal: DecimalMark = ".") -> None:
        """Take a statement, what the first index is, and the decimal mark."""
        super().__init__(made.derivation, index_base, decimal=decimal)
        self.made = made

    @property
    def letters(self) -> Mapping[str, Formula]:
        """What stands for L and delta in sentences, where others were chosen for them."""
        return chosen_letters(
            self.made.network.loss_tensor.label, signal_of(self.made.network.letters)
        )

    def formula(self, expression: Expr) -> Inline:
        """Print an expression inside of a sentence."""
        return Inline(self.printer.tree(expression))

    def letter(self, tensor: Tensor) -> Inline:
        """Print what a tensor is called."""
        return self.formula(tensor.base.label)

    def entry_of(self, tensor: Tensor) -> Expr:
        """Return a tensor's entry with its own indices, without those of axes of length 1."""
        entry = tensor[tensor.indices]
        return entry.xreplace(units(loops_over(entry)))

    def left(self, of: TensorFormula) -> Formula:
        """Print the left side of a formula."""
        general, tensor = of.general, of.tensor
        entry = tensor[general.left.indices]
        if tensor in self.made.inputs:
            return self.printer.partial(self.printer.tree(entry))
        return left_of(self.printer, tensor, entry, general.left)

    def right(self, of: TensorFormula) -> tuple[Formula, ...]:
        """Print the summands of the right side of a formula."""
        return terms_of(of.general, self.printer, self.base)

    def shape(self, tensor: Tensor) -> Inline:
        """Print H x W x C without axes of length 1, and sums among several in parentheses."""
        sizes = [n for n in map(sympify, tensor.shape) if n != 1]
        several = len(sizes) > 1
        printed = (
            parenthesized(arithmetic(n)) if several and n.is_Add else arithmetic(n) for n in sizes
        )
        return Inline(joined([*printed], r"\times"))
