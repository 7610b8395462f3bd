"""Names of commands of TeX, which are letters alone: conv12.weight becomes ConvTwelveWeight."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

_SMALL = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    *("Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen"),
    *("Eighteen", "Nineteen"),
)
_TENS = ("", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_LARGE = ((1000, "Thousand"), (100, "Hundred"))
_MOST = 10**6
"""From this number on, digits are spelled one by one."""


def spelled(number: int) -> str:
    """Return a number in words, without spaces.

    >>> spelled(0), spelled(12), spelled(305), spelled(41)
    ('Zero', 'Twelve', 'ThreeHundredFive', 'FortyOne')
    """
    if number >= _MOST:
        return "".join(_SMALL[int(digit)] for digit in str(number))
    for size, word in _LARGE:
        if number >= size:
            rest = number % size
            return spelled(number // size) + word + (spelled(rest) if rest else "")
    if number < len(_SMALL):
        return _SMALL[number]
    return _TENS[number // 10] + (_SMALL[number % 10] if number % 10 else "")


def in_letters(name: str) -> str:
    """Return a name in ASCII letters alone: parts are capitalised, and numbers spelled out.

    >>> in_letters("conv12.weight"), in_letters("layer1.0.bn_a"), in_letters("bloc_é")
    ('ConvTwelveWeight', 'LayerOneZeroBnA', 'BlocE')
    """
    pieces = re.findall(r"[0-9]+|[A-Za-z]+", _in_ascii(name))
    return "".join(spelled(int(p)) if p.isdigit() else p[0].upper() + p[1:] for p in pieces)


def _in_ascii(name: str) -> str:
    """Leave accents out, and write other characters by the letters of their code points."""
    plain = (c for c in normalize("NFKD", name) if not combining(c))
    return "".join(c if c.isascii() else f" U{_code(c)} " for c in plain)


def _code(character: str) -> str:
    return "".join(chr(ord("a") + int(digit, 16)) for digit in f"{ord(character):x}")


class Commands:
    """Gives commands names, each only once."""

    def __init__(self, prefix: str = "") -> None:
        """Take what all names begin with."""
        self._prefix, self._taken = prefix, set[str]()

    def fresh(self, kind: str, name: str) -> str:
        r"""Return a command such as \gradConvOneWeight; NoTwo and so on follow a name in use."""
        begun = self._prefix + (kind[0].upper() + kind[1:] if self._prefix else kind)
        stem, number = begun + in_letters(name), 2
        made = stem
        while made in self._taken:
            made, number = f"{stem}No{spelled(number)}", number + 1
        self._taken.add(made)
        return f"\\{made}"
