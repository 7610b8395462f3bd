r"""Sentences as LaTeX: words that mean no command, formulas and links."""

from __future__ import annotations

import re
import unicodedata
from string import ascii_uppercase

from symcnn.document.blocks import Reference, Text
from symcnn.document.pages.latex_letters import composed
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
from symcnn.writing.formula.width import width

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
