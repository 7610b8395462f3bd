"""Equations as lines of plain text, in the names of the arrays that a function has.

    dx[n, 2*i + u - 1, 2*j + v - 1, c] += dout[n, i, j, k]*weight[u, v, c, k]

Where an index of the target is a sum, the line is one step of a loop over all indices; elsewhere a
sum is written as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Symbol
from sympy.printing.str import StrPrinter

from symcnn.classroom.checks.judging.subject import Subject
from symcnn.equations import SAMPLE, Equation, LogSumExp, Max, Mean, Reduction, Sum, accesses, long

_WORDS: tuple[tuple[type[Reduction], str], ...] = (
    (Mean, "mean"),
    (Max, "maximum"),
    (LogSumExp, "log of the sum of exp"),
    (Sum, "sum"),
)


def lines(subject: Subject, equations: Sequence[Equation]) -> list[str]:
    """Return a line for each equation; those behind the first add to the same entries."""
    called = names(subject)
    return [_line(called, equation, first=not number) for number, equation in enumerate(equations)]


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


def _line(names: Mapping[IndexedBase, str], equation: Equation, *, first: bool) -> str:
    target, value = _named(names, equation.target), _named(names, equation.value)
    bare = all(index.is_Symbol or index.is_Integer for index in equation.target.indices)
    names_of_loops = (loop.symbol.name for loop in long(equation.reduced))
    reduced = sorted(names_of_loops, key=lambda name: (name != SAMPLE.name, name))
    if isinstance(equation.value, Expr) and _is_sum(equation.value) and reduced:
        value = f"({value})"
    if bare and reduced:
        over = ", ".join(reduced)
        value = f"{_word(equation.reduction)} over {over} of {value}"
    adds = not bare and type(equation.reduction) is Sum
    return f"{target} {'=' if first and not adds else '+='} {value}"


def _is_sum(value: Expr) -> bool:
    return bool(value.is_Add)


def _word(reduction: Reduction) -> str:
    return next(word for kind, word in _WORDS if isinstance(reduction, kind))


def _named(names: Mapping[IndexedBase, str], expression: Expr) -> str:
    reads: Iterable[Indexed] = accesses(expression)
    moved = {read: _indexed(names.get(read.base, str(read.base)), read) for read in reads}
    return str(_Printer().doprint(expression.xreplace(moved)))


def _indexed(name: str, read: Indexed) -> Indexed:
    return IndexedBase(Symbol(name, real=True))[tuple(read.indices)]


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    """SymPy's text, with brackets and maxima as they are usually written."""

    def _print_Iverson(self, bracket: Any) -> str:
        return f"[{', '.join(map(self._print, bracket.args))}]"

    def _print_maximum(self, function: Any) -> str:
        return f"max({', '.join(map(self._print, function.args))})"

    def _print_normal_cdf(self, function: Any) -> str:
        return f"Phi({self._print(function.args[0])})"
