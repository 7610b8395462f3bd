"""C's spellings, of statements and of SymPy's expressions, for floats of 64 or of 32 bits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sympy import And, Expr, Indexed, Integer, NumberSymbol, Or, Rational, erf
from sympy.codegen.ast import float32, float64
from sympy.codegen.ast import real as sympys_real
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.c import C99CodePrinter

from symcnn.equations.functions import maximum, normal_cdf, sigmoid, softplus
from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.loops.printing import Expressions
from symcnn.programs.backends.notes import plain
from symcnn.programs.backends.python.printing import MOST_EXPONENT
from symcnn.programs.backends.straight.functions import log_of_sum

_C = """
auto break case char const continue default do double else enum extern float for goto if inline
int long register restrict return short signed sizeof static struct switch typedef union
unsigned void volatile while asm fortran
"""

_CPP = """
alignas alignof and and_eq bitand bitor bool catch char8_t char16_t char32_t class co_await
co_return co_yield compl concept const_cast consteval constexpr constinit decltype delete
dynamic_cast explicit export false friend mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public reinterpret_cast requires static_assert static_cast
template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq
"""

_LIBRARY = """
acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2
expm1 fabs fdim finite floor fma fmax fmin fmod frexp gamma hypot ilogb isfinite isgreater
isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered j0 j1 jn ldexp
lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter
nexttoward pow pow10 remainder remquo rint round scalb scalbln scalbn signbit signgam
significand sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn double_t float_t fpclassify abs
main I unix linux i386 sun vax arm near far huge min max assert errno math_errhandling iscanonical
iseqsig issignaling issubnormal iszero
"""

_MACRO = re.compile(
    r"[A-Z]{2,}_[A-Z0-9_]+|[A-Z]{3,}\d*|X_TLOSS|"
    r"M_(E|LOG2E|LOG10E|LN2|LN10|PI|PI_[24]|[12]_PI|[12]_SQRTPI|SQRT[123]|SQRT[13]_2)\w*"
)
"""What looks like a macro: of a library, such as FP_NAN, or of a processor's headers."""

_OWN = """
values gradients workspace entries output outputs rate sum most winner term count at
place entry array size value from fill square sigmoid softplus larger smaller normal_cdf
"""


class Words(frozenset[str]):
    """Words, and all that looks like a macro."""

    def __contains__(self, name: object) -> bool:
        """Tell whether a name is one of them."""
        return super().__contains__(name) or _MACRO.fullmatch(str(name)) is not None


WORDS = Words([*(_C + _CPP + _LIBRARY + _OWN).split(), *(f"{name}f" for name in _LIBRARY.split())])
"""What no tensor and no loop is called: C's and C++'s words, functions and macros of libraries."""

_INDEX = 2**15
"""From here on an int of 16 bits holds no place in an array."""


@dataclass(frozen=True)
class Real:
    """The type of numbers.

    Attributes:
        name: What C calls it.
        dtype: What NumPy calls it.
        suffix: What its functions end with.
        literal: What its numbers end with.
        size: Its bytes.
        exact: Up to here every integer is such a number.
    """

    name: str
    dtype: str
    suffix: str
    literal: str
    size: int
    exact: int


REALS = {
    "float64": Real("double", "float64", "", "", 8, 2**53),
    "float32": Real("float", "float32", "f", "F", 4, 2**24),
}
"""The types of numbers by NumPy's names."""


