"""Every weight's partial derivative as text: index rules evaluated at all indices.

    delta_w[0,0,0,0] = delta_z[0,0,0]*x[0,0,0] + delta_z[0,1,0]*x[0,1,0] + ...

An equation is printed once, with a gap for every entry that it reads; NumPy computes for
all loop assignments at once which entries these are. No SymPy expression is made for a
single entry, so networks of 10^5 weights take about a second. The lines are Python; other
languages need little else than a semicolon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from sympy import Indexed, Symbol

from symcnn.derivation import Derivation, Routing
from symcnn.equations import Assignments, Equation, Group, Mean, Reduction, Sum, Tensor, accesses
from symcnn.equations.notation import Shape
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.backends.python.listing import RESERVED
from symcnn.programs.backends.python.names import Names
from symcnn.programs.backends.python.printing import FloatPrinter
from symcnn.programs.plans import order

Objects = np.ndarray[Any, np.dtype[np.object_]]


class _Gap(Symbol):  # type: ignore[misc]  # SymPy is untyped
    """A symbol that is printed as its field in a template."""

    def _numpycode(self, printer: Any) -> str:
        return f"{{{self.name.removesuffix('_')}}}"


def scalar_text(derivation: Derivation) -> Iterator[str]:
    r"""Return the forward pass and dL/dw for every entry w of every parameter as lines of text.

    Every line computes one entry from entries of earlier lines. Entries are numbered
    from 0 along all axes, and R[...] is the routing of a maximum. A comment above each tensor
    gives its name and its equations.

    Raises:
        TooLargeError: If an equation has more terms than are written out by hand.

    >>> import symcnn as sc
    >>> net = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    >>> print(*scalar_text(sc.derive(net)), sep="\n")
    # z: dense1
    # z[m] = sum over q of w[m, q]*x[q]
    z[0] = w[0,0]*x[0] + w[0,1]*x[1]
    # L: loss
    # L[0] = sum over m of (t[m] - z[m])**2/2
    L[0] = (1/2)*(t[0] - z[0])**2
    # delta_z: dL/d dense1
    # delta^z[m] = -t[m] + z[m]
    delta_z[0] = -t[0] + z[0]
    # delta_w: dL/d dense1.weight
    # delta^w[m, q] = delta^z[m]*x[q]
    delta_w[0,0] = delta_z[0]*x[0]
    delta_w[0,1] = delta_z[0]*x[1]
    """
    network = derivation.network
    forward = order.forward(network.equations, network.tensors.values())
    backward = order.backward(derivation)
    slopes = (derivation.adjoints[tensor.name] for tensor in network.parameters)
    wanted = [network.loss_tensor, *slopes]
    groups = order.live((*forward, *backward), wanted, derivation.routings)
    text = _Text(derivation.network.given, groups, derivation.routings)
    first = {tensor.base for tensor, _ in forward}
    yield from text.lines(group for group in groups if group[0].base in first)
    read = {read.base for _, group in groups for e in group for read in accesses(e.value)}
    for routing in derivation.routings:
        if routing.tensor.base in read:
            yield from text.routing(routing)
    yield from text.lines(group for group in groups if group[0].base not in first)


class _Text:
    """Lines for equations, every entry under its name."""

    def __init__(
        self, given: Iterable[Tensor], groups: Iterable[Group], routings: Iterable[Routing]
    ) -> None:
        names = Names(RESERVED)
        tensors = (*given, *(t for t, _ in groups), *(routing.tensor for routing in routings))
        self._stems = {tensor.base: names.fresh(tensor.label) for tensor in tensors}
        shapes = {tensor.base: tensor.shape for tensor in tensors}
        self._entries = cache(lambda base: _entries(self._stems[base], shapes[base]))

    def lines(self, groups: Iterable[Group]) -> Iterator[str]:
        """Return one line for every entry of some tensors."""
        for tensor, equations in groups:
            yield from self._heading(tensor, map(note, equations))
            sums: list[list[str]] = [[] for _ in range(tensor.size)]
            for equation in equations:
                for target, terms in self._windows(equation):
                    sums[target].append(_combined(equation.reduction, terms))
            entries = zip(self._entries(tensor.base), sums, strict=True)
            yield from (f"{name} = {' + '.join(parts) or '0'}" for name, parts in entries)

    def routing(self, routing: Routing) -> Iterator[str]:
        """Return one line for every term of the maxima."""
        source = routing.source
        yield from self._heading(routing.tensor, [note_of_routing(routing)])
        entries = Assignments(replace(source, target=routing.entry)).targets
        names, listed = self._entries(routing.tensor.base)[entries], Assignments(source)
        terms = self._terms(listed)
        for _, rows in listed.by_target():
            window = [terms[row] for row in rows]
            for place, row in enumerate(rows):
                selector = _selector(source.reduction, len(window), place)
                yield f"{names[row]} = {selector.format(*window)}"

    def _heading(self, tensor: Tensor, notes: Iterable[str]) -> Iterator[str]:
        yield f"# {self._stems[tensor.base]}: {tensor.name}"
        yield from (f"# {text}" for text in notes)

    def _windows(self, equation: Equation) -> Iterator[tuple[int, list[str]]]:
        listed = Assignments(equation)
        terms = self._terms(listed)
        for target, rows in listed.by_target():
            yield target, [terms[row] for row in rows]

    def _terms(self, listed: Assignments) -> list[str]:
        """Return the value in every loop assignment."""
        template, reads = _template(listed.equation)
        columns = [self._entries(read.base)[listed.reads[read]].tolist() for read in reads]
        if not columns:
            return [template] * listed.count
        return [*map(template.format, *columns)]


def _entries(stem: str, shape: Shape) -> Objects:
    """Return the name of every entry, in row-major order."""
    axes = ([str(position) for position in range(size)] for size in shape)
    names = [f"{stem}[{','.join(position)}]" for position in product(*axes)]
    return np.array(names, dtype=object)


def _template(equation: Equation) -> tuple[str, list[Indexed]]:
    """Return the text of a value with {0}, {1}, ... for what it reads, and what stands there."""
    reads = sorted(accesses(equation.value), key=str)  # as SymPy orders them in the note
    gaps = dict(zip(reads, _gaps(len(reads)), strict=True))
    text = FloatPrinter().code(equation.value.xreplace(gaps))
    if equation.reduced and (equation.value.is_Add or text.startswith("-")):
        text = f"({text})"
    return text, reads


def _combined(reduction: Reduction, terms: Sequence[str]) -> str:
    if isinstance(reduction, Sum | Mean):
        total = " + ".join(terms)
        return total if isinstance(reduction, Sum) else f"({total})/{len(terms)}"
    return _combination(reduction, len(terms)).format(*terms)


@cache
def _combination(reduction: Reduction, count: int) -> str:
    return FloatPrinter().code(reduction.combine(_gaps(count)))


@cache
def _selector(reduction: Reduction, count: int, place: int) -> str:
    return FloatPrinter().code(reduction.selector(_gaps(count), place))


def _gaps(count: int) -> list[_Gap]:
    return [_Gap(f"{number}_", real=True) for number in range(count)]
