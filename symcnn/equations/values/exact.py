"""Numbers for tensors: nested or flat lists become flat rows of exact or float numbers.

A finite decimal is read as written: 0.4 is exactly 2/5.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any, NoReturn, TypeAlias

import numpy as np
import sympy
from sympy import And, E, Expr, Integer, Not, Or, Piecewise, Rational, pi
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom, BooleanFunction, to_nnf

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.functions import floor, maximum, normal_cdf, relu, sigmoid, softplus
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.sizes import is_real_letter
from symcnn.errors import SymcnnError, shown

Values = Mapping[str, Any]
"""Numbers by tensor name: {"x": ..., "conv1.weight": ..., "target": ...}."""

Real: TypeAlias = int | float | Decimal | Fraction | Expr
"""A real number: int, float, Decimal, Fraction or a SymPy number."""

_LISTED = 76
"""The characters of a list of names: a line of error has 200 for everything."""

_TOO_LONG: int = 10**limits.NUMBER_DIGITS
_TOO_LARGE: int = 10**limits.NUMBER_EXPONENT


def exact(value: Any, place: str) -> Expr:
    """Return one number as an exact SymPy rational.

    Raises:
        SymcnnError: If it is not a finite number of a sane size; ``place`` says where
            it stands.
    """
    number = _number(value)
    if number is None:
        raise SymcnnError(f"{place} is {shown(value)}: a finite number is needed")
    if isinstance(number, Rational) and not _is_sane(number):
        raise SymcnnError(
            f"{place} is {shown(value)}: give a number below 10^{limits.NUMBER_EXPONENT} "
            f"of at most {limits.NUMBER_DIGITS} digits"
        )
    return number


def setting(value: Any, place: str) -> Expr:
    """Return a setting as an exact number, or the letter that stands for one.

    Raises:
        SymcnnError: If it is neither.
    """
    return value if is_real_letter(value) else exact(value, place)


def _number(value: Any) -> Expr | None:
    """Return what a value is exactly, or None if it is no finite real number."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Expr):
        return value if value.is_number and value.is_real else None
    if isinstance(value, Integral):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Decimal | RealNumber):
        decimal = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        return _decimal(decimal) if decimal.is_finite() else None
    return None


def _decimal(value: Decimal) -> Expr:
    """Return a decimal as a fraction; one that is too long to write out as 10^digits."""
    if max(abs(value.adjusted()), len(value.as_tuple().digits)) > limits.NUMBER_DIGITS:
        return Integer(10) ** (limits.NUMBER_DIGITS + 1)
    return Rational(*value.as_integer_ratio())


def _is_sane(number: Rational) -> bool:
    """Compare the integers above and below the bar: far faster than SymPy's numbers."""
    p, q = abs(int(number.p)), int(number.q)
    return p < _TOO_LONG and q < _TOO_LONG and p < _TOO_LARGE * q


def entries(value: Any, tensor: Tensor) -> list[Any]:
    """Return the entries of ``value`` in row-major order.

    Args:
        value: Nested lists or an array of the tensor's shape, or one flat list; an axis of a single
            channel may be left out (see ``shapes``).
        tensor: What the numbers are for.

    Raises:
        SymcnnError: If the shape does not fit.
    """
    nested = value.tolist() if hasattr(value, "tolist") else value  # of an array, or a row
    check_shape(shape_of(nested, tensor.name), tensor)
    return list(flattened(nested))


def shapes(tensor: Tensor) -> tuple[Shape, ...]:
    """Return the shapes that numbers for a tensor may have: all mean the same in row-major order.

    They are its own, that of a flat list, and, of an image of one channel, that of its rows alone.
    The filters of a kernel are its last axis, so that only that of a single filter with a single
    channel can be left without both axes: 3 x 3 x 3 could otherwise begin with either.
    """
    shape, own = tensor.shape, (tensor.shape, (tensor.size,))
    left_out = 2 if tensor.role == "parameter" else 1
    is_shorter = len(shape) > left_out and shape[-left_out:] == (1,) * left_out
    return (*own, shape[:-left_out]) if is_shorter else own


def check_shape(shape: Shape, tensor: Tensor) -> None:
    """Refuse numbers of another shape than the tensor's (see ``shapes``)."""
    if shape not in shapes(tensor) and not (shape == () and tensor.size == 1):
        raise SymcnnError(
            f"{tensor.name} has the shape {dimensions(shape)}, but {dimensions(tensor.shape)} is "
            f"needed: {_remedy(shape, tensor)}"
        )


