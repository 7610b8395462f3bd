"""What letters for sizes may stand for: limits of sums, factors such as 1/N, strides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.classroom.checks.formulas.cases import Case, length_word
from symcnn.classroom.checks.formulas.entries import NoValueError
from symcnn.classroom.checks.formulas.meaning import Reading
from symcnn.classroom.checks.formulas.tree import Node, Range, Sum, names_in, nodes
from symcnn.classroom.checks.formulas.values import Evaluation

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
    "K k": ("the kernel", "the pool", "the height", _NUMBER),
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
        hint = {"h": "height", "w": "width"}.get(name.partition("_")[2][:1].lower())
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
