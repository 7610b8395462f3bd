"""Other indices: the sign of an offset, one more or less, swapped, another letter, stride."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from symcnn.classroom.checks.formulas.axes import POSITIONS
from symcnn.classroom.checks.formulas.cases import length_word
from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.tree import (
    ONE,
    Bin,
    Call,
    Neg,
    Node,
    Ref,
    plus,
    rebuilt,
    walk,
)


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other indices."""
    off = "the index is off by one:"
    yield from _changed(draft, "sign of an offset", _SIGN, _signs)
    yield from _changed(draft, "index off by one", off, lambda node: [plus(node, 1)])
    yield from _changed(draft, "index off by one", off, lambda node: [plus(node, -1)])
    yield from _swapped(draft)
    yield from _changed(draft, "order of a difference", _SIGN, _reversed)
    yield from _flips(draft)
    yield from _changed(draft, "offset too much", _OTHER, _without)
    yield from _moved(draft)
    yield from _other_letters(draft)


_SIGN = "the offset has the wrong sign:"
_OTHER = "the index is another one:"
Options = Callable[[Node], list[Node]]


def _changed(draft: Draft, name: str, sentence: str, change: Options) -> Iterator[Edit]:
    """Change all indices of a letter alike, then those of all letters, then single ones."""
    versions = {ref: [*_alike(ref, change)] for ref in draft.refs() if ref.subs}
    for ref, found in versions.items():
        for new in found:
            yield from draft.exchanged(name, sentence, {ref: new})
    movable = [ref for ref, found in versions.items() if found]
    alike = ([r for r in movable if r.base == base] for base in sorted({r.base for r in movable}))
    for refs in (*(own for own in alike if len(own) > 1), *combinations(movable, 2)):
        yield from draft.exchanged(name, sentence, {r: versions[r][0] for r in refs})


def _alike(ref: Ref, change: Options) -> Iterator[Ref]:
    subs = ref.subs or ()
    options = [change(node) for node in subs]
    movable = [n for n, own in enumerate(options) if own and own[0] != subs[n]]
    for count in range(len(movable), 0, -1):
        for chosen in combinations(movable, count):
            for which in range(max(len(options[n]) for n in chosen)):
                new = {n: options[n][min(which, len(options[n]) - 1)] for n in chosen}
                yield _with_subs(ref, new)


def _with_subs(ref: Ref, new: dict[int, Node]) -> Ref:
    return replace(ref, subs=tuple(new.get(n, node) for n, node in enumerate(ref.subs or ())))


def _signs(node: Node) -> list[Node]:
    """Return an index with the sign of one of its terms changed."""
    if not isinstance(node, Bin) or node.op not in "+-":
        return []
    made: list[Node] = [Bin("-" if node.op == "+" else "+", node.left, node.right)]
    return made + [Bin(node.op, left, node.right) for left in _signs(node.left)]


def _reversed(node: Node) -> list[Node]:
    """Return a - b as b - a, and a + b as b - a."""
    is_sum = isinstance(node, Bin) and node.op in "+-"
    return [Bin("-", node.right, node.left)] if is_sum else []  # type: ignore[attr-defined]


def _without(node: Node) -> list[Node]:
    """Return an index without its offset."""
    return [node.left, node.right] if isinstance(node, Bin) and node.op in "+-" else []


def _swapped(draft: Draft) -> Iterator[Edit]:
    for ref in draft.refs():
        subs = ref.subs or ()
        for a, b in combinations(range(len(subs)), 2):
            new = _with_subs(ref, {a: subs[b], b: subs[a]})
            yield from draft.exchanged("indices swapped", "the indices are swapped:", {ref: new})


Change = Callable[[Node, Node], Node | None]
"""Another index, with a size."""


