"""JavaScript's spellings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.notes import plain


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
