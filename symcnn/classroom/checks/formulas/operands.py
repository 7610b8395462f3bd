"""Reading what is multiplied and added: letters, numbers, functions, sums, parentheses."""

from __future__ import annotations

from collections.abc import Callable

from symcnn.classroom.checks.formulas.indices import RELATIONS
from symcnn.classroom.checks.formulas.scripts import Scripts
from symcnn.classroom.checks.formulas.signs import CLOSING, WORDS
from symcnn.classroom.checks.formulas.spelling import (
    ACTIVATION,
    FUNCTIONS,
    GRADS,
    GREEK,
    first_word,
)
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    Bin,
    Bracket,
    Call,
    Entry,
    Flipped,
    Node,
    Num,
    Ones,
    Range,
    Ref,
    Sum,
    Transposed,
    number,
)


class Operands(Scripts):
    """What is multiplied and added: letters, numbers, functions, sums, parentheses."""

    product: Callable[[], Node]  # of readers of whole formulas, as what follows
    conditions: Callable[..., tuple[Node, ...]]
    cases: Callable[[], Node]

    def factor(self) -> Node:
        """Read a factor: an operand with powers, transposes and indices behind it."""
        made = self.nested(self._operand)
        while True:
            if self.take("^"):
                made = self.above(made)
            elif not isinstance(made, Ref) and self.take("_"):
                made = Entry(made, self.subscript()[1])
            elif not isinstance(made, Num) and self._is_behind_bracket() and self.take("["):
                made = Entry(made, self.listed("]"))
            else:
                return made

    def _is_behind_bracket(self) -> bool:
        return self.next.kind == "op" and self.text[max(self.next.at - 1, 0)] in ")]}"

    def _operand(self) -> Node:
        kind, text, at = self.next
        if kind == "num":
            return self._number()
        if kind == "name":
            return self.attempt(self.differential) or self._word(
                self.split(first_word(text, self.latex, self.known)), at
            )
        if kind in WORDS:
            return self._styled()
        if kind == "cmd":
            return self.command(text, at)
        if text in ("(", "["):
            return self._group_or_condition(text)
        if self.take("-"):
            return Bin("-", number(0), self.factor())
        if text in _FENCES and self.take(text):
            closing, name = _FENCES[text]
            made = self.sum()
            self.expect(closing, f"the closing sign of {name or 'a group'}")
            return Call(name, (made,)) if name else made
        if kind == "end":
            self.fail("the formula ends where it should go on: complete it")
        return self.fail("an operand is expected here: a letter, a number or a parenthesis")

    def _group_or_condition(self, opening: str) -> Node:
        """Read what parentheses or brackets hold: conditions as 1 or 0, and anything else."""
        start, signs = self.at, (*RELATIONS, *(("=", "|") if opening == "[" else ()))
        self.skip()
        made = self.sum()
        if self.is_op(*signs):
            self.at = start + 1
            return Bracket(self.conditions(CLOSING[opening]))
        self.expect(CLOSING[opening], _CLOSING_SIGNS[opening])
        if opening == "(" and isinstance(made, Bin) and self.is_list() and not self.is_range():
            self.skip()
            return Entry(made, self.listed(")"))
        return made

    def _number(self) -> Node:
        at, text = self.next.at, self.skip()
        if text == "1" and self.next.at == at + 1 and self._is_condition():
            return self._indicator()
        return number(text)

    def _is_condition(self) -> bool:
        """Tell whether a bracket with a condition follows, such as [z > 0] or _{z > 0}."""
        start, self.at = self.at, self.at + (self.next.text == "_")
        signs = self.group()[0] if self.next.text in CLOSING else frozenset()
        is_range = self.next.text == "(" and signs >= {"=", ","}
        self.at = start
        return bool(signs & {*RELATIONS, "="}) and not is_range

    def _indicator(self) -> Node:
        self.take("_")
        opening = self.take(*CLOSING)
        if not opening:
            self.fail("a condition is expected behind the 1: write 1[z > 0]")
        return Bracket(self.conditions(CLOSING[opening]))

    def _styled(self) -> Node:
        """Read a letter or a word with an accent or in another font."""
        at, word = self.next.at, self.skip()
        if word in ("1", "I") and self._is_condition():
            return self._indicator()
        if word.isdecimal():
            return Ones() if word == "1" else number(word)
        return self._word("flip" if word.startswith(("rot", "flip")) else word, at)

    def _word(self, word: str, at: int) -> Node:
        if word == "sum":
            return self._sum_of("sum", at)
        if word in ("grad", "nabla") and self.take("_"):
            return self.nabla()
        if word in GRADS:
            return self.scripted(Ref(GRADS[word], grad=True))
        if word in FUNCTIONS:
            return self._function(word, at)
        return self._letter(word)

    def command(self, text: str, at: int) -> Node:
        """Read what a command begins."""
        if found := self.attempt(self.differential):
            return found
        self.skip()
        if text in ("sum", "max", "min") and (text == "sum" or self.next.text == "_"):
            return self._sum_of(text, at)
        if text.endswith("frac"):
            above = self._digit_or_group()
            return Bin("/", above, self._digit_or_group(), "frac")
        if text == "sqrt":
            return Bin("^", self._group(), HALF)
        if text == "mathbb1":
            return self._indicator()
        if text == "cases":
            return self.cases()
        if text in ("overset", "underset", "stackrel"):
            self.fail("signs above signs are not read: write \\ast_{full}", at)
        if text == "partial":
            self.fail("only derivatives of the loss are read, such as dL/dw_{mn}", at)
        if text not in GREEK and text not in FUNCTIONS and text != "nabla":
            self.fail(f"\\{text} is not read in formulas: leave it out", at)
        return self._word(text, at)

    def _digit_or_group(self) -> Node:
        return number(self.split(self.next.text[0])) if self.next.kind == "num" else self._group()

    def _group(self) -> Node:
        """Read the argument of a command."""
        opening = self.take("{", "(")
        if not opening:
            return self.factor()
        made = self.sum()
        self.expect(CLOSING[opening], "a closing brace")
        return made

    def _letter(self, word: str) -> Node:
        calls = word in ACTIVATION and word not in self.known and not self.is_list()
        if calls and self.next.text == "(":
            return self._applied(word, 0)
        primes = self.primes()
        if primes and self.next.text == "(":
            return self._applied(word, primes)
        return self.scripted(Ref(word + "'" * primes))

    def _function(self, word: str, at: int) -> Node:
        name, primes, power = FUNCTIONS[word], 0, None
        while self.take("'"):
            primes += 1
        if name in ("max", "min", "mean") and self.next.text == "_":
            return self._sum_of(name, at)
        if name == "flip":
            self._skip_degrees()
        braces = 2 * (self.ahead(1).text == "{" and self.ahead(3).text == "}")
        if self.next.text == "^" and self.ahead(1 + braces // 2).kind == "num":
            power = number(self.skip(2 + braces // 2))
            self.skip(braces // 2)
        if name in ("conv", "corr"):
            return self._convolved(name)
        made = self._applied(word, primes)
        return made if power is None else Bin("^", made, power)

    def _skip_degrees(self) -> None:
        while self.take("180", kind="num") or self.take("_", "^"):
            if self.take("{"):
                while not self.take("}") and self.next.kind != "end":
                    self.skip()

    def _applied(self, word: str, primes: int) -> Node:
        name = FUNCTIONS.get(word, "f")
        opening = self.take("(", "{", "[")
        if opening:
            argument = [self.sum()]
            while self.take(",", ";"):
                argument.append(self.sum())
            self.expect(CLOSING[opening], "a closing parenthesis")
        elif name in ("f", "softmax"):
            return self.scripted(Ref(word))
        else:
            argument = [self.factor()]
        first = argument[0]
        special: dict[str, Node] = {
            "sqrt": Bin("^", first, HALF),
            "flip": Flipped(first),
            "transpose": Transposed(first),
            "mean": Sum((), first, "mean"),
        }
        return special.get(name) or Call(word, tuple(argument), primes)

    def _convolved(self, name: str) -> Node:
        self.take("2", "1", kind="num")
        if self.take("_"):
            self.subscript()
        self.expect("(", "the parenthesis of the convolution")
        left = self.sum()
        self.expect(",", "the second array of the convolution")
        right, mode = self.sum(), ""
        while self.take(",", "'", '"', "=") or self.word("mode"):
            mode = self.word(*MODES) or mode
        self.expect(")", "a closing parenthesis")
        return Bin("star", left, right, name, mode)

    def _sum_of(self, kind: str, at: int) -> Node:
        if self.word("over"):
            return self._sum_in_words()
        ranges, conditions = self.ranges()
        if not ranges and kind != "sum":
            self.fail("the maximum has neither an index nor arguments: add them", at)
        return Sum(ranges, self.nested(self.product), kind, conditions)

    def _sum_in_words(self) -> Node:
        names = list[str]()
        while self.next.kind in ("name", "cmd") and self.next.text != "of":
            kind, run, _ = self.next
            names += [run] if kind == "cmd" else [*run] if run != "and" else []
            self.skip()
            if not self.take(",") and self.next.text != "and":
                break
        if not (self.word("of") or self.take(":") or self.next.text == "("):
            self.fail("behind sum over i, j stands of: write sum over i, j of ...")
        return Sum(tuple(map(Range, names)), self.nested(self.product))


MODES = ("full", "valid", "same")
"""Where a convolution is evaluated."""

_CLOSING_SIGNS = {"(": "a closing parenthesis", "[": "the closing bracket"}
_FENCES = {
    **{"{": ("}", ""), "{|": ("|}", ""), "|": ("|", "abs")},
    **{"lfloor": ("rfloor", "floor"), "lceil": ("rceil", "ceil")},
}
