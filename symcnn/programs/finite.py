"""Why a number is not finite: the first entry that has none, what its formula does, a remedy.

An entry is computed from the entries before it. The first one without a finite value has a
formula of finite numbers, and a part of that has no value, as log(1 - y) has none where y is 1;
or it is beyond the largest float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Pow, Symbol, log
from sympy.functions.elementary.piecewise import ExprCondPair

from symcnn import limits
from symcnn.derivation import Derivation, Point
from symcnn.derivation.float_values import Computed
from symcnn.equations import Tensor
from symcnn.equations.functions import uncancelled
from symcnn.equations.values import Evaluation, Values
from symcnn.equations.values.evaluation import Array
from symcnn.errors import NotFiniteError, TooLargeError
from symcnn.programs.ranges import (
    EVALUATING,
    RANGE,
    PowerBeyond,
    Remedies,
    is_float,
    power_beyond,
    range_of,
)
from symcnn.reference import FLOATS, Dual, Forward, evaluate, exact_numbers
from symcnn.reference.enclosures import Precision, to_decimal

_ELSEWHERE = "choose values or weights at which it is defined"

_LONGEST = 48
"""The letters of a formula that is shown in an error."""

_DIGITS = 6
"""The digits of a number there."""

_FEW = 2
"""The entries whose numbers are shown."""


class _Found(NamedTuple):
    """An entry without a finite value."""

    tensor: Tensor
    position: tuple[int, ...]
    numbers: dict[Any, Any]
    kind: str = "float64"


def is_finite(made: Evaluation) -> bool:
    """Tell whether all that a program found is finite."""
    numbers: list[Any] = [made.loss, *made.outputs.values(), *made.gradients.values()]
    return all(np.isfinite(array).all() for array in numbers)


def finite(
    derivation: Derivation, values: Values, made: Evaluation, remedies: Remedies = EVALUATING
) -> Evaluation:
    """Return what a program found, if all of it is finite.

    Raises:
        NotFiniteError: Names the first entry that is not, and the reason.
    """
    if is_finite(made):
        return made
    raise not_finite(derivation, values, made.gradients, remedies)


def not_finite(
    derivation: Derivation,
    values: Values,
    gradients: Mapping[str, Array] | None = None,
    remedies: Remedies = EVALUATING,
) -> NotFiniteError:
    """Return the error that names the first entry without a finite float, and the reason.

    Args:
        derivation: What was computed.
        values: At which numbers.
        gradients: The derivatives that were found, as far as they are known.
        remedies: What helps whoever asks.
    """
    known = beyond_floats(derivation, values, gradients, remedies)
    return known or NotFiniteError(f"a number exceeds {RANGE}: {remedies.smaller}")


def beyond_floats(
    derivation: Derivation,
    values: Values,
    gradients: Mapping[str, Array] | None = None,
    remedies: Remedies = EVALUATING,
    kind: str = "float64",
) -> NotFiniteError | None:
    """Return the error that ``not_finite`` returns, if there is an entry to name.

    That is also one with a power that its derivatives need, and no float of a kind holds.
    """
    terms = sum(equation.terms for equation in derivation.network.equations)
    if terms > limits.GRADCHECK_TERMS:
        return None
    with np.errstate(all="ignore"):
        made = Forward(derivation.network, values).values
        passed = {name: array.astype(kind) for name, array in made.items()}
        found = _in_floats(derivation, passed, gradients or {}, kind)
        if found is not None:
            exact = derivation.at(values) if terms <= limits.EXACT_TERMS else None
            return _error(derivation, found, remedies, exact)
        power = power_beyond(derivation, passed)
    small = remedies.exactly if terms <= limits.EXACT_TERMS else remedies.smaller
    return None if power is None else _of_power(power, kind, small)


def no_value(
    derivation: Derivation, point: Point, remedies: Remedies = EVALUATING
) -> NotFiniteError | None:
    """Return the error that names the first entry without an exact value; None if all have one."""
    for tensor in _in_order(derivation):
        for position in tensor.positions():
            try:
                point.value(tensor.symbol(position))
            except NotFiniteError as error:
                if told := _near_an_end(derivation, tensor, position, point, remedies):
                    return told
                found = _Found(tensor, position, _Nearest(point))
                with np.errstate(all="ignore"):
                    named = _without_value(derivation, found, remedies.elsewhere)
                return NotFiniteError(named or _with_name(error, tensor, position))
    return None


def _with_name(error: NotFiniteError, tensor: Tensor, position: tuple[int, ...]) -> str:
    """Call an entry in an error as Python does, in place of its symbol."""
    symbol, text = f"{tensor.symbol(position)} is ", str(error)
    is_named = text.startswith(symbol)
    return f"{_name(tensor, position)} is {text[len(symbol) :]}" if is_named else text


def _near_an_end(
    derivation: Derivation,
    tensor: Tensor,
    position: tuple[int, ...],
    point: Point,
    remedies: Remedies,
) -> NotFiniteError | None:
    """Return the error that names a probability that is not distinguished from 0 or from 1."""
    try:
        formula = derivation.entries.formula(tensor.symbol(position))
    except TooLargeError:
        return None
    for symbol in sorted(() if formula is None else formula.free_symbols, key=str):
        for end in (0, 1):
            value = point.value(symbol - end)
            if value.is_Float and not value:
                read = _name(*derivation.entries.locate(symbol))
                near = f"{read} is too close to {end} to be distinguished from it"
                return NotFiniteError(f"{_name(tensor, position)}: {near}: {remedies.smaller}")
    return None


def _in_floats(
    derivation: Derivation, passed: Mapping[str, Array], gradients: Mapping[str, Array], kind: str
) -> _Found | None:
    slopes = {derivation.adjoints[name].name: array for name, array in gradients.items()}
    for tensor in _in_order(derivation):
        array = passed.get(tensor.name, slopes.get(tensor.name))
        if array is not None and not np.isfinite(array).all():
            (place, *_) = np.argwhere(~np.isfinite(array)).tolist()
            return _Found(tensor, tuple(place), Computed(derivation, passed, gradients), kind)
    return None


def _in_order(derivation: Derivation) -> Iterator[Tensor]:
    """Run over what is computed: forward to the loss, and back from it."""
    tensors = list(derivation.network.tensors.values())
    yield from (tensor for tensor in tensors if not tensor.is_given)
    for tensor in reversed(tensors):
        if tensor.name in derivation.adjoints and derivation.depends_on(tensor):
            yield derivation.adjoints[tensor.name]


class _Nearest(dict[Any, Any]):
    """The floats nearest to exact values, by the entries' symbols."""

    def __init__(self, point: Point) -> None:
        """Take the values."""
        self._point = point

    def __missing__(self, symbol: Symbol) -> float:
        """Look an entry up."""
        return float(self._point.value(symbol))


