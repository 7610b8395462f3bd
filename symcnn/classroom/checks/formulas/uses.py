"""What the letters of a formula may stand for: free indices, tensors, and sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations

from symcnn.classroom.checks.formulas.axes import Tags, orders
from symcnn.classroom.checks.formulas.cases import Case, length_word
from symcnn.classroom.checks.formulas.entries import CONSTANTS, NoValueError
from symcnn.classroom.checks.formulas.letters import Letters, may_be_size
from symcnn.classroom.checks.formulas.meaning import (
    Letter,
    Quantity,
    Reading,
    letter_of,
    samples_above,
    samples_in,
)
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.spelling import LAYERS, words
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Entry,
    Node,
    Range,
    Ref,
    Sum,
    names_in,
    nodes,
    parts,
    summed,
)
from symcnn.classroom.checks.formulas.values import Evaluation

MOST = 7
"""The candidates for a letter that are tried."""


class Uses:
    """The letters of one formula."""

    def __init__(self, read: Read, letters: Letters, cases: Sequence[Case]) -> None:
        """Take the formula, what letters stand for, and the cases."""
        self.read, self.letters, self.cases = read, letters, cases
        self.sizes = Sizes(cases)
        self.refs = [*nodes(Ref, read.right)]
        self.samples = samples_in(read.right, read.left) | self._free_above()
        self._tags: dict[str, Tags] = {}
        for case in cases:
            for name, tags in case.tags.items():
                self._tags[name] = max(self._tags.get(name, ()), tags, key=len)

    def _free_above(self) -> frozenset[str]:
        """Return the letters of samples that stand above, though no left side names them."""
        left = self.read.left
        names_them = left is not None and (left.subs or left.upper)
        above = {n.base for r in self.refs for n in r.upper if isinstance(n, Ref)}
        return frozenset() if names_them else frozenset(above - LAYERS)

    def lefts(self) -> Iterator[Ref | None]:
        """Run over left sides: the one that is given, or the free indices in some order."""
        free, left = free_letters(self.read.right), self.read.left
        if left is not None and (left.subs is not None or left.upper or not free):
            yield left
            return
        base = left.base if left is not None else "result"
        above = [n for n in free if self._stands_above(Ref(n))]
        for order in islice(permutations([n for n in free if n not in above]), 24):
            yield Ref(base, tuple(map(Ref, order)) or None, tuple(map(Ref, above)), grad=True)
        if not free:
            yield left

    def _stands_above(self, index: Ref) -> bool:
        above = any(index in r.upper for r in self.refs)
        return above and not any(index in r.below for r in self.refs)

    def layers(self, left: Ref | None) -> list[int | None]:
        """Return what l may stand for, or how far numbered layers are from the network's."""
        texts = {t for ref in self.refs for t in letter_of(ref, self.samples)[1]}
        number = self.letters.number
        above = letter_of(left, self.samples)[1] if left else ()
        if any(t.isdecimal() for t in texts):  # how far the numbers are from those of the layers
            return [*(number - int(t) for t in above if t.isdecimal())] or [0, -1]
        if not any(t.startswith("l") for t in texts):
            return [None]
        shift = next((_shift(t) for t in above if t[0] == "l"), None)
        return [number, number + 1, number - 1] if shift is None else [number - shift]

    def uses(self, left: Ref | None) -> dict[Letter, list[Ref]]:
        """Return the letters that are no indices, each with its occurrences."""
        found = dict[Letter, list[Ref]]()
        bound = {*summed(self.read.right), *(left.indices if left else ())}
        for ref in self.refs:
            if ref.subs is not None or ref.base not in bound:
                found.setdefault(letter_of(ref, self.samples), []).append(ref)
        return found

    def options(
        self, letter: Letter, refs: list[Ref], layer: int | None, scalars: frozenset[str]
    ) -> list[Quantity | None]:
        """Return what a letter may stand for; None for a size."""
        base, upper, grad = letter
        sampled = any(samples_above(ref, self.samples) for ref in refs)
        is_whole = not grad and not sampled and all(r.subs is None for r in refs)
        is_free = is_whole and base not in self.letters.chosen
        constants = scalars | {*CONSTANTS, "epsilon", "eps"}
        if is_free and (base in constants or base.startswith("d_")):
            return [None]
        found: list[Quantity | None] = [
            q for q in self.letters.candidates(letter, layer) if self._fits(q, refs)
        ]
        if base in ("delta", "1", "I") and not grad and all(len(r.below) == 2 for r in refs):
            found.append(Quantity("", "identity"))
        if is_free and not upper:
            first = self.letters.is_size(base) and base != "W"
            last = may_be_size(base, found) and not first
            found = [*([None] if first else []), *found, *([None] if last else [])]
        return found[:MOST]

    def scalars(self) -> frozenset[str]:
        """Return the letters that stand in limits, in indices and in conditions for them."""
        limits = (limit for n in nodes(Range, self.read.right) for limit in (n.lower, n.upper))
        indices = (sub for ref in self.refs for sub in ref.below)
        conditions = (where for n in nodes(Sum, self.read.right) for where in n.where)
        return frozenset(names_in(*limits, *indices, *conditions))

    def _fits(self, quantity: Quantity, refs: list[Ref]) -> bool:
        tags = self._tags.get(quantity.name, ())
        for ref in refs:
            sampled = bool(samples_above(ref, self.samples))
            if sampled and "n" not in tags:
                return False
            if ref.subs and not any(orders(tags, len(ref.subs), sampled)):
                return False
        return True


