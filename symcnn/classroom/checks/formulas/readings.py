"""The ways to read a formula: letters, axes, sizes, the first index, and what * is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Any

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags, orders
from symcnn.classroom.checks.formulas.entries import CONSTANTS
from symcnn.classroom.checks.formulas.letters import Letters
from symcnn.classroom.checks.formulas.meaning import (
    Key,
    Letter,
    Quantity,
    Reading,
    is_sample,
    key_of,
    letter_of,
)
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.tree import (
    WHOLE,
    Bin,
    Bracket,
    Entry,
    Node,
    Num,
    Range,
    Ref,
    Transposed,
    names_in,
    nodes,
    number,
    rebuilt,
    size_name,
    summed,
)
from symcnn.classroom.checks.formulas.uses import MOST, Uses, natural_lengths

Lengths = Mapping[str, int]
"""The lengths of axes, by what they are."""


class Readings(Uses):
    """The ways to read one formula, the likeliest first."""

    def __iter__(self) -> Iterator[Reading]:
        """Run over the readings."""
        for left in self.lefts():
            for layer in self.layers(left):
                yield from self._of_letters(left, layer)

    def _of_letters(self, left: Ref | None, layer: int | None) -> Iterator[Reading]:
        uses, scalars = self.uses(left), self.scalars()
        options = list[list[Quantity | None]]()
        for letter, refs in uses.items():
            options.append(self.options(letter, refs, layer, scalars))
            if not options[-1]:
                return
        for chosen in _by_rank(options):
            pairs = [*zip(uses, chosen, strict=True)]
            bound = {letter: q for letter, q in pairs if q is not None}
            named = [size_name(uses[letter][0]) for letter, q in pairs if q is None]
            sizes = [name for name in named if name not in CONSTANTS]
            for reading in self._of_orders(left, bound, sizes):
                yield replace(reading, layer=layer)

    def _keys(self, left: Ref | None, bound: Mapping[Letter, Quantity]) -> dict[Key, Lengths]:
        """Return the kinds of tensors with indices, each with the lengths of the axes."""
        pairs = [(r, bound[k]) for r in self.refs if (k := letter_of(r, self.samples)) in bound]
        if left is not None:
            pairs.insert(0, (left, self.letters.target))
        found = dict[Key, Lengths]()
        for (ref, quantity), case in product(pairs, self.cases):
            tags = case.tags.get(quantity.name)
            if tags is None or quantity.kind == "identity":
                continue
            key = key_of(ref, tags, self.samples)
            lengths = dict(
                zip(tags, map(int, case.network.tensors[quantity.name].shape), strict=True)
            )
            if ref.subs:
                found.setdefault(key, lengths)
            elif key[0] == ("o", "i") and self._is_matrix:
                found.setdefault((key[0], 2, False), lengths)
        return found

    @cached_property
    def _is_matrix(self) -> bool:
        is_whole = any(r.subs is None and (r.base == "W" or r.grad) for r in self.refs)
        return is_whole or self._has(Transposed) or self._has(Entry)

    def _has(self, kind: type[Node]) -> bool:
        return any(nodes(kind, self.read.right))

    def _of_orders(
        self, left: Ref | None, bound: Mapping[Letter, Quantity], named: list[str]
    ) -> Iterator[Reading]:
        groups = dict[Key, list[Key]]()
        lengths = self._keys(left, bound)
        for key in lengths:
            tags, count, sampled = key
            own = tuple(tag for tag in tags if tag != "n")
            groups.setdefault((own, count, sampled), []).append(key)
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
        if widest[0] == ("o", "i") and not self._may_turn():
            found = found[:1]
        found.sort(key=lambda order: _left_out(order, lengths[keys[0]]))
        made = [tuple((key, order) for key in keys if {*order} <= {*key[0]}) for order in found[:8]]
        return [pairs for pairs in made if pairs] or [()]

    def _is_for_each(self, left: Ref | None, chosen: Sequence[Tags]) -> bool:
        """Tell whether no index stands for the sample, neither above nor below."""
        above = (n for r in (*self.refs, *([left] if left else [])) for n in r.upper)
        sampled = any(is_sample(n, self.samples) for n in above)
        return not sampled and not any("n" in order for order in chosen)

    def _may_turn(self) -> bool:
        """Tell whether w may be numbered (input, output): of its own gradient, or W on the right.

        Samples in rows and a weight (input, output) go together, as in x W; W x does not.
        """
        about = self.letters.target
        products = (n for n in nodes(Bin, self.read.right) if n.op == "*")
        is_right = any(_is_weight(n.right) and not _is_weight(n.left) for n in products)
        return self.letters.network.tensors[about.name].role == "parameter" or is_right

    def _bases(self) -> list[Any]:
        ranges = [*nodes(Range, self.read.right)]
        lowers = {r.lower.value for r in ranges if isinstance(r.lower, Num)}
        subs = [sub for ref in self.refs for sub in ref.below]
        subs += [sub for entry in nodes(Entry, self.read.right) for sub in entry.subs]
        shifted = any(not isinstance(sub, Ref) for sub in subs)  # then the first index matters
        limited = any(r.lower or r.upper for r in ranges)
        if lowers == {0} or not (shifted or limited or self._has(Bracket)):
            return [(0, 0)]
        if lowers == {1}:
            return [(1, 1), (0, 1)]
        return [(0, 0), (1, 1), (0, 1), (1, 0)] if lowers else [(0, 0), (1, 1)]

    def _stars(self) -> list[Any]:
        signs = {n.sign for n in nodes(Bin, self.read.right) if n.op == "star"}
        plain = signs & {"*", "circledast"}
        if "star" in signs and plain:
            return ["convolution", "correlation"]
        return ["correlation", "convolution"] if plain else ["correlation"]

    def _rows(self) -> list[Any]:
        return [False, True] if self._is_matrix else [False]

    def _centres(self) -> list[Any]:
        lowers = [r.lower for r in nodes(Range, self.read.right) if r.lower is not None]
        is_negative = any(not isinstance(lower, Num | Ref) for lower in lowers)
        return [False, True] if is_negative else [False]

    def _of_sizes(self, reading: Reading, named: list[str]) -> Iterator[Reading]:
        names = [*dict.fromkeys([*named, *self._inner_names(reading)])]
        options = [self._size_options(name, reading) for name in names]
        for chosen in islice(_by_rank(options), 60):
            yield replace(reading, sizes=dict(zip(names, chosen, strict=True)))

    def _inner_names(self, reading: Reading) -> list[str]:
        below = reading.left.below if reading.left else ()
        bound = {*summed(self.read.right), *(n.base for n in below if isinstance(n, Ref))}
        return sorted(self.scalars() - bound - {letter[0] for letter in reading.letters})

    def _size_options(self, name: str, reading: Reading) -> list[str]:
        """Return what a letter may stand for: as a limit of a sum the length of its axis."""
        natural = [*dict.fromkeys(natural_lengths(name, self.read.right, reading, self.cases[0]))]
        others = self.sizes.named(name, MOST)
        return [*dict.fromkeys([*natural[:2], *others])][: 3 if natural else MOST]


def _left_out(order: Tags, lengths: Lengths) -> int:
    """Return how many axes that are longer than 1 have no index, whole images aside."""
    is_whole = not any(tag in POSITIONS for tag in order)
    known = {*order, "n", "-", *(POSITIONS if is_whole else ())}
    return sum(size > 1 for tag, size in lengths.items() if tag not in known)


def own_readings(read: Read, letters: Letters) -> Iterator[tuple[Read, Reading]]:
    """Run over the readings in the network's own notation, from 1 and from 0, if it is in that."""
    if read.left is None:
        return
    shapes = {name: tensor.shape for name, tensor in letters.network.tensors.items()}
    axes = {key: sum(n != 1 for n in shapes[name]) for key, name in letters.labels.items()}

    def with_all_indices(node: Node) -> Node:
        """Part the indices of x_{1c}, which are none of 1 c where x has two."""
        if not isinstance(node, Ref) or len(node.below) == axes.get(letter_of(node, _NONE)[:2]):
            return node
        parted = tuple(part for sub in node.below for part in _parted(sub))
        return replace(node, subs=parted) if parted else node

    left, right = (
        rebuilt(letters.with_gradients(side, layers=True), with_all_indices)
        for side in (read.left, read.right)
    )
    assert isinstance(left, Ref)  # a letter stays one
    indices = {*summed(right), *names_in(*left.below), *(own.index for own in read.ranges)}
    bound = dict[Letter, Quantity]()
    for ref in nodes(Ref, right):
        key = letter_of(ref, _NONE)
        name = letters.labels.get(key[:2])
        if name is not None and not (ref == Ref(ref.base) and ref.base in indices):
            bound[key] = Quantity(name, "gradient" if ref.grad else "value")
        elif ref != WHOLE and ref.base not in {*indices, *CONSTANTS, "epsilon"}:
            return
    lowers = [own.lower for own in read.ranges]
    for base in (1, 0):
        if number(1 - base) not in lowers:
            yield read._replace(left=left, right=right), Reading(
                bound, {}, {"epsilon": "the epsilon"}, base, base, star="convolution",
                left=left, target=letters.target, own=True, ranges=read.ranges,
            )  # fmt: skip


def _parted(index: Node) -> Iterator[Node]:
    """Run over indices that stand side by side."""
    if isinstance(index, Bin) and index.op == "*" and isinstance(index.left, Num):
        yield from _parted(index.left)
        yield index.right
    elif isinstance(index, Num):
        yield from map(number, str(index.value))
    else:
        yield index


_NONE = frozenset[str]()
_WEIGHTS = ("w", "W", "V", "U", "theta")


def _is_weight(node: Node) -> bool:
    if isinstance(node, Transposed):
        return _is_weight(node.body)
    return isinstance(node, Ref) and node.subs is None and node.base in _WEIGHTS


def _by_rank(options: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Run over choices of one option each, those with likelier options first."""
    while prod(map(len, options)) > 4_000:
        longest = max(range(len(options)), key=lambda n: len(options[n]))
        options = [o[:-1] if n == longest else o for n, o in enumerate(options)]
    ranked = sorted(
        product(*map(range, map(len, options))),
        key=lambda ranks: (sum(ranks), max(ranks, default=0)),
    )
    for ranks in ranked:
        yield tuple(own[rank] for own, rank in zip(options, ranks, strict=True))