def _moved(draft: Draft) -> Iterator[Edit]:
    """Multiply, or divide, an index by the stride or the dilation, or move it by the padding."""
    for word in ("the stride", "the dilation", "the pool size", "the kernel size", "the padding"):
        if word in draft.case.sizes:
            letter, reading = draft.with_size(word)
            kind = word.removeprefix("the ")
            for change in _SHIFTS if kind == "padding" else _SCALES:
                for ref, new in _along_positions(draft, Ref(letter), change):
                    name, sentence = f"{kind} missing", f"the {kind} is missing:"
                    yield from draft.exchanged(name, sentence, {ref: new}, reading)


def _times(node: Node, by: Node) -> Node | None:
    if isinstance(node, Bin) and node.op in "+-":
        first = _times(node.left, by)
        return Bin(node.op, first, node.right) if first is not None else None
    return Bin("*", by, node) if isinstance(node, Ref) else None


def _second_times(node: Node, by: Node) -> Node | None:
    if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Ref):
        return Bin(node.op, node.left, Bin("*", by, node.right))
    return None


_SCALES: tuple[Change, ...] = (
    _times,
    _second_times,
    lambda node, by: Bin("/", node, by),
    lambda node, by: Call("floor", (Bin("/", node, by),)),
)
_SHIFTS: tuple[Change, ...] = (
    lambda node, by: Bin("-", node, by),
    lambda node, by: Bin("+", node, by),
)


def _along_positions(draft: Draft, size: Node, change: Change) -> Iterator[tuple[Ref, Ref]]:
    """Change the indices of letters with positions: all of them, then each."""
    for ref in draft.refs():
        if any(tag in POSITIONS for tag in draft.tags(ref)):
            changed = {n: change(node, size) for n, node in enumerate(ref.subs or ())}
            new = {n: node for n, node in changed.items() if node is not None}
            for chosen in (new, *({n: new[n]} for n in new if len(changed) > 1)):
                yield ref, _with_subs(ref, chosen)


def _flips(draft: Draft) -> Iterator[Edit]:
    """Read a letter from its last entry backwards, or forwards where it was read so."""
    for ref in draft.refs():
        quantity, subs, tags = draft.quantity(ref), ref.subs or (), draft.tags(ref)
        sampled = any(isinstance(n, Ref) and n.base in draft.samples for n in ref.upper)
        key = (tuple(tag for tag in tags if tag != "-"), len(subs), sampled)
        order = draft.reading.orders.get(key, ())
        at = {place: tag for place, tag in enumerate(order) if tag in POSITIONS}
        if quantity is None or not at:
            continue
        inner = {place: subs[place] for place in at}
        forwards = {
            place: node.right if isinstance(node, Bin) and node.op == "-" else node
            for place, node in inner.items()
        }
        own, backwards = draft, dict[int, Node]()
        for place, tag in at.items():
            letter, reading = own.with_size(length_word(tag, quantity.name, tags))
            own = replace(own, reading=reading)
            end: Node = Bin("-", Ref(letter), ONE)
            if draft.reading.base == 1:
                end = Bin("+", Ref(letter), ONE)
            is_centred = draft.reading.centred
            backwards[place] = Neg(subs[place]) if is_centred else Bin("-", end, subs[place])
        for name, sentence, new, known in (
            ("flip too much", "the kernel must not be flipped:", forwards, draft.reading),
            ("flip missing", "the kernel has to be flipped:", backwards, own.reading),
        ):
            yield from draft.exchanged(name, sentence, {ref: _with_subs(ref, new)}, known)


def _other_letters(draft: Draft) -> Iterator[Edit]:
    """Put another index in the place of one."""
    names = [*dict.fromkeys([*draft.left_indices, *draft.bound])]
    for ref in draft.refs():
        for place, node in enumerate(ref.subs or ()):
            for old in [n for n in walk(node) if isinstance(n, Ref) and n.base in names]:
                for name in names:
                    changed = rebuilt(node, lambda n, o=old, m=name: Ref(m) if n == o else n)  # type: ignore[misc]
                    new = {ref: _with_subs(ref, {place: changed})}
                    yield from draft.exchanged("another index", _OTHER, new)
