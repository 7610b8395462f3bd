"""Reading what stands above and below letters, and derivatives of the loss: dL/dw_{mn}."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from symcnn.classroom.checks.formulas.indices import Indices
from symcnn.classroom.checks.formulas.signs import CLOSING, WORDS
from symcnn.classroom.checks.formulas.spelling import LAYERS, LOSSES
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Entry,
    Node,
    Num,
    Ref,
    Transposed,
    nodes,
    number,
)


class Scripts(Indices):
    """Letters with what stands above and below them."""

    factor: Callable[[], Node]  # of readers of operands, as what follows
    command: Callable[[str, int], Node]

    def scripted(self, ref: Ref) -> Node:
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
                made = self.above(made)
            else:
                break
        if self.is_op(".") and self.ahead(1).text == "T":
            self.skip(2)
            made = Transposed(made)
        if isinstance(made, Ref) and self.is_list() and not self.is_range() and self.take("("):
            return replace(made, subs=self.listed(")"))
        return made

    def _is_access(self) -> bool:
        before = self.text[: self.next.at]
        return bool(before) and not before[-1].isspace() and not before.endswith(r"\left")

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

    def above(self, made: Node) -> Node:
        """Read what stands above: a transpose, a layer, a sample, or a power."""
        kind, text, at = self.next
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
            power: Node = number(self.skip()) if self.next.kind == "num" else Ref(self.skip())
            return Bin("^", made, Bin("-", number(0), power) if sign == "-" else power)
        if kind == "num":
            return self._power(made, number(self.skip()))
        if kind == "cmd":
            return self._power(made, self.nested(lambda: self.command(text, at)))
        if kind in WORDS:
            return self._power(made, Ref(self.split(text[0] if kind == "name" else text)))
        return self.fail("an exponent is expected behind ^: write x^{2}")

    def _braced_above(self, made: Node) -> Node:
        """Read a group above a letter."""
        self.take("odot")  # a power of every entry
        if isinstance(made, Ref) and made.base == "delta" and (mark := self.attempt(self._mark)):
            return replace(made, upper=(*made.upper, mark))
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

    def _mark(self) -> Ref | None:
        r"""Read the tensor that an error signal belongs to: \delta^{z}, \delta^{z(2)}."""
        (kind, letter, _), upper = self.next, tuple[Node, ...]()
        if letter in ("T", "top") or not letter.isalpha() or (kind == "name" and letter[1:]):
            return None
        self.skip()
        if opening := self.take("(", "["):
            upper = (self.index(),) if self.next.kind == "num" else ()
            if not (upper and self.take(CLOSING[opening])):
                return None
        return Ref(letter, upper=upper) if self.take("}") else None

    def _raised_indices(self) -> tuple[Node, ...] | None:
        """Read several indices that stand above: v^{(x+p)(y+q)(z+r)}, w^{pqr}."""
        letters = (self.ahead(by) for by in range(len(self.list) - self.at))
        inside = list(takewhile(lambda token: token.text != "}", letters))
        signs = {token.text for token in inside if token.kind == "op"}
        is_plain = all(token.kind in ("name", "num", "op") for token in inside)
        if not is_plain or signs - {"(", ")", "+", "-"} or "T" in {t.text for t in inside}:
            return None
        found, _ = self._pieces("}", products=False)
        names = {n.base for n in nodes(Ref, *found)}
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
            letters = {n.base for n in nodes(Ref, power)}
            is_layer = bool(letters) and letters <= LAYERS
            is_error = made.base == "delta" and not isinstance(power, Num)
            if is_layer or is_error or (isinstance(power, Ref) and self.next.text == "_"):
                return self._with_upper(made, (power,))
        return Bin("^", made, power)

    def nabla(self) -> Node:
        r"""Read what stands behind \nabla_ : a letter, and the loss."""
        of = self.enclosed(self.factor) if self.next.text == "{" else self._atom()
        self._loss()
        made = self._gradient(of)
        return self.scripted(made) if isinstance(made, Ref) else made

    def _loss(self) -> bool:
        """Go on behind the letter of the loss."""
        found = self.next.kind in (*WORDS, "cmd") and self.next.text in LOSSES and self.skip()
        if found and self.take("_"):
            self.subscript()
        return bool(found)

    def differential(self) -> Ref | Transposed | None:
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


def _with_subs(made: Node, subs: tuple[Node, ...]) -> Node:
    """Return an entry of a letter, or of anything else."""
    if isinstance(made, Ref):
        return replace(made, subs=(*(made.subs or ()), *subs))
    return Entry(made, subs)
