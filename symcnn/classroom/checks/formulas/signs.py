"""The signs of a formula one after the other, with what is asked about those that follow."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn, TypeVar

from symcnn.classroom.checks.formulas.tokens import Token, tokens, unreadable
from symcnn.classroom.checks.formulas.tree import Node, Num
from symcnn.limits import formulas as limits

T = TypeVar("T")

WORDS = ("name", "word", "label")
CLOSING = {"(": ")", "[": "]", "{": "}", "{|": "|}"}
_DEPTH = {**dict.fromkeys(CLOSING, 1), **dict.fromkeys(CLOSING.values(), -1)}


class Signs:
    """The signs of a formula, read from left to right."""

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        """Take the formula, and the letters that its user has bound."""
        self.text, self.known = text, known
        self.latex = "\\" in text
        self.list = tokens(text)
        self.at, self.depth = 0, 0

    @property
    def next(self) -> Token:
        """The next sign."""
        return self.list[self.at]

    def ahead(self, by: int) -> Token:
        """Return a sign further on."""
        return self.list[min(self.at + by, len(self.list) - 1)]

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

    def fail(self, why: str, at: int | None = None) -> NoReturn:
        """Say in one line what cannot be read."""
        raise unreadable(self.text, self.next.at if at is None else at, why)

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

    def sum(self) -> Node:
        """Read terms with their signs."""
        raise NotImplementedError


def whole(value: str) -> Num:
    """Return a number as it is written, exactly."""
    return Num(Fraction(value))
