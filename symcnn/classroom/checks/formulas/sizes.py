"""What letters for sizes may stand for: limits of sums, factors such as 1/N, strides."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.classroom.checks.formulas.cases import Case

_WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("s", "S", "stride"), ("the stride", "the smooth")),
    **dict.fromkeys(("p", "P", "pad", "padding"), ("the padding",)),
    **dict.fromkeys(("d", "D", "dilation"), ("the dilation",)),
    **dict.fromkeys(("N", "M", "B", "n", "m", "T"), ("the number of samples", "the number")),
    **dict.fromkeys(("H", "h", "M", "I", "R"), ("the height", "the length")),
    **dict.fromkeys(("W", "w", "J", "V", "S"), ("the width", "the length")),
    **dict.fromkeys(
        ("k", "K", "F", "f", "r", "R"), ("the kernel", "the pool", "the height of", "the length of")
    ),
    **dict.fromkeys(
        ("C", "c", "D"), ("the number of channels", "the number of inputs", "the number of")
    ),
    **dict.fromkeys(
        ("H", "D", "d", "K", "C", "n", "N", "m"), ("the number of entries", "the number")
    ),
    "A": ("the number of entries of a window", "the number of positions"),
    "epsilon": ("the epsilon", "the smooth"),
    "eps": ("the epsilon", "the smooth"),
    "alpha": ("the alpha", "the slope", "the rate"),
    "a": ("the alpha", "the slope"),
    "lambda": ("the l2", "the alpha"),
}
_ALSO: dict[str, tuple[str, ...]] = {
    "N": ("the number of samples", "the number of entries", "the number"),
    "H": ("the height", "the length", "the number of entries"),
    "K": ("the kernel", "the pool", "the height", "the number"),
    "k": ("the kernel", "the pool", "the height", "the number"),
    "D": ("the number of features", "the number of entries", "the dilation", "the number"),
    "d": ("the number of features", "the number of entries", "the dilation", "the number"),
    "C": ("the number of channels", "the number of outputs", "the number of entries"),
    "n": ("the number of entries", "the number of samples", "the number"),
    "m": ("the number of samples", "the number of entries", "the number"),
    "M": ("the number of samples", "the number"),
}

_SAMPLES = "the number of samples"
_FEATURES = "the number of features of"
_ALWAYS = ("the stride", "the padding", "the dilation", _SAMPLES)
"""Sizes that may be meant even where others have the same numbers."""

Vector = tuple[float, ...]


class Sizes:
    """The numbers of a few cases, with those left out that are the same in all of them."""

    def __init__(self, cases: Sequence[Case]) -> None:
        """Take the cases."""
        self._has_samples = bool(cases) and cases[0].base.batch not in (None, 1)
        known = [case.sizes for case in cases]
        shared = (
            [word for word in known[0] if all(word in sizes for sizes in known)] if known else []
        )
        self._words = dict[str, Vector]()
        seen = set[Vector]()
        for word in shared:
            vector = tuple(sizes[word] for sizes in known)
            if vector not in seen or word in _ALWAYS or word.startswith(_FEATURES):
                seen.add(vector)
                self._words[word] = vector

    def named(self, name: str, most: int) -> list[str]:
        """Return what a letter may stand for, the likeliest first."""
        first = name.split("_")[0]
        own = _ALSO.get(first, _WORDS.get(first, ()))
        liked = [word for start in own for word in self._words if word.startswith(start)]
        axis = {"h": ("height",), "H": ("height",), "w": ("width",), "W": ("width",)}
        hinted = axis.get(name.partition("_")[2][:1], ())
        liked.sort(key=lambda word: not any(hint in word for hint in hinted))
        if own and own[0] in ("the stride", "the padding", "the epsilon", "the alpha"):
            return list(dict.fromkeys(liked))[:most] or [own[0]]
        are_meant = self._has_samples or _SAMPLES in own  # there is one, and any letter would do
        found = dict.fromkeys([*liked, *self._words])
        return [word for word in found if word != _SAMPLES or are_meant][:most]
