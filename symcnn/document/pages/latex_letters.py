r"""Letters that pdflatex has no key for, as it composes them: \H{o}, \L{}, $\alpha$.

What its usual fonts cannot print at all stands as its code point, [U+5377].
"""
# ruff: noqa: RUF001, RUF002  # characters that look alike are the point

from __future__ import annotations

import unicodedata

from symcnn.writing.formula.signs import SIGNS

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
    "\u0328": "k",
}
_LETTERS = {"Ł": r"\L{}", "ł": r"\l{}", "Œ": r"\OE{}", "œ": r"\oe{}", "ı": r"\i{}"} | {
    **{"—": "---", "―": "---", "–": "--", "‒": "--", "‐": "-", "…": r"\dots{}"},
    **{"„": ",,", "‚": ",", "‘": "`", "•": r"$\bullet$", "№": "No.", "€": "EUR", "ẞ": "SS"},
    **{"đ": "d\\llap{\\raise.5ex\\hbox{-}}", "Đ": r"{\rlap{\raise.2ex\hbox{-}}D}"},
    **{"Ð": r"{\rlap{\raise.2ex\hbox{-}}D}", "ð": r"$\partial$", "þ": "th", "Þ": "Th"},
}
"""What pdflatex has, and the nearest to what its usual fonts do not have."""
_FORMULAS = {
    sign.text: command
    for command, sign in SIGNS.items()
    if command[0] == "\\" and len(sign.text) == 1 and not sign.text.isascii()
} | {
    **{"«": r"\ll", "»": r"\gg", "°": r"^\circ", "µ": r"\mu", "ς": r"\varsigma", "−": "-"},
    **{"¹": "^1", "²": "^2", "³": "^3", "½": r"\frac12", "¼": r"\frac14", "¾": r"\frac34"},
}
"""Signs that only formulas have."""

OGONEK = r"""\expandafter\def\csname OT1\string\k\endcsname#1{{\ooalign{#1\crcr
  \hss\lower.48ex\hbox{$\scriptscriptstyle\lhook$}%
  \kern\ifx e#1.15ex\else\ifx U#1.5ex\else0pt\fi\fi\crcr}}}
"""
r"""What \k{a} is in TeX's usual fonts, which lack an ogonek: a hook at the foot of the letter."""

_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
"""Greek letters that are printed as Latin ones, as TeX's formulas have them."""

_GREEK_ACCENTS = {"\u0301": "acute", "\u0308": "ddot", "\u0300": "grave", "\u0342": "tilde"}
_DOTTED = {"i": r"\i", "j": r"\j"}
"""The letters whose dot gives way to an accent."""


def composed(character: str) -> str | None:
    r"""Return a letter of any alphabet for pdflatex; None for what has no Latin or Greek base.

    >>> composed("ő"), composed("Ł"), composed("α"), composed("卷")
    ('\\H{o}', '\\L{}', '$\\alpha$', None)
    """
    if character in _LETTERS:
        return _LETTERS[character]
    if character in _FORMULAS:
        return f"${_FORMULAS[character]}$"
    if character in _LATIN:
        return _LATIN[character]
    base, *marks = list(unicodedata.normalize("NFD", character))
    if marks and marks[-1] in _GREEK_ACCENTS and (letter := composed(base)) and not base.isascii():
        return rf"$\{_GREEK_ACCENTS[marks[-1]]}{{{letter.strip('$')}}}$"
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii():
        return rf"\{_ACCENTS[marks[0]]}{{{_DOTTED.get(base, base)}}}"
    return None
