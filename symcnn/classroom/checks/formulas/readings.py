"""The ways to read a formula: letters, axes, sizes, the first index, and what * is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from typing import Any

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags, orders
from symcnn.classroom.checks.formulas.entries import size_name
from symcnn.classroom.checks.formulas.limits_of_sums import natural_lengths
from symcnn.classroom.checks.formulas.meaning import (
    Key,
    Letter,
    Quantity,
    Reading,
    is_sample,
    letter_of,
)
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Entry,
    Node,
    Num,
    Range,
    Ref,
    Sum,
    Transposed,
    walk,
)
from symcnn.classroom.checks.formulas.uses import MOST, Uses


class Readings(Uses):
    """The ways to read one formula, the likeliest first."""

    def __iter__(self) -> Iterator[Reading]:
        """Run over the readings."""
        for left in self.lefts():
            for layer in self.layers(left):
                yield from self._of_letters(left, layer)

    def _of_letters(self, left: Ref | None, layer: int | None) -> Iterator[Reading]:
        uses = self.uses(left)
        scalars = self.scalars()
        options = list[list[Quantity | None]]()
        for letter, refs in uses.items():
            options.append(self.options(letter, refs, layer, scalars))
            if not options[-1]:
                return
        for chosen in _by_rank(options):
            bound = {k: q for k, q in zip(uses, chosen, strict=True) if q is not None}
            named = [
                name
                for (letter, refs), q in zip(uses.items(), chosen, strict=True)
                if q is None
                for name in [size_name(refs[0])]
            ]
            sizes = [n for n in named if n not in ("e", "pi")]
            for reading in self._of_orders(left, bound, sizes):
                yield replace(reading, layer=layer)

    def _keys(self, left: Ref | None, bound: Mapping[Letter, Quantity]) -> dict[Key, Lengths]:
        """Return the kinds of tensors with indices, each with the lengths of the axes."""
        refs = [n for n in walk(self.read.right) if isinstance(n, Ref)]
        pairs = [(r, bound[key]) for r in refs if (key := letter_of(r, self.samples)) in bound]
        if left is not None:
            pairs.insert(0, (left, self.letters.target))
        found = dict[Key, Lengths]()
        for ref, quantity in pairs:
            sampled = any(is_sample(n, self.samples) for n in ref.upper)
            for case in self.cases:
                tags = case.tags.get(quantity.name)
                if tags is None or quantity.kind == "identity":
                    continue
                own = tuple(t for t in tags if t != "-")
                shape = case.network.tensors[quantity.name].shape
                lengths = dict(zip(tags, map(int, shape), strict=True))
                if ref.subs:
                    found.setdefault((own, len(ref.subs), sampled), lengths)
                elif own == ("o", "i") and self._is_matrix:
                    found.setdefault((own, 2, False), lengths)
        return found

    @cached_property
    def _is_matrix(self) -> bool:
        return any(isinstance(n, Transposed | Entry) or _is_whole(n) for n in walk(self.read.right))

    def _of_orders(
        self, left: Ref | None, bound: Mapping[Letter, Quantity], named: list[str]
    ) -> Iterator[Reading]:
        groups = dict[Key, list[Key]]()
        lengths = self._keys(left, bound)
        for key in lengths:
            tags, count, sampled = key
            groups.setdefault((_without_n(tags), count, sampled), []).append(key)
        options = [self._order_options(own, lengths, left) for own in groups.values()]
        for whole in islice(_by_rank(options), 16):
            chosen = dict(pair for own in whole for pair in own)
            for rest in _by_rank([self._bases(), self._stars(), self._rows(), self._centres()]):
                (base, first), star, rows, centred = rest
                reading = Reading(
                    bound, chosen, {}, base, first, centred, star,
                    rows, left, self._is_for_each(left, [*chosen.values()]), self.letters.target,
                )  # fmt: skip
                yield from self._of_sizes(reading, named)

    def _order_options(
        self, keys: list[Key], lengths: Mapping[Key, Lengths], left: Ref | None
    ) -> list[tuple[tuple[Key, Tags], ...]]:
        """Return the axes that indices may stand for, alike with samples and without.

        Those come first that leave out axes of length 1 alone.
        """
        widest = max(keys, key=lambda key: len(key[0]))
        found = [*orders(*widest)]
        if widest[0] == ("o", "i") and not self._may_turn(left):
            found = found[:1]
        own = next(iter(keys))
        found.sort(key=lambda order: _left_out(order, lengths[own]))
        made = [tuple((key, order) for key in keys if {*order} <= {*key[0]}) for order in found[:8]]
        return [pairs for pairs in made if pairs] or [()]

    def _is_for_each(self, left: Ref | None, chosen: Sequence[Tags]) -> bool:
        """Tell whether no index stands for the sample, neither above nor below."""
        refs = [n for n in walk(self.read.right) if isinstance(n, Ref)]
        above = [n for r in (*refs, *([left] if left else [])) for n in r.upper]
        sampled = any(is_sample(n, self.samples) for n in above)
        return not sampled and not any("n" in order for order in chosen)

    def _may_turn(self, left: Ref | None) -> bool:
        """Tell whether w may be numbered (input, output): of its own gradient, or W on the right.

        Samples in rows and a weight (input, output) go together, as in x W; W x does not.
        """
        about = self.letters.target
        if self.letters.network.tensors[about.name].role == "parameter":
            return True
        return any(
            isinstance(n, Bin) and n.op == "*" and _is_weight(n.right) and not _is_weight(n.left)
            for n in walk(self.read.right)
        )

    def _bases(self) -> list[Any]:
        lowers = {
            r.lower.value
            for n in walk(self.read.right)
            if isinstance(n, Sum)
            for r in n.ranges
            if isinstance(r.lower, Num)
        }
        if lowers == {0} or not self._has_numbers:
            return [(0, 0)]
        if lowers == {1}:
            return [(1, 1), (0, 1)]
        return [(0, 0), (1, 1), (0, 1), (1, 0)] if lowers else [(0, 0), (1, 1)]

    @property
    def _has_numbers(self) -> bool:
        """Whether indices are added, subtracted or numbers: the first index matters."""
        subs = [s for n in walk(self.read.right) if isinstance(n, Ref) for s in n.subs or ()]
        subs += [s for n in walk(self.read.right) if isinstance(n, Entry) for s in n.subs]
        limits = [n for n in walk(self.read.right) if isinstance(n, Range)]
        shifted = any(not isinstance(s, Ref) for s in subs)
        return shifted or any(r.lower or r.upper for r in limits) or _compares(self.read.right)

    def _stars(self) -> list[Any]:
        signs = {n.sign for n in walk(self.read.right) if isinstance(n, Bin) and n.op == "star"}
        if "star" in signs and signs & {"*", "circledast"}:
            return ["convolution", "correlation"]
        return ["correlation", "convolution"] if signs & {"*", "circledast"} else ["correlation"]

    def _rows(self) -> list[Any]:
        return [False, True] if self._is_matrix else [False]

    def _centres(self) -> list[Any]:
        negative = any(
            isinstance(n, Range) and n.lower is not None and not isinstance(n.lower, Num | Ref)
            for n in walk(self.read.right)
        )
        return [False, True] if negative else [False]

    def _of_sizes(self, reading: Reading, named: list[str]) -> Iterator[Reading]:
        names = [*dict.fromkeys([*named, *self._inner_names(reading)])]
        options = [self._size_options(name, reading) for name in names]
        for chosen in islice(_by_rank(options), 60):
            yield replace(reading, sizes=dict(zip(names, chosen, strict=True)))

    def _inner_names(self, reading: Reading) -> list[str]:
        bound = {r.index for n in walk(self.read.right) if isinstance(n, Sum) for r in n.ranges}
        left = reading.left
        bound |= {n.base for n in (left.subs or ()) if isinstance(n, Ref)} if left else set()
        known = {letter[0] for letter in reading.letters}
        return [n for n in sorted(self.scalars()) if n not in bound | known]

    def _size_options(self, name: str, reading: Reading) -> list[str]:
        """Return what a letter may stand for: as a limit of a sum the length of its axis."""
        natural = [*dict.fromkeys(natural_lengths(name, self.read.right, reading, self.cases[0]))]
        others = self.sizes.named(name, MOST)
        return [*dict.fromkeys([*natural[:2], *others])][: 3 if natural else MOST]


Lengths = Mapping[str, int]
"""The lengths of axes, by what they are."""


def _without_n(tags: Tags) -> Tags:
    return tuple(t for t in tags if t != "n")


def _left_out(order: Tags, lengths: Lengths) -> int:
    """Return how many axes that are longer than 1 have no index, whole images aside."""
    is_whole = not any(tag in POSITIONS for tag in order)
    return sum(
        size > 1
        for tag, size in lengths.items()
        if tag not in (*order, "n", "-") and not (is_whole and tag in POSITIONS)
    )


def _is_whole(node: Node) -> bool:
    return isinstance(node, Ref) and node.subs is None and (node.base == "W" or node.grad)


def _is_weight(node: Node) -> bool:
    if isinstance(node, Transposed):
        return _is_weight(node.body)
    return (
        isinstance(node, Ref) and node.subs is None and node.base in ("w", "W", "V", "U", "theta")
    )


def _compares(node: Node) -> bool:
    return any(isinstance(n, Bracket) for n in walk(node))


def _by_rank(options: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Run over choices of one option each, those with likelier options first."""
    most = 4_000
    while _count(options) > most:
        longest = max(range(len(options)), key=lambda n: len(options[n]))
        options = [o[:-1] if n == longest else o for n, o in enumerate(options)]
    ranked = sorted(
        product(*map(range, map(len, options))),
        key=lambda ranks: (sum(ranks), max(ranks, default=0)),
    )
    for ranks in ranked:
        yield tuple(own[rank] for own, rank in zip(options, ranks, strict=True))


def _count(options: Sequence[Sequence[Any]]) -> int:
    made = 1
    for own in options:
        made *= len(own)
    return made
