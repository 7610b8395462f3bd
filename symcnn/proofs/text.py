"""Rocq's text of formulas: names, indices and limits over the integers, and terms of a ring."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Indexed,
    IndexedBase,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    ceiling,
    floor,
    fraction,
    sympify,
    together,
)
from sympy.core.relational import Relational

from symcnn.equations import accesses
from symcnn.equations.sizes import is_size
from symcnn.equations.tensor import PositionBase
from symcnn.proofs.terms import (
    Bracket,
    Inverse,
    Letter,
    NotStatedError,
    Opposite,
    Product,
    Read,
    Term,
    Terms,
    Total,
    Whole,
)

_GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "eta": "η"},  # noqa: RUF001
    **{"kappa": "κ", "mu": "μ", "nu": "ν", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ"},  # noqa: RUF001
    **{"chi": "χ", "psi": "ψ", "ell": "ℓ"},  # noqa: RUF001
}
_DIVIDES = "\N{DIVIDES}"
_ATOM = re.compile(r"\w+|⌊[^⌊⌋]*⌋|⌈[^⌈⌉]*⌉|\([^()]*\)")


def name(label: Any) -> str:
    """Return the identifier of a letter: z_2 of z^(2), δ_z of delta^z.

    >>> name("w"), name("z^(2)"), name("delta^z")
    ('w', 'z_2', 'δ_z')
    """
    words = [word for word in re.split(r"[^A-Za-z0-9]+", str(label)) if word]
    return "_".join(_GREEK.get(word, word) for word in words)


def called(title: str) -> str:
    """Return the identifier of a layer, of letters, digits and underscores.

    >>> called("Elementwise, e^(-x\N{SUPERSCRIPT TWO})"), called("Conv2D (groups G)")
    ('Elementwise_e_x2', 'Conv2D_groups_G')
    >>> called("Focal (\N{GREEK SMALL LETTER GAMMA})")
    'Focal_gamma'
    """
    latin = re.sub("[\N{GREEK SMALL LETTER ALPHA}-\N{GREEK SMALL LETTER OMEGA}]", _spelled, title)
    return re.sub(r"[^A-Za-z0-9]+", "_", unicodedata.normalize("NFKD", latin)).strip("_")


def _spelled(letter: re.Match[str]) -> str:
    return f" {unicodedata.name(letter[0]).rpartition(' ')[2].lower()} "


def number(value: Any) -> str:
    """Write an integer in letters and indices; what divides is rounded down.

    >>> from symcnn.equations.notation import index
    >>> from symcnn.equations.sizes import size
    >>> S, P, D, r, i = size("S"), size("P", least=0), size("D"), index("r"), index("i")
    >>> number((r - S * i + P) / D)
    '⌊(r + P - S * i) / D⌋'
    """
    return _sum(sympify(value))


def _sum(e: Expr) -> str:
    if isinstance(e, floor | ceiling):
        return _atom(e)
    upper, lower = fraction(together(e))
    if lower != 1:
        return f"⌊{_dividend(upper)} / {_atom(lower)}⌋"
    terms = sorted(Add.make_args(e.expand()), key=_place)
    first, *others = terms
    text = f"- {_mul(-first)}" if first.could_extract_minus_sign() else _mul(first)
    for term in others:
        negative = term.could_extract_minus_sign()
        text += f" - {_mul(-term)}" if negative else f" + {_mul(term)}"
    return text


def _place(part: Expr) -> tuple[bool, bool, bool, str, str]:
    """What is subtracted comes last; before that sizes, and before these what has an index."""
    indices = sorted(str(s) for s in part.free_symbols if not is_size(s))
    return part.could_extract_minus_sign(), part.is_number, not indices, str(indices), str(part)


def _dividend(e: Expr) -> str:
    text = _sum(e)
    return text if re.fullmatch(r"\w+", text) else f"({text})"


def _mul(e: Expr) -> str:
    factors = sorted(Mul.make_args(e), key=lambda f: (not f.is_Integer, str(f)))
    return " * ".join(_atom(base) for f in factors for base in _powers(f))


def _powers(e: Expr) -> list[Expr]:
    whole = e.is_Pow and e.exp.is_Integer and e.exp > 0
    return [e.base] * int(e.exp) if whole else [e]


def _atom(e: Expr) -> str:
    if e.is_Symbol:
        return name(e)
    if isinstance(e, Integer):
        return str(e) if e >= 0 else f"({e})"
    if isinstance(e, floor | ceiling):
        upper, lower = fraction(together(e.args[0]))
        left, right = "⌊⌋" if isinstance(e, floor) else "⌈⌉"
        return f"{left}{_dividend(upper)} / {_atom(lower)}{right}"
    if isinstance(e, Max | Min):
        first, *others = sorted(e.args, key=lambda a: (not a.is_Integer, str(a)))
        function = "Z.max" if isinstance(e, Max) else "Z.min"
        text = _argument(first)
        for other in others:
            text = f"({function} {text} {_argument(other)})"
        return text
    if isinstance(e, Mod):
        return f"({_atom(e.args[0])} mod {_atom(e.args[1])})"
    if e.is_Add or e.is_Mul or e.is_Pow:
        return f"({_sum(e)})"
    raise NotStatedError(f"{e.func.__name__} is no index")


def _argument(e: Expr) -> str:
    text = _sum(e)
    return (
        text if re.fullmatch(r"\w+|⌊.*⌋|⌈.*⌉|\(.*\)", text) and " + 1" not in text else f"({text})"
    )


def condition(relation: Relational) -> str:
    """Write a condition on indices, or on an entry that tells a position."""
    if accesses(relation):
        left, right = (_entry(side) for side in relation.args)
        if not isinstance(relation, Eq):
            raise NotStatedError("entries are compared")
        return f"{left} == {right}"
    left, right = relation.args
    if isinstance(relation, Eq):
        if isinstance(left, Mod) and right == 0:
            return f"{_sum(left.args[1])} {_DIVIDES} {_sum(left.args[0])}"
        return f"{_sum(left)} = {_sum(right)}"
    if isinstance(relation, Ge):
        left, right = right, left
    return f"{_sum(left)} <= {_sum(right)}"


def _entry(side: Expr) -> str:
    if isinstance(side, Indexed) and isinstance(side.base, PositionBase):
        return whole(side.indices[0])
    if isinstance(side, Indexed):
        return read(side.base, side.indices)
    return f"whole ({_sum(side)})"


def read(base: IndexedBase, indices: tuple[Expr, ...]) -> str:
    """Write an entry: w⟨u, c, k⟩."""
    return f"{name(base.label)}⟨{', '.join(map(number, indices))}⟩"


def whole(number_: Expr) -> str:
    """Write a whole number as an element of the ring."""
    if number_ in (0, 1):
        return str(number_)
    text = _sum(number_)
    return f"whole {text}" if re.fullmatch(r"\w+", text) else f"whole ({text})"


def term(t: Term) -> str:
    """Write a term of a ring."""
    match t:
        case Read():
            return read(t.base, t.indices)
        case Whole():
            return whole(t.number)
        case Letter():
            return name(t.symbol)
        case Bracket():
            return f"⟦ {', '.join(map(condition, t.conditions))} ⟧"
        case Inverse():
            return f"{_factor(t.of)}^-1"
        case Opposite():
            return f"- {_factor(t.of)}"
        case Total():
            return _total(t)
        case Terms():
            return _terms(t)
        case Product():
            return _product(t)


def _total(t: Total) -> str:
    limits = f"{_limit(t.low)} <= {name(t.index)} <= {_limit(t.high)}"
    inside = term(t.body) if isinstance(t.body, Product | Total) else _factor(t.body)
    return f"\\sum_({limits}) {inside}"


def _terms(t: Terms) -> str:
    first, *others = t.parts
    text = _summand(first)
    for part in others:
        text += f" - {_factor(part.of)}" if isinstance(part, Opposite) else f" + {_summand(part)}"
    return text


def _product(t: Product) -> str:
    text = " * ".join(map(_factor, t.factors))
    return text if t.divisor == 1 else f"{text} / {_divisor(t.divisor)}"


def _limit(limit: Expr) -> str:
    text = _sum(limit)
    return text[1:-1] if isinstance(limit, Max | Min) else text


def _divisor(divisor: Expr) -> str:
    text = whole(divisor)
    return f"({text})" if " " in text else text


def _factor(t: Term) -> str:
    if isinstance(t, Terms | Opposite | Product | Total):
        return f"({term(t)})"
    return f"({term(t)})" if isinstance(t, Whole) and " " in term(t) else term(t)


def _summand(t: Term) -> str:
    return f"({term(t)})" if isinstance(t, Terms) else term(t)
