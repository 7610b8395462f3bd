"""How a figure is computed: the general formula, and the entry at the student's own figures.

A figure that was not written is computed from those that were.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN
from decimal import Context as Arithmetic
from functools import cached_property

from sympy import Expr, Float, Rational, S, Symbol

from symcnn import limits
from symcnn.classroom.marking.asked import AFTER_A_STEP, UPDATED, expression_of, symbol_of
from symcnn.classroom.marking.follow import AsWritten
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.interval import meets, middle, number
from symcnn.classroom.marking.intervals.written import Written
from symcnn.classroom.marking.marking import VERDICTS, Figure, Marking, Verdict
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import Cause, Concealed
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.document.blocks import EQUAL, Row, Side
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.facts.given import Check
from symcnn.document.rows.rows import worked_row
from symcnn.document.rows.slices import slice_name
from symcnn.document.story.optimizers import moved
from symcnn.document.style import Style
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.problems import Problem
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal, fraction, row
from symcnn.writing.formula.reader import prose
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numeral, Numerals

NOTHING = Claim((), lambda symbol: ())
"""What rows claim of a problem's numbers: these are at a student's, where they were evaluated."""

_UNCHECKED = Check("", (), 0.0)
"""No derivative is measured for a report or a page: its true values are those of the problem."""

STEP = (
    "To update a weight, subtract the learning rate times the derivative of the loss with respect "
    "to it."
)
"""The rule of plain gradient descent, as a hint."""


@dataclass(frozen=True)
class _Context(Context):
    """A derivation at a student's figures, which are printed as they were written."""

    figures: Mapping[Symbol, Numeral] = field(default_factory=dict)
    partials: Mapping[Symbol, Formula] = field(default_factory=dict)

    @cached_property
    def brief_printer(self) -> MathPrinter:
        """What prints formulas: derivatives with respect to parameters have no letters."""
        return MathPrinter(self.partials, replace(self.manner, most_inside=limits.INNER_TERMS))

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
            return self.context.partial(tensor.symbol(figure.position))
        return self.context.printed(symbol)

    def parameter(self, figure: Figure) -> Formula:
        """Print the parameter w_11 that a figure is the updated value of."""
        tensor = self._problem.quantities.shape(figure.quantity)
        return self.context.printed(tensor.symbol(figure.position))

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
        return Row(made.left, (Side(EQUAL, (made.right,)),), NOTHING)

    def row(self, figure: Figure) -> Row | None:
        """Return the row  z_11 = w_11 x_1 + w_21 x_2 = 0.2 * 1 + 0.1 * 0.4 = 0.24."""
        left = self.letter(figure)
        if left is None or figure.due is None or " after " in figure.quantity:
            return None
        entry = expression_of(self._problem, figure.quantity, figure.position)
        formula = entry if figure.quantity.startswith(UPDATED) else figure.formula
        made = self._worked(left, self._target(figure), formula)
        if made is None or not figure.quantity.startswith(UPDATED):
            return made
        return replace(made, sides=made.sides[1:])  # its left side is its formula

    def due(self, figure: Figure) -> Side | None:
        """Return what the figures before a figure lead to, if they lead to a number."""
        if (row := self.row(figure)) is not None:
            return row.sides[-1]
        try:
            return Side.of(self.numerals(self._numbers.after(figure.formula)))
        except SymcnnError:
            return None

    def mistaken(self, figure: Figure, cause: Cause) -> Row | None:
        """Return the row of what was computed instead, in the quantity where the mistake is."""
        if self._problem.derivation.entries.where(cause.symbol) is None:  # an updated parameter
            left = self.letter(figure)
            return left and self._worked(left, self._target(figure), cause.formula)
        left = self.partial(cause.symbol) or self.context.printed(cause.symbol)
        return self._worked(left, cause.symbol, cause.formula)

    def is_earlier(self, figure: Figure, cause: Cause) -> bool:
        """Tell whether a mistake was made in a stage before a figure, which was not written."""
        own = symbol_of(self._problem, figure.quantity, figure.position) or cause.symbol
        return bool(cause.symbol != own)

    def exchanged(self, cause: Cause) -> tuple[Formula, Formula] | None:
        """Return the quantity that was taken, and for which, where one was taken for another."""
        right = self._problem.derivation.entries.formula(cause.symbol)
        if right is None:
            return None
        taken, left_out = (self._of(formula) for formula in (cause.formula, right))
        whole = [self._problem.derivation.entries.locate(cause.symbol)[0]]
        new = [tensor for tensor in taken if tensor not in left_out]
        old = [t for t in left_out if t not in taken] if not cause.formula.is_Symbol else whole
        if len(new) != 1 or len(old) != 1:
            return None
        return self._called(*new), self._called(*old)

    def _of(self, formula: Expr) -> list[Tensor]:
        found = sorted(formula.free_symbols, key=str)
        entries = self._problem.derivation.entries
        return [*dict.fromkeys(place[0] for s in found if (place := entries.where(s)))]

    def _called(self, tensor: Tensor) -> Formula:
        """Print the letter of a tensor; dL/dw for the derivative with respect to a parameter."""
        parameter = self._parameters.get(tensor.name)
        if parameter is None:
            return self.context.named(tensor).formula
        return self.context.printer.partial(self.context.named(parameter).formula)

    def _worked(self, left: Formula, symbol: Symbol, formula: Expr) -> Row | None:
        """Return a row at the student's figures; None if some number on the way has no value."""
        if not formula.free_symbols:
            return None
        try:
            value = self._numbers.after(formula)
            made = worked_row(self._at(formula, symbol, value), symbol, formula, left)
        except SymcnnError:
            return None
        return Row(made.left, made.sides, NOTHING)

    def _target(self, figure: Figure) -> Symbol:
        """Return a symbol that the formula of a figure lacks; updated weights have none."""
        if figure.quantity.startswith(UPDATED):
            return self._problem.network.loss_tensor.symbol((0,))
        return self._problem.quantities.shape(figure.quantity).symbol(figure.position)

    def _at(self, formula: Expr, symbol: Symbol, value: Expr) -> Context:
        """Return the context in which a row is worked: the entry has the value that is due."""
        figures = {
            s: Numeral(self.written(answer), exact=True)
            for s in formula.free_symbols
            if (answer := self._numbers.written(s))
        }
        context = self.context

        def at(expression: Expr) -> Expr:
            return value if expression == symbol else self._numbers.after(expression)

        made = _Context(
            context.title,
            context.derivation,
            at,
            _UNCHECKED,
            style=self._style,
            figures={**figures, symbol: self.numerals(value)},
            partials={s: p for s in formula.free_symbols if (p := self.partial(s))},
        )
        made.__dict__["manner"] = context.manner  # a cached property, of the same formulas
        return made

    def _updated(self, figure: Figure) -> Formula:
        """Print w_11 - eta dL/dw_11: an updated weight has no letter of its own."""
        tensor = self._problem.quantities.shape(figure.quantity)
        entry = self.context.printed(tensor.symbol(figure.position))
        if not self._problem.optimizer.is_plain:
            return moved(self._problem.optimizer, entry)
        return row(entry, "-", r"\eta", self.context.partial(tensor.symbol(figure.position)))

    def partial(self, symbol: Symbol) -> Formula | None:
        """Print dL/dw_11, if that is what a symbol stands for."""
        located = self._problem.derivation.entries.where(symbol)
        parameter = located and self._parameters.get(located[0].name)
        if located is None or parameter is None:
            return None
        return self.context.partial(parameter.symbol(located[1]))

    @cached_property
    def _parameters(self) -> Mapping[str, Tensor]:
        """The parameters, by the names of the derivatives with respect to them."""
        adjoints = self._problem.derivation.adjoints
        learned = self._problem.network.parameters
        return {adjoints[t.name].name: t for t in learned if t.name in adjoints}

    @cached_property
    def context(self) -> Context:
        """What prints entries."""
        problem = self._problem
        given = problem.title, problem.derivation, problem.point.value, _UNCHECKED
        return Context(*given, problem.learning_rate, problem.optimizer, style=self._style)


