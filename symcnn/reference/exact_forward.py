"""The forward pass in exact numbers, with the derivative of the loss by every entry.

Every entry is computed with its slopes by the entries that it reads. A small change of
one entry, made after it was computed, changes what reads it by slope times change, and
so on up to the loss: all paths from the entry to the loss together are its derivative.
Nothing is differentiated in symbols, and nothing is known of adjoints or of routings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod

from sympy import Expr, Indexed, IndexedBase

from symcnn.equations import Equation, LogSumExp, Max, Mean, Reduction, accesses, affine, grouped
from symcnn.reference.dual import ONE, ZERO, Dual, Number, exp, log, plus, sign, times, total
from symcnn.reference.exact_values import exact_number, exact_value
from symcnn.reference.forward import HasEquations

Entry = tuple[IndexedBase, int]
"""An entry: the base of its tensor, and its place in row-major order."""


class ExactForward:
    """The forward pass of a network at given numbers, in exact numbers."""

    def __init__(self, network: HasEquations, values: Mapping[str, Sequence[Expr]]) -> None:
        """Take exact numbers, flat, by the tensors' names, and compute every entry.

        Raises:
            ArithmeticError: If an entry has no real value.
        """
        self._tensors = network.tensors
        self._loss = (network.loss_tensor.base, 0)
        self._entries: dict[Entry, Dual] = {
            (self._tensors[name].base, flat): Dual(exact_number(number))
            for name, numbers in values.items()
            for flat, number in enumerate(numbers)
        }
        sizes = {tensor.base: tensor.size for tensor in self._tensors.values()}
        for base, equations in grouped(network.equations):
            self._entries |= {(base, flat): Dual(ZERO) for flat in range(sizes[base])}
            for equation in equations:
                for flat, made in _reduced(equation, self._entries):
                    self._entries[base, flat] += made

    def value(self, name: str, position: Sequence[int]) -> Number:
        """Return the value of an entry."""
        return self._entries[self._entry(name, position)].value

    def derivative(self, name: str, position: Sequence[int]) -> Number:
        """Return dL/dT[position]; a computed entry is moved after it was computed."""
        return self._derivatives.get(self._entry(name, position), ZERO)

    def _entry(self, name: str, position: Sequence[int]) -> Entry:
        tensor = self._tensors[name]
        flat = sum(p * stride for p, stride in zip(position, _strides(tensor.shape), strict=True))
        return tensor.base, flat

    @cached_property
    def _derivatives(self) -> dict[Entry, Number]:
        """Add up all paths to the loss: what reads an entry was computed after it."""
        found: dict[Entry, Number] = {self._loss: ONE}
        for entry, made in reversed(self._entries.items()):
            if entry in found:
                for read, slope in made.slopes.items():
                    found[read] = plus(found.get(read, ZERO), times(found[entry], slope))
        return found


def _reduced(equation: Equation, entries: Mapping[Entry, Dual]) -> Iterator[tuple[int, Dual]]:
    """Reduce the terms that lead to each entry of the target."""
    windows: dict[int, list[Dual]] = {}
    target, guards = _flat(equation, equation.target), _guards(equation)
    reads = [(read, _flat(equation, read)) for read in accesses(equation.value)]
    for assignment in product(*(range(loop.size) for loop in equation.loops)):
        if all(0 <= _at(guard, assignment) < size for guard, size in guards):
            places = [(read, (read.base, _at(form, assignment))) for read, form in reads]
            known = {read: Dual(entries[at].value, {at: ONE}) for read, at in places}
            term = exact_value(equation.value, known)
            windows.setdefault(_at(target, assignment), []).append(term)
    yield from ((flat, _combined(equation.reduction, terms)) for flat, terms in windows.items())


def _combined(reduction: Reduction, terms: Sequence[Dual]) -> Dual:
    if isinstance(reduction, Max):
        return _largest(terms, reduction.ties)
    if isinstance(reduction, LogSumExp):
        shift = Dual(max(term.value for term in terms))  # nothing underflows to a logarithm of 0
        return shift + log(total(exp(term + -shift) for term in terms))
    return _mean(terms) if isinstance(reduction, Mean) else total(terms)


def _mean(terms: Sequence[Dual]) -> Dual:
    return total(terms).scaled(ONE / len(terms))


def _largest(terms: Sequence[Dual], ties: str) -> Dual:
    """Return the first largest term, or the mean of all largest ones."""
    largest = terms[0]
    for term in terms[1:]:
        largest = term if sign(term.value, largest.value) > 0 else largest
    if ties == "first":
        return largest
    return _mean([term for term in terms if sign(term.value, largest.value) == 0])


Form = tuple[tuple[int, ...], int]
"""An affine form: a factor for every loop, and a constant."""


def _at(form: Form, assignment: Sequence[int]) -> int:
    factors, constant = form
    return constant + sum(map(int.__mul__, factors, assignment))


def _form(equation: Equation, expression: Expr) -> Form:
    read = affine(expression)
    return tuple(read.coefficient(loop.symbol) for loop in equation.loops), read.constant


def _flat(equation: Equation, read: Indexed) -> Form:
    """Return the place of an entry in row-major order as an affine form of the loops."""
    whole = sum(
        stride * position
        for stride, position in zip(_strides(read.shape), read.indices, strict=True)
    )
    return _form(equation, whole)


def _guards(equation: Equation) -> list[tuple[Form, int]]:
    return [(_form(equation, guard.expression), guard.size) for guard in equation.guards]


def _strides(shape: Sequence[int]) -> list[int]:
    return [prod(map(int, shape[axis + 1 :])) for axis in range(len(shape))]
