"""What the letters of a formula are used for, and what each may stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations

from symcnn.classroom.checks.formulas.axes import Tags, orders
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.entries import samples_in
from symcnn.classroom.checks.formulas.free import free_letters
from symcnn.classroom.checks.formulas.letters import Letters, may_be_size
from symcnn.classroom.checks.formulas.meaning import (
    Letter,
    Quantity,
    is_sample,
    letter_of,
)
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.sizes import Sizes
from symcnn.classroom.checks.formulas.tree import (
    Range,
    Ref,
    Sum,
    names_in,
    walk,
)

MOST = 7
"""The candidates for a letter that are tried."""


class Uses:
    """The letters of one formula."""

    def __init__(self, read: Read, letters: Letters, cases: Sequence[Case]) -> None:
        """Take the formula, what letters stand for, and the cases."""
        self.read, self.letters, self.cases = read, letters, cases
        self.sizes = Sizes(cases)
        self.samples = samples_in(read.right, read.left) | self._free_above()
        self._tags: dict[str, Tags] = {}
        for case in cases:
            for name, tags in case.tags.items():
                if len(tags) > len(self._tags.get(name, ())):
                    self._tags[name] = tags

    def _free_above(self) -> frozenset[str]:
        """Return the letters of samples that stand above, though no left side names them."""
        if self.read.left is not None and (self.read.left.subs or self.read.left.upper):
            return frozenset()
        refs = [n for n in walk(self.read.right) if isinstance(n, Ref)]
        above = {n.base for r in refs for n in r.upper if isinstance(n, Ref)}
        return frozenset(above - {"l", "L", "ell"})

    def lefts(self) -> Iterator[Ref | None]:
        """Run over left sides: the one that is given, or the free indices in some order."""
        free = self.free()
        left = self.read.left
        if left is not None and (left.subs is not None or left.upper or not free):
            yield left
            return
        count = len(free)
        base = left.base if left is not None else "result"
        above = [n for n in free if self._stands_above(n)]
        below = [n for n in free if n not in above]
        uppers = tuple(Ref(n) for n in above)
        for order in islice(permutations(below), 24):
            yield Ref(base, tuple(map(Ref, order)) if order else None, uppers, grad=True)
        if not count:
            yield left

    def _stands_above(self, name: str) -> bool:
        refs = [n for n in walk(self.read.right) if isinstance(n, Ref)]
        above = any(Ref(name) in r.upper for r in refs)
        return above and not any(Ref(name) in (r.subs or ()) for r in refs)

    def free(self) -> list[str]:
        """Return the letters of indices that no sum runs over, in the order in which they occur."""
        return free_letters(self.read.right)

    def layers(self, left: Ref | None) -> list[int | None]:
        """Return what l may stand for, or how far numbered layers are from the network's."""
        texts = {t for n in walk(self.read.right) if isinstance(n, Ref) for t in self._above(n)}
        number, above = self.letters.number, self._above(left) if left else ()
        if any(t.isdecimal() for t in texts):  # how far the numbers are from those of the layers
            return [*(number - int(t) for t in above if t.isdecimal())] or [0, -1]
        if not any(t.startswith("l") for t in texts):
            return [None]
        shift = next((_shift(t) for t in above if t[0] == "l"), None)
        if shift is not None:
            return [number - shift]
        return [number, number + 1, number - 1]

    def _above(self, ref: Ref) -> tuple[str, ...]:
        return letter_of(ref, self.samples)[1]

    def uses(self, left: Ref | None) -> dict[Letter, list[Ref]]:
        """Return the letters that are no indices, each with its occurrences."""
        found = dict[Letter, list[Ref]]()
        bound = {r.index for n in walk(self.read.right) if isinstance(n, Sum) for r in n.ranges}
        bound |= {n.base for n in (left.subs or ()) if isinstance(n, Ref)} if left else set()
        bound |= {n.base for n in left.upper if isinstance(n, Ref)} if left else set()
        for node in walk(self.read.right):
            if isinstance(node, Ref) and not (node.subs is None and node.base in bound):
                found.setdefault(letter_of(node, self.samples), []).append(node)
        return found

    def options(
        self, letter: Letter, refs: list[Ref], layer: int | None, scalars: frozenset[str]
    ) -> list[Quantity | None]:
        """Return what a letter may stand for; None for a size."""
        base, upper, grad = letter
        whole = all(r.subs is None for r in refs) and not any(
            is_sample(n, self.samples) for r in refs for n in r.upper
        )
        is_number = (
            base in scalars or base in ("e", "pi", "epsilon", "eps") or base.startswith("d_")
        )
        if whole and not grad and is_number and base not in self.letters.chosen:
            return [None]
        found: list[Quantity | None] = [
            q for q in self.letters.candidates(letter, layer) if self._fits(q, refs)
        ]
        if base in ("delta", "1", "I") and not grad and all(len(r.subs or ()) == 2 for r in refs):
            found.append(Quantity("", "identity"))
        if whole and not grad and not upper and base not in self.letters.chosen:
            first = self.letters.is_size(base) and base != "W"
            last = may_be_size(base, found) and not first
            found = [*([None] if first else []), *found, *([None] if last else [])]
        return found[:MOST]

    def scalars(self) -> frozenset[str]:
        """Return the letters that stand in limits, in indices and in conditions for them."""
        found = set[str]()
        for node in walk(self.read.right):
            if isinstance(node, Range):
                for limit in (node.lower, node.upper):
                    found |= names_in(limit) if limit is not None else set()
            elif isinstance(node, Ref):
                for sub in node.subs or ():
                    found |= names_in(sub)
            elif isinstance(node, Sum):
                for condition in node.where:
                    found |= names_in(condition)
        return frozenset(found)

    def _fits(self, quantity: Quantity, refs: list[Ref]) -> bool:
        tags = self._tags.get(quantity.name, ())
        for ref in refs:
            sampled = any(is_sample(n, self.samples) for n in ref.upper)
            if sampled and "n" not in tags:
                return False
            if ref.subs and not any(orders(tags, len(ref.subs), sampled)):
                return False
        return True


def _shift(text: str) -> int:
    rest = text[1:].strip()
    return int(rest) if rest[:1] in ("+", "-") and rest[1:].isdecimal() else 0
