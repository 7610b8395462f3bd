"""JavaScript's spellings: of texts, statements and SymPy's expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from sympy import Indexed, Rational, erf
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.jscode import JavascriptCodePrinter

from symcnn.equations.functions import maximum, normal_cdf, sigmoid, softplus
from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.loops.printing import Expressions
from symcnn.programs.backends.notes import plain
from symcnn.programs.backends.python.printing import MOST_EXPONENT
from symcnn.programs.backends.straight.functions import log_of_sum


def string(text: str) -> str:
    r"""Return the literal of a text, which ends no script of a page.

    >>> string('a "b" </script>')
    '"a \\"b\\" \\u003c/script>"'
    """
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")


def key(text: str) -> str:
    """Return a text as the key of a literal; ``__proto__`` would set the prototype."""
    return f"[{string(text)}]" if text == "__proto__" else string(text)


def comment(text: str) -> str:
    r"""Return a line of comment, which ends no script of a page.

    >>> comment("a </script> b")
    '// a <\\/script> b'
    """
    return f"// {plain(text)}".replace("</", "<\\/").replace("<!--", "<\\!--").rstrip()


def table(rows: Iterable[tuple[str, str]], indent: str = "") -> str:
    """Return the literal of an object, one key a line."""
    lines = "".join(f"{indent}  {key(name)}: {text},\n" for name, text in rows)
    return "{\n" + lines + indent + "}" if lines else "{}"


_LANGUAGE = """
abstract arguments await boolean byte case catch char const debugger default delete do double enum
eval export extends final float function goto implements instanceof int interface let long native
new null package private protected public short static super switch synchronized this throw throws
transient true typeof undefined var void volatile yield false Array ArrayBuffer Error Float64Array
Infinity Int32Array Math NaN Number Object RangeError String TypeError globalThis
"""

_MODULE = """
VALUES SHAPES GIVEN INDICES OUTPUTS GRADIENTS stages lossAndGradients values given sum term at place
entry square sigmoid softplus bell
"""

JAVASCRIPT = Language(
    words=frozenset([*_LANGUAGE.split(), *_MODULE.split()]),
    mark="$",
    comment=comment,
    loop="for (let {name} = 0; {name} < {size}; {name}++) {{",
    row="",
    number="const {name} = {value};",
    place="const {name} = {value};",
    sum="let {name} = 0;",
    parts="",
    largest="let {name} = -Infinity;",
    count="let {name} = 0;",
    winner="let {name} = -1;",
    array="const {name} = new Float64Array({size});",
    zeros="const {name} = new Float64Array({size});",
    lowest="const {name} = new Float64Array({size}).fill(-Infinity);",
    counts="const {name} = new Int32Array({size});",
    places="const {name} = new Int32Array({size}).fill(-1);",
    filled="{name}.fill(-Infinity);",
    routed="for (const place of {winner}) {array}[place] = 1;",
    larger="Math.max({a}, {b})",
    smaller="Math.min({a}, {b})",
    equal="===",
    unequal="!==",
    rounded="{value}",
    exp="Math.exp({z})",
    log="Math.log({z})",
    sqrt="Math.sqrt({z})",
    power="Math.pow({z}, {exponent})",
)


_LARGEST = 2**53
"""Up to here every integer is a float."""


class Printer(Expressions, JavascriptCodePrinter):  # type: ignore[misc]  # SymPy is untyped
    """Operators and conditional expressions around the functions of ``Math`` and of the module."""

    language = JAVASCRIPT
    called = "JavaScript"
    calls = {  # noqa: RUF012  # read alone
        erf: "erf",
        expm1: "Math.expm1",
        log1p: "Math.log1p",
        log_of_sum: "logOfSum",
        maximum: "Math.max",
        normal_cdf: "normalCdf",
        sigmoid: "sigmoid",
        softplus: "softplus",
    }
    most_exponent = MOST_EXPONENT["float64"]

    def __init__(self, entry: Callable[[Indexed], str] | None = None) -> None:
        """Take what prints an entry of an array."""
        super().__init__({}, entry)

    def _print_Rational(self, expr: Rational) -> str:
        """Write a quotient of integers, or the nearest float of larger ones."""
        if max(abs(expr.p), expr.q) > _LARGEST:
            return repr(int(expr.p) / int(expr.q))
        return f"{expr.p}/{expr.q}"
