r"""What letters look like: of tensors, of their derivatives \delta^{z}, of maxima R^{p}."""

from __future__ import annotations

import re

PARTIAL = re.compile(r"\\frac\{\\partial L\}\{\\partial (.*)\}", re.DOTALL)
"""A derivative, and what it is taken with respect to."""

MOVED = re.compile(r"(.*) - \\eta \\frac\{\\partial L\}\{\\partial \1\}", re.DOTALL)
"""A weight after a step, and the one whose derivative was subtracted."""

SLICE = re.compile(r"(.*?)(?:_\{((?:\\cdot|\d|,| )*)\})?", re.DOTALL)
"""A tensor or a matrix of it, and its places."""

_INDICES = re.compile(r"_\{[a-z, ]*\}$")
_LETTER = re.compile(
    r"((?:\\hat\{[a-z]\}|\\(?!delta|frac)[a-z]+|[a-zA-Z])(?:\^\{\(\d+\)\})?)(?:_\{([a-z, ]*)\})?"
)


def lettered(entry: str) -> tuple[str, list[str]] | None:
    r"""Return the letter of an entry such as \mu_{k}, and its indices."""
    found = _LETTER.fullmatch(entry)
    return (found[1], re.findall("[a-z]", found[2] or "")) if found else None


def shaped(symbol: str, shape: str) -> tuple[str, tuple[int, ...]]:
    """Return the letter of z_{ij}, and the sizes of 2 x 3."""
    letter = _INDICES.sub("", symbol.strip())
    return letter, tuple(int(n) for n in re.findall(r"\d+", shape))


def axes_of(symbol: str, shape: str) -> dict[str, int]:
    """Return how many values i and j have in z_{ij} of 2 x 1 x 3: an axis of length 1 has none."""
    found, (_, sizes) = _INDICES.search(symbol.strip()), shaped(symbol, shape)
    names, longer = re.findall("[a-z]", found[0] if found else ""), [n for n in sizes if n > 1]
    return dict(zip(names, longer, strict=True)) if len(names) == len(longer) else {}


def adjoint(letter: str) -> str:
    r"""Return the letter of the derivative: \delta^{z(2)} for z^{(2)}."""
    return rf"\delta^{{{_raised(letter)}}}"


def routing(letter: str) -> str:
    """Return the letter of who answers for a maximum: R^{p(2)} for p^{(2)}."""
    return f"R^{{{_raised(letter)}}}"


def _raised(letter: str) -> str:
    """Return a letter as it stands above another one."""
    return re.sub(r"\^\{(\(\d+\))\}", r"\1", letter)
