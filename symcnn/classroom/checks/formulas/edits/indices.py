"""Other indices: the sign of an offset, one more or less, swapped, another letter, stride."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from symcnn.classroom.checks.formulas.axes import POSITIONS
from symcnn.classroom.checks.formulas.cases import length_word
from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Reading
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Call,
    Neg,
    Node,
    Num,
    Ref,
    plus,
    rebuilt,
    walk,
)

Subs = tuple[Node, ...]
Change = Callable[[Node], Node]


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other indices."""
    yield from _changed(draft, "sign of an offset", _SIGN, _signs)
    yield from _changed(draft, "index off by one", _OFF, lambda node: [plus(node, 1)])
    yield from _changed(draft, "index off by one", _OFF, lambda node: [plus(node, -1)])
    yield from _swapped(draft)
    yield from _changed(draft, "order of a difference", _SIGN, _reversed)
    yield from _flips(draft)
    yield from _changed(draft, "offset too much", _OTHER, _without)
    yield from _scaled(draft)
    yield from _moved_by_padding(draft)
    yield from _other_letters(draft)


_SIGN = "the offset has the wrong sign: {old} has to be {new}"
_OFF = "the index is off by one: {old} has to be {new}"
_SWAP = "the indices are swapped: {old} has to be {new}"
_OTHER = "the index is another one: {old} has to be {new}"


def put(draft: Draft, name: str, sentence: str, new: dict[Ref, Ref]) -> Iterator[Edit]:
    """Return the formula with other letters, if any is different."""
    made = rebuilt(draft.formula, lambda n: new.get(n, n) if isinstance(n, Ref) else n)
    if made != draft.formula:
        shown = [(draft.written(a), draft.written(b)) for a, b in new.items() if a != b]
        old, then = (" and ".join(texts) for texts in zip(*shown[:2], strict=True))
        yield draft.edit(name, sentence.format(old=old, new=then), made)


def _changed(
    draft: Draft, name: str, sentence: str, change: Callable[[Node], list[Node]]
) -> Iterator[Edit]:
    """Change all indices of a letter alike, then those of all letters, then single ones."""
    refs = [ref for ref in draft.refs() if ref.subs]
    versions = {ref: [*_alike(ref, change)] for ref in refs}
    for ref, found in versions.items():
        for new in found:
            yield from put(draft, name, sentence, {ref: new})
    bases = {ref.base for ref in refs}
    for base in sorted(bases):
        alike = [ref for ref in refs if ref.base == base and versions[ref]]
        if len(alike) > 1:
            yield from put(draft, name, sentence, {ref: versions[ref][0] for ref in alike})
    for first, second in combinations([r for r in refs if versions[r]], 2):
        yield from put(draft, name, sentence, {r: versions[r][0] for r in (first, second)})


def _alike(ref: Ref, change: Callable[[Node], list[Node]]) -> Iterator[Ref]:
    subs = ref.subs or ()
    options = [change(node) for node in subs]
    movable = [n for n, own in enumerate(options) if own and own[0] != subs[n]]
    for count in range(len(movable), 0, -1):
        for chosen in combinations(movable, count):
            for which in range(max(len(options[n]) for n in chosen)):
                new = [
                    options[n][min(which, len(options[n]) - 1)] if n in chosen else node
                    for n, node in enumerate(subs)
                ]
                yield replace(ref, subs=tuple(new))


def _signs(node: Node) -> list[Node]:
    """Return an index with the sign of one of its terms changed."""
    if not isinstance(node, Bin) or node.op not in "+-":
        return []
    other = "-" if node.op == "+" else "+"
    made: list[Node] = [Bin(other, node.left, node.right)]
    return made + [Bin(node.op, left, node.right) for left in _signs(node.left)]


def _reversed(node: Node) -> list[Node]:
    """Return a - b as b - a, and a + b as b - a."""
    if not isinstance(node, Bin) or node.op not in "+-":
        return []
    return [Bin("-", node.right, node.left)]


def _without(node: Node) -> list[Node]:
    """Return an index without its offset."""
    return [node.left, node.right] if isinstance(node, Bin) and node.op in "+-" else []


def _swapped(draft: Draft) -> Iterator[Edit]:
    for ref in draft.refs():
        subs = ref.subs or ()
        for a, b in combinations(range(len(subs)), 2):
            new = [*subs]
            new[a], new[b] = new[b], new[a]
            yield from put(draft, "indices swapped", _SWAP, {ref: replace(ref, subs=tuple(new))})


