"""The letters in which the step of an optimizer is written, as LaTeX writes them."""

from __future__ import annotations

from sympy import Symbol


def _letter(latex: str) -> Symbol:
    return Symbol(latex, real=True)


WEIGHT, SLOPE, RATE, STEP = map(_letter, ("w", "g", r"\eta", "n"))
"""A weight, the loss's derivative with respect to it, the learning rate, the number of the step."""

MEAN, SQUARE, VELOCITY = map(_letter, ("m", "v", "u"))
"""What is remembered: a mean of derivatives, one of their squares (or their sum), a velocity."""

MEAN_HAT, SQUARE_HAT = map(_letter, (r"\hat{m}", r"\hat{v}"))
"""Both means, divided by the sum of their factors: without the bias towards 0."""

BETA1, BETA2, ALPHA, MU, EPSILON, DECAY = map(
    _letter, (r"\beta_1", r"\beta_2", r"\alpha", r"\mu", r"\varepsilon", r"\lambda")
)
"""The settings."""