def channels_last(name: str, shape: Shape, needed: Shape, samples: bool) -> str:
    """Return how an array whose channels stand as in PyTorch gets its shape; "" for any other.

    >>> channels_last("x", (8, 3, 28, 28), (8, 28, 28, 3), samples=True)
    'the channels stand as in PyTorch: np.moveaxis(x, 1, -1) puts them last'

    Args:
        name: What the array is called.
        shape: Its shape.
        needed: The shape that is needed.
        samples: Whether the first axis of both counts the samples.
    """
    first, is_one = int(samples), not samples and shape[:1] == (1,)
    for array, own in ((name, shape), *[(f"{name}[0]", shape[1:])] * is_one):
        if own == needed != shape:
            return f"a single sample has no axis for it: give {array}"
        if len(own) > first + 1 and (*own[:first], *own[first + 1 :], own[first]) == needed:
            made = f"np.moveaxis({array}, {first}, -1)"
            return f"the channels stand as in PyTorch: {made} puts them last"
    return ""


def _remedy(shape: Shape, tensor: Tensor) -> str:
    """Say how an array gets its shape; one of PyTorch's must not be made flat as it is."""
    is_kernel = tensor.role == "parameter"
    moved = channels_last(tensor.name, shape, tensor.shape, tensor.batched)
    if moved and not is_kernel:
        return moved
    orders = permutations(shape, tensor) if is_kernel else []
    if not orders:
        return f"give nested lists of that shape or one flat list of {tensor.size} numbers"
    order = f"array.transpose{orders[0]}" if len(orders) == 1 else "to (kernel, inputs, filters)"
    return f"the axes stand as in PyTorch: permute them, {order}"


def exact_entries(value: Any, tensor: Tensor) -> list[Expr]:
    """Return the entries of ``value`` as exact rationals, in row-major order."""
    return [
        exact(entry, f"{tensor.name}, number {count},")
        for count, entry in enumerate(entries(value, tensor), start=1)
    ]


def required(values: Values, tensors: Sequence[Tensor]) -> None:
    """Check that there are numbers for every tensor, and for nothing else.

    Raises:
        SymcnnError: If a name is missing or not known.
    """
    names = [tensor.name for tensor in tensors]
    for name in values:
        if name not in names:
            raise SymcnnError(f"the network takes no numbers for {name!r}: {known(name, names)}")
    for name in names:
        if name not in values:
            raise SymcnnError(f"numbers for {name!r} are missing: give them in the values")


def known(name: str, names: Sequence[str]) -> str:
    """Say which names are known, of many the first, and which is nearest."""
    nearest = get_close_matches(name, names, n=1)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    ends = accumulate(len(name) + len(", ") for name in names)
    first = [name for name, end in zip(names, ends, strict=True) if end <= _LISTED]
    more = f" and {len(names) - len(first)} more" if len(first) < len(names) else ""
    return f"{hint}choose from {', '.join(first)}{more}"


def shape_of(value: Any, name: str) -> Shape:
    """Return the shape of nested lists; ragged ones are an error."""
    if not isinstance(value, list | tuple):
        return ()
    shapes = {shape_of(part, name) for part in value}
    if len(shapes) > 1:
        raise SymcnnError(f"{name} is ragged: give every row the same number of entries")
    return (len(value), *(shapes.pop() if shapes else ()))


def flattened(value: Any) -> Iterator[Any]:
    """Run over the entries of nested lists."""
    if isinstance(value, list | tuple):
        for part in value:
            yield from flattened(part)
    else:
        yield value


_KERNELS = [(2, 1, 0), (2, 0, 1), (2, 3, 1, 0), (2, 3, 0, 1)]
"""From PyTorch's kernels to ours; those of transposed convolutions have the inputs first."""


def permutations(shape: Shape, tensor: Tensor) -> list[tuple[int, ...]]:
    """Return how axes may be permuted that stand as in PyTorch; nothing for any other shape."""
    fitting = (order for order in _KERNELS if len(order) == len(shape))
    return [o for o in fitting if tuple(shape[axis] for axis in o) == tensor.shape]


def positive_rate(rate: Any) -> Expr:
    """Return a learning rate exactly; anything but a positive number is an error."""
    number = exact(rate, "the learning rate")
    if number <= 0:
        raise SymcnnError(f"the learning rate is {number}: a positive number is needed")
    return number


# Formulas of entries as text, such as ``exp(-x**2)``: read by a grammar, and never evaluated.


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
