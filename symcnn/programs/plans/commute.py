r"""Increasing functions commute with maxima, and after them they are computed less often.

    a[i] = f(z[i]),   p[j] = max over u of a[s j + u]

is, where f increases,

    m[j] = max over u of z[s j + u],   p[j] = f(m[j])

and what does not depend on u is added to the maximum as well as to its terms:

    z[i, k] = y[i, k] + b[k],  m[j, k] = max over u of z[..]:  m[j, k] = b[k] + max of y

The list of equations is rewritten before it is differentiated, so the chain rule gives
the gradients. They are the same numbers: m is attained where p is, and where a plateau of
f makes more entries of a largest, f' = 0. Nothing here knows what a layer is.

Nor need what a rectifier is applied to be kept for its derivative; the result is there anyway:

    a = max(0, z):    dL/dz = dL/da [z > 0] = dL/da [a > 0]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Expr, Indexed, IndexedBase, atan, exp, sinh, tanh

from symcnn.equations import Equation, Tensor, accesses, as_about, is_maximum, is_one_to_one
from symcnn.equations.functions import Iverson, normal_cdf, relu, sigmoid, softplus
from symcnn.equations.notation import about

INCREASING = (tanh, exp, atan, sinh, sigmoid, softplus, relu, normal_cdf)
"""Functions that nowhere decrease."""

_Rewritten = tuple[tuple[Equation, ...], list[Tensor]]


def commute_with_maxima(
    equations: Sequence[Equation], tensors: Iterable[Tensor], wanted: Tensor
) -> _Rewritten:
    """Return equations in which maxima are taken before increasing functions are applied."""
    rewriting = _Rewriting(tuple(equations), list(tensors), wanted)
    while rewriting.step():
        pass
    return rewriting.equations, rewriting.tensors


def is_increasing(value: Expr, read: Expr) -> bool:
    """Tell whether a value surely nowhere decreases as one entry that it reads grows.

    >>> from sympy import Symbol, tanh, exp
    >>> z = Symbol("z", real=True)
    >>> is_increasing(2 * tanh(z + 1) - 3, z), is_increasing(exp(-z), z)
    (True, False)
    """
    if value == read or not value.has(read):
        return True
    if value.is_Add:
        return all(is_increasing(term, read) for term in value.args)
    number, rest = value.as_coeff_Mul()
    if number != 1:
        return bool(number.is_positive) and is_increasing(rest, read)
    return isinstance(value, INCREASING) and all(is_increasing(z, read) for z in value.args)


class _Rewriting:
    def __init__(
        self, equations: tuple[Equation, ...], tensors: list[Tensor], wanted: Tensor
    ) -> None:
        self.equations, self.tensors = equations, tensors
        self._wanted = wanted

    def step(self) -> bool:
        """Rewrite one maximum; tell whether there was one."""
        return any(self._commuted(e) for e in self.equations if _is_of_entries(e))

    def _commuted(self, maximum: Equation) -> bool:
        """Put a maximum before what makes its terms, if that gives the same numbers."""
        terms = maximum.value
        made = [e for e in self.equations if e.target.base == terms.base]
        if not made or not self._is_private(terms.base, maximum) or not self._is_alone(maximum):
            return False
        if len(made) == 1 and _is_function(made[0]):
            self._put_before_function(maximum, made[0])
            return True
        constant = [e for e in made if _is_constant(e, maximum)]
        if constant and len(constant) < len(made):
            self._put_before_sum(maximum, constant)
            return True
        return False

    def _is_private(self, base: IndexedBase, reader: Equation) -> bool:
        """Tell whether only one equation reads a tensor."""
        reading = [e for e in self.equations if any(r.base == base for r in accesses(e.value))]
        return reading == [reader] and base != self._wanted.base

    def _is_alone(self, maximum: Equation) -> bool:
        adding = [e for e in self.equations if e.target.base == maximum.target.base]
        return len(adding) == 1

    def _put_before_function(self, maximum: Equation, function: Equation) -> None:
        """Take the maximum of what the function is applied to, then apply it."""
        largest = self._largest(maximum)
        (read,) = accesses(function.value)
        terms = as_about(read, function.target, maximum.value)
        own = largest[maximum.target.indices]
        value = as_about(function.value, function.target, maximum.value).xreplace({terms: own})
        before = replace(maximum, target=own, value=terms)
        self._replace(maximum, before, _entrywise(maximum, value), drop=(function,))

    def _put_before_sum(self, maximum: Equation, constant: Sequence[Equation]) -> None:
        """Take the maximum of the rest, then add what is the same for all terms."""
        largest = self._largest(maximum)
        own = largest[maximum.target.indices]
        added = [as_about(e.value, e.target, maximum.value) for e in constant]
        before = replace(maximum, target=own)
        after = _entrywise(maximum, own + sum(added))
        self._replace(maximum, before, after, drop=constant)

    def _largest(self, maximum: Equation) -> Tensor:
        """Return a new tensor for the maxima before anything is done to them."""
        by_base = {tensor.base: tensor for tensor in self.tensors}
        like, taken = by_base[maximum.target.base], {tensor.label for tensor in self.tensors}
        name, label = f"largest for {like.name}", about("M", like.label)
        while label in taken:
            name, label = f"{name}, before", about("M", label)
        made = replace(like, name=name, label=label, role="auxiliary")
        self.tensors.append(made)
        return made

    def _replace(self, maximum: Equation, *instead: Equation, drop: Sequence[Equation]) -> None:
        kept = (e for e in self.equations if e not in drop)
        self.equations = tuple(new for e in kept for new in (instead if e == maximum else (e,)))


def _is_of_entries(equation: Equation) -> bool:
    """Tell whether an equation takes maxima of a tensor's entries, each for its own target."""
    bare = all(i == 0 or i in equation.sizes for i in equation.target.indices)
    return is_maximum(equation) and isinstance(equation.value, Indexed) and bare


def _is_function(equation: Equation) -> bool:
    """Tell whether T[i] = f(Z[i]), f increasing."""
    reads = accesses(equation.value)
    if not is_one_to_one(equation) or is_maximum(equation) or len(reads) != 1:
        return False
    same = reads[0].indices == equation.target.indices
    return same and equation.value != reads[0] and is_increasing(equation.value, reads[0])


def _is_constant(equation: Equation, maximum: Equation) -> bool:
    """Tell whether what an equation adds is the same for all terms of each maximum."""
    if not is_one_to_one(equation) or is_maximum(equation):
        return False
    value = as_about(equation.value, equation.target, maximum.value)
    reduced = {loop.symbol for loop in maximum.reduced}
    return not reduced & value.free_symbols


def _entrywise(maximum: Equation, value: Expr) -> Equation:
    """Return the equation that gives the maximum's target a value entry by entry."""
    kept = tuple(loop for loop in maximum.loops if loop not in maximum.reduced)
    return Equation(maximum.target, value, kept)


def signs(equations: Iterable[Equation]) -> dict[Expr, Expr]:
    """Return the brackets of what rectifiers are applied to, and those of their results."""
    every = list(equations)
    adding = Counter(equation.target.base for equation in every)
    rectified = (e for e in every if isinstance(e.value, relu) and adding[e.target.base] == 1)
    return {
        Iverson(e.value.args[0] > 0): Iverson(e.target > 0) for e in rectified if is_one_to_one(e)
    }
