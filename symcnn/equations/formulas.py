"""What an entry is equal to: its formula in the stages before, put in its place.

a[m] = sigma(z[m])      so  a[i, 2] is  sigma(z[i, 2])
f[(i W + j) C + c] = a[i, j, c]      a copy: f is a under other indices
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sympy import Add, Expr, Indexed, IndexedBase, S, exp, log
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations.access import Access, accesses
from symcnn.equations.equation import Equation, Group, Loop, is_maximum, is_one_to_one
from symcnn.equations.functions import sigmoid, softplus, uncancelled
from symcnn.equations.rewriting import as_about


class Formulas:
    """The formulas of the tensors that are made entry by entry."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[IndexedBase, tuple[Indexed, Expr]] = {}
        self._copies: dict[IndexedBase, Equation] = {}

    def learn(self, equations: Sequence[Equation]) -> None:
        """Remember the equations of one tensor, if they are of a form that can be put in."""
        if len(equations) == 1 and is_copy(equations[0]):
            self._copies[equations[0].target.base] = equations[0]
        if equations and all(is_one_to_one(e) and not is_maximum(e) for e in equations):
            target = equations[0].target
            values = (as_about(e.value, e.target, target) for e in equations)
            self._known[target.base] = target, Add(*values)

    def general(self, base: IndexedBase) -> Expr:
        """Return the formula of a tensor's own entry; 0 if it is not made entry by entry."""
        return self._known[base][1] if base in self._known else S.Zero

    def of(self, read: Indexed) -> Expr | None:
        """Return what an entry is equal to, if it is made entry by entry."""
        if read.base not in self._known:
            return None
        target, value = self._known[read.base]
        return as_about(value, target, read)

    def made(self, read: Indexed) -> Expr | None:
        """Return what an entry is equal to; a copy is what it is a copy of."""
        value = self.of(self.original(read))
        return self.made(value) if isinstance(value, Indexed) else value

    def original(self, expression: Expr) -> Expr:
        """Read from the originals what is read from copies of the same entries."""
        found = (c for r in accesses(expression) if (c := self._copies.get(r.base)) is not None)
        moved = {copy.target: copy.value for copy in found}
        return (
            self.original(expression.xreplace(moved))
            if moved.keys() & set(accesses(expression))
            else expression
        )

    def without_copies(
        self, equation: Equation, done: frozenset[IndexedBase] = frozenset()
    ) -> Equation:
        """Return an equation that reads f[k], k a loop, with the loops of f's original.

        With k = (i W + j) C + c, all of its accesses are those of f's own definition. Of two
        copies that are read, the loops of each are taken once: they may exclude each other.
        """
        for read in accesses(equation.value):
            copy = self._copies.get(read.base)
            if copy is not None and read.base not in done and _runs_over(equation, read, copy):
                return self.without_copies(_looped(equation, read, copy), done | {read.base})
        return replace(equation, value=self.original(equation.value))


def is_copy(equation: Equation) -> bool:
    """Tell whether a tensor has the entries of another under other indices, and nothing else."""
    plain = isinstance(equation.value, Indexed) and not equation.guards and not equation.reduced
    return plain and Access.of(equation.target, equation.sizes).reshaped is not None


def _runs_over(equation: Equation, read: Indexed, copy: Equation) -> bool:
    """Tell whether the loops of the copy can stand for the indices of the access."""
    bare = all(position in equation.sizes for position in read.indices)
    others = equation.sizes.keys() - set(read.indices)
    distinct = len(set(read.indices)) == len(read.indices) and not others & copy.sizes.keys()
    return bare and distinct and not equation.guards and read != copy.target


def _looped(equation: Equation, read: Indexed, copy: Equation) -> Equation:
    moved = dict(zip(read.indices, copy.target.indices, strict=True))
    others = tuple(loop for loop in equation.loops if loop.symbol not in moved)
    loops: tuple[Loop, ...] = (*copy.loops, *others)
    target, value = equation.target.xreplace(moved), equation.value.xreplace(moved)
    return replace(equation, target=target, value=value, loops=loops)


# Logarithms of what can underflow, by what is inside of them.


def without_logarithms(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    """Return a forward pass without logarithms of what can underflow; learn its formulas."""
    made: list[Group] = []
    for tensor, equations in groups:
        made.append((tensor, tuple(with_logarithms(e, formulas) for e in equations)))
        formulas.learn(equations)
    return made


def with_logarithms(equation: Equation, formulas: Formulas) -> Equation:
    """Return an equation without logarithms of what can underflow."""
    if is_maximum(equation) or not equation.value.has(log):
        return equation
    return rewritten(equation, formulas, log, lambda part: _logarithm(part.args[0], formulas))


def rewritten(
    equation: Equation, formulas: Formulas, kind: type, rule: Callable[[Expr], Expr | None]
) -> Equation:
    """Return the equation with a rule for some of its parts; as it is where none applies."""
    original = formulas.without_copies(equation)
    found = {part: rule(part) for part in original.value.atoms(kind)}
    known = {part: value for part, value in found.items() if value is not None}
    return replace(original, value=original.value.xreplace(known)) if known else equation


def _logarithm(argument: Expr, formulas: Formulas) -> Expr | None:
    """Return log(a) or log(1 - a) by what is inside of a."""
    formula, complement = inside(argument, formulas)
    if isinstance(formula, exp):
        (z,) = formula.args
        return -log1p(-exp(z) / expm1(z)) if complement else z
    if isinstance(formula, sigmoid):
        return -softplus(formula.args[0] if complement else -formula.args[0])
    return None


def inside(argument: Expr, formulas: Formulas) -> tuple[Expr | None, bool]:
    """Return the formula of the entry a in an expression a or 1 - a, and whether it is 1 - a."""
    argument = argument.replace(uncancelled, lambda z: z)
    complement = not isinstance(argument, Indexed)
    read = 1 - argument if complement else argument
    return formulas.made(read) if isinstance(read, Indexed) else None, complement
