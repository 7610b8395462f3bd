"""Other indices: the sign of an offset, one more or less, swapped, another letter, stride.

Where a formula has no indices of channels, filters or samples, it is given them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags
from symcnn.classroom.checks.formulas.cases import length_word
from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Quantity, key_of
from symcnn.classroom.checks.formulas.tree import (
    ONE,
    Bin,
    Call,
    Neg,
    Node,
    Range,
    Ref,
    Sum,
    exchanged,
    nodes,
    plus,
    summed,
)

_SIGN, _OFF = "the offset has the wrong sign:", "the index is off by one:"
_OTHER = "the index is another one:"


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other indices."""
    yield from _changed(draft, "sign of an offset", _SIGN, _signs)
    yield from _changed(draft, "index off by one", _OFF, lambda node: [plus(node, 1)])
    yield from _changed(draft, "index off by one", _OFF, lambda node: [plus(node, -1)])
    yield from _swapped(draft)
    yield from _changed(draft, "order of a difference", _SIGN, _reversed)
    yield from _flips(draft)
    yield from _changed(draft, "offset too much", _OTHER, _without)
    yield from _moved(draft)
    yield from _other_letters(draft)


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
    options = [change(node) for node in ref.below]
    movable = [n for n, own in enumerate(options) if own and own[0] != ref.below[n]]
    for count in range(len(movable), 0, -1):
        for chosen in combinations(movable, count):
            for which in range(max(len(options[n]) for n in chosen)):
                new = {n: options[n][min(which, len(options[n]) - 1)] for n in chosen}
                yield _with_subs(ref, new)


def _with_subs(ref: Ref, new: Mapping[int, Node]) -> Ref:
    return replace(ref, subs=tuple(new.get(n, node) for n, node in enumerate(ref.below)))


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
        for a, b in combinations(range(len(ref.below)), 2):
            new = {ref: _with_subs(ref, {a: ref.below[b], b: ref.below[a]})}
            yield from draft.exchanged("indices swapped", "the indices are swapped:", new)


Change = Callable[[Node, Node], Node | None]
"""Another index, with a size."""


def _moved(draft: Draft) -> Iterator[Edit]:
    """Multiply, or divide, an index by the stride or the dilation, or move it by the padding."""
    for kind in ("stride", "dilation", "pool size", "kernel size", "padding"):
        if f"the {kind}" in draft.case.sizes:
            letter, reading = draft.with_size(f"the {kind}")
            name, sentence = f"{kind} missing", f"the {kind} is missing:"
            for change in _SHIFTS if kind == "padding" else _SCALES:
                for ref, new in _along_positions(draft, Ref(letter), change):
                    yield from draft.exchanged(name, sentence, {ref: new}, reading)


def _times(node: Node, by: Node) -> Node | None:
    if isinstance(node, Bin) and node.op in "+-":
        first = _times(node.left, by)
        return Bin(node.op, first, node.right) if first is not None else None
    return Bin("*", by, node) if isinstance(node, Ref) else None


def _second_times(node: Node, by: Node) -> Node | None:
    if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Ref):
        return replace(node, right=Bin("*", by, node.right))
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
            changed = ((n, change(node, size)) for n, node in enumerate(ref.below))
            new = {n: node for n, node in changed if node is not None}
            for chosen in (new, *({n: new[n]} for n in new if len(ref.below) > 1)):
                yield ref, _with_subs(ref, chosen)