def _error(
    derivation: Derivation, found: _Found, remedies: Remedies, exact: Point | None
) -> NotFiniteError:
    """Say why a float is not finite: its formula has no value, or it is too large."""
    known, place = _value(exact, found), _name(found.tensor, found.position)
    value = "" if known is None else rounded(known)
    elsewhere = remedies.rounded if value else remedies.elsewhere
    if named := _without_value(derivation, found, elsewhere):
        return NotFiniteError(named)
    reach = range_of(found.kind)
    beyond = f"{place} is {value}, beyond {reach}" if value else f"{place} exceeds {reach}"
    is_hidden = bool(value) and found.tensor.role == "auxiliary"  # nobody asks for its float
    if known is not None and is_float(known, found.kind):
        is_hidden, beyond = True, f"{place} is {value}, but an intermediate result exceeds {reach}"
    return NotFiniteError(f"{beyond}: {remedies.exactly if is_hidden else remedies.smaller}")


def _of_power(power: PowerBeyond, kind: str, remedy: str) -> NotFiniteError:
    place = _name(power.tensor, power.position)
    number = f"{place} is {power.number:.6g}, whose power {power.exponent} exceeds {range_of(kind)}"
    return NotFiniteError(f"{number}: {remedy}")


def _value(exact: Point | None, found: _Found) -> Expr | None:
    """Return the exact value of an entry, if it has one that is known."""
    if exact is not None:
        with suppress(NotFiniteError):
            return exact.value(found.tensor.symbol(found.position))
    return None


def rounded(value: Expr) -> str:
    """Write a number of any size down with a few digits, for messages."""
    return f"{to_decimal(value).normalize():.{_DIGITS}g}"


def _without_value(derivation: Derivation, found: _Found, remedy: str) -> str | None:
    """Say which part of an entry's formula has no value, and where, if that is the reason."""
    try:
        formula = derivation.entries.formula(found.tensor.symbol(found.position))
    except TooLargeError:
        return None
    part = None if formula is None else _innermost(formula, found.numbers)
    if part is None or not _is_undefined(part, found.numbers):
        return None
    needs = derivation.network.loss.needs if found.tensor.role == "loss" else ""
    place, where = _name(found.tensor, found.position), _where(derivation, part, found.numbers)
    return f"{place}: {where}: {remedy or needs or _ELSEWHERE}"


def _innermost(expression: Expr, numbers: dict[Any, Any]) -> Expr | None:
    """Return a part of an expression that is not finite, though all of its own parts are."""
    if np.isfinite(evaluate(expression, numbers, FLOATS)):
        return None
    inside = (_innermost(part, numbers) for part in _parts(expression))
    return next((part for part in inside if part is not None), expression)


def _parts(expression: Expr) -> Iterator[Expr]:
    """Run over the operands of an expression, of cases over their values."""
    for part in expression.args:
        value = part.expr if isinstance(part, ExprCondPair) else part
        if isinstance(value, Expr):
            yield value


def _is_undefined(part: Expr, numbers: dict[Any, Any]) -> bool:
    """Tell whether a part has no value at these floats, however many digits it is given."""
    precision = Precision(last=True)
    try:
        known = {symbol: Dual(Fraction(numbers[symbol])) for symbol in part.free_symbols}
        evaluate(part, known, exact_numbers(precision))
    except ArithmeticError:
        return True
    return False


def _where(derivation: Derivation, part: Expr, numbers: dict[Any, Any]) -> str:
    """Write down a part that has no value, with the numbers at which it has none."""
    names = {s: Symbol(_name(*derivation.entries.locate(s))) for s in part.free_symbols}
    shown = part.replace(uncancelled, lambda z: z).xreplace(names)
    written, read = str(shown), sorted(part.free_symbols, key=str)
    if len(written) <= _LONGEST and len(read) <= _FEW:
        at = " and ".join(f"{names[s]} = {numbers[s] + 0.0:.6g}" for s in read)
        return f"{written} is undefined where {at}"
    number = float(evaluate(part.args[0], numbers, FLOATS))
    return f"{_KINDS.get(part.func, part.func.__name__)} of {number:.6g} is undefined"


_KINDS = {log: "the logarithm", Pow: "a root or quotient"}


def _name(tensor: Tensor, position: tuple[int, ...]) -> str:
    """Name an entry as Python does; the loss is one number."""
    entry = f"{tensor.name}[{', '.join(map(str, position))}]"
    return tensor.name if tensor.role == "loss" else entry
