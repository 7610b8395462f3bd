"""An edit of a formula, and what edits are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from symcnn.classroom.checks.formulas.axes import Tags
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.letters import Letters
from symcnn.classroom.checks.formulas.meaning import Quantity, Reading, letter_of, samples_in
from symcnn.classroom.checks.formulas.printing import written
from symcnn.classroom.checks.formulas.spelling import LAYERS
from symcnn.classroom.checks.formulas.tree import Node, Put, Ref, exchanged, nodes, places, summed


@dataclass(frozen=True)
class Edit:
    """Another formula.

    Attributes:
        name: The kind of mistake in a few words.
        sentence: What is wrong, in a sentence.
        formula: The mended formula.
        reading: How it is read: letters that are new in it are bound.
    """

    name: str
    sentence: str
    formula: Node
    reading: Reading


Changes = Iterator[tuple[Any, ...]]
"""Names of mistakes, each with a sentence, another part, and a reading if that is another."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A formula that is to be mended."""

    formula: Node
    reading: Reading
    letters: Letters
    case: Case
    latex: bool

    def written(self, node: Node) -> str:
        """Return a part as it is written."""
        return written(node, self.latex)

    @cached_property
    def samples(self) -> frozenset[str]:
        """The letters of samples."""
        return samples_in(self.formula, self.reading.left)

    def quantity(self, ref: Ref) -> Quantity | None:
        """Return what a letter of the formula stands for."""
        return self.reading.letters.get(letter_of(ref, self.samples))

    def is_tensor(self, node: Node) -> bool:
        """Tell whether a part is a letter that stands for a tensor."""
        return isinstance(node, Ref) and self.quantity(node) is not None

    def tags(self, ref: Ref) -> Tags:
        """Return the axes of what a letter stands for."""
        quantity = self.quantity(ref)
        return self.case.tags.get(quantity.name, ()) if quantity is not None else ()

    def refs(self) -> Iterator[Ref]:
        """Run over the letters that stand for tensors, each once."""
        yield from dict.fromkeys(ref for ref in nodes(Ref, self.formula) if self.quantity(ref))

    @property
    def left_indices(self) -> list[str]:
        """The free indices."""
        left = self.reading.left
        return [name for name in (left.indices if left else ()) if name not in LAYERS]

    @property
    def taken(self) -> set[str]:
        """All letters of the formula."""
        left = (self.reading.left,) if self.reading.left else ()
        return {n.base for n in nodes(Ref, self.formula, *left)} | {*summed(self.formula)}

    def axes(self, name: str) -> Tags:
        """Return the axes of a tensor that have an index."""
        return tuple(tag for tag in self.case.tags[name] if tag != "-")

    def edit(self, name: str, sentence: str, formula: Node, reading: Reading | None = None) -> Edit:
        """Return an edit of this formula."""
        return Edit(name, sentence, formula, reading or self.reading)

    def each(
        self,
        rule: Callable[[Draft, Node], Iterable[tuple[Any, ...]]],
        at: Callable[[Node], Iterable[tuple[Node, Put]]] = places,
    ) -> Iterator[Edit]:
        """Run over what a rule makes of each part of the formula.

        Args:
            rule: Gives names of mistakes, sentences, what stands in the place of a part, and how
                the formula is then read, if otherwise. A sentence that ends with a colon is told
                with the part and what it has to be.
            at: Gives the parts.
        """
        for node, put in at(self.formula):
            for name, sentence, new, *reading in rule(self, node):
                yield self.edit(name, self.told(sentence, node, new), put(new), *reading)

    def told(self, sentence: str, old: Node, new: Node) -> str:
        """Return a sentence with what stands there and what has to, if it ends with a colon."""
        shown = f" {self.written(old)} has to be {self.written(new)}"
        return sentence + (shown if sentence.endswith(":") else "")

    def exchanged(
        self, name: str, sentence: str, new: Mapping[Ref, Ref], *reading: Reading
    ) -> Iterator[Edit]:
        """Return the formula with other letters, if any is different."""
        made = exchanged(self.formula, new)
        if made != self.formula:
            shown = [(self.written(a), self.written(b)) for a, b in new.items() if a != b]
            old, then = (" and ".join(texts) for texts in zip(*shown[:2], strict=True))
            yield self.edit(name, f"{sentence} {old} has to be {then}", made, *reading)

    def with_letter(self, base: str, quantity: Quantity) -> tuple[str, Reading]:
        """Return a letter for a tensor, which may be new, and how the formula is read with it."""
        for (own, upper, grad), known in self.reading.letters.items():
            if known == quantity and not upper and not grad:
                return own, self.reading
        base = base.partition("^")[0]
        name = self.fresh((base, base.upper(), base + "'", base + "''"))
        letters = {**self.reading.letters, (name, (), False): quantity}
        return name, replace(self.reading, letters=letters)

    def with_size(self, word: str) -> tuple[str, Reading]:
        """Return a letter for a size, and how the formula is read with it."""
        for own, known in self.reading.sizes.items():
            if known == word:
                return own, self.reading
        usual = next((letters for start, letters in _USUAL.items() if start in word), ["N"])
        name = self.fresh((*usual, *"NMQRTDG", "N'"))
        return name, replace(self.reading, sizes={**self.reading.sizes, name: word})

    def fresh(self, names: Sequence[str]) -> str:
        """Return the first name that no letter of the formula has, or else the last."""
        taken = self.taken
        return next((name for name in names if name not in taken), names[-1])


_USUAL = {
    **{"samples times": "M", "of samples": "NBm", "stride": "sS", "padding": "pP"},
    **{"dilation": "dD", "height": "HhI", "width": "WJ", "length": "nT", "channels": "CD"},
    **{"kernel": "Kk", "filters": "FK", "outputs": "KM", "inputs": "Cn"},
    **{"epsilon": "epsilon", "window": "A"},
}
"""The usual letters for sizes, by what is in their names."""