def language_of(real: Real, most: int) -> Language:
    """Return the spellings for a type of numbers, and arrays of so many entries at most."""
    number, index = real.name, "int" if most < _INDEX else "long"
    return Language(
        words=WORDS,
        mark="_",
        comment=comment,
        loop=f"for ({index} {{name}} = 0; {{name}} < {{size}}; {{name}}++) {{{{",
        row=f"INDEPENDENT for ({index} {{name}} = 0; {{name}} < {{size}}; {{name}}++) {{{{",
        number=f"const {number} {{name}} = {{value}};",
        place=f"const {index} {{name}} = {{value}};",
        sum=f"{number} {{name}} = 0;",
        parts=f"{number} {{name}}[{{size}}] = {{{{0}}}};",
        largest=f"{number} {{name}} = -INFINITY;",
        count=f"{number} {{name}} = 0;",
        winner=f"{index} {{name}} = -1;",
        array="",
        zeros="fill({name}, {size}, 0);",
        lowest="fill({name}, {size}, -INFINITY);",
        counts="fill({name}, {size}, 0);",
        places="fill({name}, {size}, -1);",
        filled="fill({name}, {size}, -INFINITY);",
        routed=(
            f"for ({index} entry = 0; entry < {{size}}; entry++) "
            f"if ({{winner}}[entry] >= 0) {{array}}[({index}){{winner}}[entry]] = 1;"
        ),
        larger="larger({a}, {b})",
        smaller="smaller({a}, {b})",
        equal="==",
        unequal="!=",
        rounded=f"({number})({{value}})",
        exp=f"exp{real.suffix}({{z}})",
        log=f"log{real.suffix}({{z}})",
        sqrt=f"sqrt{real.suffix}({{z}})",
        power=f"pow{real.suffix}({{z}}, {{exponent}})",
    )


def comment(text: str) -> str:
    r"""Return a line of comment, which the text cannot end.

    No backslash joins it with the line behind it, and none is spelled ``??/`` there.

    >>> comment("a */ b /* c ???/")
    '/* a * / b / * c ? ? ?/ */'
    """
    return f"/* {inside_comment(text)} */"


def inside_comment(text: str) -> str:
    """Return a text on one line as it may stand inside of a comment."""
    kept = plain(text).replace("*/", "* /").replace("/*", "/ *")
    return re.sub(r"\?(?=\?)", "? ", kept).strip()


_SHORT = 2**15
"""Below this an int of 16 bits holds an integer."""


class Printer(Expressions, C99CodePrinter):  # type: ignore[misc]  # SymPy is untyped
    """Operators and conditional expressions around the functions of math.h and of the program."""

    called = "C"

    def __init__(
        self, real: Real, language: Language, entry: Callable[[Indexed], str] | None = None
    ) -> None:
        """Take the type of numbers, the spellings and what prints an entry of an array."""
        kind = float32 if real.dtype == "float32" else float64
        super().__init__({"type_aliases": {sympys_real: kind}, "math_macros": {}}, entry)
        self.language, self.real = language, real
        self.most_exponent = MOST_EXPONENT[real.dtype]
        self.calls = {
            erf: f"erf{real.suffix}",
            expm1: f"expm1{real.suffix}",
            log1p: f"log1p{real.suffix}",
            log_of_sum: "log_of_sum",
            maximum: "larger",
            normal_cdf: "normal_cdf",
            sigmoid: "sigmoid",
            softplus: "softplus",
        }

    def _called(self, function: Any, arguments: Iterable[str]) -> str:
        """Return a call; that of a maximum is one of two at a time."""
        given = list(arguments)
        if function is maximum:
            return reduce(lambda a, b: self.language.larger.format(a=a, b=b), given)
        name = self.calls[function]
        counted = f"{name}_{len(given)}" if function is log_of_sum else name
        return f"{counted}({', '.join(given)})"

    def _print_Integer(self, expr: Integer) -> str:
        """Write an integer that an int holds as it is, and others as floats."""
        return str(int(expr)) if abs(expr) < _SHORT else self._literal(float(expr))

    def _print_Rational(self, expr: Rational) -> str:
        """Write a quotient of integers, or the nearest float of larger ones."""
        if max(abs(expr.p), expr.q) > self.real.exact:
            return self._literal(int(expr.p) / int(expr.q))
        return f"{self._literal(float(expr.p))}/{self._literal(float(expr.q))}"

    def _print_Float(self, expr: Expr) -> str:
        return self._literal(float(expr))

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        return self._literal(float(expr))

    def _print_Or(self, expr: Or) -> str:
        """Put brackets around what holds together: compilers warn without them."""
        parts = sorted(expr.args, key=str)
        texts = (f"({self._print(p)})" if isinstance(p, And) else self._print(p) for p in parts)
        return " || ".join(texts)

    def _literal(self, number: float) -> str:
        return f"{number!r}{self.real.literal}"


def printer_of(real: Real, most: int) -> Callable[[Callable[[Indexed], str] | None], Printer]:
    """Return what makes a printer from what prints an entry."""
    language = language_of(real, most)
    return lambda entry: Printer(real, language, entry)
