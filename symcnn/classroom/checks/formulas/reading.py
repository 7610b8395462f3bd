"""Reading a formula, with or without its left side, from LaTeX or plain text.

What is read is a tree; nothing is evaluated as code, and no command of LaTeX is run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from symcnn.classroom.checks.formulas.functions import Functions
from symcnn.classroom.checks.formulas.reader import whole
from symcnn.classroom.checks.formulas.spelling import GREEK
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Call,
    Entry,
    Node,
    Num,
    Ref,
    Transposed,
    number,
)
from symcnn.classroom.checks.formulas.words import (
    ACCENTS,
    FUNCTIONS,
    GRADS,
    first_word,
)
from symcnn.errors import SymcnnError


class Read(NamedTuple):
    """A formula, read.

    Attributes:
        left: What stands left of the equals sign; None without one.
        right: What it is said to be.
        latex: Whether it was written in LaTeX.
        rest: What stands behind the formula and was not read, such as the ranges of indices.
    """

    left: Ref | None
    right: Node
    latex: bool
    rest: str


def read(text: str, known: frozenset[str] = frozenset()) -> Read:
    """Read a formula; of several equal sides the last one.

    Args:
        text: The formula, LaTeX or plain text.
        known: The letters that the user has bound.

    Raises:
        SymcnnError: If it cannot be read: where, and what to write.
    """
    return Reader(text, known).formula()


class Reader(Functions):
    """A formula, read with the precedence that a person gives its signs."""

    def formula(self) -> Read:
        """Read an equation, or its right side alone."""
        if not self.text.strip():
            raise SymcnnError(r"the formula is empty: give one, such as \sum_i \delta_i x_{i+m}")
        self._skip_environment()
        sides = [self.sum()]
        while self.take("=", "=="):
            sides.append(self.sum())
        end = self.next.at
        if not self._is_over():
            self.fail("the formula cannot go on like this: mend or remove it")
        left = self._left_of(sides[0]) if len(sides) > 1 else None
        return Read(left, sides[-1], self.latex, self.text[end:].strip(" .,;$\\]"))

    def _skip_environment(self) -> None:
        while self.next == self.next._replace(kind="cmd", text="begin"):
            if self.ahead(2).text == "cases":
                return
            self.at += 1
            self.words_in_braces()

    def _is_over(self) -> bool:
        kind, text, _ = self.next
        stops = {"for", "where", "with", "if", "text", "forall", "end", "tag", "label"}
        return kind == "end" or text in stops or text in (",", ".", ";") or self.is_range()

    def _left_of(self, side: Node) -> Ref:
        if isinstance(side, Entry) and isinstance(side.body, Ref):
            side = replace(side.body, subs=side.subs)
        if isinstance(side, Transposed):
            side = side.body
        if not isinstance(side, Ref):
            self.fail("left of = stands no entry or array: write what the formula is of", 0)
        return side

    def factor(self) -> Node:
        """Read a factor: an operand with powers, transposes and indices behind it."""
        made = self.nested(self._operand)
        while True:
            text, kind = self.next.text, self.next.kind
            if kind == "op" and text == "^":
                self.at += 1
                made = self._above(made)
            elif kind == "op" and text == "_" and not isinstance(made, Ref):
                self.at += 1
                made = Entry(made, self.subscript()[1])
            elif kind == "op" and text == "[" and self._touches() and not isinstance(made, Num):
                self.at += 1
                made = Entry(made, self.listed("]"))
            else:
                return made

    def _touches(self) -> bool:
        return self.next.at > 0 and self.text[self.next.at - 1] in ")]}"

    def mode(self) -> str:
        """Read full or valid at the sign of a convolution."""
        found = ""
        while self.next.text in ("_", "^") and self.next.kind == "op":
            start = self.at
            self.at += 1
            words = self._mode_words()
            if not words:
                self.at = start
                break
            found = words
        return found

    def _mode_words(self) -> str:
        words = ""
        braced = self.take("{")
        if self.take("text", "mathrm", "textrm", "mathsf", "mathit", kind="cmd"):
            words = self.words_in_braces()
        elif self.next.kind == "name":
            self.at += 1
            words = self.list[self.at - 1].text
        if braced and not self.take("}"):
            return ""
        words = words.strip().lower()
        return {"full": "full", "f": "full", "valid": "valid", "v": "valid", "same": "same"}.get(
            words, ""
        )

    def _operand(self) -> Node:
        kind, text, at = self.next
        if kind == "num":
            return self._number()
        if kind == "name":
            return self._run()
        if kind == "cmd":
            return self.command(text)
        if self.take("("):
            made = self.sum()
            if self.take("<", "<=", ">", ">="):
                self.at = next(n for n in range(self.at, -1, -1) if self.list[n].at == at) + 1
                return Bracket(self.conditions(")"))
            self.expect(")", "a closing parenthesis")
            if self.next.text == "(" and isinstance(made, Bin) and self._is_argument():
                self.at += 1
                return Entry(made, self.listed(")"))
            return made
        if text == "[":
            return self.bracketed()
        if self.take("{", "{|"):
            made = self.sum()
            self.expect("}" if text == "{" else "|}", "a closing brace")
            return made
        return self._fenced(text)

    def _fenced(self, text: str) -> Node:
        if self.take("|"):
            made = self.sum()
            self.expect("|", "the second bar of an absolute value")
            return Call("abs", (made,))
        for left, right, name in (("lfloor", "rfloor", "floor"), ("lceil", "rceil", "ceil")):
            if self.take(left):
                made = self.sum()
                self.expect(right, f"\\{right}")
                return Call(name, (made,))
        if self.take("-"):
            return Bin("-", number(0), self.factor())
        if self.next.kind == "end":
            self.fail("the formula ends where it should go on: complete it")
        return self.fail("an operand is expected here: a letter, a number or a parenthesis")

    def floor(self, node: Node) -> Node:
        """Return the whole number below a quotient."""
        return Call("floor", (node,))

    def _number(self) -> Node:
        text = self.next.text
        self.at += 1
        touching = self.next.text in ("_", "[", "{|") and self.next.kind == "op"
        if text == "1" and touching and self.next.at == self.list[self.at - 1].at + 1:
            return self._indicator()
        return whole(text)

    def _run(self) -> Node:
        """Read a letter, or a word, of a run of letters."""
        if (found := self._differential()) is not None:
            return found
        word = first_word(self.next.text, self.latex, self.known)
        if word == "sum":
            return self._sum_of("sum")
        self.split(word)
        self.at += 1
        return self._named(word)

    def _named(self, word: str) -> Node:
        if word in ("grad", "nabla") and self.take("_"):
            _, subs, _ = self.subscript()
            of = subs[0] if subs and isinstance(subs[0], Ref) else Ref("y")
            self._loss()
            return self._scripted_ref(replace(of, grad=True))
        if word in GRADS:
            return self._scripted_ref(Ref(GRADS[word], grad=True))
        if word in FUNCTIONS:
            return self._function(word)
        return self._letter(word)

    def command(self, text: str) -> Node:
        """Read what a command begins."""
        if text in ("sum", "max", "min"):
            return self._sum_of(text) if text == "sum" or self.ahead(1).text == "_" else self._cmd()
        if text.endswith("frac"):
            return self._fraction()
        if text == "partial" and (found := self._differential()) is not None:
            return found
        if text == "begin":
            self.at += 1
            if self.words_in_braces() != "cases":
                self.fail("this environment is not read: give the formula alone")
            return self.cases()
        if text in ("mathbb1", "mathbb", "mathbf", "mathds", "boldsymbol") and self._is_one():
            return self._indicator()
        return self._cmd()

    def _cmd(self) -> Node:
        text, at = self.next.text, self.next.at
        self.at += 1
        if text == "sqrt":
            return Bin("^", self._group(), Bin("/", number(1), number(2)))
        if text in ACCENTS:
            return self._accented(text)
        if text in ("overset", "underset", "stackrel"):
            self.fail("signs above signs are not read: write \\ast_{full}", at)
        if text in FUNCTIONS or text == "nabla":
            return self._named(text)
        if text not in GREEK:
            self.fail(f"\\{text} is not read in formulas: leave it out", at)
        return self._letter(text)

    def _fraction(self) -> Node:
        if (found := self._differential()) is not None:
            return found
        self.at += 1
        above = self._digit_or_group()
        return Bin("/", above, self._digit_or_group(), "frac")

    def _digit_or_group(self) -> Node:
        if self.next.kind == "num" and len(self.next.text) > 1:
            self.split(self.next.text[0])
        return self._group()
