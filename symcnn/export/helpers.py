"""The functions that SymPy does not have, as Python code for an exported module."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, Function, Symbol

from symcnn.export.text import Text, used_names
from symcnn.functions import DefinedFunction

_WRITTEN = {
    "Iverson": '''\
class Iverson(Function):
    """[conditions]: 1 if every one of them holds, else 0."""

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
    """The largest argument; of equal ones the first takes the derivative."""

    is_extended_real = True

    @classmethod
    def eval(cls, *terms):
        if all(term.is_number for term in terms):
            return Max(*terms)

    def fdiff(self, k):
        mine, before, behind = self.args[k - 1], self.args[: k - 1], self.args[k:]
        return Iverson(*(other < mine for other in before), *(mine >= other for other in behind))
''',
    "at": '''\
def at(expression, numbers):
    """Return the expression with numbers for symbols; what it repeats is computed once."""
    known = dict(numbers)

    def put(e):
        if e not in known:
            known[e] = e.func(*map(put, e.args)) if e.args else e
        return known[e]

    return put(expression)
''',
    "rounded": '''\
def rounded(expression, numbers, digits=12):
    """Return an expression's value to so many digits, those that twice the precision leaves.

    ``numbers`` are those of its symbols; what is computed on the way is added to them. Values
    of functions are changed in their last digits: what only these decide changes then too.
    """

    def put(e, places):
        """Return a value, and whether it is exact: that of log(1.000), which is 0, is not."""
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
    return number
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
    known, needed = {**_WRITTEN, **defined}, dict[str, str]()
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
