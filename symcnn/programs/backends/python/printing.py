"""SymPy expressions as Python text, on whole arrays and on single floats.

Both printers write NumPy's functions, so that a function's own ``_numpycode`` serves both.
On single floats Python's ``math`` is six times as fast, and an error where the result is no
number: it is called where that cannot be. What NumPy lacks is a helper, written into the
module where it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Abs, Expr, S, Symbol, erf, tanh
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import PythonCodePrinter

from symcnn.equations.functions import Iverson, bounded_exp, maximum, normal_cdf, sigmoid, softplus
from symcnn.programs.backends.straight.functions import Select

_BY_MATH = {
    sigmoid: ("1/(1 + exp(-{z})) if {z} >= 0 else exp({z})/(1 + exp({z}))", ("exp",)),
    softplus: ("max({z}, 0) + log1p(exp(-abs({z})))", ("exp", "log1p")),
}
"""Text in which no exponent is positive, and what it calls: math knows no overflow."""

_ON_FLOATS = {"minimum": "min", "maximum": "max", "amin": "min", "amax": "max"}

MOST_EXPONENT = {"float64": 700, "float32": 80}
"""exp(700) is near 1e304 and exp(80) near 1e35, the ends of the ranges of floats."""

MOST_EXPONENT_OF_TYPE = "most_exponent"
"""The name of that number in programs of arrays, whose floats may be of 32 bits."""


class _Common:
    """What both printers write alike, before a function's own code is asked for.

    Attributes:
        called: The helpers, functions of Python's math and constants in all that was printed.
    """

    def __init__(self) -> None:
        super().__init__({"strict": False})  # type: ignore[call-arg]
        self.called = set[str]()

    def code(self, expression: Expr) -> str:
        """Return the text of an expression."""
        return str(self.doprint(expression))  # type: ignore[attr-defined]

    def _common(self, expr: Expr) -> str | None:
        """Return the text of a helper's call; None of anything else."""
        name = expr.func.__name__
        return self.call(name, self._arguments(expr)) if name in HELPERS else None

    def _arguments(self, expr: Expr) -> str:
        return ", ".join(self._print(argument) for argument in expr.args)  # type: ignore[attr-defined]

    def call(self, name: str, arguments: str) -> str:
        """Return the text of a call."""
        self.called.add(name)
        return f"{name}({arguments})"


class ArrayPrinter(_Common, NumPyPrinter):  # type: ignore[misc]
    """Functions of a library of arrays with NumPy's names."""

    library = "np"

    def _module_format(self, fqn: str, register: bool = True) -> str:
        text = super()._module_format(fqn, register)
        return text.replace("numpy.", f"{self.library}.", 1)  # type: ignore[no-any-return]

    def _print(self, expr: Expr, **options: Any) -> str:
        return self._common(expr) or super()._print(expr, **options)

    def _print_And(self, expr: Expr) -> str:
        return self._of_truths(expr, "&")

    def _print_Or(self, expr: Expr) -> str:
        return self._of_truths(expr, "|")

    def _of_truths(self, expr: Expr, operator: str) -> str:
        """Join conditions of whole arrays; NumPy's own reductions are not JAX's."""
        return f" {operator} ".join(f"({self._print(part)})" for part in expr.args)

    def _common(self, expr: Expr) -> str | None:
        if isinstance(expr, erf):
            return self.call("error_function", self._arguments(expr))
        if not isinstance(expr, bounded_exp):
            return super()._common(expr)
        self.called.add(MOST_EXPONENT_OF_TYPE)
        bounded = f"{self._arguments(expr)}, {MOST_EXPONENT_OF_TYPE}"
        return f"{self.library}.exp({self.library}.minimum({bounded}))"


