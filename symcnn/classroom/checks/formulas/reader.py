"""Reading the signs of a formula into a tree, with the precedence that a person gives them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

from symcnn.classroom.checks.formulas.tokens import Token, tokens, unreadable
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Cases,
    Neg,
    Node,
    Num,
    Rel,
)
from symcnn.limits import formulas as limits

STARS = {"*": "*", "star": "star", "circledast": "circledast"}
_PRODUCTS = {
    "cdot": "cdot",
    "times": "times",
    "odot": "odot",
    "otimes": "otimes",
    "/": "/",
    "@": "@",
}
_STACKED = ("overset", "underset", "stackrel", "mathop")
_RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "=")
_ENDS = (")", "]", "}", "|}", "rfloor", "rceil", ",", ";", "amp", "newline")
_STOPPING = frozenset({"if", "for", "where", "with", "otherwise", "else", "and", "over", "of"})


class Signs:
    """The signs of a formula, read from left to right."""

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        """Take the formula, and the letters that its user has bound."""
        self.text, self.known = text, known
        self.latex = "\\" in text
        self.list = _aligned(tokens(text))
        self.at, self.depth = 0, 0

    @property
    def next(self) -> Token:
        """The next sign."""
        return self.list[self.at]

    def ahead(self, by: int) -> Token:
        """Return a sign further on."""
        return self.list[min(self.at + by, len(self.list) - 1)]

    def take(self, *texts: str, kind: str = "op") -> str:
        """Go on if the next sign is one of some, and return which."""
        if self.next.kind == kind and self.next.text in texts:
            self.at += 1
            return self.list[self.at - 1].text
        return ""

    def split(self, first: str) -> None:
        """Take the first letters of a run, and leave the others."""
        token = self.next
        self.list[self.at] = Token(token.kind, first, token.at)
        if rest := token.text[len(first) :]:
            self.list.insert(self.at + 1, Token(token.kind, rest, token.at + len(first)))

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


class Lines(Signs):
    """Sums, products and conditions; what stands in them is read by a subclass."""

    def sum(self) -> Node:
        """Read terms with their signs."""
        return self.nested(self._sum)

    def _sum(self) -> Node:
        sign = self.take("+", "-")
        made = self.product()
        made = Neg(made) if sign == "-" else made
        while sign := self.take("+", "-"):
            made = Bin(sign, made, self.product())
        return made

    def product(self) -> Node:
        """Read factors; a sum goes as far as they do."""
        made = self.factor()
        while True:
            if sign := self.take(*STARS):
                mode = self.mode()
                made = Bin("star", made, self.factor(), STARS[sign], mode)
            elif self.next.kind == "cmd" and self.next.text in _STACKED:
                made = self._stacked(made)
            elif sign := self.take(*_PRODUCTS):
                made = self._joined(made, sign)
            elif self.take("mod"):
                made = Bin("mod", made, self.factor())
            elif self.begins_a_factor():
                made = Bin("*", made, self.factor())
            else:
                return made

    def _stacked(self, made: Node) -> Node:
        """Read a sign of a convolution with full or valid above or below it."""
        start = self.next.at
        self.at += 1
        words = [self.words_in_braces(), self.words_in_braces()]
        mode = next((m for m in ("full", "valid", "same") if any(m in w for w in words)), "")
        sign = next((s for s in STARS if s in words), "")
        if not sign:
            self.fail("signs above signs are not read: write \\ast_{full}", start)
        return Bin("star", made, self.factor(), STARS[sign], mode)

    def _joined(self, made: Node, sign: str) -> Node:
        right = self.factor()
        if sign != "/":
            op = "odot" if sign == "odot" else "outer" if sign == "otimes" else "*"
            return Bin(op, made, right, sign)
        while isinstance(right, Num) and self.next.kind in ("name", "cmd"):
            if not self.begins_a_factor() or self.next.text in ("sum", "max"):
                break
            right = Bin("*", right, self.factor())  # 1/2N is 1/(2N)
        return Bin("/", made, right)

    def begins_a_factor(self) -> bool:
        """Tell whether a factor follows, which is then multiplied."""
        kind, text, _ = self.next
        if kind == "end" or (kind == "op" and text not in ("(", "[", "{", "{|", "lfloor", "lceil")):
            return False
        if self.is_range():
            return False
        stops = kind == "cmd" and text in ("end", *_STACKED)
        return not (kind == "name" and text in _STOPPING) and not stops

    def is_range(self) -> bool:
        """Tell whether parentheses follow that say what indices run over: (i = 1, 2)."""
        depth = 0
        for token in self.list[self.at :] if self.next.text == "(" else ():
            depth += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
            if depth == 1 and token.text in ("=", "in") and token.kind == "op":
                return True
            if not depth:
                break
        return False

    def factor(self) -> Node:
        """Read one factor, with its powers."""
        raise NotImplementedError

    def mode(self) -> str:
        """Read what stands at the sign of a convolution: full or valid."""
        raise NotImplementedError

    def conditions(self, *ends: str) -> tuple[Node, ...]:
        """Read conditions up to a sign."""
        found = [*self.chain()]
        while self.take(",", ";") or self.take("and", kind="name"):
            found += self.chain()
        if ends and not self.take(*ends):
            self.fail(f"{ends[0]} is missing: add it")
        return tuple(found)

    def chain(self) -> list[Node]:
        """Read a condition such as 0 <= i < n."""
        made, left = list[Node](), self.sum()
        while relation := self.take(*_RELATIONS):
            right = self.sum()
            made.append(Rel("==" if relation == "=" else relation, left, right))
            left = right
        if not made:
            self.fail("a condition is expected, such as z > 0: add a sign of comparison")
        return made

    def bracketed(self) -> Node:
        """Read [..]: conditions as 1 or 0, anything else as parentheses."""
        start = self.at
        self.at += 1
        inside = self.sum()
        if self.next.text in _RELATIONS and self.next.kind == "op":
            self.at = start + 1
            return Bracket(self.conditions("]"))
        self.expect("]", "the closing bracket")
        return inside

    def cases(self) -> Node:
        """Read the rows of cases up to their end."""
        values, conditions = list[Node](), list[Node | None]()
        while not (self.next.kind == "cmd" and self.next.text == "end"):
            values.append(self.sum())
            conditions.append(self._condition())
            self.take("newline")
            self.take(",", ".")
            self.take("newline")
            if self.next.kind == "end":
                self.fail(r"\end{cases} is missing: add it")
        self.at += 1
        self.words_in_braces()
        return Cases(tuple(values), tuple(conditions))

    def _condition(self) -> Node | None:
        while self.take(",", "amp") or self.take("if", "for", kind="name") or self._text("if"):
            pass
        if self.take("otherwise", "else", kind="name") or self._text("otherwise", "else"):
            return None
        if self.next.text in ("newline", "end"):
            return None
        found = self.conditions()
        return found[0] if len(found) == 1 else Bracket(found)

    def _text(self, *words: str) -> bool:
        """Go on behind the text of one of some words."""
        start = self.at
        if self.take("text", "mathrm", "mbox", "textrm", "operatorname", kind="cmd"):
            said = self.words_in_braces().strip().lower()
            if said in words or (said == "" and "if" in words):
                return True
            if "otherwise" in words and (said.startswith("otherw") or said in ("else", "sonst")):
                return True
        self.at = start
        return False

    def words_in_braces(self) -> str:
        """Read the words of a group such as {cases}."""
        self.expect("{", "an opening brace")
        words = list[str]()
        while not self.take("}"):
            if self.next.kind == "end":
                self.fail("a closing brace is missing: add it")
            if self.next.text in ("text", "mathrm", "{") and self.ahead(1).text in ("{", "}"):
                self.at += 1
                words.append(self.words_in_braces())
                continue
            words.append(self.next.text)
            self.at += 1
        return " ".join(words)


def whole(value: str) -> Num:
    """Return a number as it is written, exactly."""
    return Num(Fraction(value))


def _aligned(signs: tuple[Token, ...]) -> list[Token]:
    """Leave the signs of alignment out, except in cases, where they part the rows."""
    kept, depth = list[Token](), 0
    for position, sign in enumerate(signs):
        depth += (sign.text == "begin") - (sign.text == "end" and sign.kind == "cmd")
        inside = depth > 0 and any(s.text == "cases" for s in signs[:position])
        if inside or sign.text not in ("amp", "newline") or sign.kind != "op":
            kept.append(sign)
    return kept
