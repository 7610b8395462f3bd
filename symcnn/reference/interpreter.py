"""The value of a SymPy expression, by walking its tree, in any kind of number.

A kind of number is a table of what the tree asks for. There are two, which share no
arithmetic: NumPy's floats, complex where a step is taken, and exact numbers with slopes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial, reduce
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_
from typing import Any

import numpy as np
from sympy import Abs, Add, And, Dummy, Expr, Max, Min, Mul, Or, Piecewise, Pow, S, Symbol
from sympy import exp as exponential
from sympy import log as logarithm
from sympy import sign as signum
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symcnn.equations import Summands, Tensor, Total
from symcnn.equations.functions import DefinedFunction, Iverson, complement, maximum
from symcnn.errors import SymcnnError

Known = dict[Any, Any]
"""The values of symbols and entries; those of whole expressions join them."""

Function = Callable[[Any], Any]
Lazy = Callable[[], Any]


@dataclass(frozen=True)
class Kind:
    """Numbers, or arrays of numbers, that + and * add and multiply.

    Attributes:
        number: Reads a number of SymPy.
        exp: e to the z.
        log: The natural logarithm.
        power: A rational power.
        order: How the first number compares with the second: -1, 0 or 1.
        choose: The first of two values where a condition holds, else the second.
        larger: The larger of two numbers; of two that are nearly equal, either.
        largest: The largest number of every run of an array that starts at given places.
        function: Any other function of one variable by the name that SymPy has for it;
            None if there is none.
        definition: What stands for a function of symcnn: its argument, and an expression
            of it in which nothing overflows or cancels.
    """

    number: Callable[[Expr], Any]
    exp: Function
    log: Function
    power: Callable[[Any, Fraction], Any]
    order: Callable[[Any, Any], Any]
    choose: Callable[[Any, Lazy, Lazy], Any]
    larger: Callable[[Any, Any], Any]
    largest: Callable[[Any, Any], Any]
    function: Callable[[str], Function | None]
    definition: Callable[[Any], tuple[Dummy, Expr]]


def evaluate(expression: Any, known: Known, kind: Kind) -> Any:
    """Evaluate an expression, each part of it once.

    Raises:
        SymcnnError: If it holds a function that has no value.
        ArithmeticError: If a part has no value at these numbers, where the kind says so.
    """
    return _Tree(known, kind)(expression)


@dataclass(frozen=True, eq=False)
class _Tree:
    """What an expression is evaluated with."""

    known: Known
    kind: Kind

    def __call__(self, expression: Any) -> Any:
        found = self.known.get(expression)
        if found is None:
            kind: Any = type(expression)
            rule = _rule(kind)
            self.known[expression] = found = rule(expression, self)
        return found

    def arguments(self, expression: Any) -> list[Any]:
        return [self(argument) for argument in expression.args]

    def first(self, expression: Any) -> Any:
        """Return the value of the first argument, of a function the only one."""
        return self(expression.args[0])


@cache
def _rule(of: Any) -> Callable[[Any, _Tree], Any]:
    return next((rule for base, rule in _RULES if issubclass(of, base)), _function)


def _power(expression: Pow, tree: _Tree) -> Any:
    base, exponent = expression.args
    if exponent.is_Rational:
        return tree.kind.power(tree(base), Fraction(int(exponent.p), int(exponent.q)))
    return tree.kind.exp(tree(exponent) * tree.kind.log(tree(base)))


def _sum(expression: Add, tree: _Tree) -> Any:
    """Return a sum; what would cancel in it is read in another form."""
    other = complement(expression)
    return reduce(add, tree.arguments(expression)) if other is None else tree(other)


def _logarithm(expression: logarithm, tree: _Tree) -> Any:
    """Return a logarithm; that of a sum of exponentials without a positive exponent.

    log(sum of e^t)  =  m + log(sum of e^(t - m)),  m the largest t
    """
    powers = Add.make_args(expression.args[0])
    if len(powers) == 1 or not all(isinstance(power, exponential) for power in powers):
        return tree.kind.log(tree.first(expression))
    terms = [tree.first(power) for power in powers]
    shift = reduce(tree.kind.larger, terms)
    return shift + tree.kind.log(reduce(add, (tree.kind.exp(term - shift) for term in terms)))


def _defined(expression: DefinedFunction, tree: _Tree) -> Any:
    """Return a function of symcnn by what it is made of."""
    argument, definition = tree.kind.definition(expression.func)
    return evaluate(definition, {argument: tree.first(expression)}, tree.kind)


def _extreme(order: int, expression: Expr, tree: _Tree) -> Any:
    """Return the first largest argument (order 1), or the first smallest (-1)."""

    def better(a: Any, b: Any) -> Any:
        return tree.kind.choose(tree.kind.order(b, a) == order, lambda: b, lambda: a)

    return reduce(better, tree.arguments(expression))


def _signum(expression: signum | Abs, tree: _Tree) -> Any:
    sign = tree.kind.order(tree.first(expression), tree(S.Zero))
    return _one_if(sign > 0, tree) + tree(S.NegativeOne) * _one_if(sign < 0, tree)


def _one_if(holds: Any, tree: _Tree) -> Any:
    return tree.kind.choose(holds, lambda: tree(S.One), lambda: tree(S.Zero))


def _first_case(cases: Sequence[Any], tree: _Tree) -> Any:
    """Return the first value whose condition holds; without one there is none."""
    if not cases:
        return tree(S.NaN)
    (value, condition), *others = cases
    return tree.kind.choose(tree(condition), lambda: tree(value), lambda: _first_case(others, tree))


def _total(expression: Total, tree: _Tree) -> Any:
    """Return a long sum: of arrays, where these are known, else term by term."""
    known: Any = tree.known
    if not hasattr(known, "some") or not all(map(known.has, expression.tensors)):
        return tree(expression.written_out())
    return reduce(add, (_summed(part, known.some, tree.kind) for part in expression.parts))


def _summed(part: Summands, some: Callable[[Tensor, Any], Any], kind: Kind) -> Any:
    known = {access: some(read.tensor, read.entries) for access, read in part.reads.items()}
    return np.sum(evaluate(part.value, known, kind), axis=-1)


def _function(expression: Expr, tree: _Tree) -> Any:
    """Return a number, or any other function of one argument."""
    if not expression.args:
        return tree.kind.number(expression)
    name = expression.func.__name__
    function = tree.kind.function(name) if len(expression.args) == 1 else None
    if function is None:
        raise SymcnnError(f"there is no numeric value for {name}(...) in {expression}")
    return function(tree.first(expression))


_COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}

_RULES: tuple[tuple[Any, Callable[[Any, _Tree], Any]], ...] = (
    (Symbol, lambda symbol, tree: tree.known[symbol]),
    (Total, _total),
    (Add, _sum),
    (Mul, lambda e, tree: reduce(mul, tree.arguments(e))),
    (Pow, _power),
    (exponential, lambda e, tree: tree.kind.exp(tree.first(e))),
    (logarithm, _logarithm),
    (DefinedFunction, _defined),
    (Iverson, lambda e, tree: _one_if(reduce(and_, tree.arguments(e)), tree)),
    (And, lambda e, tree: reduce(and_, tree.arguments(e))),
    (Or, lambda e, tree: reduce(or_, tree.arguments(e))),
    (Max | maximum, partial(_extreme, 1)),
    (Min, partial(_extreme, -1)),
    (Abs, lambda e, tree: tree.first(e) * _signum(e, tree)),  # its slope at 0 is 0
    (signum, _signum),
    (Relational, lambda e, t: _COMPARISONS[e.rel_op](t.kind.order(*t.arguments(e)), 0)),
    (Piecewise, lambda e, tree: _first_case(e.args, tree)),
    (BooleanAtom, lambda e, tree: bool(e)),
)
