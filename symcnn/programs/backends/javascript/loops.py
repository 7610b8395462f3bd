"""Larger plans: plain loops over typed arrays, equation by equation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Routing
from symcnn.equations import (
    Equation,
    Group,
    LogSumExp,
    Loop,
    Max,
    Mean,
    Tensor,
    as_sum,
    is_maximum,
    units,
    without_unit_loops,
)
from symcnn.equations.access import leads_to_different_entries
from symcnn.programs.backends.javascript.module import Block
from symcnn.programs.backends.javascript.names import string
from symcnn.programs.backends.javascript.nests import Texts, nest, never
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.plans.plan import Plan


def added(texts: Texts, equation: Equation, *, first: bool) -> Iterator[str]:
    """Write what adds an equation to its target, which holds zeros or what was added before.

    Nothing is added to maxima and to logarithms of sums, which are alone.

    Args:
        texts: What is called how.
        equation: An equation without loops of length 1.
        first: Whether nothing was added to the target before.
    """
    kept = [loop for loop in equation.loops if loop not in equation.reduced]
    is_injective = leads_to_different_entries(equation.target, equation.sizes)
    if is_maximum(equation):
        yield from _largest(texts, equation, texts.array(equation.target.base))
    elif isinstance(equation.reduction, LogSumExp):
        yield from _logarithms(texts, equation)
    elif kept and equation.reduced and is_injective:
        yield from _summed(texts, equation, kept, "=" if first else "+=")
    else:
        whole, is_set = as_sum(equation), first and is_injective and not equation.reduced
        entry, value = texts.entry(whole.target), texts.value(whole.value)
        yield from nest(texts, whole, whole.loops, [f"{entry} {'=' if is_set else '+='} {value};"])


def _summed(texts: Texts, equation: Equation, kept: Sequence[Loop], sign: str) -> Iterator[str]:
    term = f"sum += {texts.value(equation.value)};"
    terms = nest(texts, equation, [*kept, *equation.reduced], [term], outer=len(kept))
    mean = f"sum/{equation.terms_of_entry}" if isinstance(equation.reduction, Mean) else "sum"
    last = f"{texts.entry(equation.target)} {sign} {mean};"
    yield from nest(texts, equation, kept, ["let sum = 0;", *terms, last])


def _largest(texts: Texts, equation: Equation, array: str) -> Iterator[str]:
    place, value = texts.place(equation.target), texts.value(equation.value)
    yield f"{array}.fill(-Infinity);"
    line = f"{array}[{place}] = Math.max({array}[{place}], {value});"
    yield from nest(texts, equation, equation.loops, [line])


def _logarithms(texts: Texts, equation: Equation) -> Iterator[str]:
    """Write log(sum of exp(t)) of every entry; the largest term is taken out, unless it is 0."""
    base, place = equation.target.base, texts.place(equation.target)
    array, size = texts.array(base), texts.size(base)
    exponent, shift = texts.value(equation.value, alone=False), ""
    if equation.reduction != LogSumExp(shifted=True):
        most = texts.beside("largest", base)
        yield f"const {most} = new Float64Array({size});"
        yield from _largest(texts, equation, most)
        exponent, shift = f"{exponent} - {most}[{place}]", f"{most}[entry] + "
    line = f"{array}[{place}] += Math.exp({exponent});"
    yield from nest(texts, equation, equation.loops, [line])
    yield f"for (let entry = 0; entry < {size}; entry++) {{"
    yield f"  {array}[entry] = {shift}Math.log({array}[entry]);"
    yield "}"


class Loops:
    """The statements of a plan, equation by equation."""

    def __init__(self, plan: Plan) -> None:
        """Write them."""
        self._texts = Texts(plan.tensors)
        self.unpack = [f"const {self.row(t)} = given[{string(t.name)}];" for t in plan.given]
        self.forward = [*map(self._group, plan.forward)]
        self.backward = [*map(self._routing, plan.routings), *map(self._group, plan.backward)]
        self.further: Sequence[Block] = ()

    def row(self, tensor: Tensor) -> str:
        """Return the array of a tensor."""
        return self._texts.array(tensor.base)

    def winners(self, routing: Routing) -> str:
        """Return the array of the places of a routing that are not 0."""
        return self._texts.beside("winner", routing.tensor.base)

    def _group(self, group: Group) -> Block:
        """Write the equations that add up to a tensor; without one it is 0."""
        tensor, equations = group
        lines = [f"const {self.row(tensor)} = new Float64Array({tensor.size});"]
        for number, equation in enumerate(map(without_unit_loops, equations)):
            if not never(equation):
                lines += added(self._texts, equation, first=number == 0)
        return Block([*map(note, equations)], lines)

    def _routing(self, routing: Routing) -> Block:
        return Block([note_of_routing(routing)], [*routed(self._texts, routing)])


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
