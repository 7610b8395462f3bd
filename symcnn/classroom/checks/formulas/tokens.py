r"""The signs of a formula with their places: LaTeX's commands, letters, numbers, Unicode.

``\sum_{i} \delta_i`` and ``sum_i delta_i`` become the same signs. Spaces, fonts and alignment are
left out; nothing is run and no file is read, whatever commands there are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symcnn.classroom.checks.formulas.spelling import (
    COMMANDS,
    IGNORED,
    LETTERS,
    SAME,
    SIGNS,
    SKIPPED,
)
from symcnn.errors import SymcnnError, fitted
from symcnn.limits import formulas as limits


class Token(NamedTuple):
    """A sign: a word (``name``), a number (``num``), an operator (``op``) or the ``end``."""

    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"\\(?P<cmd>[A-Za-z]+|.)|(?P<num>\d+\.\d+|\d+|\.\d+)|(?P<name>[A-Za-z]+)"
    r"|(?P<op><=|>=|!=|==|:=|<-|->|\*\*|\.\.\.|\.\.|\.\*|.)",
    re.DOTALL,
)


def unreadable(text: str, at: int, why: str) -> SymcnnError:
    """Return the mistake in one line: why, where, and what stands there."""
    near = " ".join(text[at : at + 24].split())
    where = f"at character {at + 1}" if near else "at its end"
    return SymcnnError(fitted(f"formula, {where}: {why}" + (", near " if near else ""), near, ""))


def tokens(text: str) -> tuple[Token, ...]:
    """Return the signs of a formula.

    Raises:
        SymcnnError: If the text is too long, or has a sign that no formula has.
    """
    if len(text) > limits.LETTERS:
        raise SymcnnError(
            f"the formula has {len(text):,} characters, more than the {limits.LETTERS:,} that are "
            "read: give one formula alone"
        )
    found, at = list[Token](), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise unreadable(text, at, "a backslash stands alone: leave it out")
        if text[at] not in SKIPPED:
            found += _signs(text, match, at)
        at = match.end()
        if len(found) > limits.SIGNS:
            raise SymcnnError(
                f"the formula has more than {limits.SIGNS:,} signs: give one formula alone"
            )
    return (*found, Token("end", "", len(text)))


def _signs(text: str, match: re.Match[str], at: int) -> list[Token]:
    kind, written = str(match.lastgroup), match[match.lastgroup or 0]
    if kind == "cmd":
        if written in IGNORED or not written.strip():
            return []
        if written in COMMANDS:
            return [Token("op", COMMANDS[written], at)]
        return [Token("cmd", SAME.get(written, written), at)]
    if kind == "op":
        return _operator(text, written, at)
    return [Token(kind, written, at)]


def _operator(text: str, written: str, at: int) -> list[Token]:
    if written in LETTERS:
        return [Token("cmd", LETTERS[written], at)]
    written = SIGNS.get(written, written)
    if written.startswith("^") and len(written) > 1:
        kind = "num" if written[1].isdigit() else "name" if written[1].isalpha() else "op"
        return [Token("op", "^", at), Token(kind, written[1:], at)]
    written = {
        ":=": "=",
        "<-": "=",
        "&": "amp",
        "**": "^",
        "...": "dots",
        "..": "dots",
        ".*": "odot",
    }.get(written, written)
    if len(written) == 1 and not (written.isascii() and written.isprintable()):
        raise unreadable(text, at, "this sign belongs to no formula: leave it out")
    if written in tuple('#%"`\\'):
        raise unreadable(text, at, "this sign belongs to no formula: leave it out")
    return [Token("op", written, at)]
