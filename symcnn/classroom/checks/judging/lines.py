"""Equations as lines of plain text, in the names of the arrays that a function has.

    dx[n, 2*i + u - 1, 2*j + v - 1, c] += sum over k of dout[n, i, j, k]*weight[u, v, c, k]

Where an index of the target is a sum, the line is one step of a loop over all of its indices; over
others a sum is written as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Symbol
from sympy.printing.str import StrPrinter

from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.equations import (
    SAMPLE,
    Equation,
    LogSumExp,
    Max,
    Mean,
    Reduction,
    Sum,
    Tensor,
    accesses,
    long,
)

_WORDS: tuple[tuple[type[Reduction], str], ...] = (
    (Mean, "mean"),
    (Max, "maximum"),
    (LogSumExp, "log of the sum of exp"),
    (Sum, "sum"),
)


def lines(subject: Subject, equations: Sequence[Equation], layouts: Layouts) -> list[str]:
    """Return a line for each equation; those behind the first add to the same entries."""
    called = _Called(names(subject), _orders(subject, layouts))
    return [called.line(equation, first=not number) for number, equation in enumerate(equations)]


def _orders(subject: Subject, layouts: Layouts) -> dict[IndexedBase, tuple[int, ...]]:
    """Return the axes of arrays that the function has in another order."""
    tensors, usual = subject.network.tensors, layouts.order(subject, subject.read)
    made = {
        tensor.base: usual
        for tensor in _with_adjoints(subject)
        if tensor.batched and len(tensor.shape) == len(usual)
    }
    adjoints = subject.formulas.derivation.adjoints
    for name, of in subject.names.items():
        tensor, order = tensors[of], layouts.order(subject, name)
        made[tensor.base] = order
        if of in adjoints:
            made[adjoints[of].base] = order
    return made


def _with_adjoints(subject: Subject) -> Iterator[Tensor]:
    """Run over the tensors, and the derivatives with respect to them."""
    adjoints = subject.formulas.derivation.adjoints
    for name, tensor in subject.network.tensors.items():
        yield tensor
        if name in adjoints:
            yield adjoints[name]


def names(subject: Subject) -> dict[IndexedBase, str]:
    """Return what the arrays are called: dx is the derivative with respect to x."""
    own = {tensor: name for name, tensor in subject.names.items()}
    made = dict[IndexedBase, str]()
    network, derivation = subject.network, subject.formulas.derivation
    for name, tensor in network.tensors.items():
        called = own.get(name) or name.rpartition(".")[2]
        made[tensor.base] = called
        if name in derivation.adjoints:
            is_output = subject.kind != "gradients" and tensor == network.output
            made[derivation.adjoints[name].base] = "dout" if is_output else f"d{called}"
    for routing in derivation.routings:
        made[routing.tensor.base] = "routing"
    return made


@dataclass(frozen=True)
class _Called:
    """What the arrays are called, and in which order their indices stand."""

    names: Mapping[IndexedBase, str]
    orders: Mapping[IndexedBase, tuple[int, ...]]

    def line(self, equation: Equation, *, first: bool) -> str:
        """Return an equation as a line."""
        target, value = self._named(equation.target), self._named(equation.value)
        bare = all(index.is_Symbol or index.is_Integer for index in equation.target.indices)
        placed = equation.target.free_symbols
        letters = (loop.symbol.name for loop in long(equation.reduced) if loop.symbol not in placed)
        reduced = sorted(letters, key=lambda name: (name != SAMPLE.name, name))
        if isinstance(equation.value, Expr) and equation.value.is_Add and reduced:
            value = f"({value})"
        if reduced:
            value = f"{_word(equation.reduction)} over {', '.join(reduced)} of {value}"
        adds = not bare and type(equation.reduction) is Sum
        kept = getattr(equation.reduction, "kept", "")
        alone = f", of {kept} alone" if kept and not bare else ""
        return f"{target} {'=' if first and not adds else '+='} {value}{alone}{_where(equation)}"

    def _named(self, expression: Expr) -> str:
        reads: Iterable[Indexed] = accesses(expression)
        return str(_Printer().doprint(expression.xreplace({r: self._indexed(r) for r in reads})))

    def _indexed(self, read: Indexed) -> Indexed:
        base = IndexedBase(Symbol(self.names.get(read.base, str(read.base)), real=True))
        order = self.orders.get(read.base, tuple(range(len(read.indices))))
        return base[tuple(read.indices[axis] for axis in order)]


def _where(equation: Equation) -> str:
    """Say which terms there are, but for those whose indices are outside of an array."""
    reads = (equation.target, *accesses(equation.value))
    indices = {index for read in reads for index in read.indices}
    bounds = [g.expression for g in equation.guards if g.expression not in indices]
    return f", where {' and '.join(f'{bound} >= 0' for bound in bounds)}" if bounds else ""


def _word(reduction: Reduction) -> str:
    own = getattr(reduction, "word", "")
    return own or next(word for kind, word in _WORDS if isinstance(reduction, kind))


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    """SymPy's text, with brackets and maxima as they are usually written."""

    def _print_Iverson(self, bracket: Any) -> str:
        return f"[{', '.join(map(self._print, bracket.args))}]"

    def _print_maximum(self, function: Any) -> str:
        return f"max({', '.join(map(self._print, function.args))})"

    def _print_normal_cdf(self, function: Any) -> str:
        return f"Phi({self._print(function.args[0])})"
