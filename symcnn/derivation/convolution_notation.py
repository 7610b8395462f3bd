r"""Formulas in convolution notation, printed: \sum_{c=1}^{3} x_{\cdot c} \star w_{\cdot ck}."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Integer

from symcnn.derivation.convolution import Array, Convolution
from symcnn.derivation.convolution_form import ConvolutionForm
from symcnn.equations import Loop, Tensor, long, units
from symcnn.equations.sizes import Size, is_at_least
from symcnn.writing.formula import Atom, Formula, Node, Word
from symcnn.writing.formula.build import INDENT, joined, parenthesized, row, scripts
from symcnn.writing.printing import subscripts
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named, with_indices

DOT = Atom(r"\cdot")


def signs_of(form: ConvolutionForm) -> set[str]:
    """Return the signs of a form that need to be defined.

    With several axes these are "axes", and "factors" if there are any for each.
    """
    arrays = (form.left, *(array for part in form.parts for array in (part.first, part.second)))
    found = {r"\cdot"} if any(n != 1 for array in arrays for n in _others(array)) else set[str]()
    found |= {"axes"} if len(form.left.axes) > 1 else set()
    for part in form.parts:
        spread = {*(() if part.flips else part.second.spread), *(part.second.spread)}
        spread |= {*part.first.spread} if part.flips else set()
        found |= {r"\ast" if part.flips else r"\star"}
        found |= {r"\uparrow"} if spread - {1} else set()
        found |= {r"\downarrow"} if {*part.sampled} - {1} else set()
        found |= {_word(part.moved, back=part.flips)} if {*part.moved} - {0} else set()
    has_factors = found & {r"\uparrow", r"\downarrow", "pad", "crop"}
    return found | ({"factors"} if has_factors and "axes" in found else set())


def _others(array: Array) -> Iterator[Size]:
    return (n for axis, n in enumerate(array.entry.shape) if axis not in array.axes)


class Notation:
    """Prints forms in convolution notation."""

    def __init__(self, printer: MathPrinter, index_base: int) -> None:
        """Take what prints formulas, and what the first index is."""
        self._printer, self._base = printer, index_base

    def left(self, form: ConvolutionForm, tensor: Tensor, *, partial: bool) -> Formula:
        """Print the left side: of a tensor, or the derivative with respect to it."""
        if not partial:
            return self._array(form.left, form.free)
        entry = tensor[form.left.entry.indices]
        return self._printer.partial(self._array(replace(form.left, entry=entry), form.free))

    def ranges(self, form: ConvolutionForm) -> Formula:
        """Print what the indices of the left side run over."""
        free = long(form.free)
        over = subscripts.ranges(free, self._base) if free else None
        return row(INDENT, parenthesized(over)) if over else row()

    def right(self, form: ConvolutionForm) -> tuple[Formula, ...]:
        """Print the summands of the right side."""
        parts = [self._part(part) for part in form.parts]
        added = [self._array(array, form.free) for array in form.added]
        first, *others = [*parts, *added]
        return (first, *(row("+", term) for term in others))

    def _part(self, made: Convolution) -> Formula:
        loops = (*made.over, *made.free)
        first, second = made.first, made.second
        if made.flips:
            core = row(self._spread(first, loops), r"\ast", self._spread(second, loops))
            core = _moved(core, made.moved, back=True)
        else:
            moved = _moved(self._array(first, loops), made.moved, back=False)
            core = row(moved, r"\star", self._spread(second, loops))
        if set(made.sampled) != {1}:
            core = row(parenthesized(core), r"\downarrow", _factor(made.sampled))
        signs = (self._sum(loop) for loop in long(made.over))
        return row(*signs, core)

    def _sum(self, loop: Loop) -> Node:
        last = arithmetic(Integer(0) + loop.size - 1 + self._base)
        return scripts(r"\sum", row(named(loop.symbol.name), "=", str(self._base)), last)

    def _spread(self, array: Array, loops: Sequence[Loop]) -> Formula:
        printed = self._array(array, loops)
        if set(array.spread) <= {1}:
            return printed
        return row(parenthesized(row(printed, r"\uparrow", _factor(array.spread))))

    def _array(self, array: Array, loops: Sequence[Loop]) -> Formula:
        """Print a tensor with dots for the positions, if it has any other index."""
        zero, label = units(loops), self._printer.tree(array.entry.base.label)
        places, others = list[Formula](), 0
        for axis, (index, length) in enumerate(
            zip(array.entry.indices, array.entry.shape, strict=True)
        ):
            if axis in array.axes:
                places.append(row(DOT))
            elif length != 1:
                places.append(subscripts.position(index.xreplace(zero), self._base))
                others += 1
        return with_indices(label, subscripts.indices(places)) if others else label


def _moved(printed: Formula, by: Sequence[Size], *, back: bool) -> Formula:
    """Print an array that is moved: by zeros in front of it, or without its first entries."""
    if set(by) == {0}:
        return printed
    sizes = by if _is_forward(by) else [-n for n in by]
    operator = scripts(Word(_word(by, back=back)), _factor(sizes, bare=True))
    return row(operator, parenthesized(printed))


def _word(by: Sequence[Size], *, back: bool) -> str:
    return "crop" if back == _is_forward(by) else "pad"


def _is_forward(by: Sequence[Size]) -> bool:
    return all(is_at_least(n, 0) for n in by)


def _factor(numbers: Sequence[Size], *, bare: bool = False) -> Formula:
    """Print one number for all axes, or one for each."""
    printed = [arithmetic(Integer(0) + n) for n in numbers]
    if len(set(numbers)) == 1:
        return printed[0] if len(printed[0].parts) == 1 or bare else row(parenthesized(printed[0]))
    together = joined(printed, ",")
    return together if bare else row(parenthesized(together))
