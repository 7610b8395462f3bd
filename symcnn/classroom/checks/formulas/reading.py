"""Reading a formula, with or without its left side, from LaTeX or plain text.

What is read is a tree; nothing is evaluated as code, and no command of LaTeX is run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from symcnn.classroom.checks.formulas.indices import RELATIONS
from symcnn.classroom.checks.formulas.operands import MODES, Operands
from symcnn.classroom.checks.formulas.signs import WORDS
from symcnn.classroom.checks.formulas.spelling import words
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Cases,
    Entry,
    Node,
    Num,
    Range,
    Ref,
    Rel,
    Transposed,
    exchanged,
    nodes,
    summed,
)
from symcnn.errors import SymcnnError

STARS = ("*", "star", "circledast")
_PRODUCTS = {"odot": "odot", "otimes": "outer", "cdot": "*", "times": "*", "@": "*", "/": "/"}
_STACKED = ("overset", "underset", "stackrel", "mathop")
_OPENING = ("(", "[", "{", "{|", "lfloor", "lceil")
_STOPPING = words("if for where with otherwise else and over of forall foreach")
_OVER = words("endcases tag label forall in")


class Read(NamedTuple):
    """A formula, read.

    Attributes:
        left: What stands left of the equals sign; None without one.
        right: What it is said to be.
        latex: Whether it was written in LaTeX.
        rest: What stands behind the formula and was not read.
        ranges: What the free indices run over, where it is said: (i = 1, ..., 4, k = 1, 2).
    """

    left: Ref | None
    right: Node
    latex: bool
    rest: str
    ranges: tuple[Range, ...] = ()


def read(text: str, known: frozenset[str] = frozenset()) -> Read:
    """Read a formula; of several equal sides the last one.

    Args:
        text: The formula, LaTeX or plain text.
        known: The letters that the user has bound.

    Raises:
        SymcnnError: If it cannot be read: where, and what to write.
    """
    return Reader(text, known).formula()


class Reader(Operands):
    """A formula, read with the precedence that a person gives its signs."""

    def formula(self) -> Read:
        """Read an equation, or its right side alone."""
        if not self.text.strip():
            raise SymcnnError(r"the formula is empty: give one, such as \sum_i \delta_i x_{i+m}")
        sides = [self.sum()]
        while self.take("=", "=="):
            sides.append(self.sum())
        ranges = self.attempt(self._free_ranges)
        kind, text, end = self.next
        is_word = (kind in WORDS and text in _STOPPING) or (kind == "cmd" and text in _OVER)
        if not (kind == "end" or is_word or text in (",", ".", ";") or self.is_range()):
            self.fail("the formula cannot go on like this: mend or remove it")
        left = self._left_of(sides[0]) if len(sides) > 1 else None
        rest = self.text[end:].strip(" .,;$\\]")
        return Read(left, _with_labels(sides[-1], left), self.latex, rest, ranges)

    def _free_ranges(self) -> tuple[Range, ...]:
        """Read what free indices run over: (i = 1, ..., 4, u, v = 1, 2)."""
        found, names, listed = list[Range](), list[Node](), list[Node | None]()
        self.take(",")
        if not self.is_range() or not self.take("("):
            return ()
        while not self.take(")"):
            if not (self.next.kind in ("num", "cmd", *WORDS) or self.is_op("dots")):
                return ()
            listed.append(None if self.take("dots") else self.index())
            if self.take("="):
                own = [listed.pop()]
                while listed and isinstance(listed[-1], Ref) and None not in listed[-2:]:
                    own.append(listed.pop())
                found += _ranges(names, listed)
                names, listed = [node for node in own if node is not None], []
            self.take(",")
        return (*found, *_ranges(names, listed))

    def _left_of(self, side: Node) -> Ref:
        if isinstance(side, Entry) and isinstance(side.body, Ref):
            side = replace(side.body, subs=side.subs)
        if isinstance(side, Transposed):
            side = side.body
        if not isinstance(side, Ref):
            self.fail("left of = stands no entry or array: write what the formula is of", 0)
        return side

    def sum(self) -> Node:
        """Read terms with their signs."""
        return self.nested(lambda: self.terms(self.product))

    def product(self) -> Node:
        """Read factors; a sum goes as far as they do."""
        made = self.factor()
        while True:
            if sign := self.take(*STARS):
                mode = self.attempt(self._mode)
                made = Bin("star", made, self.factor(), sign, mode)
            elif self.next.kind == "cmd" and self.next.text in _STACKED:
                sign, mode = self._stacked()
                made = Bin("star", made, self.factor(), sign, mode)
            elif self.take("/"):
                made = Bin("/", made, self._divisor())
            elif sign := self.take(*_PRODUCTS):
                made = Bin(_PRODUCTS[sign], made, self.factor(), sign)
            elif self.take("mod"):
                made = Bin("mod", made, self.factor())
            elif self._begins_a_factor():
                made = Bin("*", made, self.factor())
            else:
                return made

    def _divisor(self) -> Node:
        """Read a divisor: 1/2N is 1/(2N)."""
        made = self.factor()
        while isinstance(made, Num | Bin) and self.next.kind in ("cmd", *WORDS):
            is_number = isinstance(made, Num) or isinstance(made.left, Num)
            if not is_number or self.next.text in ("sum", "max") or not self._begins_a_factor():
                break
            made = Bin("*", made, self.factor())
        return made

    def _begins_a_factor(self) -> bool:
        kind, text, _ = self.next
        if kind == "op":
            return text in _OPENING and not self.is_range()
        if kind == "cmd":
            return text not in _STACKED and text not in _OVER
        return kind == "num" or (kind in WORDS and text not in _STOPPING)

    def _mode(self) -> str:
        """Read full or valid at the sign of a convolution."""
        if not self.take("_", "^"):
            return ""
        braced, word = self.take("{"), self.skip().lower()
        if braced and not self.take("}"):
            return ""
        return next((mode for mode in MODES if word in (mode, mode[0])), "")

    def _stacked(self) -> tuple[str, str]:
        """Read the sign of a convolution with full or valid above or below it."""
        at, found = self.next.at, set[str]()
        self.skip()
        for _ in "12":
            self.expect("{", "an opening brace")
            while not self.take("}"):
                if self.next.kind == "end":
                    self.fail("a closing brace is missing: add it")
                found.add(self.skip())
        sign = next((sign for sign in STARS if sign in found), "")
        if not sign:
            self.fail("signs above signs are not read: write \\ast_{full}", at)
        return sign, next((mode for mode in MODES if mode in found), "")

    def conditions(self, *ends: str) -> tuple[Node, ...]:
        """Read conditions up to a sign."""
        found = list[Rel]()
        while True:
            made = self.compared(self.sum(), (*RELATIONS, "=", "|"))
            if not made:
                self.fail("a condition is expected, such as z > 0: add a sign of comparison")
            found += made
            if not (self.take(",", ";") or self.word("and")):
                break
        if ends and not self.take(*ends):
            self.fail(f"{ends[0]} is missing: add it")
        return tuple(found)

    def cases(self) -> Node:
        """Read the rows of cases up to their end."""
        values, conditions = list[Node](), list[Node | None]()
        while not self.take("endcases", kind="cmd"):
            if self.next.kind == "end":
                self.fail(r"\end{cases} is missing: add it")
            values.append(self.sum())
            conditions.append(self._condition())
            while self.take("newline", ",", "."):
                pass
        return Cases(tuple(values), tuple(conditions))

    def _condition(self) -> Node | None:
        while self.take(",", "amp") or self.word("if", "for"):
            pass
        is_rest = self.next.kind in WORDS and self.next.text.lower().startswith(_OTHERWISE)
        if is_rest:
            self.skip()
        if is_rest or self.next.text in ("newline", "endcases"):
            return None
        found = self.conditions()
        return found[0] if len(found) == 1 else Bracket(found)


def _with_labels(formula: Node, left: Ref | None) -> Node:
    """Return d_k as one letter where k is no index of anything else, as in attention."""
    refs = {*nodes(Ref, formula)}
    sizes = {r for r in refs if r.base in _SIZES and not r.upper and len(r.below) == 1}
    others = [*(refs - sizes), *([left] if left is not None else [])]
    used = {n.base for r in others for n in nodes(Ref, *r.below)} | {*summed(formula)}
    labels = {r: sub for r in sizes for sub in r.below if isinstance(sub, Ref)}
    new = {r: Ref(f"{r.base}_{s.base}") for r, s in labels.items() if s.base not in used}
    holds_nothing_else = refs == {*new, *labels.values()}
    return formula if holds_nothing_else else exchanged(formula, new)


def _ranges(names: list[Node], listed: list[Node | None]) -> list[Range]:
    """Return what each of some letters runs over: from the first number that is listed on."""
    return [Range(n.base, listed[0], listed[-1]) for n in names if isinstance(n, Ref) and listed]


_SIZES = words("d n N D H W C")
_OTHERWISE = ("otherw", "else", "sonst")
