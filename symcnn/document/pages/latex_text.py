r"""Sentences as LaTeX: words that mean no command, formulas and links.

Letters that pdflatex has no key for are composed: \H{o}, \L{}, $\alpha$. What its usual fonts
cannot print at all stands as its code point, [U+5377].
"""
# ruff: noqa: RUF001, RUF002  # characters that look alike are the point

from __future__ import annotations

import re
import unicodedata
from string import ascii_uppercase

from symcnn.document.blocks import Reference, Text
from symcnn.document.words.sentences import (
    APOSTROPHE,
    CLOSING,
    NO_BREAK,
    OPENING,
    is_high,
    pieces,
    quoted,
    runs,
    written,
)
from symcnn.writing.formula import Formula
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.signs import SIGNS
from symcnn.writing.formula.width import width

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


_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    **{OPENING: "``", CLOSING: "''", APOSTROPHE: "'"},
    **{character: f"\\{character}" for character in "#$%&_"},
}

_NEXT = r",\allowbreak\; "

_CASES = 250.0
"""A formula with cases or a box that is narrower is not broken, in points."""

_LETTER = 5.4
"""The width of a letter in a word, in points."""

_SET = {
    **dict.fromkeys(ascii_uppercase, 7.9),
    **{"M": 9.2, "W": 10.3, "m": 8.4, "w": 7.3, " ": 3.4},
    **dict.fromkeys("ijl.,:;'", 3.1),
    **dict.fromkeys("frst()[]-", 4.0),
    **dict.fromkeys("cezago0123456789", 5.0),
}
_OTHER = 5.6
"""The widths of Computer Modern's letters at 10 points, rounded up, and of those not listed."""


def sentence(text: Text, *, linked: bool = True) -> str:
    """Print words, formulas and links.

    Args:
        text: The sentence.
        linked: Whether web addresses are links.
    """
    return "".join(written(text, _formula, _words, _link, _linked if linked else _address))


def _formula(made: Formula) -> str:
    r"""Print a formula; TeX breaks none at a comma of its own accord, but at a sign of equality."""
    shown = f"${_NEXT.join(map(latex, runs(made)))}$"
    is_whole = is_high(made) and len(made.parts) > 1 and width(made) < _CASES
    return f"\\mbox{{{shown}}}" if is_whole else shown


def _words(words: str) -> str:
    return escaped(quoted(words))


def _link(reference: Reference) -> str:
    if reference.kind == "equation":
        return rf"\eqref{{{reference.target}}}"
    words = reference.words
    unbroken = f"\\mbox{{{words}}}" if " " in words else words
    return f"\\hyperlink{{{reference.target}}}{{{unbroken}}}"


def _linked(url: str) -> str:
    target = re.sub("[#%&$]", r"\\\g<0>", url)
    return rf"\href{{{target}}}{{{_address(url)}}}"


def _address(url: str) -> str:
    """Print a web address, which is broken behind its signs alone."""
    return r"\allowbreak{}".join(rf"\mbox{{{escaped(piece)}}}" for piece in pieces(url))


def bookmark(title: Text) -> str:
    r"""Return a heading without formulas: gamma for \gamma, z^(2) for z^{(2)}."""
    letters = "".join(written(title, lambda f: re.sub(r"[\\{}]", "", latex(f)), str))
    return escaped(letters)


def length(text: Text) -> float:
    """Estimate the width of a sentence in one line, in points."""
    return sum(written(text, width, lambda words: _LETTER * len(words)))


def natural(text: Text) -> float:
    """Return the width that a sentence takes in one line, in points, or a little more."""
    return sum(written(text, width, lambda words: sum(_SET.get(c, _OTHER) for c in words)))


def escaped(text: str) -> str:
    """Return text that LaTeX prints as it stands.

    A character that pdflatex has no glyph for is printed by its code point.
    """
    return "".join(map(_character, text))


def as_title(text: str) -> str:
    """Return text for what a PDF says of itself, which has every letter."""
    shown = (_ESCAPES.get(c, c) if c.isascii() and not c.isspace() else c for c in text)
    return "".join(c if len(c) > 1 or c.isprintable() else " " for c in shown)


def unprinted(text: str) -> str:
    """Return the characters that are printed by their code points, each once."""
    return "".join(c for c in dict.fromkeys(text) if _character(c) == f"[U+{ord(c):04X}]")


def _character(character: str) -> str:
    if character.isspace():
        return "~" if character == NO_BREAK else " "
    if "!" <= character <= "~" or character in _ESCAPES:
        return _ESCAPES.get(character, character)
    if "\u00c0" <= character <= "\u00ff" and character not in "ÐðÞþ":
        return character
    if (letter := composed(character)) is not None:
        return letter
    folded = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return escaped(folded) if folded.isprintable() and folded else f"[U+{ord(character):04X}]"