_NO_INDEX = words("s S p P d D N H W K C F M L T l e pi epsilon eps alpha stride pad")
"""Letters that stand for settings and sizes where no sum runs over them."""


def free_letters(node: Node) -> list[str]:
    """Return the letters of indices that no sum of a formula runs over, in their order."""
    sizes = _NO_INDEX | {*_outside(node)}
    return [n for n in dict.fromkeys(_free(node, frozenset())) if n not in sizes]


def _outside(node: Node) -> Iterator[str]:
    """Run over the letters that are factors or terms, and no indices."""
    if isinstance(node, Ref) and node.subs is None and not node.grad:
        yield node.base
    for (name, _), part in () if isinstance(node, Bracket) else parts(node):
        if name not in ("subs", "upper", "ranges", "where"):
            yield from _outside(part)


def _free(node: Node, bound: frozenset[str]) -> Iterator[str]:
    """Run over the letters in subscripts that nothing binds."""
    if isinstance(node, Sum):
        yield from _free(node.body, bound | {own.index for own in node.ranges})
        return
    if isinstance(node, Ref | Entry):
        yield from (n for sub in node.subs or () for n in _letters(sub) if n not in bound)
    if isinstance(node, Ref):
        above = (n.base for n in node.upper if isinstance(n, Ref))
        yield from (name for name in above if name not in bound | LAYERS)
    for (name, _), part in parts(node):
        if name not in ("subs", "upper"):
            yield from _free(part, bound)


def _letters(node: Node) -> list[str]:
    """Return the letters of indices, without those that divide or multiply them."""
    if isinstance(node, Bin) and node.op in "/*":
        return _letters(node.left if node.op == "/" else node.right)
    if isinstance(node, Ref):
        return [node.base] if node.subs is None else []
    return [name for _, part in parts(node) for name in _letters(part)]


def is_guessed(name: str) -> bool:
    """Tell whether a letter for a size is none of the usual ones, so that any would do."""
    return name.split("_")[0] not in _WORDS and name not in _NO_INDEX


def unknown_letter(formula: Read, letters: Letters) -> str:
    """Return which letter of a formula stands for nothing that is known."""
    samples = samples_in(formula.right, formula.left)
    every = [*nodes(Ref, formula.right)] or [Ref("x")]
    refs = [ref for ref in every if ref.subs or ref.grad]
    known = (letters.candidates(letter_of(ref, samples), letters.number) for ref in refs)
    unknown = [ref for ref, found in zip(refs, known, strict=True) if not found]
    return (unknown or refs or every)[0].base


def unbound(name: str, letters: Letters) -> str:
    """Say that a letter stands for nothing that is known, and how it is bound."""
    names = [*letters.network.tensors][:4]
    return (
        f"what {name} stands for is not plain, or it has other indices than any tensor: say it, "
        f"letters={{{name!r}: ...}} (--letter {name}=...), with {', '.join(names)}"
    )


