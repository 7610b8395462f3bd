"""From a general form to one entry's formula: numbers for indices, sums written out.

    sum over i of delta^z[i, k] x[i + u]   at u = 1, k = 0   is  delta^z_11 x_2 + ...

A form is read once, into a function of its free indices; entries are made straight from
their positions. SymPy's own replacement would build every indexed object on the way, which
takes fifty times as long. The formula is made to be evaluated: its sums and products are
left as they come, like terms and all, but for what functions are given: SymPy's rules for these
suppose collected factors, and read cos(2 pi * 2 * 2 / C) otherwise as cos(2 pi * 2 / C).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import Add, Expr, Indexed, IndexedBase, Mul, Rational, S, Sum, Symbol
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from symcnn.derivation.long_sums import COMPARISONS, At, OfBase, index_form, long_sum
from symcnn.equations.functions import Iverson

Entry = Callable[[IndexedBase, tuple[int, ...]], Expr]
Formula = Callable[[At], Expr]
"""What an expression is at values of its free indices, in entries."""


def instantiation(
    expression: Expr, entry: Entry, *, collected: bool = False, tensor: OfBase | None = None
) -> Formula:
    """Return what makes an expression in entries of numbers for its indices.

    Args:
        expression: A general form.
        entry: Gives the entry of a tensor at a position.
        collected: Whether like factors and terms are collected.
        tensor: Gives the tensor of a base, if long sums are not to be written out.
    """
    if isinstance(expression, Indexed):
        base, indices = expression.base, [*map(index_form, expression.indices)]
        return lambda at: entry(base, tuple([int(index(at)) for index in indices]))
    if isinstance(expression, Symbol):
        return lambda at: Rational(at[expression]) if expression in at else expression
    if isinstance(expression, Sum):
        return _sum(expression, entry, collected, tensor)
    if isinstance(expression, Iverson):
        return _bracket(expression, entry)
    if not expression.args:
        return lambda at: expression
    if isinstance(expression, Mul):
        return _product(expression, entry, collected, tensor)
    function, within = expression.func, collected or not isinstance(expression, Add)
    parts = [
        instantiation(part, entry, collected=within, tensor=tensor) for part in expression.args
    ]
    if isinstance(expression, TrigonometricFunction):
        function = partial(function, evaluate=False)  # SymPy would look for multiples of pi
    return lambda at: function(*(part(at) for part in parts))


def _product(expression: Mul, entry: Entry, collected: bool, tensor: OfBase | None) -> Formula:
    """Try the brackets first: where one is 0, the entries beside it need not exist.

    Those of indices alone come before those that hold entries, as [s[i - 1] = v].
    """

    def depends(part: Expr) -> tuple[bool, bool]:
        return not isinstance(part, Iverson), part.has(Indexed)

    ordered = sorted(expression.args, key=depends)
    factors = [instantiation(f, entry, collected=collected, tensor=tensor) for f in ordered]

    def product(at: At) -> Expr:
        made = []
        for factor in factors:
            part = factor(at)
            if part is S.Zero:
                return part
            if part is not S.One:
                made.append(part)
        return Mul(*made, evaluate=collected)

    return product


def _sum(expression: Sum, entry: Entry, collected: bool, tensor: OfBase | None) -> Formula:
    *inner, (symbol, *limits) = expression.limits
    low, high = map(index_form, limits)
    body = Sum(expression.function, *inner) if inner else expression.function
    term = instantiation(body, entry, collected=collected)

    long = None if tensor is None else long_sum(expression, tensor)

    def total(at: At) -> Expr:
        if long is not None and (found := long(at)) is not None:
            return found
        terms = (term({**at, symbol: n}) for n in range(int(low(at)), int(high(at)) + 1))
        return Add(*(term for term in terms if term is not S.Zero), evaluate=collected)

    return total


def _bracket(bracket: Iverson, entry: Entry) -> Formula:
    """Compare indices as integers, which SymPy's relations would take long for."""
    within = (c for c in bracket.args if c.has(Indexed))
    about_entries = [instantiation(c, entry, collected=True) for c in within]
    about_indices = [
        (COMPARISONS[c.rel_op], index_form(c.lhs), index_form(c.rhs))
        for c in bracket.args
        if not c.has(Indexed)
    ]

    def value(at: At) -> Expr:
        if not all(compare(left(at), right(at)) for compare, left, right in about_indices):
            return S.Zero
        return Iverson(*(condition(at) for condition in about_entries))

    return value