def _scaled(draft: Draft) -> Iterator[Edit]:
    """Multiply, or divide, an index by the stride or the dilation, or leave that out."""
    for word in ("the stride", "the dilation", "the pool size", "the kernel size"):
        if word not in draft.case.sizes:
            continue
        letter, reading = draft.with_size(word)
        size = Ref(letter)
        kind = word.removeprefix("the ")

        def times(node: Node, by: Node = size) -> Node | None:
            if isinstance(node, Bin) and node.op in "+-":
                first = times(node.left, by)
                return Bin(node.op, first, node.right) if first is not None else None
            return Bin("*", by, node) if isinstance(node, Ref) else None

        def second(node: Node, by: Node = size) -> Node | None:
            if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Ref):
                return Bin(node.op, node.left, Bin("*", by, node.right))
            return None

        def divided(node: Node, by: Node = size) -> Node | None:
            return Bin("/", node, by)

        for change in (
            times,
            second,
            divided,
            lambda n, by=size: Call("floor", (Bin("/", n, by),)),
        ):
            sentence = f"the {kind} is missing: {{old}} has to be {{new}}"
            yield from _each_position(draft, f"{kind} missing", sentence, change, reading)


def _each_position(
    draft: Draft,
    name: str,
    sentence: str,
    change: Callable[[Node], Node | None],
    reading: Reading | None = None,
) -> Iterator[Edit]:
    """Change the indices along all positions of a letter."""
    for ref in draft.refs():
        tags = draft.tags(ref)
        subs = ref.subs or ()
        if not subs or not any(tag in POSITIONS for tag in tags):
            continue
        changed = [change(node) for node in subs]
        if all(c is None for c in changed):
            continue
        for chosen in ({*range(len(subs))}, *({n} for n in range(len(subs)) if len(subs) > 1)):
            new = tuple(
                c if c is not None and n in chosen else node
                for n, (c, node) in enumerate(zip(changed, subs, strict=True))
            )
            for edit in put(draft, name, sentence, {ref: replace(ref, subs=new)}):
                yield replace(edit, reading=reading or edit.reading)


def _moved_by_padding(draft: Draft) -> Iterator[Edit]:
    if "the padding" not in draft.case.sizes:
        return
    letter, reading = draft.with_size("the padding")
    sentence = "the padding is missing: {old} has to be {new}"
    for op in "-+":
        yield from _each_position(
            draft,
            "padding missing",
            sentence,
            lambda node, sign=op: Bin(sign, node, Ref(letter)),  # type: ignore[misc]
            reading,
        )


def _flips(draft: Draft) -> Iterator[Edit]:
    """Read a letter from its last entry backwards, or forwards where it was read so."""
    for ref in draft.refs():
        tags, subs = draft.tags(ref), ref.subs or ()
        quantity = draft.quantity(ref)
        positions = [t for t in tags if t in POSITIONS]
        if quantity is None or not positions or len(subs) < len(positions):
            continue
        reading, new, backwards = draft.reading, [*subs], list[Node]()
        at = _positions_of(draft, ref)
        if at is None:
            continue
        for place, tag in at:
            word = length_word(tag, quantity.name, tags)
            letter, reading = replace_reading(draft, reading, word)
            last = Ref(letter) if draft.reading.base == 1 else Bin("-", Ref(letter), Num(_ONE))
            if draft.reading.base == 1:
                last = Bin("+", last, Num(_ONE))
            new[place] = Bin("-", last, subs[place])
            if draft.reading.centred:
                new[place] = Neg(subs[place])
            inner = subs[place]
            backwards.append(inner.right if isinstance(inner, Bin) and inner.op == "-" else inner)
        forwards = [*subs]
        for (place, _), node in zip(at, backwards, strict=True):
            forwards[place] = node
        sentence = "the kernel must not be flipped: {old} has to be {new}"
        yield from put(draft, "flip too much", sentence, {ref: replace(ref, subs=tuple(forwards))})
        sentence = "the kernel has to be flipped: {old} has to be {new}"
        for edit in put(draft, "flip missing", sentence, {ref: replace(ref, subs=tuple(new))}):
            yield replace(edit, reading=reading)


def replace_reading(draft: Draft, reading: Reading, word: str) -> tuple[str, Reading]:
    """Return a letter for a size in addition to those that were chosen before."""
    return replace(draft, reading=reading).with_size(word)


def _positions_of(draft: Draft, ref: Ref) -> list[tuple[int, str]] | None:
    tags = tuple(t for t in draft.tags(ref) if t != "-")
    sampled = any(isinstance(n, Ref) and n.base in draft.samples for n in ref.upper)
    order = draft.reading.orders.get((tags, len(ref.subs or ()), sampled))
    if order is None:
        return None
    return [(place, tag) for place, tag in enumerate(order) if tag in POSITIONS]


_ONE = Fraction(1)


def _other_letters(draft: Draft) -> Iterator[Edit]:
    """Put another index in the place of one, or a whole other letter in that of a letter."""
    names = [*dict.fromkeys([*draft.left_indices, *draft.bound])]
    for ref in draft.refs():
        subs = ref.subs or ()
        for place, node in enumerate(subs):
            for old in [n for n in walk(node) if isinstance(n, Ref) and n.base in names]:
                for name in names:
                    if name == old.base:
                        continue
                    changed = rebuilt(
                        node,
                        lambda n, o=old, m=name: Ref(m) if n == o else n,  # type: ignore[misc]
                    )
                    new = (*subs[:place], changed, *subs[place + 1 :])
                    yield from put(draft, "another index", _OTHER, {ref: replace(ref, subs=new)})
