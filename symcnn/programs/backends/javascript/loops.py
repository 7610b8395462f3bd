"""Larger plans: plain loops over typed arrays, equation by equation.

An equation's loops stand one inside the other, with its guards as far out as they can stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Expr, Indexed, IndexedBase, Symbol

from symcnn.derivation import Routing
from symcnn.equations import (
    Affine,
    Equation,
    Group,
    Guard,
    LogSumExp,
    Loop,
    Max,
    Mean,
    Tensor,
    affine,
    as_sum,
    entry_at,
    is_maximum,
    units,
    without_unit_loops,
)
from symcnn.equations.access import leads_to_different_entries
from symcnn.programs.backends.javascript.module import Block
from symcnn.programs.backends.javascript.names import Fresh, string
from symcnn.programs.backends.javascript.printing import Printer
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.plans.plan import Plan

INDENT = "  "


class Texts:
    """What arrays, loops and entries are called."""

    def __init__(self, tensors: Mapping[IndexedBase, Tensor]) -> None:
        """Take all tensors, by their bases."""
        self.fresh, self._tensors = Fresh(), tensors
        self._arrays: dict[tuple[str, IndexedBase], str] = {}
        self._loops: dict[Symbol, str] = {}
        self._printer = Printer(self.entry)
        for base in tensors:
            self.array(base)

    def array(self, base: IndexedBase) -> str:
        """Return what the array of a tensor is called."""
        return self.beside("", base)

    def beside(self, what: str, base: IndexedBase) -> str:
        """Return what an array that belongs to a tensor is called."""
        if (what, base) not in self._arrays:
            wanted = f"{what}_{self._tensors[base].label}" if what else self._tensors[base].label
            self._arrays[what, base] = self.fresh(wanted)
        return self._arrays[what, base]

    def size(self, base: IndexedBase) -> int:
        """Return the number of entries of a tensor."""
        return int(self._tensors[base].size)

    def loop(self, symbol: Symbol) -> str:
        """Return what the variable of a loop is called."""
        if symbol not in self._loops:
            self._loops[symbol] = self.fresh(symbol.name)
        return self._loops[symbol]

    def place(self, read: Indexed) -> str:
        """Return the place of an entry in the array, counted in row-major order."""
        return self.form(affine(entry_at(read.indices, read.shape)))

    def entry(self, read: Indexed) -> str:
        """Return an entry of an array."""
        return f"{self.array(read.base)}[{self.place(read)}]"

    def value(self, value: Expr, *, alone: bool = True) -> str:
        """Return an expression in entries of arrays; one that stands alone needs no brackets."""
        return self._printer.code(value, alone=alone)

    def form(self, form: Affine) -> str:
        """Return an affine form of loops.

        >>> from symcnn.equations.notation import index
        >>> Texts({}).form(affine(2 * index("i") - index("u") - 1))
        '2*i - u - 1'
        """
        terms = [(n, self.loop(symbol)) for symbol, n in form.coefficients.items() if n]
        terms.sort(key=lambda term: -abs(term[0]))
        parts = [(n, name if abs(n) == 1 else f"{abs(n)}*{name}") for n, name in terms]
        if form.constant or not parts:
            parts.append((form.constant, str(abs(form.constant))))
        text = "".join(f" {'-' if n < 0 else '+'} {part}" for n, part in parts)
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"


def nest(
    texts: Texts, equation: Equation, loops: Sequence[Loop], body: Iterable[str], outer: int = 0
) -> Iterator[str]:
    """Write loops one inside the other around some lines.

    Args:
        texts: What is called how.
        equation: The equation whose guards leave assignments out.
        loops: All loops that are open at the lines, the outer ones first.
        body: The lines.
        outer: How many of these loops are open already, with their guards.
    """
    depth = len(loops) - outer
    for number in range(outer, len(loops)):
        margin, loop = INDENT * (number - outer), loops[number]
        name = texts.loop(loop.symbol)
        yield f"{margin}for (let {name} = 0; {name} < {loop.size}; {name}++) {{"
        for guard in _decided(equation.guards, loops, number):
            yield f"{margin}{INDENT}{_skipped(texts, guard, equation)}"
    yield from (INDENT * depth + line for line in body)
    yield from (INDENT * number + "}" for number in reversed(range(depth)))


def never(equation: Equation) -> bool:
    """Tell whether guards without a loop in them leave out every assignment."""
    plain = (guard for guard in equation.guards if guard.expression.is_Integer)
    return any(not 0 <= guard.expression < guard.size for guard in plain)


def _decided(guards: Iterable[Guard], loops: Sequence[Loop], number: int) -> Iterator[Guard]:
    """Run over the guards that depend on a loop and on no inner one."""
    known = [loop.symbol for loop in loops[: number + 1]]
    for guard in guards:
        own = guard.expression.free_symbols
        if own <= {*known} and loops[number].symbol in own:
            yield guard


def _skipped(texts: Texts, guard: Guard, equation: Equation) -> str:
    """Write that an assignment outside of the range of a guard is left out."""
    form = affine(guard.expression)
    low, high = form.bounds(equation.sizes) or (-1, guard.size)
    text = texts.form(form)
    tests = [f"{text} < 0"] * (low < 0) + [f"{text} >= {guard.size}"] * (high >= guard.size)
    return f"if ({' || '.join(tests)}) continue;"


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
