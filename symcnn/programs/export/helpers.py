"""Functions that SymPy lacks, as Python code for an exported module."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, Function, Symbol

from symcnn.equations.functions import DefinedFunction
from symcnn.programs.export.text import Text, used_names

_WRITTEN = {
    "Iverson": '''\
class Iverson(Function):
    """The Iverson bracket: 1 if all conditions hold, and 0 otherwise."""

    is_integer = True

    @classmethod
    def eval(cls, *conditions):
        if false in conditions:
            return Integer(0)
        if all(condition == true for condition in conditions):
            return Integer(1)

    def _eval_derivative(self, symbol):
        return Integer(0)
''',
    "maximum": '''\
class maximum(Function):
    """The maximum of the arguments; its derivative is that of the first largest one."""

    is_extended_real = True

    @classmethod
    def eval(cls, *terms):
        if all(term.is_number for term in terms):
            return Max(*terms)

    def fdiff(self, k):
        mine, before, behind = self.args[k - 1], self.args[: k - 1], self.args[k:]
        return Iverson(*(other < mine for other in before), *(mine >= other for other in behind))
''',
    "uncancelled": '''\
class uncancelled(Function):
    """z itself, which does not cancel: x / uncancelled(x) has no value at x = 0."""

    @classmethod
    def eval(cls, z):
        if z.is_number:
            return z

    def fdiff(self, k):
        return Integer(1)
''',
    "at": '''\
def at(expression, numbers):
    """Substitute numbers for symbols; common subexpressions are computed once."""
    known = dict(numbers)

    def put(e):
        if e not in known:
            known[e] = e.func(*map(put, e.args)) if e.args else e
        return known[e]

    return put(expression)
''',
    "rounded": '''\
def rounded(expression, numbers, digits=12):
    """Evaluate an expression to a number of digits, doubling the precision until they agree.

    ``numbers`` maps symbols to their values, and intermediate results are added to it. The last
    digits of function values are perturbed, so that a result which depends on them changes.
    """

    def put(e, places):
        """Return a value and whether it is exact: log(1.000) = 0 is not."""
        if (e, places) not in numbers:
            parts = [put(a, places) for a in e.args]
            made = e.func(*(value for value, _ in parts)) if parts else numbers.get(e, e)
            if made.is_number and not made.is_Rational:
                last = 0 if e.is_Add or e.is_Mul else 1 + len(numbers) % 9
                value = made.evalf(places)
                numbers[e, places] = value + value * last * Integer(10) ** (1 - places), False
            else:
                nothing = e.is_Mul and (0, True) in parts
                is_exact = nothing or e.is_integer or all(exact for _, exact in parts)
                numbers[e, places] = made, is_exact
        return numbers[e, places]

    found, places = None, digits + 20
    while places < 2500:
        value, is_exact = put(expression, places)
        number = value.evalf(digits)
        if is_exact or number == found and number.is_finite and number != 0:
            break
        found, places = number, 2 * places
    return number if number.is_real else nan
''',
}


def helpers(code: str, formulas: Iterable[Expr]) -> list[str]:
    """Return the definitions that ``code`` needs, each before its first use.

    Args:
        code: The statements of the module.
        formulas: The expressions in them; their own functions are written out by
            their definitions.
    """
    functions = {type(f) for formula in formulas for f in formula.atoms(Function)}
    defined = {f.__name__: _code(f) for f in functions if issubclass(f, DefinedFunction)}
    known, needed = {**defined, **_WRITTEN}, dict[str, str]()
    wanted = sorted(used_names(code) & set(known))
    while wanted:
        name = wanted.pop()
        needed = {name: known[name], **{n: c for n, c in needed.items() if n != name}}
        wanted += sorted(used_names(known[name]) & set(known))
    return list(needed.values())


def _code(function: type[DefinedFunction]) -> str:
    z = Symbol("z", real=True)
    value = Text({z: "z"}).of(function.definition(z))
    return f"def {function.__name__}(z):\n    return {value}\n"
