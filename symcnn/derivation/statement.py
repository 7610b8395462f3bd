"""Single formulas of a derivation, as documents print them, each of them read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, get_args

from sympy import Dummy, Expr, Indexed, IndexedBase, Symbol, sympify

from symcnn.derivation.adjoint import Routing
from symcnn.derivation.convolution_form import ConvolutionForm, Notation, convolution_form
from symcnn.derivation.derived import Derived, constants, manner_of
from symcnn.derivation.general import General, backward_form, forward_form
from symcnn.derivation.matrix_notation import Statement as Statement
from symcnn.derivation.matrix_notation import matrix_statement
from symcnn.derivation.read_back import Printed, check, check_entry
from symcnn.derivation.simplification import cancelled, factored
from symcnn.equations import Max, Tensor, grouped, loops_over, units
from symcnn.equations.sizes import Length, defined
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, check_choice, shown
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import INDENT, fraction, joined, parenthesized, row, scripts
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.manner import DecimalMark, check_printed, separator
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.subscripts import ranges

_COMPUTED = ("hidden", "auxiliary", "loss")
"""The roles of tensors that the forward pass computes."""

Notations = Literal["indices", "convolution", "matrix"]
"""The notations of formulas for all entries."""

GRADIENT = "gradient of "
"""What stands before the name of a tensor that the loss is differentiated with respect to."""


class Statements:
    """Prints the formulas of a derivation one by one.

    Attributes:
        base: What the first index is, 0 or 1.
        constants: How the settings of layers are printed.
        printer: What prints formulas.
    """

    def __init__(
        self,
        derivation: Derived,
        index_base: int = 1,
        digits: int = 6,
        decimal: DecimalMark = ".",
        stages: Mapping[str, int] | None = None,
    ) -> None:
        """Take what is printed, what the first index is, and how constants are rounded.

        In rules for all sizes, tensors may have other stages than they are met at, by their
        labels: factors of later ones stand first.
        """
        check_printed(index_base, digits, decimal)
        self._derivation, self.base = derivation, index_base
        self.constants = constants(derivation.network, Numerals(digits, decimal))
        manner = manner_of(derivation, self.constants, index_base, separator(decimal))
        self.printer = MathPrinter(manner=manner if stages is None else manner.with_stages(stages))

    def stated(
        self, name: str, index: Sequence[int] | None, most_nodes: int | None, notation: Notations
    ) -> Statement:
        """Print a formula: of an entry, of all, or of all in convolution notation."""
        check_choice("notation", notation, get_args(Notations), " or ".join(get_args(Notations)))
        if notation != "indices" and index is not None:
            raise SymcnnError(f"{shown(name)} has an index: omit it in {notation} notation")
        if notation == "convolution":
            return self.convolution(name)
        if notation == "matrix":
            return self.matrix(name)
        return self.general(name) if index is None else self.entry(name, index, most_nodes)

    def general(self, name: str) -> Statement:
        """Print a formula for all entries, with what its free indices run over."""
        tensor, is_derivative = self._named(name)
        made = self._form(tensor, is_derivative)
        terms = terms_of(made, self.printer)
        left = left_of(self.printer, tensor, tensor[made.left.indices], made.left)
        check(self.printed(self._derivation.tensors), left, terms, made)
        return Statement(left, terms, ranges_behind(made, self.base))

    def expression(self, name: str, index: Sequence[int] | None, most_nodes: int | None) -> Expr:
        """Return the right side of a formula as SymPy's expression; its indices count from 0."""
        tensor, is_derivative = self._named(name)
        if index is not None:
            formula, _ = self._entry(tensor, is_derivative, tensor.checked(index), most_nodes)
            return formula
        made = self._form(tensor, is_derivative)
        if made.window:
            raise SymcnnError(
                f"{shown(name)} is a maximum over indices, which SymPy has not: name an entry"
            )
        return made.checked

    def _form(self, tensor: Tensor, is_derivative: bool) -> General:
        if is_derivative:
            return backward_form(self._derivation, tensor.name)
        own = dict(grouped(self._derivation.network.equations))[tensor.base]
        return forward_form(self._derivation, own)

    def printed(self, tensors: Mapping[IndexedBase, Tensor]) -> Printed:
        """Return by what formulas of some tensors are printed, to read them back."""
        network, adjoints = self._derivation.network, self._derivation.adjoints
        letters = self.constants.letters
        return Printed(network, tensors, adjoints, self.printer, letters, self.base)

    def convolution(self, name: str) -> Statement:
        """Print a formula for all entries in convolution notation."""
        tensor, is_derivative = self._named(name)
        form = convolution_form(self._derivation, tensor.name, backward=is_derivative)
        if form is None:
            raise SymcnnError(
                f"the formula of {shown(name)} is not a convolution: omit notation to get indices"
            )
        partial = is_derivative and tensor.role == "parameter"
        made = self._form(tensor, is_derivative)
        left, right, over = self.convolved(form, tensor, made, partial=partial)
        return Statement(left, right, over)

    def matrix(self, name: str) -> Statement:
        """Print a formula in vectors and matrices, once it was compared with the entries."""
        tensor, is_derivative = self._named(name)
        partial = is_derivative and tensor.role == "parameter"
        made = self._form(tensor, is_derivative)
        given = (self._derivation, tensor, made, self.printer, self.base)
        found = None if made.window else matrix_statement(*given, is_partial=partial)
        if found is None:
            raise SymcnnError(
                f"no formula of {shown(name)} in matrices is known: omit notation to get indices"
            )
        return found

    def convolved(
        self, form: ConvolutionForm, tensor: Tensor, general: General, *, partial: bool
    ) -> tuple[Formula, tuple[Formula, ...], Formula]:
        """Print both sides of a form and what its indices run over, and read it back.

        Raises:
            UnverifiedError: If it is not what the general formula says in indices.
        """
        notation = Notation(self.printer, self.base)
        left, right = notation.left(form, tensor, partial=partial), notation.right(form)
        check(self.printed(self._derivation.tensors), left, right, general, form)
        return left, right, notation.ranges(form)

    def equation(
        self, twice: Sequence[Expr], general: General, moving: Iterable[Tensor] = ()
    ) -> Statement:
        """Print a general formula of second order, with what its free indices run over.

        Args:
            twice: The two entries with respect to which the loss is differentiated, if that is
                what stands on the left.
            general: The formula.
            moving: The tensors of second order that it may hold.
        """
        terms = terms_of(general, self.printer)
        left = second_derivative(self.printer, twice) if twice else self.printer.tree(general.left)
        tensors = {**self._derivation.tensors, **{tensor.base: tensor for tensor in moving}}
        check(self.printed(tensors), left, terms, general)
        return Statement(left, terms, ranges_behind(general, self.base))

    def entry(self, name: str, index: Sequence[int], most_nodes: int | None) -> Statement:
        """Print an entry's formula, closed if it may have so many nodes, or in named stages."""
        tensor, is_derivative = self._named(name)
        position = tensor.checked(index)
        formula, symbol = self._entry(tensor, is_derivative, position, most_nodes)
        closed = most_nodes is not None
        terms = self.printer.terms(formula) if closed else self.printer.general(formula)
        left = left_of(self.printer, tensor, tensor.symbol(position), symbol)
        printed = self.printed(self._derivation.tensors)
        check_entry(printed, self._derivation, left, terms, symbol, formula)
        return Statement(left, tuple(terms))

    def _entry(
        self, tensor: Tensor, is_derivative: bool, position: Sequence[int], most_nodes: int | None
    ) -> tuple[Expr, Symbol]:
        """Return the formula of an entry, closed or in named stages, and the entry's symbol."""
        entries = self._derivation.entries
        of = self._derivation.adjoints[tensor.name] if is_derivative else tensor
        symbol = of.symbol(position)
        formula = entries.formula(symbol)
        assert formula is not None  # what is given is only differentiated with respect to
        if most_nodes is not None:
            formula = cancelled(factored(entries.closed(formula, most_nodes)))
        return formula, symbol

    def _named(self, name: str) -> tuple[Tensor, bool]:
        """Return a tensor, and whether the derivative with respect to it is asked for."""
        tensors, adjoints = self._derivation.network.tensors, self._derivation.adjoints
        of = name.removeprefix(GRADIENT)
        forward = [t.name for t in tensors.values() if t.role in _COMPUTED]
        if of in adjoints and (of != name or of not in forward):
            return tensors[of], True
        if name in forward:
            return tensors[name], False
        names = [*forward, *(n if n not in forward else GRADIENT + n for n in adjoints)]
        raise SymcnnError(f"there is no formula of {shown(name)}: {known(name, names)}")


