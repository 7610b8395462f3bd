"""The operators of a formula made explicit: signs, groups and invisible operators.

A browser spaces an operator by its place in the row, and a screen reader speaks what is
there. So parentheses become groups, a minus after an operator is marked as a sign, and
products, applications and indices get their invisible operators.
"""
# characters that look alike are the point

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from symcnn.writing.formula import tree
from symcnn.writing.formula.signs import FENCES, ORDINARY, SIGNS

INVISIBLE = APPLY, TIMES, SEPARATOR = "\u2061", "\u2062", "\u2063"
"""The invisible ones: function application, multiplication, and between the indices i and j."""

PLUS_MINUS = frozenset("+\N{MINUS SIGN}")
RELATIONS = frozenset(sign.text for sign in SIGNS.values() if sign.kind == "relation")
PRODUCTS = frozenset("·\N{MULTIPLICATION SIGN}")
DOTS = frozenset("…⋯")
OPENING, CLOSING = frozenset("([⌊⌈"), frozenset(")]⌋⌉")
_LIMITED = frozenset(
    (tree.Atom(r"\max"), tree.Atom(r"\min"), tree.Operator("∑"), tree.Operator("∏"))
)

_FUNCTIONS = frozenset("σΦφ")
"""The letters that are functions, if something follows that they can be applied to."""

_TIGHT = DOTS | {"/"}
_TIGHT_IN_SCRIPTS = _TIGHT | PLUS_MINUS | RELATIONS | PRODUCTS
_KINDS = ("binary", "relation", "open", "close", "punctuation", "tight", "big")
_THIN = tree.Atom(r"\,")
_EMPTY, _PARTIAL, _PRIME = tree.Formula(()), tree.Atom(r"\partial"), tree.Atom("'")

Script = Literal["", "sub", "sup"]
"""Whether something stands in a script, and in which."""


def explicit(node: tree.Node, script: Script = "") -> tree.Node:
    """Return a tree with its operators, down to the leaves; a row of one part is that part."""
    match node:
        case tree.Formula(parts):
            made = _spaced(_grouped((explicit(part, script) for part in parts), script), script)
            return made[0] if len(made) == 1 else tree.Formula(tuple(made))
        case tree.Fenced(left, body, right):
            inside = _grouped((explicit(part, script) for part in body.parts), script)
            return _group(FENCES[left], inside, FENCES[right], script)
        case tree.Scripts(base, sub, sup):
            below, above = sub and explicit(sub, "sub"), sup and explicit(sup, "sup")
            return tree.Scripts(explicit(base, script), below, above)
        case tree.Fraction(above, below):
            return tree.Fraction(explicit(above, script), explicit(below, script))
        case tree.Root(body, degree):
            return tree.Root(explicit(body, script), degree and explicit(degree, script))
        case tree.Cases(values, conditions):
            columns = (tuple(explicit(p, script) for p in c.parts) for c in (values, conditions))
            return tree.Cases(*map(tree.Formula, columns))
        case tree.Accent(mark, body):
            return tree.Accent(mark, explicit(body, script))
        case tree.Bound(body):
            return node._replace(body=explicit(body, script))
        case tree.Atom(text):
            return _operator(text) or node
    return node


def _operator(text: str) -> tree.Operator | None:
    sign = SIGNS.get(text)
    if sign is None or text == "'" or not (sign.kind in _KINDS or sign.text in DOTS):
        return None
    return tree.Operator("\N{MINUS SIGN}" if text == "-" else sign.text)


def _grouped(parts: Iterable[tree.Node], script: Script) -> list[tree.Node]:
    """Make a group of what stands in parentheses, and a power of a prime.

    A power of ")" is one of the group.
    """
    rows: list[list[tree.Node]] = [[]]
    lefts: list[tree.Operator] = []
    for part in parts:
        base = part.base if isinstance(part, tree.Scripts) else part
        if isinstance(part, tree.Operator) and part.text in OPENING:
            lefts.append(part)
            rows.append([])
        elif isinstance(base, tree.Operator) and base.text in CLOSING and lefts:
            group = _group(lefts.pop().text, rows.pop(), base.text, script)
            rows[-1].append(part._replace(base=group) if isinstance(part, tree.Scripts) else group)
        elif part == _PRIME and rows[-1]:
            rows[-1].append(tree.Scripts(rows[-1].pop(), None, part))
        else:
            rows[-1].append(part)
    first, *open_rows = rows
    unclosed = zip(lefts, open_rows, strict=True)
    return first + [part for left, row in unclosed for part in (left, *row)]


