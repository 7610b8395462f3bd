r"""Symbols of authors: LaTeX of one letter with decorations, and the name that SymPy gives it.

    \mathbf{W}^{[1]}        Wbold^[1]
    \tilde{\mathbf z}_{t}   zboldtilde_t
    W_1                     W1

SymPy prints such a name as the symbol: it reads ``bold`` and ``tilde`` as decorations, digits
behind a letter as its subscript, ``^`` and ``_`` as scripts. An entry of the tensor adds its
indices to the name, W1_23, and what belongs to the tensor has the name above its own letter,
delta^W1_23.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from symcnn.writing.formula.build import braced, joined, row, scripts
from symcnn.writing.formula.reader import read
from symcnn.writing.formula.signs import FormulaError
from symcnn.writing.formula.tree import Accent, Atom, Formula, Node, Scripts, Word

GREEK = {
    name: f"\\{name}"
    for name in (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        *("Gamma", "Theta", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
        *("Delta", "varepsilon", "vartheta", "varphi", "ell"),
    )
} | {"lamda": r"\lambda", "Lamda": r"\Lambda"}
"""The Greek letters by their names, and ell."""

_NAMES = {command: name for name, command in GREEK.items()}

_FONTS = {r"\mathbf": "bold", r"\boldsymbol": "bm", r"\mathcal": "cal"}
_MARKS = {f"\\{name}": name for name in ("hat", "bar", "tilde", "ddot", "dot", "vec", "check")}
_FONT_OF = {name: command for command, name in _FONTS.items()}

_LETTER = rf"(?P<letter>{'|'.join(sorted(GREEK, key=len, reverse=True))}|[A-Za-z])"
_DECORATED = rf"{_LETTER}(?P<font>bold|bm|cal)?(?P<marks>(?:{'|'.join(_MARKS.values())})*)"
_SYMBOL = re.compile(rf"{_DECORATED}(?P<number>[0-9]*)(?P<behind>[(\[].*)?")
_STYLED = re.compile(r"(\\[a-z]+)\{(.*)\}")

_ENTRY = re.compile(r"[0-9,]+")


class LabelError(FormulaError):
    """A symbol with scripts other than those of letters; it says which are."""


def label_of(latex: str) -> str:
    r"""Return the name of a symbol.

    >>> label_of(r"\mathbf{W}^{[1]}"), label_of(r"\theta_{xh}"), label_of(r"\tilde z_2^{(l)}")
    ('Wbold^[1]', 'theta_xh', 'ztilde2^(l)')

    Raises:
        FormulaError: If it is not one symbol with decorations.
    """
    base, sub, sup = _scripts(read(latex))
    below, above = "" if sub is None else _below(sub), "" if sup is None else _above(sup)
    return f"{_letter(base)}{below}{above}"


def _letter(node: Node) -> str:
    if isinstance(node, Accent) and node.mark in _MARKS:
        return _letter(node.body) + _MARKS[node.mark]
    if isinstance(node, Atom):
        styled = _STYLED.fullmatch(node.text)
        own, font = (styled[2], _FONTS[styled[1]]) if styled else (node.text, "")
        name = _NAMES.get(own, own)
        if name in GREEK or (len(name) == 1 and name.isascii() and name.isalpha()):
            return name + font
    raise FormulaError("is not one symbol")


def _below(node: Node) -> str:
    """Return a subscript: digits, letters and digits, or a word."""
    written = _text(node)
    if written.isdecimal() and len(written) <= 3:
        return written
    if written[:1].isalpha() or written[:1] == '"':
        return f"_{written}"
    raise LabelError("give a subscript of letters or of up to three digits")


def _above(node: Node) -> str:
    """Return a superscript: something in brackets, letters, or a word.

    A number would be read as a power, T as a transpose and a prime as a derivative.
    """
    parts = node.parts if isinstance(node, Formula) else (node,)
    for left, right in (Atom("("), Atom(")")), (Atom("["), Atom("]")):
        if len(parts) > 2 and (parts[0], parts[-1]) == (left, right):
            return f"^{left.text}{_text(Formula(parts[1:-1]), '+-')}{right.text}"
    written = _text(node)
    if not (written[:1].isalpha() or written[:1] == '"') or written == "T":
        raise LabelError(f"{written} above it reads as a power or a transpose: give W^(2) or W_2")
    return f"^{written}"


def _text(node: Node, more: str = "") -> str:
    """Return a script in a name: its letters and digits, or a word in quotes."""
    parts = node.parts if isinstance(node, Formula) else (node,)
    if len(parts) == 1 and isinstance(parts[0], Word) and parts[0].text.isalnum():
        return f'"{parts[0].text}"'
    texts = [_NAMES.get(part.text, part.text) if isinstance(part, Atom) else "?" for part in parts]
    greek = [text for text in texts if text in GREEK]
    plain = all(text in GREEK or text.isalnum() or text in more for text in texts)
    joint = "".join(texts)
    several = len(texts) > 1 and not joint[:1].isdecimal()
    confused = several and (greek or joint in GREEK or letter(joint) is not None)
    if not joint.isascii() or not plain or confused:
        raise LabelError("give scripts of letters and digits, a word in \\text, or a Greek letter")
    return joint


@lru_cache(maxsize=2**14)
def letter(name: str) -> Formula | None:
    """Return a letter with its font, its accents and its number, if a name is one: W1, zbold."""
    found = _SYMBOL.fullmatch(name)
    if found is None:
        return None
    own = GREEK.get(found["letter"], found["letter"])
    node: Node = Atom(f"{_FONT_OF[found['font']]}{{{own}}}" if found["font"] else own)
    for mark in re.findall("|".join(_MARKS.values()), found["marks"]):
        node = Accent(f"\\{mark}", node)
    if found["number"]:
        node = Scripts(node, Atom(found["number"]), None)
    return row(node, read(found["behind"] or ""))


def symbol(name: str, other: Callable[[str], Formula]) -> Formula:
    """Return the tree of a name with its scripts.

    Args:
        name: The name.
        other: Reads a letter that is none of ours, such as two letters.

    Raises:
        FormulaError: If scripts belong to no letter.
    """
    own, *pieces = re.split(r"(?=[\^_])", name)
    if pieces and not own:
        raise FormulaError("has scripts, but no letter")
    below, above = list[Formula](), list[Formula]()
    for piece in pieces:
        is_entry = _ENTRY.fullmatch(piece[1:])
        if piece[0] == "_" and above and not is_entry:
            above[-1] = with_indices(above[-1], _script(piece[1:], other))
        elif piece[0] == "_":
            below.append(_script(piece[1:], other))
        else:
            above.append(letter(piece[1:]) or _script(piece[1:], other))
    made = letter(own) or other(own)
    if above:
        *front, last = made.parts
        base, sub, _ = last if isinstance(last, Scripts) else (last, None, None)
        made = row(*front, scripts(base, sub, row(*above)))
    return with_indices(made, joined(below, ",")) if below else made


def with_indices(of: Formula, indices: Formula) -> Formula:
    r"""Return a symbol with indices, behind its own subscript if it has one: W_{1,ij}."""
    *front, last = of.parts
    base, sub, sup = last if isinstance(last, Scripts) else (last, None, None)
    return row(*front, scripts(base, indices if sub is None else row(sub, ",", indices), sup))


def indices_of(entry: Formula, symbol: Formula) -> str:
    """Return the indices that an entry has and its symbol has not; nothing if it is another's."""
    own, made = (_scripts(formula) for formula in (symbol, entry))
    if (own.base, own.sup) != (made.base, made.sup) or made.sub is None:
        return ""
    behind = row(made.sub).parts
    before = () if own.sub is None else row(own.sub, ",").parts
    indices = behind[len(before) :]
    is_own = behind[: len(before)] == before and all(isinstance(i, Atom) for i in indices)
    return "".join(i.text for i in indices if isinstance(i, Atom)) if is_own else ""


def _scripts(formula: Formula) -> Scripts:
    node = braced(formula)
    alone = node.parts[0] if isinstance(node, Formula) and len(node.parts) == 1 else node
    return alone if isinstance(alone, Scripts) else Scripts(alone, None, None)


def _script(text: str, other: Callable[[str], Formula]) -> Formula:
    if text[:1] == '"':
        return row(Word(text.strip('"')))
    return row(GREEK[text]) if text in GREEK else other(text)
