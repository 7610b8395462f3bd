"""The routings of maxima: which term each of them took."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation import Routing
from symcnn.equations import Max, units, without_unit_loops
from symcnn.programs.backends.javascript.nests import Texts, nest


def routed(texts: Texts, routing: Routing) -> Iterator[str]:
    """Write R, and the place in it of the first largest term of every window."""
    source, base = without_unit_loops(routing.source), routing.tensor.base
    size, array = texts.size(source.target.base), texts.array(base)
    winner, most = texts.beside("winner", base), texts.beside("largest", base)
    place = texts.place(routing.entry.xreplace(units(routing.source.loops)))
    target, value = texts.place(source.target), texts.value(source.value)
    yield f"const {array} = new Float64Array({texts.size(base)});"
    yield f"const {most} = new Float64Array({size}).fill(-Infinity);"
    yield f"const {winner} = new Int32Array({size}).fill(-1);"
    taken = [
        f"const at = {target};",
        f"const term = {value};",
        f"if (term > {most}[at]) {{",
        f"  {most}[at] = term;",
        f"  {winner}[at] = {place};",
        "}",
    ]
    yield from nest(texts, source, source.loops, taken if source.loops else ["{", *taken, "}"])
    if source.reduction == Max("first"):
        yield f"for (const place of {winner}) {array}[place] = 1;"
        return
    count = texts.beside("count", base)
    yield f"const {count} = new Int32Array({size});"
    tied = f"if ({texts.value(source.value, alone=False)} === {most}[{target}]) "
    yield from nest(texts, source, source.loops, [f"{tied}{count}[{target}]++;"])
    share = f"{tied}{array}[{place}] = 1/{count}[{target}];"
    yield from nest(texts, source, source.loops, [share])
