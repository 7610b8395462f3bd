"""How a figure is computed: the general formula, and the entry at the student's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Symbol

from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.document import Check, Context, Style
from symcnn.document.blocks import EQUAL, Row, Side
from symcnn.document.claims import Claim
from symcnn.document.rows import worked_row
from symcnn.errors import SymcnnError
from symcnn.formula import Row as Formula
from symcnn.formula.build import decimal, fraction, row
from symcnn.marking.asked import UPDATED
from symcnn.marking.figure import Figure
from symcnn.marking.marking import Marking
from symcnn.marking.pages.numbers import Numbers
from symcnn.marking.symbols import symbol_of
from symcnn.marking.written import Written
from symcnn.printing.numerals import Numeral, Numerals

_NOTHING = Claim((), lambda symbol: ())
"""What rows claim of a problem's numbers: these are at a student's, where they were evaluated."""

_UNCHECKED = Check("", (), 0.0)
"""No derivative is measured for a report: its true values are those of the problem."""


@dataclass(frozen=True)
class _Context(Context):
    """A derivation at a student's figures, which are printed as they were written."""

    figures: Mapping[Symbol, Numeral] = field(default_factory=dict)

    def numeral(self, symbol: Symbol) -> Numeral:
        """Return the figure of an entry, or what follows for it."""
        return self.figures[symbol] if symbol in self.figures else super().numeral(symbol)


class Worked:
    """Prints the figures of one student."""

    def __init__(self, marking: Marking, style: Style) -> None:
        """Take the figures, and how numbers are printed."""
        self._problem, self._style = marking.problem, style
        self._numbers = Numbers(marking.problem, marking.figures)
        self.numerals = Numerals(style.digits, style.decimal)

    def letter(self, figure: Figure) -> Formula | None:
        """Print z_11; what has no letter of its own has none."""
        symbol = symbol_of(self._problem, figure.quantity, figure.position)
        if symbol is None:
            return self._updated(figure) if figure.quantity.startswith(UPDATED) else None
        tensor = self._problem.network.tensors[figure.quantity.removeprefix(GRADIENT)]
        if tensor.role == "parameter":
            return self._context.partial(tensor.symbol(figure.position))
        return self._context.printed(symbol)

    def written(self, written: Written) -> Formula:
        """Print a figure as it was written."""
        above, _, below = written.text.partition("/")
        if below:
            return row(fraction(*(self.numerals.marked(part) for part in (above, below))))
        return decimal(
            written.text.lower().removeprefix("+").replace(",", "."), self._style.decimal
        )

    def general(self, figure: Figure) -> Row | None:
        """Return the row of the general formula, where there is one."""
        base, digits, mark = self._style.index_base, self._style.digits, self._style.decimal
        try:
            made = Statements(self._problem.derivation, base, digits, mark).general(figure.quantity)
        except SymcnnError:
            return None
        return Row(made.left, (Side(EQUAL, (made.right,)),), _NOTHING)

    def row(self, figure: Figure) -> Row | None:
        """Return the row  z_11 = w_11 x_1 + w_21 x_2 = 0.2 * 1 + 0.1 * 0.4 = 0.24."""
        left = self.letter(figure)
        if left is None or figure.due is None or not figure.formula.free_symbols:
            return None
        symbol = self._target(figure)
        try:
            value = self._numbers.after(figure.formula)
            made = worked_row(self._at(figure.formula, symbol, value), symbol, figure.formula, left)
        except SymcnnError:
            return None  # at these figures some number on the way has no value
        sides = made.sides[1:] if figure.quantity.startswith(UPDATED) else made.sides
        return Row(made.left, sides, _NOTHING)

    def _target(self, figure: Figure) -> Symbol:
        """Return a symbol of the tensor that a figure belongs to, which its formula lacks."""
        tensor = self._problem.quantities.shape(figure.quantity)
        if figure.quantity.startswith(UPDATED):
            return self._problem.derivation.adjoints[tensor.name].symbol(figure.position)
        return tensor.symbol(figure.position)

    def _at(self, formula: Expr, symbol: Symbol, value: Expr) -> Context:
        """Return the context in which a row is worked: the entry has the value that is due."""
        figures = {
            s: Numeral(self.written(answer), exact=True)
            for s in formula.free_symbols
            if (answer := self._numbers.written(s))
        }
        context = self._context

        def at(expression: Expr) -> Expr:
            return value if expression == symbol else self._numbers.after(expression)

        return _Context(
            context.title,
            context.derivation,
            at,
            _UNCHECKED,
            style=self._style,
            figures={**figures, symbol: self.numerals(value)},
        )

    def _updated(self, figure: Figure) -> Formula:
        """Print w_11 - eta dL/dw_11: an updated weight has no letter of its own."""
        tensor = self._problem.quantities.shape(figure.quantity)
        entry = self._context.printed(tensor.symbol(figure.position))
        return row(entry, "-", r"\eta", self._context.partial(tensor.symbol(figure.position)))

    @cached_property
    def _context(self) -> Context:
        problem = self._problem
        value = problem.point.value
        return Context(problem.title, problem.derivation, value, _UNCHECKED, style=self._style)
