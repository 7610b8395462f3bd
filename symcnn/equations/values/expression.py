"""Formulas of entries as text, such as ``exp(-x**2)``: read by a grammar, and never evaluated.

    numbers       2, 0.1 (exactly 1/10), pi, e, and the names of what is given
    operations    + - * / **, brackets
    conditions    < <= > >= == != and or not; in a sum or a product, one that holds counts as 1
    choices       where(condition, a, b), a if condition else b, max(a, b, ...), min(a, b, ...)
    functions     exp log sqrt abs sign sin cos tanh sigmoid ..., each of one argument

The grammar is a part of Python's, whose parser makes the tree; nothing else of Python is known.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NoReturn

import sympy
from sympy import And, E, Expr, Not, Or, Piecewise, Rational, pi
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom, BooleanFunction, to_nnf

from symcnn import limits
from symcnn.equations.functions import floor, maximum, normal_cdf, relu, sigmoid, softplus
from symcnn.equations.values.exact import exact
from symcnn.errors import SymcnnError, shown

_NAMES: Mapping[str, Expr] = {"pi": pi, "e": E}

_OF_ONE: Mapping[str, Callable[[Expr], Expr]] = {
    **{name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "sign", "erf")},
    **{name: getattr(sympy, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: getattr(sympy, name) for name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    "abs": sympy.Abs,
    "floor": floor,
    "ceil": lambda z: -floor(-z),
    "log2": lambda z: sympy.log(z) / sympy.log(2),
    "log10": lambda z: sympy.log(z) / sympy.log(10),
    "relu": relu,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "normal_cdf": normal_cdf,
}
_OF_SEVERAL = ("max", "min")
_FUNCTIONS = (*_OF_ONE, *_OF_SEVERAL, "where")

_OPERATIONS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.UAdd: lambda a: a,
    ast.USub: lambda a: -a,
    ast.Lt: sympy.Lt,
    ast.LtE: sympy.Le,
    ast.Gt: sympy.Gt,
    ast.GtE: sympy.Ge,
    ast.Eq: sympy.Eq,
    ast.NotEq: sympy.Ne,
    ast.And: And,
    ast.Or: Or,
}

_CONDITIONS = (Relational, BooleanAtom, BooleanFunction)

_LARGEST_EXPONENT = 100
"""Exact fractions have as many times the digits of the base."""

_LARGEST_ARGUMENT = 10**6
"""Of a function of a number: the exponential of a larger one has no float."""

_REMEDY = 'write it like "exp(-x**2)", in numbers, x, + - * / ** and functions'


@lru_cache(maxsize=2**10)
def parsed(text: str) -> ast.expr:
    """Return the tree of a formula.

    Raises:
        SymcnnError: If it is none, or too long.
    """
    if len(text) > limits.TEXT_LETTERS:
        raise SymcnnError(f"{shown(text)} has more than {limits.TEXT_LETTERS:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is refused here
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SymcnnError(f"{shown(text)} is not a formula: {_REMEDY}") from None


def names_in(text: str) -> list[str]:
    """Return the names of tensors in a formula, each once.

    Raises:
        SymcnnError: If it is no formula.
    """
    parts = [*ast.walk(parsed(text))]
    called = {id(part.func) for part in parts if isinstance(part, ast.Call)}
    names = (p.id for p in parts if isinstance(p, ast.Name) and id(p) not in called)
    return sorted({*names} - {*_NAMES})


def expression(text: str, given: Mapping[str, Expr]) -> Expr:
    """Return what a formula says of given expressions.

    Args:
        text: The formula.
        given: What each name stands for, such as an entry of a tensor.

    Raises:
        SymcnnError: Names the part that is not known.
    """
    return _Reader(text, {**_NAMES, **given}).read()


class _Reader:
    """Reads a tree from the leaves on."""

    def __init__(self, text: str, given: Mapping[str, Expr]) -> None:
        self._text, self._given, self._depth = text, given, 0

    def read(self) -> Expr:
        return self._number(parsed(self._text))

    def _number(self, node: ast.expr) -> Expr:
        """Return an expression; a condition is 1 where it holds, and 0 elsewhere."""
        made = self._of(node)
        if isinstance(made, _CONDITIONS):
            made = Piecewise((1, made), (0, True))
        if isinstance(made, Rational):
            return exact(made, self._source(node))
        if made.is_number and not made.is_real:
            self._refuse(node, "has no real value", "change it")
        return made

    def _condition(self, node: ast.expr) -> Boolean:
        made = self._of(node)
        if not isinstance(made, _CONDITIONS):
            self._refuse(node, "is no condition", "compare it with a number, as in x > 0")
        return made

    def _of(self, node: ast.expr) -> Any:
        if self._depth == limits.FORMULA_DEPTH:
            self._refuse(node, "is nested too deeply", "divide it among several layers")
        self._depth += 1
        made = self._made(node)
        self._depth -= 1
        return made

    def _made(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return self._literal(node)
            case ast.Name(id=name):
                return self._named(node, name)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, self._number(left), self._number(right))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return _OPERATIONS[type(op)](self._number(left), self._number(right))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return to_nnf(Not(self._condition(operand)))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATIONS:
                return _OPERATIONS[type(op)](self._number(operand))
            case ast.BoolOp(op=op, values=values):
                return _OPERATIONS[type(op)](*map(self._condition, values))
            case ast.Compare():
                return self._compared(node)
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._where(test, body, other)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._called(node, name, arguments)
        return self._refuse(node, "is not known", _REMEDY)

    def _literal(self, node: ast.Constant) -> Expr:
        if type(node.value) not in (int, float):
            self._refuse(node, "is no number", _REMEDY)
        try:
            return exact(Decimal(self._source(node)), self._source(node))
        except InvalidOperation:
            return self._refuse(node, "is no decimal number", "write its decimal digits")

    def _named(self, node: ast.expr, name: str) -> Expr:
        if name not in self._given:
            known = ", ".join(name for name in self._given if name not in _NAMES)
            self._refuse(node, "is not known", f"the formula may name {known}")
        return self._given[name]

    def _power(self, node: ast.expr, base: Expr, exponent: Expr) -> Expr:
        """Return a power, unless it takes long to compute."""
        if exponent.is_number and not abs(exponent) <= _LARGEST_EXPONENT:
            most = f"give one from -{_LARGEST_EXPONENT:,} to {_LARGEST_EXPONENT:,}"
            self._refuse(node, "has an exponent that is too large", most)
        if base.is_number and exponent.is_number and not self._is_moderate(base, exponent):
            self._refuse(node, "is too large", "give a smaller number")
        return base**exponent

    def _is_moderate(self, base: Expr, exponent: Expr) -> bool:
        digits = max(len(str(part)) for part in base.as_numer_denom())
        return bool(digits * abs(exponent) <= limits.NUMBER_DIGITS)

    def _compared(self, node: ast.Compare) -> Boolean:
        terms = [self._number(term) for term in (node.left, *node.comparators)]
        pairs = zip(node.ops, terms, terms[1:], strict=False)
        if not all(type(op) in _OPERATIONS for op in node.ops):
            self._refuse(node, "is not known", "compare by < <= > >= == or !=")
        return And(*(_OPERATIONS[type(op)](one, other) for op, one, other in pairs))

    def _where(self, test: ast.expr, one: ast.expr, other: ast.expr) -> Expr:
        condition = self._condition(test)
        return Piecewise((self._number(one), condition), (self._number(other), True))

    def _called(self, node: ast.expr, name: str, arguments: list[ast.expr]) -> Expr:
        if name not in _FUNCTIONS:
            self._refuse(node, f"calls {shown(name)}", f"call one of {', '.join(_FUNCTIONS)}")
        count = len(arguments)
        right = count == 1 if name in _OF_ONE else count == 3 if name == "where" else count > 1
        if not right or any(isinstance(argument, ast.Starred) for argument in arguments):
            takes = "one argument" if name in _OF_ONE else "two or more"
            takes = "a condition and two values" if name == "where" else takes
            self._refuse(node, f"calls {name} with {count}", f"it takes {takes}")
        if name == "where":
            return self._where(*arguments)
        parts = [self._number(argument) for argument in arguments]
        if any(part.is_number and not abs(part) <= _LARGEST_ARGUMENT for part in parts):
            self._refuse(node, "is too large", "give a smaller number")
        return _largest(name, parts) if name in _OF_SEVERAL else _OF_ONE[name](*parts)

    def _source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._text.strip(), node) or self._text

    def _refuse(self, node: ast.expr, why: str, remedy: str) -> NoReturn:
        raise SymcnnError(f"{shown(self._source(node))} {why}: {remedy}")


def _largest(name: str, terms: list[Expr]) -> Expr:
    """Return the largest of several terms, or the least: of equal ones the first is taken."""
    return maximum(*terms) if name == "max" else -maximum(*(-term for term in terms))