_DIGITS = 30
"""The digits of a number that is not exact: of 40 that are computed, some are lost."""


class Numbers:
    """Every entry as a student has it."""

    def __init__(self, problem: Problem, figures: Iterable[Figure]) -> None:
        """Take the figures of a sheet."""
        formulas, shape = Formulas(problem), problem.quantities.shape
        given = [f for f in figures if " after " not in f.quantity or f.quantity == AFTER_A_STEP]
        tensors = ((f, formulas.of(f.quantity, shape(f.quantity))) for f in given)
        pairs = ((tensor.symbol(f.position), f.answer) for f, tensor in tensors)
        written = {s: a for s, a in pairs if a and formulas.formula(s) is not None}
        self._carried = AsWritten(formulas, written)

    def written(self, symbol: Symbol) -> Written | None:
        """Return the figure of an entry, if one was written."""
        return self._carried.figures.get(symbol)

    def after(self, formula: Expr) -> Expr:
        """Return what a formula gives: 0 or a short decimal where it may be exact, else 30 digits.

        What cancels leaves an interval around 0 that is as narrow as its ends are rounded.

        Raises:
            SymcnnError: If it has no value there, such as the logarithm of a negative number.
        """
        found = self._carried.due(formula)
        if found is None:
            raise SymcnnError("the formula has no value at these figures")
        digits = middle(found)
        short = Arithmetic(limits.EXACT_DIGITS, ROUND_HALF_EVEN).plus(digits)
        exact = next((n for n in (S.Zero, Rational(str(short))) if meets(number(n), found)), None)
        return Float(digits, _DIGITS) if exact is None else exact


