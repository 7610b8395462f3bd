"""How signs are spelled: commands of LaTeX, letters and signs of Unicode, what is left out."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


_SMALL = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"
_OTHERS = "sigma tau upsilon phi chi psi omega"

GREEK = words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi "
    "pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi "
    "Psi Omega ell"
)

SAME = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "intercal": "top"}
"""Commands for the same letter."""

LETTERS = {
    **{
        chr(0x3B1 + n + (n > 16)): name for n, name in enumerate(f"{_SMALL} {_OTHERS}".split())
    },  # there are two sigmas
    **{"\u0394": "Delta", "\u2211": "sum", "\u03a3": "sum", "\u2202": "partial"},
    **{"\u2113": "ell", "\u2207": "nabla", "\U0001d7d9": "mathbb1", "\U0001d7cf": "mathbb1"},
    **{"\u221a": "sqrt", "\u03f5": "epsilon", "\u03d5": "phi"},
}
"""Letters of Unicode, by the commands of LaTeX."""

SIGNS = {
    **{"\u00b7": "cdot", "\u00d7": "times", "\u2299": "odot", "\u2218": "odot"},
    **{"\u2217": "*", "\u22c6": "star", "\u2605": "star", "\u229b": "circledast"},
    **{"\u2212": "-", "\u2013": "-", "\u2264": "<=", "\u2265": ">=", "\u2260": "!="},
    **{"\u2032": "'", "\u2208": "in", "\u230a": "lfloor", "\u230b": "rfloor"},
    **{"\u2308": "lceil", "\u2309": "rceil", "\u2026": "dots", "\u1d40": "^T"},
    **{"\u00b2": "^2", "\u00b3": "^3", "\u2190": "=", "\u2254": "=", "\u22a4": "top"},
    **{"\u2261": "==", "\u2297": "otimes"},
}
"""Signs of Unicode."""

PLAIN = {
    **{":=": "=", "<-": "=", "&": "amp", "**": "^", "...": "dots", "..": "dots", ".*": "odot"},
}
"""Signs of programs."""

COMMANDS = {
    **{"cdot": "cdot", "times": "times", "odot": "odot", "circ": "odot", "ast": "*"},
    **{"star": "star", "circledast": "circledast", "le": "<=", "leq": "<=", "ge": ">="},
    **{"leqslant": "<=", "geqslant": ">=", "lt": "<", "gt": ">"},
    **{"geq": ">=", "ne": "!=", "neq": "!=", "in": "in", "lfloor": "lfloor", "to": "to"},
    **{"rfloor": "rfloor", "ldots": "dots", "dots": "dots", "cdots": "dots", "prime": "'"},
    **{"gets": "=", "leftarrow": "=", "coloneqq": "=", "equiv": "==", "lbrace": "{|"},
    **{"mid": "|", "vert": "|", "lvert": "|", "rvert": "|", "lbrack": "[", "rbrack": "]"},
    **{"{": "{|", "}": "|}", "land": ",", "wedge": ",", "colon": ":", "mod": "mod", "bmod": "mod"},
    **{"bigstar": "star", "otimes": "otimes", "lceil": "lceil", "rceil": "rceil", "%": "%"},
    **{"\\": "newline", "llbracket": "[", "rrbracket": "]", "div": "/"},
}
"""Commands that are signs."""

IGNORED = words(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle "
    "textstyle limits nolimits quad qquad , ; : ! > ( ) [ ] mathstrut nonumber notag scriptstyle "
    "middle thinspace"
)
"""Commands that only move or enlarge signs."""

SKIPPED = frozenset(" \t\r\n$~")

LAYOUTS = words("equation align aligned split gather gathered multline eqnarray math displaymath")
"""Environments that only say where a formula stands."""

UPRIGHT = words("text mathrm textrm mbox textnormal")
"""Fonts of words and labels."""

FONTS = UPRIGHT | words(
    "hat widehat bar overline tilde widetilde vec dot underline mathbf boldsymbol mathcal mathit "
    "mathsf operatorname bm mathbb mathds mathtt textbf textit mathfrak mathscr "
    "operatornamewithlimits"
)
"""Accents and fonts, whose argument is a letter or a word."""

MARKS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde"}
"""The accents that make another letter of one."""
