"""Stabilise: formulas are put in where something cancels that floats would not survive.

    a = exp(x - ell),  L = -t log a:      log a  is  x - ell, whatever underflows in a
    a = sigma(z):                         log a  is  -softplus(-z),
                                          log(1 - a)  is  -softplus(z)
    delta_a = -t/a,  delta_x = delta_a a: the product  is  -t, also where a is 0

What is left of 1/a, because delta_a itself is asked for, is exp(ell - x) or
1 + exp(-z), which ``bounded_exp`` keeps within the range of floats.

These are identities on equations; nothing here knows a layer or a loss.

A function that saturates leaves digits of 1 that its own value has not:

    a = sigma(z):    1 - a  is  sigma(-z)
    a = exp(z):      1 - a  is  -expm1(z)
    a = tanh(z):     1 - a  is  2 sigma(-2 z),    1 + a  is  2 sigma(2 z)

At z = 30, 1 - sigma(z) is 9.357622968840e-14, and the float nearest to sigma(z) is 1 - 9.348e-14:
what is computed from it has two digits. So a gap g = 1 - a, or 1 + a, is a tensor of its own where
it is needed. From a given target t, which may be 1 or -1,

    a - t  is  (1 - t) - g  where t >= 1,     1 - t a  is  (1 - t) a + g.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from sympy import Add, Expr, Indexed, IndexedBase, Integer, Mul, Piecewise, Pow, exp, tanh
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations import Equation, Group, Tensor, accesses, is_maximum, is_one_to_one
from symcnn.equations.formulas import (
    Formulas,
    inside,
    rewritten,
    with_logarithms,
    without_logarithms,
)
from symcnn.equations.functions import bounded_exp, complement, sigmoid, uncancelled
from symcnn.equations.notation import about
from symcnn.equations.rewriting import Shifts, as_about
from symcnn.programs.plans.exponentials import with_exponentials
from symcnn.programs.plans.softmax_pairs import Pairs


def stabilised(
    forward: Iterable[Group], backward: Iterable[Group], *, saturated: bool = False
) -> tuple[list[Group], list[Group]]:
    """Return the groups of both passes in a form that is right for large numbers too.

    Args:
        forward: The forward pass.
        backward: What comes after it.
        saturated: Whether to keep the digits of what is far smaller than what it is computed
            from, as 1 - a where a is almost 1: it takes further functions of what is there.
    """
    formulas = Formulas()
    made = without_logarithms(forward, formulas), _without_quotients(backward, formulas)
    saturated = saturated or any(map(_is_of_what_is_left, made[0]))
    shifts = Shifts(saturated=saturated)
    if saturated:
        made = _saturated(*made, formulas)
    forward, backward = map(shifts.applied, made)
    return with_exponentials(forward), with_exponentials(backward)


def _is_of_what_is_left(group: Group) -> bool:
    """Tell whether a tensor is made of log(1 - exp(z)), which is infinite where that is rounded."""
    return any(equation.value.has(log1p) for equation in group[1])


def _saturated(
    forward: Sequence[Group], backward: Sequence[Group], formulas: Formulas
) -> tuple[list[Group], list[Group]]:
    saturation = Saturation(forward, formulas)
    backward = Pairs(forward, formulas).applied(backward)
    made = saturation.applied(forward), saturation.applied(backward)
    return saturation.with_gaps(made[0]), made[1]


def _without_quotients(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    """Cancel what can be, and write the reciprocals that are left by what is inside."""
    made: list[Group] = []
    for tensor, equations in groups:
        cancelled = [_cancelled(equation, formulas) for equation in equations]
        formulas.learn([_deep(equation, formulas) for equation in cancelled])
        written = (_with_reciprocals(with_logarithms(e, formulas), formulas) for e in cancelled)
        made.append((tensor, tuple(written)))
    return made


def _with_reciprocals(equation: Equation, formulas: Formulas) -> Equation:
    if not _divisors(equation.value):
        return equation
    return rewritten(equation, formulas, Pow, lambda part: _reciprocal(part, formulas))


def _reciprocal(power: Expr, formulas: Formulas) -> Expr | None:
    """Return a^-n or (1 - a)^-n by what is inside of a."""
    base, exponent = power.args
    if not _is_divisor(power):
        return None
    formula, complement = inside(base, formulas)
    if isinstance(formula, exp) and not complement:
        return bounded_exp(exponent * formula.args[0])
    if isinstance(formula, sigmoid):
        z = formula.args[0] if complement else -formula.args[0]
        return (1 + bounded_exp(z)) ** -exponent
    return None


def _cancelled(equation: Equation, formulas: Formulas) -> Equation:
    """Put every adjoint in whose divisors cancel in the product."""
    for read in accesses(equation.value):
        if not _divisors(formulas.general(read.base)):
            continue
        formula, rest = formulas.of(read), equation.value / read
        if formula is None or rest.has(read):
            continue
        value = Add(*(formulas.original(part) * rest for part in _addends(formula)))
        if len(_divisors(value)) < len(_divisors(formula)):
            return _cancelled(replace(equation, value=value), formulas)
    return equation


def _deep(equation: Equation, formulas: Formulas) -> Equation:
    """Return the equation of a copied adjoint with the formula of the original."""
    value = equation.value
    formula = formulas.of(value) if isinstance(value, Indexed) else None
    return equation if formula is None else replace(equation, value=formulas.original(formula))


def _addends(formula: Expr) -> Sequence[Expr]:
    number, rest = formula.as_coeff_Mul()
    return [number * part for part in Add.make_args(rest)]


def _divisors(value: Expr) -> set[Expr]:
    return {power.base for power in value.atoms(Pow) if _is_divisor(power)}


def _is_divisor(power: Expr) -> bool:
    whole = isinstance(power.exp, Integer) and power.exp < 0
    return bool(whole and power.base.has(Indexed))


class Saturation:
    """Writes sums without what cancels in them."""

    def __init__(self, forward: Sequence[Group], formulas: Formulas) -> None:
        """Take the forward pass, and what its entries are equal to: all else is given."""
        self._formulas = formulas
        self._computed = {tensor.base: (tensor, equations) for tensor, equations in forward}
        self._gaps: dict[IndexedBase, dict[int, Group]] = {}

    def applied(self, groups: Iterable[Group]) -> list[Group]:
        """Return groups whose equations read gaps."""
        return [(tensor, self._merged([*map(self._of, group)])) for tensor, group in groups]

    def with_gaps(self, forward: Iterable[Group]) -> list[Group]:
        """Return a forward pass in which every gap that is read follows what it is left by."""
        made: list[Group] = []
        for group in forward:
            made += [group, *self._gaps.get(group[0].base, {}).values()]
        return made

    def _of(self, equation: Equation) -> Equation:
        """Rewrite one equation; what a maximum compares is read again as it is."""
        if is_maximum(equation) or not equation.value.has(Add):
            return equation
        original = self._formulas.without_copies(equation)
        value = original.value.replace(lambda part: isinstance(part, Add), self._sum)
        return equation if value == original.value else replace(original, value=value)

    def _merged(self, group: Sequence[Equation]) -> tuple[Equation, ...]:
        """Make one equation of two whose sum cancels, as a softmax's  p  and  -t."""
        for one, other in combinations(filter(is_one_to_one, group), 2):
            total = one.value + as_about(other.value, other.target, one.target)
            made = self._sum(total) if isinstance(total, Add) else total
            if made != total:
                rest = (equation for equation in group if equation not in (one, other))
                return self._merged([replace(one, value=made), *rest])
        return tuple(group)

    def _sum(self, total: Expr) -> Expr:
        """Return a sum without what cancels in it, if one entry and the rest of it do."""
        if known := complement(total):
            return known
        for read in accesses(total):
            is_computed = read.base in self._computed  # error signals can be copies of z too
            if is_computed and isinstance(self._formulas.of(read), sigmoid | exp | tanh):
                made = self._rest(total, read)
                if made is not None:
                    return made
        return total

    def _rest(self, total: Expr, a: Indexed) -> Expr | None:
        """Return r (1 - a), r (1 + a), r (1 - a^2), q (a - t) or r (1 - t a) by gaps."""
        others, part = total.as_independent(a, as_Add=True)
        if isinstance(part, Add) or not others:
            return None
        signs = {a: [1], -a: [-1], a**2: [1, -1]}.get(-part / others)
        if signs:
            return others * Mul(*(self._gap(a, sign) for sign in signs))
        number, difference, factor = part / a, -others * a / part, -part / (others * a)
        if number.is_number and self._is_given(difference):
            return number * self._less(a, difference)
        return others * self._one_less(a, factor) if self._is_given(factor) else None

    def _is_given(self, read: Expr) -> bool:
        return isinstance(read, Indexed) and read.base not in self._computed

    def _less(self, a: Indexed, t: Indexed) -> Expr:
        """Return a - t; nothing cancels unless t is at the end that a tends to, or beyond."""
        cases = [(uncancelled(1 - t) - self._gap(a, 1), t >= 1)]
        if isinstance(self._formulas.of(a), tanh):
            cases.append((self._gap(a, -1) - uncancelled(1 + t), t <= -1))
        return Piecewise(*cases, (a - t, True))

    def _one_less(self, a: Indexed, t: Indexed) -> Expr:
        """Return 1 - t a, a sum of two terms of one sign for every t from -1 to 1."""
        if isinstance(self._formulas.of(a), tanh):
            return ((1 - t) * self._gap(a, -1) + (1 + t) * self._gap(a, 1)) / 2
        return (1 - t) * a + self._gap(a, 1)

    def _gap(self, a: Indexed, sign: int) -> Expr:
        """Return the entry of 1 - a, or of 1 + a for the sign -1."""
        tensor, (equation, *_) = self._computed[a.base]
        formula = self._formulas.general(a.base)
        if sign < 0 and not isinstance(formula, tanh):
            return 1 + a
        gaps = self._gaps.setdefault(a.base, {})
        if sign not in gaps:
            gap = _beside(tensor, "gap" if sign > 0 else "rise")
            of = gap[equation.target.indices]
            gaps[sign] = gap, (replace(equation, target=of, value=_left(formula, sign)),)
        return gaps[sign][0][a.indices]


def _left(formula: Expr, sign: int) -> Expr:
    """Return 1 - f, or 1 + f for the sign -1."""
    (z,) = formula.args
    if isinstance(formula, tanh):
        return 2 * sigmoid(-2 * sign * z)
    return sigmoid(-z) if isinstance(formula, sigmoid) else -expm1(z)


def _beside(tensor: Tensor, sign: str) -> Tensor:
    name, label = f"{sign} for {tensor.name}", about(sign, tensor.label)
    return replace(tensor, name=name, label=label, role="auxiliary")
