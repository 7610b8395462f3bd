"""SymPy expressions as Python text that evaluates to them, with the functions that SymPy lacks.

One formula stands below the names in it:

x = IndexedBase("x")
i, u = symbols("i u", integer=True)
Sum(x[i + u], (i, 0, 1))
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

import sympy
from sympy import And, Expr, Function, Indexed, Max, Piecewise, Symbol
from sympy.printing.str import StrPrinter

from symcnn.equations.functions import DefinedFunction, Iverson, maximum, uncancelled
from symcnn.programs.backends.python.names import Names
from symcnn.writing.wrapping import MARGIN, filled

_WIDTH = 96

_PART = 80
"""The characters of a string on one line of several."""


class Text(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    """Prints expressions with Python's names for the symbols, and exact fractions."""

    def __init__(self, names: Mapping[Symbol, str]) -> None:
        """Take the name of every symbol."""
        super().__init__()
        self._names = names

    def of(self, expression: Expr) -> str:
        """Return the text of a whole expression; a number alone is still SymPy's."""
        if expression.is_Integer:
            return f"Integer({expression})"
        return self.doprint(expression)  # type: ignore[no-any-return]

    def _print_Symbol(self, expr: Symbol) -> str:
        return self._names[expr]

    def _print_Rational(self, expr: Expr) -> str:
        return f"Rational({expr.p}, {expr.q})"


def assignment(name: str, value: str) -> str:
    """Return ``name = value``, on several lines where one is too long."""
    if len(name) + len(value) + 3 <= _WIDTH:
        return f"{name} = {value}"
    return f"{name} = (\n{_inside(value)}\n)"


def constant(name: str, text: str) -> str:
    """Return ``name = 'text'``; a long text is split into adjacent string literals."""
    line = f"{name} = {text!r}"
    if len(line) <= _WIDTH:
        return line
    parts = (text[start : start + _PART] for start in range(0, len(text), _PART))
    return "\n".join([f"{name} = (", *(f"    {part!r}" for part in parts), ")"])


def listing(opening: str, items: Iterable[str], closing: str) -> str:
    """Return items in brackets, on several lines if one is too long."""
    items = list(items)
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) <= _WIDTH:
        return line
    return f"{opening}\n{_inside(', '.join(items))},\n{closing}"


def _inside(text: str) -> str:
    return MARGIN + filled(text, _WIDTH - len(MARGIN))


def used_names(code: str) -> set[str]:
    """Return the names that Python code reads and does not define itself."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    defined = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    defined |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    defined |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {name.id for name in names} - defined


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


class _FormulaText(Text):
    """Prints entries with free indices, too."""

    def _print_Indexed(self, expr: Indexed) -> str:
        name = self._names[expr.base.label]
        return f"{name}[{', '.join(map(self._print, expr.indices))}]"


def formula_text(expression: Expr) -> str:
    """Return lines that define an expression once SymPy's names are imported.

    Functions of symcnn's own stand as what they are defined by, in SymPy's functions.

    Args:
        expression: A formula in entries, with free indices or none.
    """
    made = _in_sympy(expression)
    labels = {entry.base.label for entry in made.atoms(Indexed)}
    others = made.atoms(Symbol) - labels
    fresh = Names(set(dir(sympy))).fresh
    names = {symbol: fresh(symbol.name) for symbol in sorted({*labels, *others}, key=str)}
    arrays = (f'{name} = IndexedBase("{name}")' for s, name in names.items() if s in labels)
    scalars = _declared({s: name for s, name in names.items() if s not in labels})
    return "\n".join([*arrays, *scalars, _FormulaText(names).of(made)])


def _declared(names: Mapping[Symbol, str]) -> Iterator[str]:
    """Declare indices and sizes as integers, and entries as real numbers."""
    for is_whole, kind in ((True, "integer"), (False, "real")):
        own = [name for symbol, name in names.items() if bool(symbol.is_integer) == is_whole]
        if own:
            yield f'{", ".join(own)} = symbols("{" ".join(own)}", {kind}=True)'


def _in_sympy(expression: Expr) -> Expr:
    """Put SymPy's functions in place of symcnn's, from the innermost ones outwards."""
    if not expression.args or isinstance(expression, Indexed):
        return expression
    parts = [_in_sympy(part) for part in expression.args]
    return _function(expression.func, parts)


def _function(function: type[Function], parts: list[Expr]) -> Expr:
    if issubclass(function, DefinedFunction):
        return _in_sympy(function.definition(parts[0]))
    if issubclass(function, Iverson):
        return Piecewise((1, And(*parts)), (0, True))
    if issubclass(function, maximum):
        return Max(*parts)
    return parts[0] if issubclass(function, uncancelled) else function(*parts)
