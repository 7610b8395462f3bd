"""Formulas in whole vectors and matrices, printed once they give the numbers of the entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from sympy import Expr, Indexed, Symbol, sympify

from symcnn.derivation.derived import Derived, names_by_signal
from symcnn.derivation.general import General, backward_form, put_in
from symcnn.derivation.general_value import Place, Printing
from symcnn.derivation.index_conditions import with_empty_sums
from symcnn.derivation.matrix_form import MatrixForm, matrix_form
from symcnn.derivation.matrix_nodes import Entry
from symcnn.derivation.read_back import Numbers, agree, choices
from symcnn.derivation.stated import Statement
from symcnn.equations import Tensor, accesses, long
from symcnn.equations.values.evaluation import Array
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import INDENT, parenthesized, row, signed
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.subscripts import ranges

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
