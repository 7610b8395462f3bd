"""The bodies of C's functions: the statements of a plan, and where its arrays lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import IndexedBase

from symcnn.derivation import Routing
from symcnn.equations import Tensor
from symcnn.errors import TooLargeError
from symcnn.programs.backends.c.counts import BY_ENTRY, IN_LOOPS, Count, code_bytes, of_text, rounds
from symcnn.programs.backends.c.language import Real, language_of, printer_of
from symcnn.programs.backends.c.steps import Need, Places, Spans, Step, made_by, placed, steps_of
from symcnn.programs.backends.loops.language import Block
from symcnn.programs.backends.loops.routings import Entries, has_windows, routed, routed_by_window
from symcnn.programs.backends.loops.sums import made
from symcnn.programs.backends.loops.texts import Texts
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import filled

Homes = Mapping[IndexedBase, str]
"""Where the arrays of given tensors and of results are."""


@dataclass(frozen=True)
class Body:
    """The statements of a function.

    Attributes:
        lines: The statements, with equations as comments.
        loss: The expression of the loss.
        entries: The entries of the workspace.
        count: The multiplications and calls of functions that they take.
        code: About how many bytes of machine code they are.
    """

    lines: Sequence[str]
    loss: str
    entries: int
    count: Count
    code: int


def entries_body(plan: Plan, real: Real, given: Homes, results: Homes) -> Body:
    """Write a plan entry by entry, without a workspace."""
    language = language_of(real, _most(plan))
    code = Entries(plan, language, printer_of(real, _most(plan))(None))
    tensors = {tensor.base: tensor for tensor in (*plan.tensors.values(), *plan.given)}
    stored = [
        f"{home}[{number}] = {entry};"
        for base, home in results.items()
        for number, entry in enumerate(code.entries(tensors[base]))
    ]
    loss = "" if plan.loss is None else code.entries(plan.loss)[0]
    blocks, read = _read((*code.forward, *code.backward), (*stored, loss))
    lines: list[str] = []
    for row, tensor, entries in code.given():
        if kept := [entry for entry in entries if entry.partition(" ")[0] in read]:
            lines.append(f"const {real.name} *const {row} = {given[tensor.base]};")
            lines.append(f"const {real.name} {filled(', '.join(kept))};")
    for block in blocks:
        lines += ["", *block.text(language)]
    lines += ["", *stored] if stored else []
    statements = (line for block in blocks for line in block.lines)
    count = sum(map(of_text, statements), Count())
    return Body(lines, loss, 0, count, code_bytes(lines, BY_ENTRY[real.dtype]))


def _read(blocks: Sequence[Block], last: Iterable[str]) -> tuple[list[Block], set[str]]:
    """Return blocks without what no later statement reads, as compilers ask; and what is read.

    A place among two terms is told by them, and not by the maximum that it belongs to.
    """
    read, kept = {word for line in last for word in _words(line)}, list[Block]()
    for block in reversed(blocks):
        lines = list[str]()
        for line in reversed(block.lines):
            made, _, value = line.partition(" = ")
            if made.split()[-1] in read:
                lines.append(line)
                read.update(_words(value))
        kept += [Block(block.notes, lines[::-1])] if lines else []
    return kept[::-1], read


def loops_body(plan: Plan, real: Real, given: Homes, results: Homes) -> Body:
    """Write a plan equation by equation, in the smallest workspace that is found."""
    return _Loops(plan, real, given, results).body()


@dataclass
class _Loops:
    """A plan, and what is known of its arrays."""

    plan: Plan
    real: Real
    given: Homes
    results: Homes
    texts: Texts = field(init=False)
    spans: Spans = field(init=False)

    def __post_init__(self) -> None:
        most = _most(self.plan)
        language = language_of(self.real, most)
        self.texts = Texts(self.plan.tensors, language, printer_of(self.real, most))
        losses = [tensor.base for tensor in self.plan.losses]
        self.spans = Spans(steps_of(self.plan), {*self.given, *self.results}, losses)

    def body(self) -> Body:
        """Return the statements, behind the arrays that they read."""
        blocks, beside = self._blocks()
        tensors = self.plan.tensors
        needs = [Need(b, int(tensors[b].size), *span) for b, *span in self.spans.spans()]
        places = placed([*needs, *beside])
        lines = [line for block in blocks for line in ("", *block.text(self.texts.language))]
        words = {word for block in blocks for line in block.lines for word in _words(line)}
        declared = [*self._declared(places)]
        loss = "" if self.plan.loss is None else f"{self.texts.array(self.plan.loss.base)}[0]"
        words |= {*_words(loss)}
        arrays = [text for name, text in declared if name in words]
        count = sum(map(self._count, self.spans.steps), Count())
        whole = [*arrays, *lines]
        return Body(
            whole, loss, places.entries, count, code_bytes(whole, IN_LOOPS[self.real.dtype])
        )

    def _count(self, step: Step) -> Count:
        """Return what a step takes: each term as often as it is computed."""
        if not isinstance(step, Routing) and step[0].base in self.spans.renamed:
            return Count()
        equations = [step.source] if isinstance(step, Routing) else step[1]
        terms = (of_text(self.texts.value(e.value)).times(rounds(e)) for e in equations)
        return sum(terms, Count())

    def _blocks(self) -> tuple[list[Block], list[Need]]:
        """Return the statements of all steps, and the arrays that are needed in one step alone."""
        blocks, beside, known = list[Block](), list[Need](), set(self.texts.arrays)
        for number, step in enumerate(self.spans.steps):
            blocks.append(self._block(step))
            for key in (key for key in self.texts.arrays if key not in known):
                beside.append(Need(key, self._size(step), number, number))
            known = set(self.texts.arrays)
        return blocks, beside

    def _block(self, step: Step) -> Block:
        if isinstance(step, Routing):
            return Block([note_of_routing(step)], [*self._routed(step)])
        is_renamed = step[0].base in self.spans.renamed
        return Block([*map(note, step[1])], [] if is_renamed else [*made(self.texts, step)])

    def _routed(self, routing: Routing) -> Iterator[str]:
        """Write a routing, with places in memory for numbers where its windows are no loops."""
        if has_windows(routing):
            return routed_by_window(self.texts, routing)
        if routing.tensor.size >= self.real.exact:
            raise TooLargeError(
                f"{routing.tensor.name} has {routing.tensor.size:,} entries, more than the "
                f"{self.real.exact:,} that a {self.real.name} counts: use a smaller network"
            )
        return routed(self.texts, routing)

    def _size(self, step: Step) -> int:
        """Return the entries of an array beside a tensor: one for every window of a routing."""
        base = step.source.target.base if isinstance(step, Routing) else step[0].base
        return self.texts.size(base)

    def _declared(self, places: Places) -> Iterator[tuple[str, str]]:
        """Run over all arrays: what each is called, and where it is."""
        name, array = self.real.name, self.texts.array
        for tensor in self.plan.given:
            home = self.given[tensor.base]
            yield array(tensor.base), f"const {name} *const {array(tensor.base)} = {home};"
        for base, home in self.results.items():
            yield array(base), f"{name} *const {array(base)} = {home};"
        for step in self.spans.steps:
            base = made_by(step).base
            if base not in self.results:
                yield array(base), self._pointer(base, places)
        for key, offset in places.offsets.items():
            if isinstance(key, tuple):
                what = self.texts.arrays[key]
                yield what, f"{name} *const {what} = {_at('entries', offset)};"

    def _pointer(self, base: IndexedBase, places: Places) -> str:
        """Write where a computed tensor is: what it reshapes, or a place in the workspace."""
        root, name, called = self.spans.root(base), self.real.name, self.texts.array(base)
        if root in self.given:
            return f"const {name} *const {called} = {self.given[root]};"
        if root in self.results:
            return f"const {name} *const {called} = {self.results[root]};"
        return f"{name} *const {called} = {_at('entries', places.offsets[root])};"


def _at(array: str, offset: int) -> str:
    return f"{array} + {offset}" if offset else array


def _most(plan: Plan) -> int:
    tensors: Iterable[Tensor] = (*plan.tensors.values(), *plan.given)
    return max(int(tensor.size) for tensor in tensors)


def _words(line: str) -> Iterable[str]:
    return re.findall(r"[A-Za-z_]\w*", line)
