"""How formulas are spelled: commands of LaTeX, letters and signs of Unicode, words and names."""

from __future__ import annotations

from collections.abc import Mapping


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _spelled(spellings: Mapping[str, str]) -> dict[str, str]:
    """Return what each spelling means, from the spellings of each meaning."""
    return {own: meant for meant, texts in spellings.items() for own in texts.split()}


_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma tau upsilon phi chi psi omega"
)

GREEK = (words(_SMALL) - {"omicron"}) | words(
    "varepsilon vartheta varphi Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell"
)

SAME = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "intercal": "top"}
"""Commands for the same letter."""

LETTERS = {
    **{chr(0x3B1 + n + (n > 16)): name for n, name in enumerate(_SMALL.split())},  # two sigmas
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

PLAIN = _spelled({"=": ":= <-", "amp": "&", "^": "**", "dots": "... ..", "odot": ".*"})
"""Signs of programs."""

COMMANDS = _spelled(
    {
        **{"cdot": "cdot", "times": "times", "odot": "odot circ", "*": "ast", "otimes": "otimes"},
        **{
            "star": "star bigstar",
            "circledast": "circledast",
            "/": "div oslash",
            "mod": "mod bmod",
        },
        **{"<=": "le leq leqslant", ">=": "ge geq geqslant", "<": "lt", ">": "gt"},
        **{"!=": "ne neq", "==": "equiv", "=": "gets leftarrow coloneqq", "in": "in", "to": "to"},
        **{"lfloor": "lfloor", "rfloor": "rfloor", "lceil": "lceil", "rceil": "rceil"},
        **{"dots": "ldots dots cdots", "'": "prime", ",": "land wedge", ":": "colon", "%": "%"},
        **{"|": "mid vert lvert rvert", "[": "lbrack llbracket", "]": "rbrack rrbracket"},
        **{"{|": "{ lbrace", "|}": "}", "newline": "\\"},
    }
)
"""Commands that are signs."""

IGNORED = words(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle "
    "textstyle limits nolimits quad qquad , ; : ! > ( ) [ ] mathstrut nonumber notag scriptstyle "
    "middle thinspace"
)
"""Commands that only move or enlarge signs."""

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

MARKS = _spelled({"hat": "hat widehat", "bar": "bar overline", "tilde": "tilde"})
"""The accents that make another letter of one."""

FUNCTIONS = _spelled(
    {
        "f": "tanh relu ReLU sigmoid act softplus GELU gelu swish silu SiLU ELU elu",
        **{"log": "log ln", "sign": "sign sgn", "step": "heaviside step", "flip": "rot flip"},
        **{"conv": "conv convolve", "corr": "corr correlate xcorr", "trace": "tr", "erf": "erf"},
        **{own: own for own in words("exp sqrt abs sin cos sech cosh sinh softmax floor ceil")},
        **{own: own for own in words("max min mean diag transpose")},
    }
)
"""The functions, by what they are called, with what they are read as; f is the activation."""

ACTIVATION = words("f g h sigma phi psi")
"""The letters of activations where parentheses or a prime follow."""

LOSSES = words("L E J C ell loss Loss cost l")
"""What is differentiated."""

LAYERS = words("l L ell")
"""The letters of layers, which stand above others and are no samples."""

GRADS = {f"d{letter}": letter for letter in "wWKkbBxXzZyYaAhHFoOpPsSqQvV"} | {
    **{"dout": "y", "dxhat": "xhat", "dgamma": "gamma", "dbeta": "beta", "dpred": "y"}
}
"""What code calls a gradient, with the letter of what it is the gradient with respect to."""

LABELS = words("in out pad padded max min new prev next total hh xh tot pre row col")
"""Subscripts that are a part of the name."""

_WORDS = GREEK | words("xhat yhat sum grad") | {*FUNCTIONS, *GRADS}


def first_word(run: str, latex: bool, known: frozenset[str]) -> str:
    """Return the first word of a run of letters: all of it, if it is one, or else its first letter.

    Args:
        run: The letters.
        latex: Whether the formula is LaTeX, where letters side by side are a product.
        known: The letters that the user has bound.
    """
    is_name = len(run) > 3 or (len(run) == 3 and run.lower() in ("eps", "var", "std"))
    return run if run in known or run in _WORDS or (is_name and not latex) else run[0]
