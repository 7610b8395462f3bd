r"""The signs of a formula: letters, numbers, operators, commands of LaTeX, words in other fonts.

Commands, signs of Unicode and words such as ``\odot``, ``⊙`` and ``\mathbf{w}`` become the same
signs. Spaces and alignment are left out; nothing is run and no file is read, whatever commands
there are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symcnn.classroom.checks.formulas.spelling import (
    COMMANDS,
    FONTS,
    GREEK,
    IGNORED,
    LAYOUTS,
    LETTERS,
    MARKS,
    PLAIN,
    SAME,
    SIGNS,
    SKIPPED,
    UPRIGHT,
)
from symcnn.errors import SymcnnError, fitted
from symcnn.limits import formulas as limits


class Token(NamedTuple):
    """A sign: letters (``name``), a number (``num``), an operator (``op``), a command (``cmd``).

    A ``word`` is a letter or a word with an accent or in another font, a ``label`` one in upright
    letters; the last sign is the ``end``.
    """

    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"\\(?P<env>begin|end)\s*\{\s*(?P<called>[A-Za-z]*)\*?\s*\}|\\(?P<cmd>[A-Za-z]+|.)"
    r"|(?P<num>\d+\.\d+|\d+|\.\d+)|(?P<name>[A-Za-z]+)"
    r"|(?P<op><=|>=|!=|==|:=|<-|->|\*\*|\.\.\.|\.\.|\.\*|.)",
    re.DOTALL | re.ASCII,
)


def unreadable(text: str, at: int, why: str) -> SymcnnError:
    """Return the mistake in one line: why, where, and what stands there."""
    near = " ".join(text[at : at + 24].split())
    where = f"at character {at + 1}" if near else "at its end"
    return SymcnnError(fitted(f"formula, {where}: {why}" + (", near " if near else ""), near, ""))


def tokens(text: str) -> list[Token]:
    """Return the signs of a formula.

    Raises:
        SymcnnError: If the text is too long, or has a sign that no formula has.
    """
    if len(text) > limits.LETTERS:
        raise SymcnnError(
            f"the formula has {len(text):,} characters, more than the {limits.LETTERS:,} that are "
            "read: give one formula alone"
        )
    found = list[Token]()
    for match in _TOKEN.finditer(text):
        if match[0] not in SKIPPED:
            found += _signs(text, match)
        if len(found) > limits.SIGNS:
            raise SymcnnError(
                f"the formula has more than {limits.SIGNS:,} signs: give one formula alone"
            )
    return [*_aligned(_Words(found).joined()), Token("end", "", len(text))]


def _signs(text: str, match: re.Match[str]) -> list[Token]:
    at, kind = match.start(), match.lastgroup or ""
    if kind == "called":
        return _environment(text, at, match["env"], match["called"])
    written = match[kind]
    if kind == "cmd":
        if written in IGNORED or not written.strip():
            return []
        if written in COMMANDS:
            return [Token("op", COMMANDS[written], at)]
        return [Token("cmd", SAME.get(written, written), at)]
    if kind == "num" and len(written) > limits.DIGITS:
        raise unreadable(text, at, f"a number has more than {limits.DIGITS} digits: shorten it")
    return _operator(text, written, at) if kind == "op" else [Token(kind, written, at)]


def _environment(text: str, at: int, edge: str, name: str) -> list[Token]:
    """Return the begin or the end of cases; environments that only lay a formula out go."""
    if name == "cases":
        return [Token("cmd", "cases" if edge == "begin" else "endcases", at)]
    if name not in LAYOUTS:
        raise unreadable(text, at, "this environment is not read: give the formula alone")
    return []


def _operator(text: str, written: str, at: int) -> list[Token]:
    if written in LETTERS:
        return [Token("cmd", LETTERS[written], at)]
    written = SIGNS.get(written, written)
    if written.startswith("^") and len(written) > 1:
        kind = "num" if written[1].isdigit() else "name" if written[1].isalpha() else "op"
        return [Token("op", "^", at), Token(kind, written[1:], at)]
    known = written in PLAIN or len(written) > 1
    if written in tuple('#%"`\\') or not (known or (written.isascii() and written.isprintable())):
        raise unreadable(text, at, "this sign belongs to no formula: leave it out")
    return [Token("op", PLAIN.get(written, written), at)]


class _Words:
    r"""Joins accents and fonts with their letter: ``\hat{\mathbf{x}}`` becomes ``xhat``."""

    def __init__(self, signs: list[Token]) -> None:
        self.signs, self.depth = signs, 0

    def joined(self) -> list[Token]:
        made, at = list[Token](), 0
        while at < len(self.signs):
            sign = self.signs[at]
            is_font = sign.kind == "cmd" and sign.text in FONTS
            word, rest, behind = self._argument(at + 1) if is_font else ("", "", at)
            if word:
                kind = "label" if sign.text in UPRIGHT else "word"
                made.append(Token(kind, word + MARKS.get(sign.text, ""), sign.at))
                made += [Token("name", rest, self.signs[behind - 1].at + 1)] if rest else []
            elif not is_font:  # a font of more than a word says nothing
                made.append(sign)
            at = behind if word else at + 1
        return made

    def _argument(self, at: int) -> tuple[str, str, int]:
        """Return a word, the letters behind it in the same run, and where it ends."""
        self.depth += 1
        found = self._word(at) if self.depth < limits.DEPTH else ("", "", at)
        self.depth -= 1
        return found

    def _word(self, at: int) -> tuple[str, str, int]:
        word, rest, at = self._piece(at, first=True)
        if word or at >= len(self.signs) or self.signs[at].text != "{":
            return word, rest, at
        at += 1
        while at < len(self.signs) and self.signs[at].text != "}":
            piece, _, behind = self._piece(at, first=False)
            if not piece:
                if self.signs[at].text in (",", ";", ":", "."):
                    behind = at + 1
                else:
                    return "", "", at
            word, at = word + piece, behind
        return word, "", at + 1

    def _piece(self, at: int, *, first: bool) -> tuple[str, str, int]:
        kind, text, _ = self.signs[at] if at < len(self.signs) else Token("end", "", 0)
        if kind in ("name", "num"):
            return (text[0], text[1:], at + 1) if first else (text, "", at + 1)
        if kind == "cmd" and text in FONTS:
            word, rest, behind = self._argument(at + 1)
            return word + MARKS.get(text, "") if word else "", rest, behind
        if kind == "cmd" and text in GREEK:
            return text, "", at + 1
        return "", "", at


def _aligned(signs: list[Token]) -> list[Token]:
    """Leave the signs of alignment out, except in cases, where they part the rows."""
    kept, depth = list[Token](), 0
    for sign in signs:
        depth += (sign.text == "cases") - (sign.text == "endcases")
        if depth > 0 or sign.kind != "op" or sign.text not in ("amp", "newline"):
            kept.append(sign)
    return kept