def second_derivative(printer: MathPrinter, twice: Sequence[Expr]) -> Formula:
    """Print d^2 L / dw dv."""
    zero = units(loop for entry in twice if entry.args for loop in loops_over(entry))
    entries = [row(r"\partial", printer.tree(entry.xreplace(zero))) for entry in twice]
    above = row(scripts(r"\partial", sup="2"), printer.loss)
    return row(fraction(above, row(*entries)))


def left_of(printer: MathPrinter, tensor: Tensor, entry: Expr, symbol: Expr) -> Formula:
    """Print dL/dw for a parameter; error signals and forward entries have symbols."""
    if tensor.role == "parameter":
        return printer.partial(printer.tree(entry))
    return printer.tree(symbol)


def ranges_behind(general: General, index_base: int) -> Formula:
    """Print what free indices run over behind a formula; nothing where there are none."""
    over = ranges_of(general, index_base)
    return row(INDENT, parenthesized(over)) if over.parts else row()


def ranges_of(general: General, index_base: int) -> Formula:
    """Print what free indices run over, with the lengths that follow from other sizes."""
    parts = [ranges(general.free, index_base)] if general.free else []
    parts += [defined_length(length) for length in lengths_of(general)]
    return joined(parts, ",", r"\;") if parts else row()


def lengths_of(general: General) -> tuple[Length, ...]:
    """Return the lengths in a formula that follow from other sizes, in the order of its ranges."""
    made = (general.right, *(loop.size for loop in (*general.free, *general.window)))
    found = (_lengths_in(sympify(part)) for part in reversed(made))
    return tuple(dict.fromkeys(n for lengths in found for n in sorted(lengths, key=str)))


