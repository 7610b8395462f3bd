r"""Writing a tree as a formula, in LaTeX or as plain text, as it was given."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.spelling import GREEK
from symcnn.classroom.checks.formulas.tree import (
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
from symcnn.classroom.checks.formulas.words import FUNCTIONS

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
    return Writer(latex).node(node, _SUM)


def equation(left: Node | None, right: Node, latex: bool) -> str:
    """Return a formula with its left side, if it has one."""
    made = written(right, latex)
    return made if left is None else f"{written(left, latex)} = {made}"


class Writer:
    """The writer of one formula."""

    def __init__(self, latex: bool) -> None:
        """Take whether LaTeX is written."""
        self.latex = latex

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

    def letter(self, base: str) -> str:
        """Return a letter."""
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
        made = self.letter(node.base) + self._upper(node.upper)
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
        inside = ", ".join(self.node(n, _SUM) for n in upper)
        return f"^{{({inside})}}" if self.latex else f"^({inside})"

    def _indices(self, subs: tuple[Node, ...]) -> str:
        written_subs = [self.node(n, _SUM) for n in subs]
        if not self.latex:
            return f"[{', '.join(written_subs)}]"
        plain = all(
            isinstance(n, Ref | Num) and len(t) < 3 for n, t in zip(subs, written_subs, strict=True)
        )
        return f"_{{{('' if plain else ', ').join(written_subs)}}}"

    def _neg(self, node: Neg) -> tuple[str, int]:
        return f"-{self.node(node.body, _PRODUCT)}", _SUM

    def _bin(self, node: Bin) -> tuple[str, int]:
        if node.op in "+-":
            right = self.node(node.right, _SUM if node.op == "+" else _PRODUCT)
            return f"{self.node(node.left, _SUM)} {node.op} {right}", _SUM
        if node.op == "/":
            return self._quotient(node)
        if node.op == "^":
            return self._power(node)
        if node.op == "mod":
            sign = r" \bmod " if self.latex else " mod "
            return f"{self.node(node.left, _UNARY)}{sign}{self.node(node.right, _UNARY)}", _PRODUCT
        if node.sign in ("conv", "corr"):
            inside = f"{self.node(node.left, _SUM)}, {self.node(node.right, _SUM)}"
            return (
                f"{self._name(node.sign)}({inside}{', ' + node.mode if node.mode else ''})",
                _ATOM,
            )
        return self._product(node)

    def _product(self, node: Bin) -> tuple[str, int]:
        sign = _SIGNS.get(node.sign, _SIGNS[""])[not self.latex]
        if node.op == "star" and node.mode:
            label = rf"_{{\text{{{node.mode}}}}} " if self.latex else f"_{node.mode} "
            sign = sign.rstrip() + label
        left, right = self.node(node.left, _PRODUCT), self.node(node.right, _UNARY)
        if isinstance(node.right, Sum) and node.op == "*":
            right = self.node(node.right, _PRODUCT)
        if isinstance(node.left, Sum) or (
            _is_quotient(node.left) and not self.latex and not node.sign
        ):
            left = self.node(node.left, _UNARY)
        if sign == " " and not self.latex and right[:1] in "([":
            sign = ""
        if sign == " " and isinstance(node.right, Num):
            sign = _SIGNS["cdot"][not self.latex]
        return f"{left}{sign}{right}", _PRODUCT

    def _quotient(self, node: Bin) -> tuple[str, int]:
        if self.latex:
            above, below = self.node(node.left, _SUM), self.node(node.right, _SUM)
            return rf"\frac{{{above}}}{{{below}}}", _ATOM
        return f"{self.node(node.left, _UNARY)}/{self.node(node.right, _POWER)}", _PRODUCT

    def _power(self, node: Bin) -> tuple[str, int]:
        if isinstance(node.right, Bin) and node.right == Bin("/", Num(1), Num(2)):  # type: ignore[arg-type]
            inside = self.node(node.left, _SUM)
            return (rf"\sqrt{{{inside}}}" if self.latex else f"sqrt({inside})"), _ATOM
        base = self.node(node.left, _ATOM)
        power = self.node(node.right, _SUM if self.latex else _ATOM)
        return f"{base}^{{{power}}}" if self.latex else f"{base}^{power}", _POWER

    def _name(self, name: str) -> str:
        if not self.latex:
            return name
        own = {"exp": r"\exp", "log": r"\log", "max": r"\max", "min": r"\min", "tanh": r"\tanh"}
        if name in own:
            return own[name]
        return self.letter(name) if name not in FUNCTIONS else rf"\mathrm{{{name}}}"

    def _call(self, node: Call) -> tuple[str, int]:
        inside = ", ".join(self.node(n, _SUM) for n in node.args)
        if node.name == "abs":
            return f"|{inside}|", _ATOM
        if node.name in ("floor", "ceil") and self.latex:
            return rf"\l{node.name} {inside} \r{node.name}", _ATOM
        return f"{self._name(node.name)}{chr(39) * node.primes}({inside})", _ATOM

    def _sum(self, node: Sum) -> tuple[str, int]:
        if not node.ranges:
            inside = self.node(node.body, _SUM)
            return f"{self._operator(node.kind)}({inside})", _ATOM
        groups = list[list[Range]]()
        for own in node.ranges:
            same = groups and (groups[-1][-1].lower, groups[-1][-1].upper) == (own.lower, own.upper)
            if same and own.lower is None:
                groups[-1].append(own)
            else:
                groups.append([own])
        heads = "".join(self._head(node, group) for group in groups)
        return f"{heads} {self.node(node.body, _PRODUCT)}", _PRODUCT

    def _operator(self, kind: str) -> str:
        return f"\\{kind}" if self.latex else kind

    def _head(self, node: Sum, group: list[Range]) -> str:
        names = ", ".join(self.letter(own.index) for own in group)
        below = names
        if group[0].lower is not None:
            below += (
                f" = {self.node(group[0].lower, _SUM)}"
                if not self.latex
                else f"={self.node(group[0].lower, _SUM)}"
            )
        if node.where:
            below += "; " + ", ".join(self.node(n, _SUM) for n in node.where)
        upper = group[0].upper
        above = f"^{{{self.node(upper, _SUM)}}}" if upper is not None else ""
        return f"{self._operator(node.kind)}_{{{below}}}{above}"

    def _rel(self, node: Rel) -> tuple[str, int]:
        sign = _RELATIONS.get(node.op, node.op) if self.latex else node.op
        return f"{self.node(node.left, _SUM)} {sign} {self.node(node.right, _SUM)}", _SUM

    def _bracket(self, node: Bracket) -> tuple[str, int]:
        return f"[{', '.join(self.node(n, _SUM) for n in node.conditions)}]", _ATOM

    def _cases(self, node: Cases) -> tuple[str, int]:
        rows = list[str]()
        for value, condition in zip(node.values, node.conditions, strict=True):
            word = self.node(condition, _SUM) if condition else r"\text{otherwise}"
            rows.append(f"{self.node(value, _SUM)} & {word}")
        inside = r" \\ ".join(rows)
        return rf"\begin{{cases}} {inside} \end{{cases}}", _ATOM

    def _transposed(self, node: Transposed) -> tuple[str, int]:
        base = self.node(node.body, _ATOM)
        if isinstance(node.body, Ref) and (node.body.upper or node.body.grad):
            base = f"({base})"
        return f"{base}^{{T}}" if self.latex else f"{base}^T", _ATOM

    def _flipped(self, node: Flipped) -> tuple[str, int]:
        name = r"\mathrm{rot}_{180}" if self.latex else "rot180"
        return f"{name}({self.node(node.body, _SUM)})", _ATOM

    def _entry(self, node: Entry) -> tuple[str, int]:
        inside = self.node(node.body, _SUM)
        return f"({inside}){self._indices(node.subs)}", _ATOM


def _is_quotient(node: Node) -> bool:
    return isinstance(node, Bin) and node.op == "/"
