r"""Commands of an author's in place of what formulas are printed with.

\delta^{#1} -> \bar{#1}   makes   \delta^{y}_{i} x_{i}   to   \bar{y}_{i} x_{i}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from symcnn.errors import SymcnnError, shown
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.reader import read
from symcnn.writing.formula.signs import FormulaError
from symcnn.writing.formula.tree import Atom, Formula, Node, Scripts

_HOLE, _STANDS_FOR_IT = "#1", r"\Upsilon"

_LONGEST = 200


class Macro(NamedTuple):
    """What is printed, a letter with scripts or without, and what stands in its place.

    Attributes:
        pattern: The letter; one of its scripts may be anything.
        text: What stands in its place, in LaTeX; #1 is what that script is.
    """

    pattern: Node
    text: str


def macros_of(chosen: Mapping[str, str]) -> tuple[Macro, ...]:
    r"""Return macros by what they stand for, {r"\delta^{#1}": r"\bar{#1}", "w": r"\mathbf{w}"}.

    Raises:
        SymcnnError: If one is no letter with scripts, or its LaTeX has unbalanced braces.
    """
    return tuple(_macro(pattern, text) for pattern, text in chosen.items())


def _macro(pattern: str, text: str) -> Macro:
    remedy = r"give a letter with its scripts, such as \delta^{#1}=\bar{#1}"
    try:
        made = read(pattern[:_LONGEST].replace(_HOLE, _STANDS_FOR_IT)).parts
    except FormulaError:
        made = ()
    node = made[0] if len(made) == 1 else None
    base = node.base if isinstance(node, Scripts) else node
    if not isinstance(base, Atom) or base == Atom(_STANDS_FOR_IT) or not isinstance(node, Node):
        raise SymcnnError(f"the macro {shown(pattern)} stands for no letter: {remedy}")
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth or not text.strip() or not text.isprintable() or "%" in text:
        raise SymcnnError(f"the macro {shown(pattern)} is {shown(text)}: {remedy}")
    if _HOLE in text and _HOLE not in pattern:
        raise SymcnnError(f"the macro {shown(pattern)} has no {_HOLE}, and {shown(text)} has")
    return Macro(node, text.strip())


def substituted(formula: Formula, macros: Sequence[Macro]) -> Formula:
    """Return a formula with an author's commands; the letters of indices stay as they are."""
    return Formula(tuple(_node(part, macros) for part in formula.parts)) if macros else formula


def _node(node: Node, macros: Sequence[Macro]) -> Node:
    for macro in macros:
        if (made := _matched(node, macro, macros)) is not None:
            return made
    if isinstance(node, Atom):
        return node
    if isinstance(node, Formula):
        return substituted(node, macros)
    if isinstance(node, Scripts):
        above = None if node.sup is None else _node(node.sup, macros)
        return Scripts(_node(node.base, macros), node.sub, above)
    parts = (_node(cast(Node, p), macros) if isinstance(p, tuple) else p for p in node)
    return cast(Node, cast(Any, type(node))(*parts))


def _matched(node: Node, macro: Macro, macros: Sequence[Macro]) -> Node | None:
    """Return what stands in place of a node that a macro is for."""
    pattern = macro.pattern
    if isinstance(pattern, Atom):
        return Atom(macro.text) if node == pattern else None
    if not isinstance(node, Scripts) or not isinstance(pattern, Scripts):
        return None
    if node.base != pattern.base:
        return None
    kept, held = list[Node | None](), ""
    for own, wanted in ((node.sub, pattern.sub), (node.sup, pattern.sup)):
        if wanted is None:
            kept.append(own)
        elif wanted == Atom(_STANDS_FOR_IT) and own is not None:
            kept.append(None)
            is_above = len(kept) > 1
            held = _in_script(_node(_by_itself(own) if is_above else own, macros), is_above)
        elif wanted == own:
            kept.append(None)
        else:
            return None
    made = Atom(macro.text.replace(_HOLE, held))
    below, above = kept
    return Scripts(made, below, above) if below or above else made


def _by_itself(script: Node) -> Node:
    """Return the letter of a tensor as it stands outside of superscripts: z^{(2)}, not z(2)."""
    match script:
        case Formula((letter, Atom("(" | "["), *_, Atom(")" | "]"))):
            above = Formula(script.parts[1:])
            if isinstance(letter, Scripts):
                return Scripts(letter.base, letter.sub, above)
            return Scripts(letter, None, above)
    return script


def _in_script(node: Node, is_above: bool) -> str:
    """Write a script as it stands in one, without the spaces of a line."""
    made = Scripts(Atom("x"), *((None, node) if is_above else (node, None)))
    return latex(made)[3:-1]
