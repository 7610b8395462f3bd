r"""Reading a formula: ``\frac{\partial L}{\partial w_{mn}} = \sum_{i,j} \delta_{ij} x_{i+m,j+n}``.

What is read is a tree; nothing is evaluated as code, and no command of LaTeX is run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from symcnn.classroom.checks.formulas.indices import Indices
from symcnn.classroom.checks.formulas.reader import whole
from symcnn.classroom.checks.formulas.tree import (
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
)
from symcnn.classroom.checks.formulas.words import (
    ACCENTS,
    ACTIVATION,
    FUNCTIONS,
    GRADS,
    LOSSES,
    MARKS,
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


class Reader(Indices):
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
            return self._command(text)
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
        self.fail("an operand is expected here: a letter, a number or a parenthesis")

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
        self.fail("a condition is expected behind the 1: write 1[z > 0]")

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

    def _command(self, text: str) -> Node:
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

    def _is_one(self) -> bool:
        if self.take("mathbb1", kind="cmd"):
            return True
        start = self.at
        self.at += 1
        braced = self.take("{")
        one = self.take("1", kind="num") or self.take("I", kind="name")
        if one and (not braced or self.take("}")):
            if self.next.text in ("[", "_", "{|", "(", "{") and self.next.kind == "op":
                return True
        self.at = start
        return False

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
        from symcnn.classroom.checks.formulas.tokens import GREEK

        if text not in GREEK:
            self.fail(f"\\{text} is not read in formulas: leave it out", at)
        return self._letter(text)

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

    def _loss(self) -> bool:
        """Go on behind the letter of the loss."""
        start = self.at
        if self.take("mathcal", "mathrm", "text", "mathbf", "mathscr", kind="cmd"):
            said = self.words_in_braces() if self.next.text == "{" else self._next_text()
        else:
            said = self._next_text()
        if said not in LOSSES:
            self.at = start
            return False
        if self.take("_"):
            self.subscript()
        return True

    def _next_text(self) -> str:
        self.at += 1
        return self.list[self.at - 1].text

    def _differential(self) -> Ref | Transposed | None:
        r"""Read \frac{\partial L}{\partial w_{mn}} or dL/dw_mn."""
        start, signs = self.at, list(self.list)
        braced = self.next.text.endswith("frac")
        self.at += braced
        if (
            (not braced or self.take("{"))
            and self._d()
            and self._loss()
            and self.take("}" if braced else "/", "}")
            and (not braced or self.take("{"))
            and self._d()
        ):
            made = self.factor()
            if braced:
                self.expect("}", "the closing brace of the fraction")
            return self._as_gradient(made)
        self.at, self.list = start, signs
        return None

    def _as_gradient(self, made: Node) -> Ref | Transposed:
        if isinstance(made, Transposed):
            return Transposed(self._as_gradient(made.body))
        if isinstance(made, Bin) and made.op == "^" and isinstance(made.left, Ref):
            made = replace(made.left, upper=(made.right,))
        if not isinstance(made, Ref):
            self.fail("a derivative is with respect to a letter: write dL/dw_{mn}")
        made = replace(made, grad=True)
        return self._scripted_ref(made) if self.next.text in ("[",) else made  # type: ignore[return-value]

    def _d(self) -> bool:
        """Go on behind the d, or the curved one, of a derivative."""
        if self.take("partial", kind="cmd"):
            return True
        if self.take("mathrm", kind="cmd"):
            return self.words_in_braces() == "d"
        if self.next.kind == "name" and self.next.text.startswith("d"):
            if self.next.text[1:] or self.ahead(1).kind in ("name", "cmd"):
                if self.next.text != "delta":
                    self.split("d")
                    self.at += 1
                    return True
        return False

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
        if not (self.take("of", kind="name") or self.take(":") or self.take("(") == "never"):
            if self.next.text not in ("(",):
                self.fail("behind sum over i, j stands of: write sum over i, j of ...")
        return Sum(tuple(Range(name) for name in names), self._body())

    def _scripted_ref(self, made: Ref) -> Node:
        """Read the scripts of a letter."""
        whole_made: Node = made
        while self.next.kind == "op" and self.next.text in ("_", "^", "[", "'"):
            ref = whole_made if isinstance(whole_made, Ref) else None
            if self.next.text == "[" and not self._is_access():
                break
            if self.take("["):
                subs = self.listed("]")
                if ref is not None:
                    subs = (*(ref.subs or ()), *subs)
                    whole_made = replace(ref, subs=subs)
                else:
                    whole_made = Entry(whole_made, subs)
            elif self.take("_"):
                whole_made = self._below_letter(whole_made)
            elif self.take("'"):
                if ref is None:
                    self.fail("a prime stands behind an exponent: put it behind the letter")
                whole_made = replace(ref, base=ref.base + "'")
            else:
                self.at += 1
                whole_made = self._above(whole_made)
        if self.next.text == "." and self.ahead(1).text == "T" and self.next.kind == "op":
            self.at += 2
            whole_made = Transposed(whole_made)
        is_call = self.next.text == "(" and not self.is_range() and self._is_argument()
        if is_call and isinstance(whole_made, Ref):
            self.at += 1
            return replace(whole_made, subs=self.listed(")"))
        return whole_made

    def _is_access(self) -> bool:
        at = self.next.at
        return at > 0 and not self.text[at - 1].isspace()

    def _is_argument(self) -> bool:
        """Tell whether parentheses with commas hold the indices of the letter before."""
        commas, depth = 0, 0
        for token in self.list[self.at :]:
            depth += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
            commas += token.text == "," and depth == 1
            if not depth:
                return commas > 0
        return False

    def _below_letter(self, made: Node) -> Node:
        label, subs, comma = self.subscript()
        ref = made
        while isinstance(ref, Transposed):
            ref = ref.body
        if isinstance(ref, Bin) and ref.op == "^" and isinstance(ref.left, Ref) and not label:
            return replace(ref, left=replace(ref.left, subs=subs, comma=comma))  # x^2_i
        if not isinstance(ref, Ref):
            return Entry(made, subs)
        if isinstance(made, Transposed):
            return Entry(made, subs)
        if label:
            made = replace(ref, base=ref.base + label)
            if self.next.text == "{" and self.list[self.at].kind == "op" and self.take("{"):
                made = replace(made, subs=self._rest_of_indices())
            return made
        return replace(ref, subs=(*(ref.subs or ()), *subs), comma=comma)

    def _rest_of_indices(self) -> tuple[Node, ...]:
        return self.listed("}")

    def _above(self, made: Node) -> Node:
        """Read what stands above: a transpose, a layer, a sample, or a power."""
        if self.take("'"):
            return replace(made, base=made.base + "'") if isinstance(made, Ref) else made
        if self.take("top", kind="cmd"):
            return Transposed(made)
        if self.next.kind == "name" and self.next.text[0] in "T" and not self.latex_power():
            self.split("T")
            self.at += 1
            return Transposed(made)
        if self.take("(", "["):
            close = ")" if self.list[self.at - 1].text == "(" else "]"
            return self._with_upper(made, self.listed(close))
        if self.take("{"):
            return self._braced_above(made)
        if self.next.kind == "op" and self.take("*", "+", "-"):
            return Bin("^", made, self._signed(self.list[self.at - 1].text))
        if self.next.kind == "name":
            self.split(self.next.text[0])
        return self._power(made, self._operand_above())

    def latex_power(self) -> bool:
        """Tell whether T is bound to something by the user, and so no transpose."""
        return "T" in self.known

    def _signed(self, sign: str) -> Node:
        made = whole(self.next.text) if self.next.kind == "num" else Ref(self.next.text)
        self.at += 1
        return Bin("-", number(0), made) if sign == "-" else made

    def _operand_above(self) -> Node:
        if self.next.kind == "num":
            self.at += 1
            return whole(self.list[self.at - 1].text)
        if self.next.kind not in ("name", "cmd"):
            self.fail("an exponent is expected behind ^: write x^{2}")
        if self.next.kind == "cmd":
            return self._command(self.next.text)
        self.at += 1
        return Ref(self.list[self.at - 1].text)

    def _braced_above(self, made: Node) -> Node:
        """Read a group above a letter."""
        while not self.take("}"):
            if self.take("top", kind="cmd") or (
                self.next.text == "T" and self.ahead(1).text in ("}", "(", "[") and self._skip()
            ):
                made = Transposed(made)
            elif self.take("mathsf", "mathrm", "text", "intercal", kind="cmd"):
                said = self.words_in_braces() if self.next.text == "{" else self._next_text()
                made = Transposed(made) if said.strip() == "T" else self._with_label(made, said)
            elif self.take("'"):
                made = replace(made, base=made.base + "'") if isinstance(made, Ref) else made
            elif self.next.text in ("(", "[") and self._wraps():
                close = ")" if self.take("(", "[") == "(" else "]"
                made = self._with_upper(made, self.listed(close))
            elif self.next.kind == "end":
                self.fail("a closing brace is missing: add it")
            else:
                made = self._power(made, self.sum())
            self.take(",")
        return made

    def _wraps(self) -> bool:
        """Tell whether parentheses are all that stands above, or a transpose follows them."""
        depth = 0
        for offset, token in enumerate(self.list[self.at :]):
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if not depth:
                behind = self.ahead(offset + 1)
                return behind.text in ("}", "T", "top", ",", "mathsf", "mathrm", "'", "text")
        return False

    def _skip(self) -> bool:
        self.at += 1
        return True

    def _with_label(self, made: Node, said: str) -> Node:
        return replace(made, base=f"{made.base}_{said.strip()}") if isinstance(made, Ref) else made

    def _with_upper(self, made: Node, upper: tuple[Node, ...]) -> Node:
        if isinstance(made, Transposed):
            return Transposed(self._with_upper(made.body, upper))
        if isinstance(made, Ref):
            return replace(made, upper=(*made.upper, *upper))
        if isinstance(made, Bin) and made.op == "^" and isinstance(made.left, Ref):
            return replace(made, left=replace(made.left, upper=upper))
        self.fail("a superscript in parentheses belongs to a letter: write z^{(l)}")

    def _power(self, made: Node, power: Node) -> Node:
        if isinstance(made, Ref) and made.base == "delta" and not isinstance(power, Num):
            return self._with_upper(made, (power,))
        if isinstance(made, Ref) and isinstance(power, Ref) and self.next.text == "_":
            return self._with_upper(made, (power,))
        letters = {n.base for n in _refs(power)}
        if isinstance(made, Ref) and letters & {"l", "L", "ell"} and letters <= {"l", "L", "ell"}:
            return self._with_upper(made, (power,))
        return Bin("^", made, power)


def _refs(node: Node) -> list[Ref]:
    from symcnn.classroom.checks.formulas.tree import walk

    return [part for part in walk(node) if isinstance(part, Ref)]
