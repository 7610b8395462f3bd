"""JavaScript's spellings."""

from __future__ import annotations

from symcnn.programs.backends.javascript.names import comment
from symcnn.programs.backends.loops.language import Language

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