def _group(left: str, parts: Sequence[tree.Node], right: str, script: Script) -> tree.Fenced:
    _, *inside = _spaced([tree.Operator(left), *parts], script)
    return tree.Fenced(left, tree.Formula(tuple(inside)), right)


def _spaced(parts: Iterable[tree.Node], script: Script) -> list[tree.Node]:
    """Return a row with invisible operators, and with signs distinct from binary operators."""
    made: list[tree.Node] = []
    before: tree.Node | None = None
    for part in parts:
        if before is None:
            made.append(_tight(part) if script else part)
        elif part != _EMPTY:
            between = _between(before, part, script)
            made += [tree.Operator(between)] if between else []
            made += [_THIN] if between == TIMES and _is_named(part) else []
            made.append(_placed(part, made[-1], script))
        before = made[-1]
    return [part for part in made if part != _EMPTY]


def _tight(part: tree.Node) -> tree.Node:
    """Let a dot that an index begins with stand for all values: it is no product."""
    if isinstance(part, tree.Operator) and part.text in PRODUCTS:
        return part._replace(tight=True)
    return part


def _placed(part: tree.Node, before: tree.Node, script: Script) -> tree.Node:
    """Mark an operator with what its position does not imply: its form, and whether it is tight."""
    if not isinstance(part, tree.Operator):
        return part
    form = part.form
    if part.text in PLUS_MINUS:
        is_sign = isinstance(before, tree.Operator) and before.text not in DOTS
        form = "prefix" if is_sign else "infix" if before == _EMPTY else ""
    return tree.Operator(part.text, form, part.text in (_TIGHT_IN_SCRIPTS if script else _TIGHT))


def _between(before: tree.Node, after: tree.Node, script: Script) -> str:
    """Return the invisible operator between two parts, if there is one."""
    if not _is_operand(after):
        return ""
    if _is_function(before):
        return APPLY
    if not _is_operand(before) or before == _PARTIAL:
        return ""
    if script and _is_letter(before) and isinstance(after, tree.Formula | tree.Fenced):
        return ""  # z(2) names a tensor
    leaves = isinstance(before, tree.Atom | tree.Word) and isinstance(after, tree.Atom | tree.Word)
    return SEPARATOR if script == "sub" and leaves else TIMES


def _is_operand(node: tree.Node) -> bool:
    core = _core(node)
    if isinstance(core, tree.Atom):
        return not (has_limits(node) or is_space(core))
    if isinstance(core, tree.Word):
        return core.text.isalpha()
    return core != _EMPTY and not isinstance(core, tree.Operator) and not isinstance(core, tree.Gap)


def has_limits(node: tree.Node) -> bool:
    """Tell whether a part is a sum or a maximum with its range below or above it."""
    return isinstance(node, tree.Scripts) and node.base in _LIMITED


def is_space(node: tree.Node) -> bool:
    """Tell whether a part is nothing but space."""
    return isinstance(node, tree.Atom) and SIGNS.get(node.text, ORDINARY).kind == "space"


def is_tall(node: tree.Node) -> bool:
    """Tell whether parentheses around a part grow with it: they do so with a fraction or a sum."""
    return any(isinstance(part, tree.Fraction) or has_limits(part) for part in tree.nodes(node))


def _is_function(node: tree.Node) -> bool:
    name = _name(node)
    return len(name) > 1 or name in _FUNCTIONS


def _is_named(node: tree.Node) -> bool:
    """Tell whether a part is a function with a name, such as log, which stands apart."""
    return len(_name(node)) > 1


def _name(node: tree.Node) -> str:
    """Return the letters that a part without its scripts is written with, if it is."""
    core = _core(node)
    if not isinstance(core, tree.Atom | tree.Word):
        return ""
    name = core.text if isinstance(core, tree.Word) else SIGNS.get(core.text, ORDINARY).text
    return name if name.isalpha() else ""


def _is_letter(node: tree.Node) -> bool:
    return isinstance(node, tree.Atom) and not node.text[0].isdecimal()


def _core(node: tree.Node) -> tree.Node:
    while isinstance(node, tree.Scripts):
        node = node.base
    return node
