"""Reading the indices of an entry, x_{i+m,j+n}, and the ranges of a sum."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.reader import Lines, whole
from symcnn.classroom.checks.formulas.tree import Bin, Neg, Node, Range, Ref, Rel
from symcnn.classroom.checks.formulas.words import ACCENTS, LABELS

_STRIDES = ("s", "S")


class Indices(Lines):
    """What stands in subscripts, superscripts and below sums."""

    def subscript(self) -> tuple[str, tuple[Node, ...], bool]:
        """Read what stands behind _: a label, or indices, and whether commas part them."""
        if label := self._label():
            return label, (), True
        if self.take("{"):
            return self._list("}")
        return "", self._bare(), True

    def _label(self) -> str:
        start = self.at
        self.take("{")
        braced = self.at > start
        if self.next.kind == "cmd" and self.next.text in ("text", "mathrm", "textrm"):
            self.at += 1
            word = self.words_in_braces().strip()
            if self.next.text == "," and braced:
                self.at += 1
                self.list.insert(self.at, self.list[start])  # the indices behind the label
                return "_" + word.replace(" ", "")
            if not braced or self.take("}"):
                return "_" + word.replace(" ", "")
        elif self.next.kind == "name" and self.next.text in LABELS:
            self.at += 1
            if not braced or self.take("}"):
                return "_" + self.list[self.at - 1 - braced].text
        self.at = start
        return ""

    def _bare(self) -> tuple[Node, ...]:
        kind, text, _ = self.next
        if kind == "num":
            self.at += 1
            return tuple(map(whole, text)) if not self.latex else (whole(text),)
        if kind == "name" and not self.latex:
            self.at += 1
            return tuple(Ref(letter) for letter in text)
        if kind == "name":
            self.split(text[0])
        if kind in ("name", "cmd"):
            return (self._atom(),)
        return self.fail("an index is expected behind _: write x_{i} or x[i]")

    def _list(self, end: str) -> tuple[str, tuple[Node, ...], bool]:
        start, signs = self.at, list(self.list)
        found = self._pieces(end, False)
        if not any(c for c, _ in found):
            return "", tuple(node for _, node in found), False
        self.at, self.list = start, signs
        return "", tuple(node for _, node in self._pieces(end, True)), True

    def listed(self, end: str) -> tuple[Node, ...]:
        """Read indices that commas part, up to a sign."""
        return tuple(node for _, node in self._pieces(end, True))

    def _pieces(self, end: str, comma: bool) -> list[tuple[bool, Node]]:
        found = list[tuple[bool, Node]]()
        parted = False
        while not self.take(end):
            if self.next.kind == "end":
                self.fail(f"the indices are not closed: add {end}")
            if found and self.take(",", ";"):
                parted = True
                continue
            found.append((parted, self.index(comma)))
        return found

    def index(self, products: bool = True) -> Node:
        """Read an index such as 2i + m - 1."""
        return self.nested(lambda: self._index(products))

    def _index(self, products: bool) -> Node:
        sign = self.take("+", "-")
        made = self._term(products)
        made = Neg(made) if sign == "-" else made
        while sign := self.take("+", "-"):
            made = Bin(sign, made, self._term(products))
        return made

    def _term(self, products: bool) -> Node:
        made = self._atom()
        while True:
            scale = self._scales(made)
            if sign := self.take("cdot", "*", "times"):
                made = Bin("*", made, self._atom(), "*" if sign == "*" else "cdot")
            elif self.take("/"):
                made = Bin("/", made, self._atom())
            elif self.take("mod"):
                made = Bin("mod", made, self._atom())
            elif (products or scale) and self._begins():
                made = Bin("*", made, self._atom())
            else:
                return made

    def _scales(self, node: Node) -> bool:
        """Tell whether it multiplies what follows, though no comma parts the indices."""
        if isinstance(node, Ref):
            return node.base in _STRIDES and node.subs is None
        return type(node).__name__ == "Num" and self.next.kind in ("name", "cmd")

    def _begins(self) -> bool:
        return self.next.kind in ("name", "cmd", "num") or self.next.text in ("(", "lfloor")

    def _atom(self) -> Node:
        kind, text, _ = self.next
        if kind == "num":
            self.at += 1
            return whole(text)
        if kind == "name":
            return self._index_letter(text)
        if kind == "cmd" and text in ACCENTS:
            self.at += 1
            return Ref(self.words_in_braces() if self.next.text == "{" else self._word())
        if kind == "cmd" and text.endswith("frac"):
            self.at += 1
            above, below = self._braced(), self._braced()
            return Bin("/", above, below)
        if kind == "cmd":
            self.at += 1
            return self._scripted(text)
        return self._enclosed()

    def _enclosed(self) -> Node:
        if self.take("("):
            made = self.index()
            self.expect(")", "a closing parenthesis of an index")
            return made
        if self.take("lfloor"):
            made = self.index()
            self.expect("rfloor", r"\rfloor")
            return self.floor(made)
        return self.fail("an index is expected: write letters, numbers, + and -")

    def floor(self, node: Node) -> Node:
        """Return the whole number below a quotient."""
        raise NotImplementedError

    def _braced(self) -> Node:
        self.expect("{", "an opening brace")
        made = self.index()
        self.expect("}", "a closing brace")
        return made

    def _word(self) -> str:
        self.at += 1
        return self.list[self.at - 1].text

    def _index_letter(self, text: str) -> Node:
        first = text if not self.latex and text in ("stride", "pad") else text[0]
        self.split(first)
        self.at += 1
        return self._scripted(first)

    def _scripted(self, letter: str) -> Node:
        while self.take("'"):
            letter += "'"
        if self.next.text == "^" and self.ahead(1).text == "'":
            self.at += 2
            letter += "'"
        elif [self.ahead(n).text for n in range(4)] == ["^", "{", "'", "}"]:
            self.at += 4
            letter += "'"
        if self.next.text == "_" and self.ahead(1).kind in ("num", "name", "cmd", "op"):
            self.at += 1
            label, subs, _ = self.subscript()
            letter += label + "".join(
                f"_{s.base if isinstance(s, Ref) else getattr(s, 'value', '')}" for s in subs
            )
        return Ref(letter)

    def ranges(self) -> tuple[tuple[Range, ...], tuple[Node, ...]]:
        """Read what stands below and above a sum."""
        below: tuple[list[Range], list[Node]] = ([], [])
        upper: Node | None = None
        while sign := self.take("_", "^"):
            if sign == "^":
                upper = self._limit()
            else:
                below = self._below()
        ranges, conditions = below
        if upper is not None:
            lower = next((r.lower for r in reversed(ranges) if r.lower is not None), None)
            ranges = [
                Range(r.index, r.lower if r.lower is not None else lower, upper)
                if r.upper is None
                else r
                for r in ranges
            ]
        return tuple(ranges), tuple(conditions)

    def _limit(self) -> Node:
        if not self.take("{"):
            return self._atom()
        made = self.sum()
        self.expect("}", "a closing brace")
        return made

    def _below(self) -> tuple[list[Range], list[Node]]:
        found: tuple[list[Range], list[Node]] = ([], [])
        if not self.take("{", "("):
            for node in self._bare():
                found[0].append(Range(self._name(node)))
            if self.take("=") and found[0]:
                found[0][-1] = Range(found[0][-1].index, self._atom())
            return found
        end = "}" if self.list[self.at - 1].text == "{" else ")"
        if self.next.text == "substack":
            self.at += 1
        while not self.take(end):
            if self.next.kind == "end":
                self.fail(f"the indices of the sum are not closed: add {end}")
            if not self.take(",", ";", "newline", "{", "}", "(", ")", "amp"):
                self._range(found)
        return found

    def _range(self, found: tuple[list[Range], list[Node]]) -> None:
        ranges, conditions = found
        first = self.index(False)
        if self.take("in"):
            self._skip_set()
            ranges.append(Range(self._name(first)))
        elif self.take("="):
            lower = self.sum()
            upper = self._upper_behind_dots()
            ranges.append(Range(self._name(first), lower, upper))
        elif self.next.text in ("<", "<=", ">", ">=", "!=", "=="):
            self._compared(first, ranges, conditions)
        else:
            ranges.append(Range(self._name(first)))

    def _upper_behind_dots(self) -> Node | None:
        start = self.at
        self.take(",")
        if not self.take("dots", "to") and not self.take("to", kind="name"):
            self.at = start
            return None
        self.take(",")
        return self.sum()

    def _compared(self, first: Node, ranges: list[Range], conditions: list[Node]) -> None:
        chain, left = list[Node](), first
        while relation := self.take("<", "<=", ">", ">=", "!=", "=="):
            right = self.sum()
            chain.append(Rel(relation, left, right))
            left = right
        known = {r.index for r in ranges}
        names = [n for c in chain for n in (c.left, c.right) if isinstance(c, Rel)]  # type: ignore[attr-defined]
        fresh = [n.base for n in names if isinstance(n, Ref) and n.base.islower()]
        if not known and fresh:
            middle = chain[0].right if len(chain) > 1 else first  # type: ignore[attr-defined]
            ranges.append(Range(self._name(middle)))
        conditions += chain

    def _skip_set(self) -> None:
        depth = 0
        while self.next.kind != "end":
            if not depth and self.next.text in ("}", ")", ",", ";"):
                return
            depth += (self.next.text in ("(", "{", "[")) - (self.next.text in (")", "}", "]"))
            self.at += 1

    def _name(self, node: Node) -> str:
        if isinstance(node, Ref) and node.subs is None:
            return node.base
        return self.fail("the index of a sum is a letter: write \\sum_{i} or \\sum_{i=0}^{n-1}")
