"""How C spells what is computed in a round of loops, and what stands in front of all functions."""

from __future__ import annotations

from symcnn.programs.backends.numpy.compiled.building import number
from symcnn.programs.backends.numpy.compiled.forming import COMPARISONS

HARM = 0
"""The place in the table of a number that says whether a result was infinite or no number."""

_HEAD = """\
#include <fenv.h>
#include <math.h>

#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

#define HARM (FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW)
#define NOT_A_NUMBER 2

typedef {real} real;
typedef unsigned char truth;

/* Comparisons that are quiet about what is no number, and maxima and minima that keep it. */
static inline real larger(real a, real b) {{
  const real other = a != a ? a : b;
  return isgreater(a, b) ? a : other;
}}

static inline real smaller(real a, real b) {{
  const real other = a != a ? a : b;
  return isless(a, b) ? a : other;
}}

static int harm(void) {{
  const int found = fetestexcept(HARM);
  return (found & FE_DIVBYZERO ? 1 : 0) | (found & FE_INVALID ? NOT_A_NUMBER : 0)
         | (found & FE_OVERFLOW ? 4 : 0);
}}
"""

TEXTS = {
    "copy": "{0}",
    "and": "{0} & {1}",
    "and_not": "{0} & !{1}",
    "np.add": "{0} + {1}",
    "np.subtract": "{0} - {1}",
    "np.multiply": "{0}*{1}",
    "np.divide": "{0}/{1}",
    "np.negative": "-{0}",
    "np.square": "{0}*{0}",
    "np.sqrt": "{root}({0})",
    "np.maximum": "larger({0}, {1})",
    "np.minimum": "smaller({0}, {1})",
    "np.equal": "{0} == {1}",
    "np.greater": "isgreater({0}, {1})",
    "np.less": "isless({0}, {1})",
    "np.greater_equal": "isgreaterequal({0}, {1})",
    "np.less_equal": "islessequal({0}, {1})",
}

EMPTY = {"np.add": "0", "np.maximum": "-INFINITY"}

CLEARED = "if (fetestexcept(HARM)) feclearexcept(HARM);"
FOUND = f"*(int *)at[{HARM}] |= harm();"
FOUND_BESIDE_COMPARISONS = f"*(int *)at[{HARM}] |= harm() & ~NOT_A_NUMBER;"
"""Compilers compare several numbers at once by instructions that call what is no number invalid."""


COMPARING = (*COMPARISONS, "np.maximum", "np.minimum")
"""What compares numbers."""

OF_TRUTHS = ("and", "and_not", *COMPARISONS)
"""What is a truth value as it is."""


def head(dtype: str) -> str:
    """Return what stands in front of all functions."""
    return _HEAD.format(real="float" if dtype == "float32" else "double")


def literal(text: str) -> str:
    """Return the number of a text in C."""
    value = number(text)
    assert value is not None, "operands are looked at before"
    if value in (float("inf"), float("-inf")):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    written = f"(real){value!r}"
    return f"({written})" if value < 0 else written