def _flips(draft: Draft) -> Iterator[Edit]:
    """Read a letter from its last entry backwards, or forwards where it was read so."""
    for ref in draft.refs():
        quantity, tags = draft.quantity(ref), draft.tags(ref)
        order = draft.reading.orders.get(key_of(ref, tags, draft.samples), ())
        at = {place: tag for place, tag in enumerate(order) if tag in POSITIONS}
        if quantity is None or not at:
            continue
        own, forwards, backwards = draft, dict[int, Node](), dict[int, Node]()
        for place, tag in at.items():
            node = ref.below[place]
            letter, reading = own.with_size(length_word(tag, quantity.name, tags))
            own = replace(own, reading=reading)
            end = Bin("+" if reading.base == 1 else "-", Ref(letter), ONE)
            is_difference = isinstance(node, Bin) and node.op == "-"
            forwards[place] = node.right if is_difference else node  # type: ignore[attr-defined]
            backwards[place] = Neg(node) if reading.centred else Bin("-", end, node)
        for name, sentence, new, known in (
            ("flip too much", "the kernel must not be flipped:", forwards, draft.reading),
            ("flip missing", "the kernel has to be flipped:", backwards, own.reading),
        ):
            yield from draft.exchanged(name, sentence, {ref: _with_subs(ref, new)}, known)


def _other_letters(draft: Draft) -> Iterator[Edit]:
    names = [*dict.fromkeys([*draft.left_indices, *summed(draft.formula)])]
    for ref in draft.refs():
        for place, node in enumerate(ref.below):
            for old in [n for n in nodes(Ref, node) if n.base in names]:
                for name in names:
                    new = {ref: _with_subs(ref, {place: exchanged(node, {old: Ref(name)})})}
                    yield from draft.exchanged("another index", _OTHER, new)


def without_channels(draft: Draft) -> Iterator[Edit]:
    """Give every array of positions the indices that it lacks, and sum over those that are new."""
    refs, left = [ref for ref in draft.refs() if _lacks(draft, ref)], draft.reading.left
    if not refs or left is None or not left.subs:
        return
    names = {role: draft.fresh((*letters, letters[0] + "'")) for role, letters in _LETTERS.items()}
    new = {ref: _completed(draft, ref, draft.quantity(ref), names) for ref in refs}
    whole = _completed(draft, left, draft.reading.target, names)
    orders = dict(draft.reading.orders)
    for ref, tags in (*new.values(), whole):
        orders[tags, len(ref.below), False] = tags
    below = (n for ref, _ in new.values() for n in ref.below)
    used = dict.fromkeys(n.base for n in below if isinstance(n, Ref))
    free = {n.base for n in whole[0].below if isinstance(n, Ref)}
    summed = [n for n in used if n in names.values() and n not in free]
    formula: Node = exchanged(draft.formula, {old: ref for old, (ref, _) in new.items()})
    listed = ", ".join(_WORDS[role] for role, name in names.items() if name in used)
    sentence = f"the indices of {listed} are missing"
    if summed:
        formula = Sum(tuple(map(Range, summed)), formula)
        sentence += f", and the sum over {', '.join(summed)}"
    reading = replace(draft.reading, left=whole[0], orders=orders, each=False)
    yield draft.edit("channel index missing", sentence, formula, reading)


_LETTERS = {"n": "nbr", "in": "cde", "out": "kfo"}
_WORDS = {"n": "the samples", "in": "the input channels", "out": "the filters"}


def _lacks(draft: Draft, ref: Ref) -> bool:
    tags = draft.tags(ref)
    positions = [t for t in tags if t in POSITIONS]
    return bool(positions) and len(ref.below) == len(positions) < len(tags)


def _completed(
    draft: Draft, ref: Ref, quantity: Quantity | None, names: dict[str, str]
) -> tuple[Ref, Tags]:
    """Return a letter with all of its indices, in the order of the axes, and these."""
    name = quantity.name if quantity is not None else ""
    is_output = any(s.output.name == name and s.parameters for s in draft.case.network.stages)
    roles = {"n": "n", "i": "in", "o": "out", "c": "out" if is_output else "in", "f": "in"}
    own, tags = iter(ref.below), draft.axes(name)
    subs = (next(own, Ref("?")) if t in POSITIONS else Ref(names[roles[t]]) for t in tags)
    return replace(ref, subs=tuple(subs)), tags