FEW_DIGITS = "The figure has fewer digits than are asked for."

_ALWAYS = ("right", "follows", "wrong", "missing")


def columns(found: Container[Verdict]) -> list[Verdict]:
    """Return the verdicts that tables have columns for: the others only where there are some."""
    return [verdict for verdict in VERDICTS if verdict in _ALWAYS or verdict in found]


def causes(figure: Figure) -> list[str]:
    """Say which mistakes yield a wrong figure; formulas stand between dollar signs."""
    sentences = [stated(cause.mistake) for cause in named_causes(figure)]
    if not sentences:
        return ["No known mistake leads to this figure."]
    several = ["Several mistakes lead to this figure."] if len(sentences) > 1 else []
    return [*several, *sentences]


def named_causes(figure: Figure) -> tuple[Cause, ...]:
    """Return what yields a wrong figure; the same mistake made one step earlier is left out."""
    names = {mistake.name for mistake in figure.mistakes}
    return tuple(cause for cause in figure.causes if cause.mistake.same_as not in names)


def stated(mistake: Mistake) -> str:
    """Return a mistake with its name, unless the explanation begins with it."""
    if mistake.explanation.lower().startswith(mistake.name):
        return mistake.explanation
    return f"{capital(mistake.name)}: {mistake.explanation}"


def concealment(hidden: Concealed) -> str:
    """Say what figures cannot tell."""
    return (
        f"{capital(hidden.mistake.name)}? In {hidden.quantity}, this mistake would change nothing, "
        "because of earlier mistakes; with the right figures it would. So the figures cannot show "
        f"whether you made it. {hidden.mistake.explanation}"
    )


def plain(words: str) -> str:
    """Return words with their formulas as text: w_1 x_1 becomes w₁ x₁."""
    return "".join(p if isinstance(p, str) else text(p) for p in prose(words))


def capital(words: str) -> str:
    """Return words with a capital in front."""
    return words[0].upper() + words[1:]


def letter_of(
    problem: Problem, name: str, fixed: Mapping[int, int] | None = None, index_base: int = 1
) -> Formula:
    """Return what stands for a quantity, or for one matrix of it.

    Args:
        problem: The problem.
        name: The quantity.
        fixed: The indices that the entries of the matrix share, by their axes.
        index_base: The index of the first entry of an axis.
    """
    tensor = problem.quantities.shape(name)
    at: Mapping[int, int] = fixed or {}
    of = problem.network.tensors.get(name.removeprefix(GRADIENT))
    is_slope = name.startswith(GRADIENT) and of is not None and of.role == "parameter"
    if not is_slope and not name.startswith(UPDATED):
        return slice_name(tensor, at, index_base)
    learned: Tensor = tensor if of is None else of
    weight = slice_name(learned, at, index_base)
    slope = Statements(problem.derivation).printer.partial(weight)
    if not is_slope and not problem.optimizer.is_plain:
        return moved(problem.optimizer, weight)
    return slope if is_slope else row(weight, "-", r"\eta", slope)
