r"""Letters that pdflatex has no key for, as it composes them: \H{o}, \L{}, $\alpha$.

What its usual fonts cannot print at all stands as its code point, [U+5377].
"""
# ruff: noqa: RUF001, RUF002  # characters that look alike are the point

from __future__ import annotations

import unicodedata

from symcnn.formula.signs import SIGNS

_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
}
_LETTERS = {"Ł": r"\L{}", "ł": r"\l{}", "Œ": r"\OE{}", "œ": r"\oe{}", "ı": r"\i{}"}
_GREEK = {
    sign.text: command
    for command, sign in SIGNS.items()
    if command[0] == "\\" and len(sign.text) == 1 and "GREEK" in unicodedata.name(sign.text)
}
_DOTTED = {"i": r"\i", "j": r"\j"}
"""The letters whose dot gives way to an accent."""


def composed(character: str) -> str | None:
    r"""Return a letter of any alphabet for pdflatex; None for what has no Latin or Greek base.

    >>> composed("ő"), composed("Ł"), composed("α"), composed("卷")
    ('\\H{o}', '\\L{}', '$\\alpha$', None)
    """
    if character in _LETTERS:
        return _LETTERS[character]
    if character in _GREEK:
        return f"${_GREEK[character]}$"
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii():
        return rf"\{_ACCENTS[marks[0]]}{{{_DOTTED.get(base, base)}}}"
    return None
