"""Reading functions, sums, brackets for conditions, and letters in other fonts."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.reader import whole
from symcnn.classroom.checks.formulas.scripts import Scripts
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Call,
    Flipped,
    Node,
    Range,
    Ref,
    Sum,
    Transposed,
    number,
)
from symcnn.classroom.checks.formulas.words import ACTIVATION, FUNCTIONS, GRADS, MARKS


class Functions(Scripts):
    """Letters and words with arguments."""

    def _letter(self, word: str) -> Node:
        if self.next.text == "(" and self._calls(word):
            return self._applied(word, 0)
        if self.next.text == "'" or self._prime_above():
            return self._primed(word)
        return self._scripted_ref(Ref(word))

    def _calls(self, word: str) -> bool:
        if word in self.known or word not in ACTIVATION:
            return False
        commas, depth = 0, 0
        for token in self.list[self.at :]:
            depth += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
            commas += token.text == "," and depth == 1
            if not depth:
                break
        return not commas

    def _prime_above(self) -> bool:
        if self.next.text != "^":
            return False
        return self.ahead(1).text == "'" or (
            self.ahead(1).text == "{" and self.ahead(2).text == "'"
        )

    def _primed(self, word: str) -> Node:
        primes = 0
        while self.next.text in ("'", "^", "{", "}") and self.next.kind == "op":
            if self.next.text in ("^", "{") and not (primes == 0 and self._prime_ahead()):
                break
            if self.next.text == "}" and not primes:
                break
            primes += self.next.text == "'"
            self.at += 1
        if self.next.text == "(":
            return self._applied(word, primes)
        return self._scripted_ref(Ref(word + "'" * primes))

    def _prime_ahead(self) -> bool:
        return self._prime_above() or self.ahead(1).text == "'"

    def _function(self, word: str) -> Node:
        name = FUNCTIONS[word]
        primes = 0
        while self.take("'"):
            primes += 1
        if name in ("max", "min", "mean") and self.next.text == "_":
            self.at -= 1
            return self._sum_of(name)
        if name == "flip":
            self._skip_degrees()
        power = None
        if self.next.text == "^" and self.ahead(1).kind == "num":
            self.at += 2
            power = whole(self.list[self.at - 1].text)
        if name == "conv" or name == "corr":
            return self._convolved(name)
        made = self._applied(word, primes)
        return made if power is None else Bin("^", made, power)

    def _skip_degrees(self) -> None:
        while self.take("180", kind="num") or self.take("_", "^"):
            if self.take("{"):
                while not self.take("}") and self.next.kind != "end":
                    self.at += 1

    def _applied(self, word: str, primes: int) -> Node:
        name = FUNCTIONS.get(word, "f")
        opening = self.take("(", "{", "[")
        if not opening:
            if name in ("f", "softmax"):
                return self._scripted_ref(Ref(word))
            argument: tuple[Node, ...] = (self.factor(),)
        else:
            closing = {"(": ")", "{": "}", "[": "]"}[opening]
            argument = (self.sum(),)
            while self.take(",", ";"):
                argument = (*argument, self.sum())
            self.expect(closing, "a closing parenthesis")
        if name == "sqrt":
            return Bin("^", argument[0], Bin("/", number(1), number(2)))
        if name == "flip":
            return Flipped(argument[0])
        if name == "transpose":
            return Transposed(argument[0])
        if name == "mean":
            return Sum((), argument[0], "mean")
        return Call(word, argument, primes)

    def _convolved(self, name: str) -> Node:
        self.take("2", "1", kind="num")
        if self.take("_"):
            self.subscript()
        self.expect("(", "the parenthesis of the convolution")
        left = self.sum()
        self.expect(",", "the second array of the convolution")
        right, mode = self.sum(), ""
        while self.take(",", "'", '"', "="):
            if self.next.text in ("full", "valid", "same", "mode"):
                mode = self.next.text if self.next.text != "mode" else mode
                self.at += 1
        self.expect(")", "a closing parenthesis")
        return Bin("star", left, right, name, mode)

    def _sum_of(self, kind: str) -> Node:
        start = self.next.at
        self.at += 1
        if self.take("over", kind="name"):
            return self._sum_in_words()
        ranges, conditions = self.ranges()
        if not ranges and kind != "sum":
            self.fail("the maximum has neither an index nor arguments: add them", start)
        body = self._body()
        return Sum(ranges, body, kind, conditions)

    def _body(self) -> Node:
        return self.nested(self.product)

    def _sum_in_words(self) -> Node:
        names = list[str]()
        while self.next.kind in ("name", "cmd") and self.next.text != "of":
            run = self.next.text
            names += [run] if self.next.kind == "cmd" else [*run] if run != "and" else []
            self.at += 1
            if not self.take(",") and self.next.text not in ("and",):
                break
        ends = self.take("of", kind="name") or self.take(":") or self.next.text == "("
        if not ends:
            self.fail("behind sum over i, j stands of: write sum over i, j of ...")
        return Sum(tuple(Range(name) for name in names), self._body())

    def _indicator(self) -> Node:
        if self.take("_"):
            self.expect("{", "an opening brace")
            return Bracket(self.conditions("}"))
        if self.take("["):
            return Bracket(self.conditions("]"))
        if self.take("("):
            return Bracket(self.conditions(")"))
        if self.take("{|"):
            return Bracket(self.conditions("|}"))
        if self.take("{"):
            return Bracket(self.conditions("}"))
        return self.fail("a condition is expected behind the 1: write 1[z > 0]")

    def _is_one(self) -> bool:
        if self.take("mathbb1", kind="cmd"):
            return True
        start = self.at
        self.at += 1
        braced = self.take("{")
        one = self.take("1", kind="num") or self.take("I", kind="name")
        closed = one and (not braced or self.take("}"))
        if closed and self.next.text in ("[", "_", "{|", "(", "{") and self.next.kind == "op":
            return True
        self.at = start
        return False

    def _accented(self, text: str) -> Node:
        """Read a letter with an accent or in another font."""
        if self.next.text != "{" and self.next.kind in ("name", "cmd"):
            if self.next.kind == "name":
                self.split(self.next.text[0])
            word = self.next.text
            self.at += 1
        else:
            start = self.at
            word = self.words_in_braces().strip().replace(" ", "")
            if not word.isidentifier():
                self.at = start
                return self._group()
        word = {"varepsilon": "epsilon"}.get(word, word) + MARKS.get(text, "")
        if word in FUNCTIONS and (text != "mathbf" or len(word) > 1):
            return self._function(word)
        if word in GRADS:
            return self._scripted_ref(Ref(GRADS[word], grad=True))
        if word.startswith(("rot", "flip")):
            return self._function("flip")
        return self._letter(word)

    def _group(self) -> Node:
        """Read the argument of a command."""
        opening = self.take("{", "(")
        if not opening:
            return self.factor()
        made = self.sum()
        self.expect("}" if opening == "{" else ")", "a closing brace")
        return made
