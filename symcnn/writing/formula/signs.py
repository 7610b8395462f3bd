r"""The character of every command and sign, and its spacing class."""
# ruff: noqa: RUF001  # characters that look alike are the point

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symcnn.errors import SymcnnError, shown


class Sign(NamedTuple):
    r"""A character, or a function's name, and its kind among these.

    ordinary, binary, relation, open, close, punctuation, space, and: function (\log),
    whose parenthesis follows at once; big (\sum), with a range below and above it;
    prefix (\partial), which belongs to what follows; tight (the solidus), with no space
    on either side.
    """

    text: str
    kind: str


_KINDS = {
    "ordinary": {
        **{letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"},
        **{letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789."},
        **{r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\epsilon": "ϵ"},
        **{r"\zeta": "ζ", r"\eta": "η", r"\theta": "θ", r"\iota": "ι", r"\kappa": "κ"},
        **{r"\lambda": "λ", r"\mu": "μ", r"\nu": "ν", r"\xi": "ξ", r"\pi": "π", r"\rho": "ρ"},
        **{r"\tau": "τ", r"\upsilon": "υ", r"\phi": "ϕ", r"\chi": "χ", r"\psi": "ψ"},
        **{r"\omega": "ω", r"\varepsilon": "ε", r"\vartheta": "ϑ"},
        **{r"\Gamma": "Γ", r"\Delta": "Δ", r"\Theta": "Θ", r"\Lambda": "Λ", r"\Xi": "Ξ"},
        **{r"\Pi": "Π", r"\Sigma": "Σ", r"\Upsilon": "Υ", r"\Psi": "Ψ", r"\Omega": "Ω"},
        **{r"\ell": "ℓ", r"\infty": "∞", r"\dots": "…", r"\ldots": "…", r"\cdots": "⋯"},
        r"\top": "⊤",
    },
    "function": {
        **{f"\\{name}": name for name in ("max", "min", "log", "ln", "exp", "tan", "erf")},
        **{f"\\{name}": name for name in ("sin", "cos", "tanh", "sinh", "cosh")},
        **{f"\\{name}": name for name in ("arcsin", "arccos", "arctan")},
        **{r"\sigma": "σ", r"\Phi": "Φ", r"\varphi": "φ"},
    },
    "big": {r"\sum": "∑", r"\prod": "∏"},
    "binary": {
        **{"+": "+", "-": "-", "*": "*", r"\cdot": "·", r"\times": "×", r"\pm": "±"},
        **{r"\bmod": "mod", r"\odot": "⊙", r"\ast": "∗", r"\wedge": "∧", r"\vee": "∨"},
        **{r"\star": "⋆", r"\uparrow": "↑", r"\downarrow": "↓"},
    },
    "relation": {
        **{"=": "=", "<": "<", ">": ">", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥"},
        **{r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\equiv": "≡", r"\in": "∈"},
        **{r"\leftarrow": "←", r"\to": "→", r"\rightarrow": "→", r"\mid": "∣"},
    },
    "open": {"(": "(", "[": "[", r"\{": "{", r"\lfloor": "⌊", r"\lceil": "⌈"},
    "close": {")": ")", "]": "]", r"\}": "}", r"\rfloor": "⌋", r"\rceil": "⌉", "'": "'", "!": "!"},
    "punctuation": {sign: sign for sign in ",;:"},
    "prefix": {r"\partial": "∂"},
    "tight": {"/": "/", "|": "|", r"\vert": "|"},
    "space": {
        **{r"\,": "", r"\:": "", r"\!": "", r"\ ": ""},
        **{r"\;": "  ", r"\quad": "  ", r"\qquad": "    "},
    },
}

_BOLD_ITALIC_GREEK = (
    *(r"\Gamma", r"\Delta", "", "", "", r"\Theta", "", "", r"\Lambda", "", "", r"\Xi", "", r"\Pi"),
    *("", "", r"\Sigma", "", r"\Upsilon", r"\Phi", "", r"\Psi", r"\Omega", "", r"\alpha", r"\beta"),
    *(r"\gamma", r"\delta", r"\varepsilon", r"\zeta", r"\eta", r"\theta", r"\iota", r"\kappa"),
    *(r"\lambda", r"\mu", r"\nu", r"\xi", "", r"\pi", r"\rho", "", r"\sigma", r"\tau"),
    *(r"\upsilon", r"\varphi", r"\chi", r"\psi", r"\omega", "", r"\epsilon"),
    *(r"\vartheta", "", r"\phi"),
)
"""The letters from U+1D71E on."""


def _styled() -> Iterator[tuple[str, str]]:
    """Run over letters of other fonts, and the characters that Unicode has for them."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    script = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
    for place, letter in enumerate(letters):
        yield rf"\mathbf{{{letter}}}", chr(0x1D400 + place)
        yield rf"\boldsymbol{{{letter}}}", chr(0x1D468 + place)
        if letter.isupper():
            yield rf"\mathcal{{{letter}}}", script.get(letter, chr(0x1D49C + place))
    for place, letter in enumerate(_BOLD_ITALIC_GREEK):
        if letter:
            yield rf"\boldsymbol{{{letter}}}", chr(0x1D71E + place)


STYLED = dict(_styled())
"""Letters of other fonts, with their characters."""

_KINDS["ordinary"] |= STYLED

SIGNS = {sign: Sign(text, kind) for kind, signs in _KINDS.items() for sign, text in signs.items()}
"""Every sign that a formula may hold; a number is as its first digit."""


class FormulaError(SymcnnError):
    """LaTeX other than the printer writes."""


SIGNED = ("start", "open", "binary", "relation", "punctuation", "tight", "function", "big")
"""After what a plus or minus is the sign of a number."""


def sign(text: str) -> Sign:
    """Return what a sign stands for.

    Raises:
        FormulaError: If there is no such sign.
    """
    if text not in SIGNS:
        raise FormulaError(f"the formula sign {shown(text)} is not known")
    return SIGNS[text]


ORDINARY = Sign("", "ordinary")
"""What a number is among signs."""

FENCES = {
    sign: text
    for sign, (text, kind) in SIGNS.items()
    if kind in ("open", "close", "tight") and text not in "/'!"
} | {".": ""}
r"""What \left and \right draw."""

ACCENTS = {r"\hat": "\u0302", r"\bar": "\u0304", r"\tilde": "\u0303", r"\dot": "\u0307"}
ACCENTS |= {r"\ddot": "\u0308", r"\vec": "\u20d7", r"\check": "\u030c"}
"""The combining characters of accents."""

FONTS = (r"\mathbf", r"\boldsymbol", r"\mathcal")
"""The fonts of single letters."""

SAME = {r"\bm": r"\boldsymbol", r"\widehat": r"\hat", r"\widetilde": r"\tilde"}
"""Commands that are printed as others, which need no package or no width."""

RAISED = {
    **dict(zip("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    **dict(zip("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", strict=True)),
}
"""The characters that Unicode has as superscripts."""

LOWERED = {
    **dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
"""The characters that Unicode has as subscripts."""
