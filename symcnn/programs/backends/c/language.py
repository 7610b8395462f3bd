"""C's spellings, for floats of 64 or of 32 bits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.notes import plain

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
