"""Statements for each entry of smaller plans, and for the largest terms that maxima route to."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol

from symcnn.derivation import Routing
from symcnn.equations import Max, Tensor, units, without_unit_loops
from symcnn.equations.access import leads_to_different_entries
from symcnn.programs.backends.loops.language import Block, Language
from symcnn.programs.backends.loops.texts import INDENT, Printing, Texts, nest
from symcnn.programs.backends.straight.assignments import Stage, straight
from symcnn.programs.backends.straight.functions import Argmax
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import wrapped


def routed(texts: Texts, routing: Routing) -> Iterator[str]:
    """Write R, and the place in it of the first largest term of every window."""
    source, base, language = without_unit_loops(routing.source), routing.tensor.base, texts.language
    size, array = texts.size(source.target.base), texts.array(base)
    winner, most = texts.beside("winner", base), texts.beside("largest", base)
    place = texts.place(routing.entry.xreplace(units(routing.source.loops)))
    target, value = texts.place(source.target), texts.value(source.value)
    yield language.zeros.format(name=array, size=texts.size(base))
    yield language.lowest.format(name=most, size=size)
    yield language.places.format(name=winner, size=size)
    taken = [
        language.place.format(name="at", value=target),
        language.number.format(name="term", value=value),
        f"if (term > {most}[at]) {{",
        f"  {most}[at] = term;",
        f"  {winner}[at] = {place};",
        "}",
    ]
    yield from nest(texts, source, source.loops, taken if source.loops else ["{", *taken, "}"])
    if source.reduction == Max("first"):
        yield language.routed.format(array=array, winner=winner, size=size)
        return
    count = texts.beside("count", base)
    yield language.counts.format(name=count, size=size)
    tied = f"if ({_equals(texts, routing, f'{most}[{target}]')}) "
    yield from nest(texts, source, source.loops, [f"{tied}{count}[{target}]++;"])
    share = f"{tied}{array}[{place}] = 1/{count}[{target}];"
    yield from nest(texts, source, source.loops, [share])


def routed_by_window(texts: Texts, routing: Routing) -> Iterator[str]:
    """Write R window by window, without arrays beside it; see ``has_windows``."""
    source, base, language = without_unit_loops(routing.source), routing.tensor.base, texts.language
    array, value = texts.array(base), texts.value(source.value)
    place = texts.place(routing.entry.xreplace(units(routing.source.loops)))
    kept = [loop for loop in source.loops if loop not in source.reduced]

    def each(*lines: str) -> Iterator[str]:
        """Write lines for every term of a window."""
        yield from nest(texts, source, [*kept, *source.reduced], lines, outer=len(kept))

    yield language.zeros.format(name=array, size=texts.size(base))
    first = source.reduction == Max("first")
    lines = [language.largest.format(name="most")]
    lines += [language.winner.format(name="winner")] if first else []
    taken = [f"{INDENT}most = term;", *([f"{INDENT}winner = {place};"] if first else [])]
    lines += each(
        language.number.format(name="term", value=value), "if (term > most) {", *taken, "}"
    )
    if first:
        lines.append(f"if (winner >= 0) {array}[winner] = 1;")
    else:
        tied = f"if ({_equals(texts, routing, 'most')}) "
        lines += [language.count.format(name="count"), *each(f"{tied}count++;")]
        lines += each(f"{tied}{array}[{place}] = {language.rounded.format(value='1')}/count;")
    yield from nest(texts, source, kept, lines if kept else ["{", *lines, "}"])


def has_windows(routing: Routing) -> bool:
    """Tell whether every entry of a maximum is that of one window of its equation's loops."""
    source = without_unit_loops(routing.source)
    return leads_to_different_entries(source.target, source.sizes)


def _equals(texts: Texts, routing: Routing, most: str) -> str:
    """Write that a term is the largest."""
    source, language = without_unit_loops(routing.source), texts.language
    term = language.rounded.format(value=texts.value(source.value, alone=False))
    return f"{term} {language.equal} {most}"


class Entries:
    """The statements of a plan, entry by entry."""

    def __init__(self, plan: Plan, language: Language, printer: Printing) -> None:
        """Write them."""
        self._names, self._language, self._printer = Identifiers(plan.given), language, printer
        self._read: set[Symbol] = set()
        self.code = straight(plan)
        self.forward = [*map(self._block, self.code.forward)]
        self.backward = [*map(self._block, self.code.backward)]
        self.further = [*map(self._block, self.code.further)]

    def entries(self, tensor: Tensor) -> list[str]:
        """Return what the entries of a tensor are called."""
        return [*map(self._entry, map(tensor.symbol, tensor.positions()))]

    def given(self) -> Iterator[tuple[str, Tensor, list[str]]]:
        """Run over the given tensors that statements read: the row, and how entries are read."""
        for argument, tensor in self._names.arguments.items():
            numbered = enumerate(map(tensor.symbol, tensor.positions()))
            row = self._language.identifier(argument)
            read = [f"{self._entry(s)} = {row}[{n}]" for n, s in numbered if s in self._read]
            if read:
                yield row, tensor, read

    def _block(self, stage: Stage) -> Block:
        return Block(stage.notes, [self._statement(*made) for made in stage.assignments])

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        self._read |= value.free_symbols
        language = self._language
        spelled = language.place if isinstance(value, Argmax) else language.number
        text = self._printer.code(self._names.written(value))
        name = language.identifier(self._names.name(symbol))
        return f"{wrapped(spelled.format(name=name, value=text).removesuffix(';'))};"

    def _entry(self, symbol: Symbol) -> str:
        return self._language.identifier(self._names.name(symbol))
