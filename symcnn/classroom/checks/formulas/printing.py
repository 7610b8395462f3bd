r"""Writing a tree as a formula, in LaTeX or as plain text, as it was given."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.spelling import FUNCTIONS, GREEK
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    Bin,
    Bracket,
    Call,
    Cases,
    Entry,
    Flipped,
    Neg,
    Node,
    Num,
    Range,
    Ref,
    Rel,
    Sum,
    Transposed,
)

_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(5)

_SIGNS = {
    "cdot": (r" \cdot ", " * "),
    "times": (r" \times ", " * "),
    "odot": (r" \odot ", " ⊙ "),
    "otimes": (r" \otimes ", " ⊗ "),
    "*": (r" \ast ", " * "),
    "star": (r" \star ", " ⋆ "),
    "circledast": (r" \circledast ", " ⊛ "),
    "@": (" ", " @ "),
    "": (" ", " "),
}
_RELATIONS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "==": "="}
_HATS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}


def written(node: Node, latex: bool) -> str:
    """Return a tree as a formula."""
    return _Writer(latex).all(node)


def equation(left: Node | None, right: Node, latex: bool) -> str:
    """Return a formula with its left side, if it has one."""
    made = written(right, latex)
    return made if left is None else f"{written(left, latex)} = {made}"


class _Writer:
    def __init__(self, latex: bool) -> None:
        self.latex = latex

    def all(self, *parts: Node) -> str:
        return ", ".join(self.node(part, _SUM) for part in parts)

    def node(self, node: Node, level: int) -> str:
        """Return a part, in parentheses where it would be read otherwise."""
        text, own = getattr(self, f"_{type(node).__name__.lower()}")(node)
        if own >= level:
            return str(text)
        return rf"\left({text}\right)" if self.latex else f"({text})"

    def _num(self, node: Num) -> tuple[str, int]:
        value = node.value
        if value.denominator == 1:
            return str(value.numerator), _ATOM if value >= 0 else _SUM
        if self.latex:
            return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", _ATOM
        return f"{value.numerator}/{value.denominator}", _PRODUCT

    def _letter(self, base: str) -> str:
        if not self.latex:
            return base
        primes = base[len(base.rstrip("'")) :]
        name, _, label = base.rstrip("'").partition("_")
        hat = next((h for h in _HATS if name.endswith(h) and len(name) > len(h)), "")
        name = name.removesuffix(hat)
        made = f"\\{name}" if name in GREEK else name if len(name) < 2 else rf"\mathrm{{{name}}}"
        made = f"{_HATS[hat]}{{{made}}}" if hat else made
        return made + (rf"_{{\text{{{label}}}}}" if label else "") + primes

    def _ref(self, node: Ref) -> tuple[str, int]:
        made = self._letter(node.base) + self._upper(node.upper)
        if node.subs is not None:
            made += self._indices(node.subs)
        if not node.grad:
            return made, _ATOM
        if self.latex:
            return rf"\frac{{\partial L}}{{\partial {made}}}", _ATOM
        return f"dL/d{made}", _ATOM

    def _upper(self, upper: tuple[Node, ...]) -> str:
        if not upper:
            return ""
        return f"^{{({self.all(*upper)})}}" if self.latex else f"^({self.all(*upper)})"

    def _indices(self, subs: tuple[Node, ...]) -> str:
        if not self.latex:
            return f"[{self.all(*subs)}]"
        texts = [self.all(sub) for sub in subs]
        is_plain = (
            all(isinstance(sub, Ref | Num) for sub in subs) and max(map(len, texts), default=0) < 3
        )
        return f"_{{{('' if is_plain else ', ').join(texts)}}}"

    def _neg(self, node: Neg) -> tuple[str, int]:
        return f"-{self.node(node.body, _PRODUCT)}", _SUM

    def _bin(self, node: Bin) -> tuple[str, int]:
        if node.op in "+-":
            right = self.node(node.right, _SUM if node.op == "+" else _PRODUCT)
            return f"{self.all(node.left)} {node.op} {right}", _SUM
        if node.op == "/":
            return self._quotient(node)
        if node.op == "^":
            return self._power(node)
        if node.op == "mod":
            sign = r" \bmod " if self.latex else " mod "
            return f"{self.node(node.left, _UNARY)}{sign}{self.node(node.right, _UNARY)}", _PRODUCT
        if node.sign in ("conv", "corr"):
            mode = f", {node.mode}" if node.mode else ""
            return f"{self._name(node.sign)}({self.all(node.left, node.right)}{mode})", _ATOM
        return self._product(node)

    def _product(self, node: Bin) -> tuple[str, int]:
        sign = _SIGNS.get(node.sign, _SIGNS[""])[not self.latex]
        if node.op == "star" and node.mode:
            label = rf"_{{\text{{{node.mode}}}}} " if self.latex else f"_{node.mode} "
            sign = sign.rstrip() + label
        ends = isinstance(node.right, Sum) and node.op == "*"
        is_quotient = isinstance(node.left, Bin) and node.left.op == "/" and not self.latex
        is_long = isinstance(node.left, Sum) or (is_quotient and not node.sign)
        left = self.node(node.left, _UNARY if is_long else _PRODUCT)
        right = self.node(node.right, _PRODUCT if ends else _UNARY)
        if sign == " " and not self.latex and right[:1] in "([":
            sign = ""
        if sign == " " and isinstance(node.right, Num):
            sign = _SIGNS["cdot"][not self.latex]
        return f"{left}{sign}{right}", _PRODUCT

    def _quotient(self, node: Bin) -> tuple[str, int]:
        if self.latex:
            return rf"\frac{{{self.all(node.left)}}}{{{self.all(node.right)}}}", _ATOM
        return f"{self.node(node.left, _UNARY)}/{self.node(node.right, _POWER)}", _PRODUCT

    def _power(self, node: Bin) -> tuple[str, int]:
        if node.right == HALF:
            inside = self.all(node.left)
            return (rf"\sqrt{{{inside}}}" if self.latex else f"sqrt({inside})"), _ATOM
        base = self.node(node.left, _ATOM)
        power = self.node(node.right, _SUM if self.latex else _ATOM)
        return f"{base}^{{{power}}}" if self.latex else f"{base}^{power}", _POWER

    def _name(self, name: str) -> str:
        if not self.latex:
            return name
        if name in ("exp", "log", "max", "min", "tanh"):
            return f"\\{name}"
        return self._letter(name) if name not in FUNCTIONS else rf"\mathrm{{{name}}}"

    def _call(self, node: Call) -> tuple[str, int]:
        inside = self.all(*node.args)
        if node.name == "abs":
            return f"|{inside}|", _ATOM
        if node.name in ("floor", "ceil") and self.latex:
            return rf"\l{node.name} {inside} \r{node.name}", _ATOM
        return f"{self._name(node.name)}{chr(39) * node.primes}({inside})", _ATOM

    def _sum(self, node: Sum) -> tuple[str, int]:
        if not node.ranges:
            return f"{self._operator(node.kind)}({self.all(node.body)})", _ATOM
        groups = list[list[Range]]()
        for own in node.ranges:
            same = groups and (groups[-1][-1].lower, groups[-1][-1].upper) == (own.lower, own.upper)
            groups += [] if same and own.lower is None else [[]]
            groups[-1].append(own)
        heads = "".join(self._head(node, group) for group in groups)
        return f"{heads} {self.node(node.body, _PRODUCT)}", _PRODUCT

    def _operator(self, kind: str) -> str:
        return f"\\{kind}" if self.latex else kind

    def _head(self, node: Sum, group: list[Range]) -> str:
        below = ", ".join(self._letter(own.index) for own in group)
        lower, upper = group[0].lower, group[0].upper
        if lower is not None:
            below += ("=" if self.latex else " = ") + self.all(lower)
        if node.where:
            below += "; " + self.all(*node.where)
        above = f"^{{{self.all(upper)}}}" if upper is not None else ""
        return f"{self._operator(node.kind)}_{{{below}}}{above}"

    def _rel(self, node: Rel) -> tuple[str, int]:
        sign = _RELATIONS.get(node.op, node.op) if self.latex else node.op
        return f"{self.all(node.left)} {sign} {self.all(node.right)}", _SUM

    def _bracket(self, node: Bracket) -> tuple[str, int]:
        return f"[{self.all(*node.conditions)}]", _ATOM

    def _cases(self, node: Cases) -> tuple[str, int]:
        words = [self.all(c) if c else r"\text{otherwise}" for c in node.conditions]
        values = map(self.all, node.values)
        rows = r" \\ ".join(map(" & ".join, zip(values, words, strict=True)))
        return rf"\begin{{cases}} {rows} \end{{cases}}", _ATOM

    def _transposed(self, node: Transposed) -> tuple[str, int]:
        base = self.node(node.body, _ATOM)
        if isinstance(node.body, Ref) and (node.body.upper or node.body.grad):
            base = f"({base})"
        return f"{base}^{{T}}" if self.latex else f"{base}^T", _ATOM

    def _flipped(self, node: Flipped) -> tuple[str, int]:
        name = r"\mathrm{rot}_{180}" if self.latex else "rot180"
        return f"{name}({self.all(node.body)})", _ATOM

    def _entry(self, node: Entry) -> tuple[str, int]:
        return f"({self.all(node.body)}){self._indices(node.subs)}", _ATOM