def _lengths_in(part: Expr) -> set[Length]:
    """Return the lengths that are printed: not those of the shapes that SymPy's entries know."""
    read = part.atoms(Indexed)
    printed = (
        part.xreplace(dict.fromkeys(read, Dummy(real=True))),
        *(i for a in read for i in a.indices),
    )
    return {length for e in printed for length in e.atoms(Length)}


def defined_length(length: Length, others: Mapping[Expr, Length] | None = None) -> Formula:
    """Print what a length is equal to, with the sizes that are given.

    Args:
        length: The length.
        others: Lengths that are defined beside it, by what they are: P is written with M.
    """
    whole = defined(length)
    if others:
        whole = whole.func(*(part.xreplace(others) for part in whole.args))
    return row(named(length.name), "=", arithmetic(whole))


def terms_of(general: General, printer: MathPrinter) -> tuple[Formula, ...]:
    """Print the right side of a general form: its summands, or the maximum over a window."""
    if not general.window:
        return printer.general(general.written)
    return (printer.maximum(printer.tree(general.right), general.window, general.conditions),)


# What a notebook shows of a derivation: the general forms, from the loss to the input.


_CASES = {
    "first": ("1", "is the first largest value of its window"),
    "split": (r"1 / \text{(number of largest values)}", "is a largest value of its window"),
}
"""What a routing is, and for which entries; it is 0 for the others."""

_OF_WHAT = " of its window"


def as_latex(derivation: Derived) -> str:
    """Return the rows, aligned, as a display between dollar signs."""
    body = " \\\\[4pt]\n".join(_rows(derivation))
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def as_markdown(derivation: Derived) -> str:
    """Return the rows below the sentence that introduces them."""
    loss = latex(named(derivation.network.loss_tensor.label))
    return (
        f"The derivative of the loss ${loss}$ with respect to every tensor, from the loss back to "
        "the input; indices count from 1.\n\n" + as_latex(derivation) + "\n"
    )


def _rows(derivation: Derived) -> Iterator[str]:
    statements = Statements(derivation)
    reached = {step.of.name for step in derivation.steps}
    for tensor in reversed(derivation.network.tensors.values()):
        is_shown = tensor.role != "auxiliary" or tensor.name in reached
        if tensor.name in derivation.adjoints and is_shown:
            yield _row(derivation, tensor, statements)
        for routing in derivation.routings:
            if routing.source.target.base == tensor.base:
                yield " &= ".join(routing_sides(routing, statements.printer))


def _row(derivation: Derived, tensor: Tensor, statements: Statements) -> str:
    made = statements.general(GRADIENT + tensor.name)
    left, right = made.left, made.right
    if tensor.role != "parameter":
        entry = tensor[derivation.indices(tensor.name)]
        long = entry.xreplace(units(loops_over(entry)))
        left = row(left, "=", statements.printer.partial(statements.printer.tree(long)))
    return f"{latex(left)} &= {latex(right)}"


def routing_sides(
    routing: Routing, printer: MathPrinter, *, is_short: bool = False
) -> tuple[str, str]:
    """Return a routing, and in which cases it is what, in LaTeX; in short, for a column."""
    reduction = routing.source.reduction
    assert isinstance(reduction, Max)
    share, words = _CASES[reduction.ties]
    words = words.removesuffix(_OF_WHAT) if is_short else words
    zero = units(routing.source.loops)
    entry, term = (
        latex(printer.tree(e.xreplace(zero))) for e in (routing.entry, routing.source.value)
    )
    cases = rf"{share} & \text{{if }} {term} \text{{ {words}}} \\ 0 & \text{{otherwise}}"
    return entry, rf"\begin{{cases}} {cases} \end{{cases}}"
