"""Writing sums out: a sum whose limits are integers becomes its terms.

SymPy's own ``doit`` gives the same terms; it first looks for closed forms, which sums
of a network's entries do not have, and is some thirty times slower.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Sum


def written_out(expression: Expr) -> Expr:
    """Return the expression with every sum of integer limits as its terms."""
    if not expression.has(Sum):
        return expression
    if not isinstance(expression, Sum):
        return expression.func(*map(written_out, expression.args))
    *inner, (symbol, low, high) = expression.limits
    if not (low.is_Integer and high.is_Integer):
        return expression
    body = Sum(expression.function, *inner) if inner else expression.function
    values = range(int(low), int(high) + 1)
    return Add(*(written_out(body.xreplace({symbol: Integer(n)})) for n in values))