class FloatPrinter(_Common, PythonCodePrinter):  # type: ignore[misc]
    """Python's operators and conditional expressions around NumPy's functions."""

    printmethod = "_numpycode"
    _kf = NumPyPrinter._kf  # SymPy's own declaration
    _kc = NumPyPrinter._kc
    _whole: Expr | None = None
    _by_numpy = False

    def __init__(self, dtype: str = "float64") -> None:
        """Take the type of the results."""
        super().__init__()
        self._most_exponent = MOST_EXPONENT[dtype]

    def code(self, expression: Expr) -> str:
        """Return the text of an expression, whose value is a float of Python's own.

        NumPy's functions return its scalars, with which Python computes slowly.
        """
        self._whole, self._by_numpy = expression, False
        text = super().code(expression)
        return f"float({text})" if self._by_numpy else text

    def _module_format(self, fqn: str, register: bool = True) -> str:
        module, _, name = fqn.rpartition(".")
        if not module or name in _ON_FLOATS:
            return _ON_FLOATS.get(name, name)
        self._by_numpy = True
        return f"np.{name}"

    def _print(self, expr: Expr, **options: Any) -> str:
        """Put brackets around a conditional expression that stands in another one."""
        text = self._branches(expr)
        if text is None:
            return self._common(expr) or super()._print(expr, **options)
        return text if expr is self._whole else f"({text})"

    def _branches(self, expr: Expr) -> str | None:
        """Write by comparisons and Python's math what it can; NumPy's are slow on floats."""
        if isinstance(expr, Iverson):
            return f"1 if {' and '.join(map(self._print, expr.args))} else 0"
        if isinstance(expr, maximum) and len(expr.args) == 2:
            a, b = map(self._inner, expr.args)
            return f"{a} if {a} >= {b} else {b}"
        if isinstance(expr, Select) and len(expr.args) == 3:
            k, zeroth, first = map(self._print, expr.args)
            return f"{first} if {k} else {zeroth}"
        if expr.func in _BY_MATH:
            text, called = _BY_MATH[expr.func]
            self.called.update(called)
            return text.format(z=self._inner(expr.args[0]))
        return None

    def _common(self, expr: Expr) -> str | None:
        if isinstance(expr, bounded_exp):
            return self.call("exp", f"min({self._arguments(expr)}, {self._most_exponent})")
        if isinstance(expr, tanh | erf):
            return self.call(expr.func.__name__, self._inner(expr.args[0]))
        if isinstance(expr, Abs):
            return f"abs({self._arguments(expr)})"
        self._by_numpy |= isinstance(expr, normal_cdf)
        return super()._common(expr)

    def _inner(self, expr: Expr) -> str:
        text = self._print(expr)
        return text if isinstance(expr, Symbol) else f"({text})"

    def _print_Pow(self, expr: Expr, rational: bool = False) -> str:
        """Call a helper where a power may be no real number; of roots NumPy returns nan."""
        base, exponent = expr.args
        is_real = exponent.is_integer or abs(exponent) == S.Half or base.is_nonnegative
        if is_real:
            return str(super()._print_Pow(expr, rational))
        return self.call("real_power", self._arguments(expr))

    def _print_Select(self, expr: Expr) -> str:
        k, *coefficients = map(self._print, expr.args)
        return f"({', '.join(coefficients)})[{k}]"

    def _print_Argmax(self, expr: Expr) -> str:
        wanted, *terms = map(self._print, expr.args)
        if len(terms) == 2:
            return " < ".join(terms)
        return f"({', '.join(terms)}).index({wanted})"


MATH = ("erf", "erfc", "exp", "log", "log1p", "tanh")
"""Functions of Python's math module that helpers and programs on single floats call."""

HELPERS = {
    "strided": '''def strided(a, start, shape, steps):
    """Return v[i, j, ...] = a.flat[start + steps @ (i, j, ...)] without a copy."""
    first, strides = a.reshape(-1)[start:], [a.itemsize*step for step in steps]
    return np.lib.stride_tricks.as_strided(first, shape, strides)''',
    "views": '''def views(a, start, moving, shape, steps):
    """Return a list of such views; each moving loop, (size, step), shifts their start."""
    starts = [start]
    for size, step in moving:
        starts = [first + step*n for first in starts for n in range(size)]
    return [strided(a, first, shape, steps) for first in starts]''',
    "part": '''def part(memory, start, shape):
    """Return an array of this shape in a longer one."""
    return memory[start:start + np.prod(shape, dtype=int)].reshape(shape)''',
    "keep_first": '''def keep_first(truths, axes):
    """Keep of the entries along the axes that hold, in their order, the first alone."""
    along = np.moveaxis(truths, axes, range(len(axes)))
    free = np.ones(along.shape[len(axes):], bool)
    for at in np.ndindex(along.shape[:len(axes)]):
        along[at] &= free
        free &= ~along[at]''',
    "positions": '''def positions(sizes, guards, start, steps):
    """Return start + steps @ (i, j, ...) for all i < sizes[0], j < sizes[1], ... in a row,

    as far as 0 <= first + moves @ (i, j, ...) < size for all guards (first, moves, size).
    """
    at = np.indices(sizes).reshape(len(sizes), -1)
    for first, moves, size in guards:
        inside = first + np.dot(moves, at)
        at = at[:, (0 <= inside) & (inside < size)]
    return start + np.dot(steps, at)''',
    "keep_first_at": '''def keep_first_at(truths, positions):
    """Keep of the entries that hold and go to one position the first alone."""
    held = np.flatnonzero(truths)
    _, first = np.unique(positions[held], return_index=True)
    truths[:] = False
    truths[held[first]] = True''',
    "log_of_sum": '''def log_of_sum(*terms):
    """Return log(exp(t_0) + exp(t_1) + ...); the largest is taken out: nothing overflows."""
    largest = max(terms)
    return largest + log(sum(exp(term - largest) for term in terms))''',
    "real_power": '''def real_power(z, exponent):
    """Return z**exponent of floats, and nan where Python's own is a complex number."""
    return z**exponent if z >= 0 else float("nan")''',
    "error_function": '''def error_function(z):
    """Return erf(z) for every entry."""
    return np.vectorize(erf, otypes=[float])(z)''',
    "normal_cdf": '''def normal_cdf(z):
    """Return the distribution function of the standard normal distribution."""
    return np.vectorize(erfc, otypes=[float])(-z/2**0.5)/2''',
}

NEEDS = {
    "views": ("strided",),
    "log_of_sum": ("exp", "log"),
    "error_function": ("erf",),
    "normal_cdf": ("erfc",),
}
"""What else helpers call, NumPy's functions aside."""


def with_needs(called: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return what is called, and what that calls, and so on.

    >>> sorted(with_needs(["normal_cdf"], NEEDS))
    ['erfc', 'normal_cdf']
    """
    found, new = set[str](), set(called)
    while new:
        found |= new
        new = {name for caller in new for name in needs.get(caller, ())} - found
    return found
