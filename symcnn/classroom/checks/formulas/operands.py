"""Reading letters with what stands above and below them, functions, sums, and derivatives."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from symcnn.classroom.checks.formulas.indices import RELATIONS, Indices
from symcnn.classroom.checks.formulas.signs import CLOSING, WORDS, whole
from symcnn.classroom.checks.formulas.spelling import GREEK
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    Bin,
    Bracket,
    Call,
    Entry,
    Flipped,
    Node,
    Num,
    Range,
    Ref,
    Sum,
    Transposed,
    number,
    walk,
)
from symcnn.classroom.checks.formulas.words import (
    ACTIVATION,
    FUNCTIONS,
    GRADS,
    LAYERS,
    LOSSES,
    first_word,
)


class Operands(Indices):
    """What is multiplied and added: letters, numbers, functions, sums, parentheses."""

    def product(self) -> Node:
        """Read factors; a sum goes as far as they do."""
        raise NotImplementedError

    def conditions(self, *ends: str) -> tuple[Node, ...]:
        """Read conditions up to a sign."""
        raise NotImplementedError

    def cases(self) -> Node:
        """Read the rows of cases up to their end."""
        raise NotImplementedError

    # one factor

    def factor(self) -> Node:
        """Read a factor: an operand with powers, transposes and indices behind it."""
        made = self.nested(self._operand)
        while True:
            if self.take("^"):
                made = self._above(made)
            elif not isinstance(made, Ref) and self.take("_"):
                made = Entry(made, self.subscript()[1])
            elif not isinstance(made, Num) and self._is_behind_bracket() and self.take("["):
                made = Entry(made, self.listed("]"))
            else:
                return made

    def _is_behind_bracket(self) -> bool:
        return self.text[max(self.next.at - 1, 0)] in ")]}" if self.next.kind == "op" else False

    def _operand(self) -> Node:
        kind, text, at = self.next
        if kind == "num":
            return self._number()
        if kind == "name":
            return self.attempt(self._differential) or self._word(
                self.split(first_word(text, self.latex, self.known)), at
            )
        if kind in WORDS:
            return self._styled()
        if kind == "cmd":
            return self._command(text, at)
        if text == "(":
            return self._parentheses()
        if text == "[":
            return self._brackets()
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

    def _parentheses(self) -> Node:
        start = self.at
        self.skip()
        made = self.sum()
        if self.next.kind == "op" and self.next.text in RELATIONS:
            self.at = start + 1
            return Bracket(self.conditions(")"))
        self.expect(")", "a closing parenthesis")
        if isinstance(made, Bin) and self.is_list() and self.take("("):
            return Entry(made, self.listed(")"))
        return made

    def _brackets(self) -> Node:
        """Read [..]: conditions as 1 or 0, anything else as parentheses."""
        start = self.at
        self.skip()
        inside = self.sum()
        if self.next.kind == "op" and self.next.text in (*RELATIONS, "="):
            self.at = start + 1
            return Bracket(self.conditions("]"))
        self.expect("]", "the closing bracket")
        return inside

    def _number(self) -> Node:
        text, at = self.next.text, self.next.at
        self.skip()
        if text == "1" and self.next.at == at + 1 and self._is_condition():
            return self._indicator()
        return whole(text)

    def _is_condition(self) -> bool:
        """Tell whether a bracket with a condition follows, such as [z > 0] or _{z > 0}."""
        start, self.at = self.at, self.at + (self.next.text == "_")
        found = self.next.text in CLOSING and self.group()[0] & {*RELATIONS, "="}
        self.at = start
        return bool(found)

    def _indicator(self) -> Node:
        self.take("_")
        opening = self.take(*CLOSING)
        if not opening:
            self.fail("a condition is expected behind the 1: write 1[z > 0]")
        return Bracket(self.conditions(CLOSING[opening]))

    # words and commands

    def _styled(self) -> Node:
        """Read a letter or a word with an accent or in another font."""
        at, word = self.next.at, self.skip()
        if word in ("1", "I") and self._is_condition():
            return self._indicator()
        if word.isdecimal():
            return whole(word)
        return self._word("flip" if word.startswith(("rot", "flip")) else word, at)

    def _word(self, word: str, at: int) -> Node:
        if word == "sum":
            return self._sum_of("sum", at)
        if word in ("grad", "nabla") and self.take("_"):
            return self._nabla()
        if word in GRADS:
            return self._scripted(Ref(GRADS[word], grad=True))
        if word in FUNCTIONS:
            return self._function(word, at)
        return self._letter(word)

    def _command(self, text: str, at: int) -> Node:
        if found := self.attempt(self._differential):
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
        return whole(self.split(self.next.text[0])) if self.next.kind == "num" else self._group()

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
        return self._scripted(Ref(word + "'" * primes))

    # functions and sums

    def _function(self, word: str, at: int) -> Node:
        name, primes, power = FUNCTIONS[word], 0, None
        while self.take("'"):
            primes += 1
        if name in ("max", "min", "mean") and self.next.text == "_":
            return self._sum_of(name, at)
        if name == "flip":
            self._skip_degrees()
        if self.next.text == "^" and self.ahead(1).kind == "num":
            power = whole(self.skip(2))
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
            return self._scripted(Ref(word))
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

    # above and below letters

    def _scripted(self, ref: Ref) -> Node:
        """Read the scripts of a letter."""
        made: Node = ref
        while self.next.kind == "op":
            if self._is_access() and self.take("["):
                made = _with_subs(made, self.listed("]"))
            elif self.take("_"):
                made = self._subscripted(made)
            elif self.take("'"):
                made = self._with_base(made, "'")
            elif self.take("^"):
                made = self._above(made)
            else:
                break
        if self.next.text == "." and self.ahead(1).text == "T" and self.next.kind == "op":
            self.skip(2)
            made = Transposed(made)
        if isinstance(made, Ref) and self.is_list() and not self.is_range() and self.take("("):
            return replace(made, subs=self.listed(")"))
        return made

    def _is_access(self) -> bool:
        return self.next.at > 0 and not self.text[self.next.at - 1].isspace()

    def _subscripted(self, made: Node) -> Node:
        label, subs = self.subscript()
        if label and isinstance(made, Ref):
            return replace(made, base=made.base + label, subs=subs or made.subs)
        if isinstance(made, Bin) and made.op == "^" and isinstance(made.left, Ref) and not label:
            return replace(made, left=replace(made.left, subs=subs))  # x^2_i
        return _with_subs(made, subs)

    def _with_base(self, made: Node, mark: str) -> Node:
        if not isinstance(made, Ref):
            self.fail("a prime stands behind an exponent: put it behind the letter")
        return replace(made, base=made.base + mark)

    def _above(self, made: Node) -> Node:
        """Read what stands above: a transpose, a layer, a sample, or a power."""
        kind, text, _ = self.next
        if self.take("'"):
            return self._with_base(made, "'")
        if self.take("top", kind="cmd"):
            return Transposed(made)
        if kind in WORDS and text[0] == "T" and "T" not in self.known:
            self.split("T")
            return Transposed(made)
        if opening := self.take("(", "["):
            return self._with_upper(made, self.listed(CLOSING[opening]))
        if self.take("{"):
            return self._braced_above(made)
        if sign := self.take("*", "+", "-"):
            power: Node = whole(self.skip()) if self.next.kind == "num" else Ref(self.skip())
            return Bin("^", made, Bin("-", number(0), power) if sign == "-" else power)
        return self._power(made, self._operand_above())

    def _operand_above(self) -> Node:
        kind, text, at = self.next
        if kind == "num":
            return whole(self.skip())
        if kind == "cmd":
            return self.nested(lambda: self._command(text, at))
        if kind in WORDS:
            return Ref(self.split(text[0]) if kind == "name" else self.skip())
        return self.fail("an exponent is expected behind ^: write x^{2}")

    def _braced_above(self, made: Node) -> Node:
        """Read a group above a letter."""
        if isinstance(made, Ref) and (raised := self.attempt(self._raised_indices)):
            return replace(made, subs=(*(made.subs or ()), *raised))
        while not self.take("}"):
            is_turned = self.next.text == "T" and (
                self.next.kind != "name" or self.ahead(1).text in ("}", "(", "[")
            )
            if self.take("top", kind="cmd") or (is_turned and self.skip()):
                made = Transposed(made)
            elif self.next.kind == "label" and isinstance(made, Ref):
                made = replace(made, base=f"{made.base}_{self.skip()}")
            elif self.take("'"):
                made = self._with_base(made, "'")
            elif self._is_wrapped():
                made = self._with_upper(made, self.listed(CLOSING[self.skip()]))
            elif self.next.kind == "end":
                self.fail("a closing brace is missing: add it")
            else:
                made = self._power(made, self.sum())
            self.take(",")
        return made

    def _raised_indices(self) -> tuple[Node, ...] | None:
        """Read several indices that stand above: v^{(x+p)(y+q)(z+r)}, w^{pqr}."""
        letters = (self.ahead(by) for by in range(len(self.list) - self.at))
        inside = list(takewhile(lambda token: token.text != "}", letters))
        signs = {token.text for token in inside if token.kind == "op"}
        is_plain = all(token.kind in ("name", "num", "op") for token in inside)
        if not is_plain or signs - {"(", ")", "+", "-"} or "T" in {t.text for t in inside}:
            return None
        found, _ = self._pieces("}", products=False)
        names = {n.base for node in found for n in walk(node) if isinstance(n, Ref)}
        is_parted = len(found) > 1 and all(isinstance(node, Ref | Bin) for node in found)
        return found if is_parted and not names & {"T", *LAYERS} else None

    def _is_wrapped(self) -> bool:
        """Tell whether parentheses are all that stands above, or a transpose follows them."""
        if self.next.text not in ("(", "["):
            return False
        behind = self.group()[1]
        return behind.text in ("}", "T", "top", ",", "'") or behind.kind == "label"

    def _with_upper(self, made: Node, upper: tuple[Node, ...]) -> Node:
        if isinstance(made, Transposed):
            return Transposed(self._with_upper(made.body, upper))
        if isinstance(made, Ref):
            return replace(made, upper=(*made.upper, *upper))
        if isinstance(made, Bin) and made.op == "^" and isinstance(made.left, Ref):
            return replace(made, left=replace(made.left, upper=upper))
        return self.fail("a superscript in parentheses belongs to a letter: write z^{(l)}")

    def _power(self, made: Node, power: Node) -> Node:
        if isinstance(made, Ref):
            letters = {n.base for n in walk(power) if isinstance(n, Ref)}
            is_layer = bool(letters) and letters <= LAYERS
            is_error = made.base == "delta" and not isinstance(power, Num)
            if is_layer or is_error or (isinstance(power, Ref) and self.next.text == "_"):
                return self._with_upper(made, (power,))
        return Bin("^", made, power)

    # derivatives

    def _nabla(self) -> Node:
        if self.take("{"):
            of = self.factor()
            self.expect("}", "a closing brace")
        else:
            of = self._atom()
        self._loss()
        made = self._gradient(of)
        return self._scripted(made) if isinstance(made, Ref) else made

    def _loss(self) -> bool:
        """Go on behind the letter of the loss."""
        found = self.next.kind in (*WORDS, "cmd") and self.next.text in LOSSES and self.skip()
        if found and self.take("_"):
            self.subscript()
        return bool(found)

    def _differential(self) -> Ref | Transposed | None:
        r"""Read \frac{\partial L}{\partial w_{mn}} or dL/dw_mn."""
        braced = self.next.text.endswith("frac") and bool(self.skip() and self.take("{"))
        if not (self._d() and self._loss()):
            return None
        if not (self.take("}") and self.take("{") if braced else self.take("/")):
            return None
        if not self._d():
            return None
        made = self.factor()
        if braced:
            self.expect("}", "the closing brace of the fraction")
        return self._gradient(made)

    def _gradient(self, made: Node) -> Ref | Transposed:
        if isinstance(made, Transposed):
            return Transposed(self._gradient(made.body))
        if isinstance(made, Bin) and made.op == "^" and isinstance(made.left, Ref):
            made = replace(made.left, upper=(made.right,))
        if not isinstance(made, Ref):
            self.fail("a derivative is with respect to a letter: write dL/dw_{mn}")
        made = replace(made, grad=True)
        if self._is_access() and self.take("["):
            return replace(made, subs=(*(made.subs or ()), *self.listed("]")))
        return made

    def _d(self) -> bool:
        """Go on behind the d, or the curved one, of a derivative."""
        kind, text, _ = self.next
        if (kind == "cmd" and text == "partial") or (kind in ("word", "label") and text == "d"):
            return bool(self.skip())
        is_d = kind == "name" and text[0] == "d" and text != "delta"
        if not is_d or not (text[1:] or self.ahead(1).kind in ("cmd", *WORDS)):
            return False
        return bool(self.split("d"))


MODES = ("full", "valid", "same")
"""Where a convolution is evaluated."""

_FENCES = {
    **{"{": ("}", ""), "{|": ("|}", ""), "|": ("|", "abs")},
    **{"lfloor": ("rfloor", "floor"), "lceil": ("rceil", "ceil")},
}


def _with_subs(made: Node, subs: tuple[Node, ...]) -> Node:
    """Return an entry of a letter, or of anything else."""
    if isinstance(made, Ref):
        return replace(made, subs=(*(made.subs or ()), *subs))
    return Entry(made, subs)
