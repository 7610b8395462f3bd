"""Reading what stands above and below letters, and derivatives of the loss: dL/dw_{mn}."""

from __future__ import annotations

from dataclasses import replace

from symcnn.classroom.checks.formulas.indices import Indices
from symcnn.classroom.checks.formulas.reader import whole
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Entry,
    Node,
    Num,
    Ref,
    Transposed,
    number,
    walk,
)
from symcnn.classroom.checks.formulas.words import LOSSES


class Scripts(Indices):
    """Letters with their scripts."""

    def command(self, text: str) -> Node:
        """Read what a command begins."""
        raise NotImplementedError

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
            return self.command(self.next.text)
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
        return self.fail("a superscript in parentheses belongs to a letter: write z^{(l)}")

    def _power(self, made: Node, power: Node) -> Node:
        if isinstance(made, Ref) and made.base == "delta" and not isinstance(power, Num):
            return self._with_upper(made, (power,))
        if isinstance(made, Ref) and isinstance(power, Ref) and self.next.text == "_":
            return self._with_upper(made, (power,))
        letters = {n.base for n in refs_of(power)}
        if isinstance(made, Ref) and letters & {"l", "L", "ell"} and letters <= {"l", "L", "ell"}:
            return self._with_upper(made, (power,))
        return Bin("^", made, power)

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
        is_d = self.next.kind == "name" and self.next.text[0] == "d" and self.next.text != "delta"
        if not is_d or not (self.next.text[1:] or self.ahead(1).kind in ("name", "cmd")):
            return False
        self.split("d")
        self.at += 1
        return True


def refs_of(node: Node) -> list[Ref]:
    """Return the letters of a part."""
    return [part for part in walk(node) if isinstance(part, Ref)]
