"""Reading the indices of an entry, x_{i+m,j+n}, and the ranges of a sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from symcnn.classroom.checks.formulas.signs import CLOSING, WORDS, Signs
from symcnn.classroom.checks.formulas.spelling import GREEK, LABELS
from symcnn.classroom.checks.formulas.tree import (
    WHOLE,
    Bin,
    Call,
    Neg,
    Node,
    Num,
    Range,
    Ref,
    Rel,
    number,
    rebuilt,
    size_name,
)

RELATIONS = ("<", "<=", ">", ">=", "!=", "==")
_ROUNDED = ("lfloor", "lceil")


def _sized(limit: Node | None) -> Node | None:
    """Return a limit whose letters are sizes, as k_1 in H - k_1."""

    def named(node: Node) -> Node:
        is_size = isinstance(node, Ref) and node.subs and not node.grad
        return Ref(size_name(node)) if is_size and isinstance(node, Ref) else node

    return None if limit is None else rebuilt(limit, named)


class Indices(Signs):
    """What stands in subscripts, and below and above sums."""

    sum: Callable[[], Node]  # of readers of whole formulas

    def terms(self, read: Callable[[], Node]) -> Node:
        """Read terms that signs join, each as it is read."""
        sign = self.take("+", "-")
        made = Neg(read()) if sign == "-" else read()
        while sign := self.take("+", "-"):
            made = Bin(sign, made, read())
        return made

    def subscript(self) -> tuple[str, tuple[Node, ...]]:
        """Read what stands behind _: a label, indices, or both."""
        if label := self.attempt(self._label):
            return label
        return "", self._list("}") if self.take("{") else self._bare()

    def _label(self) -> tuple[str, tuple[Node, ...]] | None:
        braced = self.take("{")
        is_upright = self.next.kind == "label"
        if not is_upright and not (self.next.kind == "name" and self.next.text in LABELS):
            return None
        label = f"_{self.skip()}"
        if braced and is_upright and self.take(","):
            return label, self.listed("}")
        return (label, ()) if not braced or self.take("}") else None

    def _bare(self) -> tuple[Node, ...]:
        kind = self.next.kind
        if not self.latex and kind in ("num", "name"):
            return tuple(number(t) if kind == "num" else Ref(t) for t in self.skip() if t != ".")
        if kind in ("num", "cmd", *WORDS):
            return (self._atom(),)
        return self.fail("an index is expected behind _: write x_{i} or x[i]")

    def _list(self, end: str) -> tuple[Node, ...]:
        """Read indices; letters side by side are several, if no comma parts them."""
        start, signs = self.at, [*self.list]
        found, parted = self._pieces(end, products=False)
        if parted:
            self.at, self.list = start, signs
            return self.listed(end)
        return found

    def listed(self, end: str) -> tuple[Node, ...]:
        """Read indices that commas part, up to a sign."""
        return self._pieces(end, products=True)[0]

    def _pieces(self, end: str, *, products: bool) -> tuple[tuple[Node, ...], bool]:
        found, parted = list[Node](), False
        while not self.take(end):
            if self.next.kind == "end":
                self.fail(f"the indices are not closed: add {end}")
            if found and self.take(",", ";"):
                parted = True
            else:
                found.append(self.index(products))
        return tuple(found), parted

    def index(self, products: bool = True) -> Node:
        """Read an index such as 2i + m - 1."""
        return self.nested(lambda: self.terms(lambda: self._term(products)))

    def _term(self, products: bool) -> Node:
        made = self._atom()
        while True:
            follows = self.next.kind in ("cmd", "num", *WORDS) or self.next.text in ("(", *_ROUNDED)
            follows = follows and (products or self._scales(made))
            if made == WHOLE or (self.is_op("cdot") and self._is_whole(made, products)):
                return made
            if sign := self.take("cdot", "*", "times"):
                made = Bin("*", made, self._atom(), "*" if sign == "*" else "cdot")
            elif (sign := self.take("/", "mod")) or follows:
                made = Bin(sign or "*", made, self._atom())
            else:
                return made

    def _scales(self, node: Node) -> bool:
        """Tell whether it multiplies what follows, though no comma parts the indices."""
        if isinstance(node, Ref) and node.base in ("s", "S"):  # in x_{si+m}, not in w_{rsc}
            inside = takewhile(lambda token: token.text != "}", self.list[self.at :])
            return any(token.text in ("+", "-") for token in inside)
        return isinstance(node, Num) and (self.next.kind in ("cmd", *WORDS) or self.is_op("("))

    def _is_whole(self, made: Node, products: bool) -> bool:
        r"""Tell whether the dot that follows is an index, as in w_{i\cdot k}, and no product."""
        is_last = self.ahead(1).text in ("}", ",", "cdot")
        return is_last or not (products or isinstance(made, Num) or self._scales(made))

    def _atom(self) -> Node:
        kind, text, _ = self.next
        if kind in ("num", "word", "label"):
            return number(self.skip()) if kind == "num" else Ref(self.skip())
        if kind == "name":
            is_word = not self.latex and text in ("stride", "pad")
            return self._primed(self.split(text if is_word else text[0]))
        if kind == "cmd" and text.endswith("frac"):
            self.skip()
            return Bin("/", self.enclosed(self.index), self.enclosed(self.index))
        if kind == "cmd" and text in GREEK:
            return self._primed(self.skip())
        if kind == "cmd":
            self.fail(f"\\{text} is not read in indices: leave it out")
        if self.take("("):
            made = self.index()
            self.expect(")", "a closing parenthesis of an index")
            return made
        if self.take("cdot"):
            return WHOLE
        if self.take("{"):
            made = self.index()
            self.expect("}", "a closing brace of an index")
            return made
        if opening := self.take(*_ROUNDED):
            made = self.index()
            self.expect(f"r{opening[1:]}", f"\\r{opening[1:]}")
            return Call(opening[1:], (made,))
        return self.fail("an index is expected: write letters, numbers, + and -")

    def _primed(self, letter: str) -> Node:
        """Return the letter of an index with its primes, and with what stands below it."""
        letter += "'" * self.primes()
        if self.take("_"):
            label, subs = self.subscript()
            below = (s.base if isinstance(s, Ref) else getattr(s, "value", "") for s in subs)
            letter += label + "".join(f"_{name}" for name in below)
        return Ref(letter)

    def primes(self) -> int:
        r"""Go on behind primes, also ``^\prime`` and ``^{\prime}``, and count them."""
        count = 0
        while self._is_prime() or (self._is_prime(1) and self.next.text == "^"):
            self.skip(1 if self._is_prime() else 2)
            count += 1
        return count or self.attempt(self._primes_in_braces)

    def _is_prime(self, by: int = 0) -> bool:
        return self.ahead(by)[:2] == ("op", "'")

    def _primes_in_braces(self) -> int:
        if not (self.take("^") and self.take("{")):
            return 0
        count = self.primes() if self._is_prime() else 0
        return count if self.take("}") else 0

    def ranges(self) -> tuple[tuple[Range, ...], tuple[Node, ...]]:
        """Read what stands below and above a sum: indices with their limits, and conditions."""
        ranges, conditions = list[Range](), list[Node]()
        upper: Node | None = None
        while sign := self.take("_", "^"):
            if sign == "_":
                ranges, conditions = self._below()
            elif self.take("{"):
                upper = self.sum()
                self.expect("}", "a closing brace")
            else:
                upper = self._atom()
        if upper is not None:
            lower = next((r.lower for r in reversed(ranges) if r.lower is not None), None)
            ranges = [
                r if r.upper is not None else replace(r, lower=r.lower or lower, upper=upper)
                for r in ranges
            ]
        made = (Range(r.index, _sized(r.lower), _sized(r.upper)) for r in ranges)
        return tuple(made), tuple(conditions)

    def _below(self) -> tuple[list[Range], list[Node]]:
        opening = self.take("{", "(")
        if not opening:
            found = [Range(self._name(node)) for node in self._bare()]
            if self.take("=") and found:
                found[-1] = Range(found[-1].index, self._atom())
            return found, []
        ranges, conditions = list[Range](), list[Node]()
        is_stack = bool(self.take("substack", kind="cmd") and self.take("{"))
        while not self.take(CLOSING[opening]):
            if self.next.kind == "end":
                self.fail(f"the indices of the sum are not closed: add {CLOSING[opening]}")
            if not self.take(",", ";", "(", ")"):
                self._range(ranges, conditions)
        if is_stack:
            self.expect("}", "a closing brace")
        return ranges, conditions

    def _range(self, ranges: list[Range], conditions: list[Node]) -> None:
        first = self.index(False)
        if self.take("in"):
            self._skip_set()
            ranges.append(Range(self._name(first)))
        elif self.take("="):
            ranges.append(Range(self._name(first), self.sum(), self.attempt(self._behind_dots)))
        elif self.is_op(*RELATIONS):
            chain = self.compared(first, RELATIONS)
            if [rel.op for rel in chain] == ["<=", "<="] and isinstance(chain[0].right, Ref):
                ranges.append(Range(chain[0].right.base, first, chain[1].right))
                return
            middle = chain[0].right if len(chain) > 1 else first  # where the index stands
            if isinstance(middle, Ref) and middle.base not in {own.index for own in ranges}:
                ranges.append(Range(self._name(middle)))
            conditions += chain
        else:
            ranges.append(Range(self._name(first)))

    def _behind_dots(self) -> Node | None:
        self.take(",")
        found = self.take("dots", "to") or self.word("to")
        self.take(*"," if found else ())
        return self.sum() if found else None

    def compared(self, left: Node, signs: tuple[str, ...]) -> list[Rel]:
        """Read the rest of a condition such as 0 <= i < n."""
        chain = list[Rel]()
        while sign := self.take(*signs):
            right = self.sum()
            chain.append(Rel("==" if sign == "=" else sign, left, right))
            left = right
        return chain

    def _skip_set(self) -> None:
        depth = 0
        while self.next.kind != "end":
            if not depth and self.next.text in ("}", ")", ",", ";"):
                return
            depth += (self.next.text in CLOSING) - (self.next.text in CLOSING.values())
            self.skip()

    def _name(self, node: Node) -> str:
        if isinstance(node, Ref) and node.subs is None:
            return node.base
        return self.fail("the index of a sum is a letter: write \\sum_{i} or \\sum_{i=0}^{n-1}")