def _shift(text: str) -> int:
    rest = text[1:].strip()
    return int(rest) if rest[:1] in ("+", "-") and rest[1:].isdecimal() else 0


_SAMPLES, _NUMBER = "the number of samples", "the number"
_FEATURES, _ENTRIES = "the number of features", "the number of entries"

_MEANT: dict[str, tuple[str, ...]] = {
    "s stride": ("the stride", "the smooth"),
    "p P pad padding": ("the padding",),
    "dilation": ("the dilation",),
    "B M T": (_SAMPLES, _NUMBER),
    "N m": (_SAMPLES, _ENTRIES, _NUMBER),
    "n": (_ENTRIES, _SAMPLES, _NUMBER),
    "H": ("the height", "the length", _ENTRIES),
    "h I": ("the height", "the length"),
    "W w J V S": ("the width", "the length"),
    "F f r R": ("the kernel", "the pool", "the height of", "the length of"),
    "K k": ("the kernel", "the pool", "the height", "the width", _NUMBER),
    "C": ("the number of channels", "the number of outputs", _ENTRIES),
    "c": ("the number of channels", "the number of inputs", "the number of"),
    "D d": (_FEATURES, _ENTRIES, "the dilation", _NUMBER),
    "A": ("the number of entries of a window", "the number of positions"),
    "epsilon eps": ("the epsilon", "the smooth"),
    "alpha": ("the alpha", "the slope", "the rate"),
    "a": ("the alpha", "the slope"),
    "lambda": ("the l2", "the alpha"),
}
"""How what letters stand for begins, the likeliest first."""

_WORDS = {letter: meant for letters, meant in _MEANT.items() for letter in letters.split()}
_ALWAYS = ("the stride", "the padding", "the dilation", _SAMPLES)
"""Sizes that may be meant even where others have the same numbers."""


class Sizes:
    """The numbers of a few cases, with those left out that are the same in all of them."""

    def __init__(self, cases: Sequence[Case]) -> None:
        """Take the cases."""
        self._has_samples = bool(cases) and cases[0].base.batch not in (None, 1)
        known = [case.sizes for case in cases]
        self._words, seen = list[str](), set[tuple[float, ...]]()
        for word in known[0] if known else ():
            if all(word in sizes for sizes in known):
                numbers = tuple(sizes[word] for sizes in known)
                is_kept = word in _ALWAYS or word.startswith(f"{_FEATURES} of")
                self._words += [word] if is_kept or numbers not in seen else []
                seen |= {numbers}

    def named(self, name: str, most: int) -> list[str]:
        """Return what a letter may stand for, the likeliest first."""
        own = _WORDS.get(name.split("_")[0], ())
        liked = [word for start in own for word in self._words if word.startswith(start)]
        hint = {"h": "height", "1": "height", "w": "width", "2": "width"}.get(
            name.partition("_")[2][:1].lower()
        )
        liked.sort(key=lambda word: hint is None or hint not in word)
        if own and own[0] in ("the stride", "the padding", "the epsilon", "the alpha"):
            return list(dict.fromkeys(liked))[:most] or [own[0]]
        are_meant = self._has_samples or _SAMPLES in own  # there is one, and any letter would do
        found = dict.fromkeys([*liked, *self._words])
        return [word for word in found if word != _SAMPLES or are_meant][:most]


def natural_lengths(name: str, formula: Node, reading: Reading, case: Case) -> Iterator[str]:
    """Run over the lengths that a letter is likely to have as the limit of an index.

    Args:
        name: The letter.
        formula: The formula.
        reading: How it is read, but for sizes.
        case: A case.
    """
    for node in nodes(Sum, formula):
        for own in node.ranges:
            if name in names_in(own.upper):
                yield from _lengths(own, node, reading, case)


def _lengths(own: Range, node: Sum, reading: Reading, case: Case) -> list[str]:
    evaluation = Evaluation(case, reading, Sum((Range(own.index),), node.body))
    try:
        axes = evaluation.axes(own.index, node.body)
        return [length_word(tag, name, case.tags[name]) for name, tag in axes]
    except NoValueError:
        return []
