r"""The letters of entries, however they are typed: w^(2)_1, w₁⁽²⁾, w2_1, w_{1}^{(2)}.

A letter has what stands above the line and what stands below it. Digits right behind the letter are
its indices, as in z11; where there are indices besides, they are what stands above, as in w2_1.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import decomposition, name, normalize

_LONGEST = 200
"""The characters of a name that is looked at."""

_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_SILENT = re.compile(r"\\(?:left|right|mathrm|mathit|,|;|:|!| )|[\\${}\s*]")
_PARTS = re.compile(r"(?P<base>[A-Za-z]+)(?P<behind>[0-9(),]*)(?P<rest>(?:[\^_][^\^_]*)*)")
_RAISED_FIRST = re.compile(r"\(([0-9]+)\)(.*)")
_NO_SIGN = re.compile(r"[^A-Za-z0-9]")


class Letter(NamedTuple):
    """A letter with its indices.

    Attributes:
        base: The letter itself: delta.
        above: What stands above the line, without parentheses: z2.
        below: Its indices: 11, or 1,10.
    """

    base: str
    above: str
    below: str

    @property
    def joined(self) -> str:
        """All of its signs, one after the other."""
        return f"{self.base}{self.above}{self.indices}"

    @property
    def indices(self) -> str:
        """The indices without commas."""
        return self.below.replace(",", "")


def letter(text: str) -> Letter | None:
    """Read a letter, however it is typed; None for what is none.

    >>> letter("w₁⁽²⁾") == letter("w^(2)_1") == letter("w2_1") == letter(r"w_{1}^{(2)}")
    True
    >>> letter("δᶻ₁₁"), letter("z11")
    (Letter(base='delta', above='z', below='11'), Letter(base='z', above='', below='11'))
    """
    return _letter(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=2**13)  # the letters of a problem are read for each hand-in
def _letter(text: str) -> Letter | None:
    found = _PARTS.fullmatch(keyed(text))
    if found is None:
        return None
    above, below = _beside(found["rest"])
    behind = found["behind"]
    if raised := _RAISED_FIRST.fullmatch(behind):
        above, behind = f"{raised[1]}{above}", raised[2]
    if behind and below and not above:
        above, behind = behind, ""
    if behind and below:
        return None
    return Letter(found["base"], _NO_SIGN.sub("", above), (behind or below).strip("(),"))


def is_marked(text: str) -> bool:
    """Tell whether signs say what is above the line and what below: in w^(2)_1, but not in w21."""
    return re.search(r"[\^_()]", keyed(text)) is not None


def quotient(text: str) -> tuple[str, str] | None:
    r"""Return what a derivative is of, and with respect to what: dL/dw_1, ∂L/∂w₁.

    >>> quotient("∂L/∂w₂₃"), quotient(r"\frac{\partial L}{\partial w_{23}}"), quotient("w_23")
    (('L', 'w_23'), ('L', 'w_23'), None)
    """
    if len(text) > _LONGEST:
        return None
    above, slash, below = keyed(_FRACTION.sub(r"\1/\2", text)).partition("/")
    if not slash or not above.startswith("d") or not below.startswith("d"):
        return None
    return above[1:], below[1:].strip("()") if below.startswith("d(") else below[1:]


def keyed(text: str) -> str:
    """Return a text in the signs that keyboards have: delta^z_11 for δᶻ₁₁."""
    made, line = "", ""
    for sign in text:
        kind, _, _ = decomposition(sign).partition(" ")
        mark = {"<super>": "^", "<sub>": "_"}.get(kind, "")
        made += (mark if mark != line else "") + _plain(sign)
        line = mark
    plain = re.sub(r"\\partial(?![a-zA-Z])|\u2202", "d", made)
    return _SILENT.sub("", plain)


def _plain(sign: str) -> str:
    made = normalize("NFKD", sign)
    return "".join("hat" if part == "\u0302" else _named(part) for part in made)


def _named(sign: str) -> str:
    said = name(sign, "")
    is_greek = said.startswith("GREEK ") and "LETTER" in said
    return said.split()[-1].lower() if is_greek else sign


def _beside(rest: str) -> tuple[str, str]:
    """Return what stands above the line, and what stands below it."""
    above, below = list[str](), list[str]()
    for mark, part in re.findall(r"([\^_])([^\^_]*)", rest):
        (above if mark == "^" else below).append(part)
    return "".join(above), ",".join(below)
