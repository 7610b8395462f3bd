r"""The signs of a formula: letters, numbers, operators, commands of LaTeX, words in other fonts.

Commands, signs of Unicode and words such as ``\odot``, ``⊙`` and ``\mathbf{w}`` become the same
signs. Spaces and alignment are left out; nothing is run and no file is read, whatever commands
there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, NoReturn, TypeVar

from symcnn.classroom.checks.formulas import spelling
from symcnn.classroom.checks.formulas.tree import Node
from symcnn.errors import SymcnnError, fitted
from symcnn.limits import formulas as limits

T = TypeVar("T")

WORDS = ("name", "word", "label")
CLOSING = {"(": ")", "[": "]", "{": "}", "{|": "|}"}
_DEPTH = {**dict.fromkeys(CLOSING, 1), **dict.fromkeys(CLOSING.values(), -1)}


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


def _unreadable(text: str, at: int, why: str) -> SymcnnError:
    """Return the mistake in one line: why, where, and what stands there."""
    near = " ".join(text[at : at + 24].split())
    where = f"at character {at + 1}" if near else "at its end"
    return SymcnnError(fitted(f"formula, {where}: {why}" + (", near " if near else ""), near, ""))


def _tokens(text: str) -> list[Token]:
    if len(text) > limits.LETTERS:
        raise SymcnnError(
            f"the formula has {len(text):,} characters, more than the {limits.LETTERS:,} that are "
            "read: give one formula alone"
        )
    found = list[Token]()
    for match in _TOKEN.finditer(text):
        found += _signs(text, match) if match[0] not in " \t\r\n$~" else ()
        if len(found) > limits.SIGNS:
            raise SymcnnError(
                f"the formula has more than {limits.SIGNS:,} signs: give one formula alone"
            )
    return [*_aligned(_Words(found).joined()), Token("end", "", len(text))]


def _signs(text: str, match: re.Match[str]) -> Iterator[Token]:
    at, kind = match.start(), match.lastgroup or ""
    written = match[kind]
    if kind == "called" and written == "cases":
        yield Token("cmd", "cases" if match["env"] == "begin" else "endcases", at)
    elif kind == "called" and written not in spelling.LAYOUTS:
        raise _unreadable(text, at, "this environment is not read: give the formula alone")
    elif kind == "cmd" and written.strip() and written not in spelling.IGNORED:
        sign = spelling.COMMANDS.get(written)
        yield (
            Token("op", sign, at) if sign else Token("cmd", spelling.SAME.get(written, written), at)
        )
    elif kind == "num" and len(written) > limits.DIGITS:
        raise _unreadable(text, at, f"a number has more than {limits.DIGITS} digits: shorten it")
    elif kind == "op":
        yield from _operator(text, written, at)
    elif kind in ("num", "name"):
        yield Token(kind, written, at)


def _operator(text: str, written: str, at: int) -> list[Token]:
    if written in spelling.LETTERS:
        return [Token("cmd", spelling.LETTERS[written], at)]
    written = spelling.SIGNS.get(written, written)
    if written.startswith("^") and len(written) > 1:
        kind = "num" if written[1].isdigit() else "name" if written[1].isalpha() else "op"
        return [Token("op", "^", at), Token(kind, written[1:], at)]
    is_plain = written.isascii() and written.isprintable()
    if written in tuple('#%"`\\') or (len(written) == 1 and not is_plain):
        raise _unreadable(text, at, "this sign belongs to no formula: leave it out")
    return [Token("op", spelling.PLAIN.get(written, written), at)]


class _Words:
    r"""Joins accents and fonts with their letter: ``\hat{\mathbf{x}}`` becomes ``xhat``."""

    def __init__(self, signs: list[Token]) -> None:
        self.signs, self.depth = signs, 0

    def joined(self) -> list[Token]:
        made, at = list[Token](), 0
        while at < len(self.signs):
            sign = self.signs[at]
            is_font = sign.kind == "cmd" and sign.text in spelling.FONTS
            word, rest, behind = self._argument(at + 1) if is_font else ("", "", at)
            if word:
                kind = "label" if sign.text in spelling.UPRIGHT else "word"
                made.append(Token(kind, word + spelling.MARKS.get(sign.text, ""), sign.at))
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
            if not piece and self.signs[at].text not in (",", ";", ":", "."):
                return "", "", at
            word, at = word + piece, behind if piece else at + 1
        return word, "", at + 1

    def _piece(self, at: int, *, first: bool) -> tuple[str, str, int]:
        kind, text, _ = self.signs[at] if at < len(self.signs) else Token("end", "", 0)
        if kind in ("name", "num"):
            return (text[0], text[1:], at + 1) if first else (text, "", at + 1)
        if kind == "cmd" and text in spelling.FONTS:
            word, rest, behind = self._argument(at + 1)
            return word + spelling.MARKS.get(text, "") if word else "", rest, behind
        return (text, "", at + 1) if kind == "cmd" and text in spelling.GREEK else ("", "", at)


def _aligned(signs: list[Token]) -> list[Token]:
    """Leave the signs of alignment out, except in cases, where they part the rows."""
    kept, depth = list[Token](), 0
    for sign in signs:
        depth += (sign.text == "cases") - (sign.text == "endcases")
        if depth > 0 or sign.kind != "op" or sign.text not in ("amp", "newline"):
            kept.append(sign)
    return kept


class Signs:
    """The signs of a formula, read from left to right."""

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        """Take the formula, and the letters that its user has bound.

        Raises:
            SymcnnError: If the text is too long, or has a sign that no formula has.
        """
        self.text, self.known = text, known
        self.latex = "\\" in text
        self.list = _tokens(text)
        self.at, self.depth = 0, 0

    @property
    def next(self) -> Token:
        """The next sign."""
        return self.list[self.at]

    def ahead(self, by: int) -> Token:
        """Return a sign further on."""
        return self.list[min(self.at + by, len(self.list) - 1)]

    def is_op(self, *texts: str) -> bool:
        """Tell whether the next sign is one of some operators."""
        return self.next.kind == "op" and self.next.text in texts

    def skip(self, by: int = 1) -> str:
        """Go on behind the next signs, and return the last of them."""
        self.at = min(self.at + by, len(self.list) - 1)
        return self.list[self.at - 1].text

    def take(self, *texts: str, kind: str = "op") -> str:
        """Go on if the next sign is one of some, and return which."""
        return self.skip() if self.next.kind == kind and self.next.text in texts else ""

    def word(self, *texts: str) -> str:
        """Go on if the next sign is one of some words, in whichever font."""
        return self.skip() if self.next.kind in WORDS and self.next.text in texts else ""

    def attempt(self, read: Callable[[], T]) -> T:
        """Read something, or go back if it is not there."""
        start, signs = self.at, [*self.list]
        found = read()
        if not found:
            self.at, self.list = start, signs
        return found

    def split(self, first: str) -> str:
        """Take the first letters of a run, leave the others, and return what was taken."""
        token = self.next
        self.list[self.at] = Token(token.kind, first, token.at)
        if rest := token.text[len(first) :]:
            self.list.insert(self.at + 1, Token(token.kind, rest, token.at + len(first)))
        return self.skip()

    def expect(self, text: str, what: str) -> None:
        """Go on behind a sign, which has to stand here."""
        if not self.take(text):
            self.fail(f"{what} is missing: add it")

    def enclosed(self, read: Callable[[], T], opening: str = "{", what: str = "brace") -> T:
        """Read what stands between two signs."""
        self.expect(opening, f"an opening {what}")
        made = read()
        self.expect(CLOSING[opening], f"a closing {what}")
        return made

    def fail(self, why: str, at: int | None = None) -> NoReturn:
        """Say in one line what cannot be read."""
        raise _unreadable(self.text, self.next.at if at is None else at, why)

    def nested(self, read: Callable[[], Node]) -> Node:
        """Read something inside, as deep as the limit allows."""
        self.depth += 1
        if self.depth > limits.DEPTH:
            self.fail(f"it is nested deeper than {limits.DEPTH} levels: write it in steps")
        made = read()
        self.depth -= 1
        return made

    def group(self) -> tuple[frozenset[str], Token]:
        """Return the operators of the bracket that opens here, not of inner ones, and what follows.

        Nothing follows a bracket that is not closed.
        """
        own, depth = set[str](), 0
        for by, token in enumerate(self.list[self.at :]):
            depth += _DEPTH.get(token.text, 0)
            if depth == 1 and token.kind == "op":
                own.add(token.text)
            if not depth:
                return frozenset(own), self.ahead(by + 1)
        return frozenset(own), self.list[-1]

    def is_range(self) -> bool:
        """Tell whether parentheses follow that say what indices run over: (i = 1, 2)."""
        return self.next.text == "(" and bool(self.group()[0] & {"=", "in"})

    def is_list(self) -> bool:
        """Tell whether parentheses with commas follow, which hold indices or arguments."""
        return self.next.text == "(" and "," in self.group()[0]
