"""Formulas in whole vectors and matrices, printed once they give the numbers of the entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, isfinite
from typing import Any, Literal, NamedTuple, Protocol, get_args

import numpy as np
from sympy import Expr, Indexed, Symbol, sympify

from symcnn.derivation.derived import Derived, names_by_signal
from symcnn.derivation.general import General, backward_form, put_in
from symcnn.derivation.index_conditions import with_empty_sums
from symcnn.derivation.matrix_form import MatrixForm, matrix_form
from symcnn.derivation.matrix_nodes import Entry, Place, Printing
from symcnn.derivation.read_back import Numbers, agree, choices
from symcnn.equations import Tensor, accesses, long
from symcnn.equations.values.evaluation import Array
from symcnn.errors import SymcnnError, check_choice, shown
from symcnn.writing.formula import Formula, unicode
from symcnn.writing.formula.breaking import COLUMN, Line, lines
from symcnn.writing.formula.build import INDENT, grown, parenthesized, row, signed
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.substitution import Macro, substituted
from symcnn.writing.formula.width import width as width_of
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.subscripts import ranges

# A single equation in several notations, on one line or broken for a column.


Format = Literal["latex", "mathml", "unicode"]
"""The notations of single equations."""


class _Writer(Protocol):
    def __call__(self, formula: Formula, /) -> str: ...


def _mathml(formula: Formula) -> str:
    return mathml([explicit(formula)], display=True)


_WRITERS: Mapping[Format, _Writer] = {
    "latex": latex,
    "mathml": _mathml,
    "unicode": unicode.text,
}


NOTHING = Formula(())


class _Side(NamedTuple):
    relation: str
    terms: tuple[Formula, ...]


class _Row(NamedTuple):
    left: Formula
    sides: tuple[_Side, ...]
    number: str = ""


@dataclass(frozen=True)
class Statement:
    """left = the sum of terms, for what the free indices run over.

    Attributes:
        left: The left side.
        terms: The summands of the right side.
        over: What the free indices run over, if there are any, behind a space.
    """

    left: Formula
    terms: tuple[Formula, ...]
    over: Formula = NOTHING

    @property
    def right(self) -> Formula:
        """The right side, with what the free indices run over."""
        return grown(row(*self.terms, self.over))

    @property
    def latex(self) -> str:
        """The statement in LaTeX."""
        return self.written()

    def written(
        self,
        format: Format = "latex",
        *,
        conditions: bool = True,
        width: float | None = None,
        macros: Sequence[Macro] = (),
    ) -> str:
        """Write the statement, to be set as a formula.

        Args:
            format: The notation.
            conditions: Whether it says what the free indices run over.
            width: The width of a line in points, in letters of 10 points; a longer formula is
                broken into lines that are aligned at the sign of equality.
            macros: What stands in LaTeX in place of letters.

        Raises:
            SymcnnError: If a part of the formula is wider than a line, or the notation has none.
        """
        check_choice("format", format, get_args(Format), ", ".join(get_args(Format)))
        if macros and format != "latex":
            raise SymcnnError(f"{format} has no macros of LaTeX: omit them")
        left = substituted(self.left, macros)
        terms = [substituted(term, macros) for term in self.terms]
        terms += [self.over] if conditions and self.over.parts else []
        if width is None:
            return _WRITERS[format](row(left, "=", grown(row(*terms))))
        made = _lines(_Row(left, (_Side("=", tuple(terms)),)), _checked(width))
        if len(made) == 1:
            return _WRITERS[format](row(made[0].left, made[0].right))
        if format != "latex":
            raise SymcnnError(f"{format} has no aligned lines: omit width, or choose latex")
        aligned = " \\\\\n".join(f"{latex(line.left)} &{latex(line.right)}" for line in made)
        return f"\\begin{{aligned}}\n{aligned}\n\\end{{aligned}}"


def _checked(width: Any) -> float:
    """Return a width, if it is one."""
    is_number = isinstance(width, int | float) and not isinstance(width, bool)
    if not (is_number and isfinite(width) and width > 0):
        raise SymcnnError(f"width is {shown(width)}: give the points of a line, such as 240")
    return float(width)


def _lines(whole: _Row, width: float) -> list[Line]:
    """Break an equation into lines, none of which is wider."""
    made = lines(whole, width, COLUMN)
    needed = width_of(whole.left) + max(width_of(line.right) for line in made)
    if needed > width:
        raise SymcnnError(
            f"a part of the formula is {ceil(needed)} points wide, with its left-hand side, and "
            f"width is {width:g}: give at least {ceil(needed)}"
        )
    return [Line(line.left, _indented_once(line.right), line.begins) for line in made]


def _indented_once(line: Formula) -> Formula:
    """Leave out one of two spaces that a line begins with."""
    return Formula(line.parts[1:]) if line.parts[:2] == (INDENT, INDENT) else line


_MOST = 4
"""How often error signals of intermediate results are put in."""

_LARGEST = 100_000
"""The most entries of a tensor at which a formula is tried."""

_LOW, _HIGH = 0.1, 0.9


def matrix_statement(
    derivation: Derived,
    tensor: Tensor,
    general: General,
    printer: MathPrinter,
    base: int,
    *,
    is_partial: bool,
) -> Statement | None:
    """Return a formula in matrices; None if none is known that holds.

    The error signals of intermediate results are put in where the formula is simpler with them.

    Args:
        derivation: The derivation.
        tensor: What the formula is of, or of the derivative with respect to it.
        general: The formula in indices.
        printer: What prints formulas.
        base: What the first index is.
        is_partial: Whether the left side is a derivative that has no letter of its own.
    """
    by = Printing(printer, base)
    for right in _candidates(derivation, general):
        form = matrix_form(right, _indices(general), {*names_by_signal(derivation)})
        is_last = right == general.checked
        if (
            form
            and (is_last or form.node.is_of_matrices)
            and _holds(derivation, general, right, form)
        ):
            left = _left(tensor, general, form, by, is_partial=is_partial)
            terms = _terms(form, by)
            return Statement(left, terms, _over(general, form, base))
    return None


def _indices(general: General) -> tuple[Symbol, ...]:
    return tuple(loop.symbol for loop in general.free)


def _candidates(derivation: Derived, general: General) -> Iterator[Expr]:
    """Run over the right side with error signals put in, and as it is."""
    names, tensors = names_by_signal(derivation), derivation.network.tensors
    right = general.right
    for _ in range(_MOST):
        inner = [
            read
            for read in accesses(right)
            if read.base in names and _is_smaller(tensors[names[read.base]], general)
        ]
        if not inner:
            break
        for read in inner:
            right = put_in(derivation, right, read, backward_form(derivation, names[read.base]))
        yield with_empty_sums(right)
    yield general.checked


def _is_smaller(tensor: Tensor, general: General) -> bool:
    """Tell whether an intermediate result is a number for each of several entries, as a mean is."""
    long_axes = sum(length != 1 for length in tensor.shape)
    return tensor.role == "auxiliary" and long_axes < len(general.free)


def _terms(form: MatrixForm, by: Printing) -> tuple[Formula, ...]:
    """Print summands one by one, so that lines can be broken between them."""
    node = form.node
    if node.is_of_matrices:
        return (node.printed(by),)
    printed = [part.printed(by) for part in node.ordered]
    first, *others = printed
    return (first, *map(signed, others))


def _left(
    tensor: Tensor, general: General, form: MatrixForm, by: Printing, *, is_partial: bool
) -> Formula:
    """Print the left side, with dots for the indices that are those of the matrix."""
    own = tuple(index for index in _indices(general) if index not in form.fixed)
    entry = tensor[general.left.indices] if is_partial else general.left
    printed = Entry(entry, own).printed(by)
    return by.printer.partial(printed) if is_partial else printed


def _over(general: General, form: MatrixForm, base: int) -> Formula:
    """Print what fixed indices run over."""
    loops = [loop for loop in long(general.free) if loop.symbol in form.fixed]
    return row(INDENT, parenthesized(ranges(loops, base))) if loops else row()


def _holds(derivation: Derived, general: General, right: Expr, form: MatrixForm) -> bool:
    """Compare a formula in matrices with the one in indices, at all entries of random tensors."""
    return all(
        _holds_at(derivation, general, right, form, numbers)
        for numbers in islice(choices(derivation.network), 3)
    )


@np.errstate(all="ignore")
def _holds_at(
    derivation: Derived,
    general: General,
    right: Expr,
    form: MatrixForm,
    numbers: Numbers,
) -> bool:
    rng = np.random.default_rng(7)
    shapes = {
        base: [int(sympify(n).xreplace(numbers)) for n in tensor.shape]
        for base, tensor in derivation.tensors.items()
        if any(read.base == base for read in accesses(right))
    }
    if any(np.prod(shape) > _LARGEST for shape in shapes.values()):
        return False
    arrays = {base: rng.uniform(_LOW, _HIGH, shape) for base, shape in shapes.items()}
    lengths = {s: int(sympify(n).xreplace(numbers)) for s, n in form.lengths.items()}
    lengths |= {x.symbol: int(sympify(x.size).xreplace(numbers)) for x in general.free}
    at = {s: np.asarray(float(n)) for s, n in numbers.items()}

    def read(entry: Indexed, indices: list[Array]) -> Array:
        return _looked_up(arrays[entry.base], indices)

    own = tuple(x.symbol for x in general.free if x.symbol not in form.fixed)
    for fixed in np.ndindex(*(lengths[index] for index in form.fixed)):
        values = {s: np.asarray(float(n)) for s, n in zip(form.fixed, fixed, strict=True)}
        place = Place(read, {**at, **values}, lengths)
        try:
            found = form.node.value(place)
        except ValueError:  # shapes that do not belong together
            return False
        if not np.all(agree(found, place.entrywise(right, own))):
            return False
    return True


def _looked_up(array: Array, indices: Sequence[Array]) -> Array:
    return np.asarray(array[tuple(np.round(index).astype(int) for index in indices)])
