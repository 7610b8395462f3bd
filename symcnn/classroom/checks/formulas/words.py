"""Words that a formula may hold, and what a run of letters is split into."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.spelling import GREEK, words

FUNCTIONS = {
    **{"exp": "exp", "log": "log", "ln": "log", "tanh": "f", "sqrt": "sqrt", "abs": "abs"},
    **{"sign": "sign", "sgn": "sign", "sin": "sin", "cos": "cos", "sech": "sech", "cosh": "cosh"},
    **{"relu": "f", "ReLU": "f", "sigmoid": "f", "act": "f", "softplus": "f", "GELU": "f"},
    **{"gelu": "f", "swish": "f", "silu": "f", "SiLU": "f", "ELU": "f", "elu": "f"},
    **{"softmax": "softmax", "floor": "floor", "ceil": "ceil", "max": "max", "min": "min"},
    **{"rot": "flip", "flip": "flip", "transpose": "transpose", "mean": "mean", "diag": "diag"},
    **{"erf": "erf", "heaviside": "step", "step": "step", "sinh": "sinh", "tr": "trace"},
    **{"conv": "conv", "convolve": "conv", "corr": "corr", "correlate": "corr", "xcorr": "corr"},
}
"""The functions, by what they are called, with what they are read as; f is the activation."""

ACTIVATION = frozenset({"f", "g", "h", "sigma", "phi", "psi"})
"""The letters of activations where parentheses or a prime follow."""

LOSSES = frozenset({"L", "E", "J", "C", "ell", "loss", "Loss", "cost", "l"})
"""What is differentiated."""

LAYERS = frozenset({"l", "L", "ell"})
"""The letters of layers, which stand above others and are no samples."""

GRADS = {
    **{f"d{c}": c for c in "wWKkbBxXzZyYaAhHFoOpPsSqQvV"},
    **{"dout": "y", "dxhat": "xhat", "dgamma": "gamma", "dbeta": "beta", "dpred": "y"},
}
"""What code calls a gradient, with the letter of what it is the gradient with respect to."""

LABELS = words("in out pad padded max min new prev next total hh xh tot pre row col")
"""Subscripts that are a part of the name."""

_WORDS = (
    frozenset(GREEK) | frozenset(FUNCTIONS) | frozenset(GRADS) | {"xhat", "yhat", "sum", "grad"}
)


def first_word(run: str, latex: bool, known: frozenset[str]) -> str:
    """Return the first word of a run of letters: all of it, if it is one, or else its first letter.

    Args:
        run: The letters.
        latex: Whether the formula is LaTeX, where letters side by side are a product.
        known: The letters that the user has bound.
    """
    if run in known or run in _WORDS:
        return run
    if not latex and (len(run) > 3 or (len(run) == 3 and run.lower() in ("eps", "var", "std"))):
        return run
    return run[0]
