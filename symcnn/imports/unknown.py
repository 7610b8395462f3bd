"""Why an operator has no layer, and what can be done: some kinds of them never will have one."""

from __future__ import annotations

import re
from collections.abc import Sequence

Reason = tuple[str, str]

RANDOM: Reason = ("it draws random numbers", "remove it, or give its numbers as a buffer")

_KINDS: Sequence[tuple[str, Reason]] = (
    (r"rand|bernoulli|multinomial|normal_|^normal\b|poisson|uniform|exponential|rrelu", RANDOM),
    (
        r"fft|^stft|^istft|^dft$|complex|as_real|^angle",
        ("it computes complex numbers", "state it in real numbers, such as a matrix product"),
    ),
    (
        r"^cond$|^while_loop|^if$|^loop$|^scan$|^map_impl",
        ("its steps depend on data", "compute all ways, and choose among the results by where"),
    ),
    (
        r"grad_enabled|^autocast|^wrap_with_autocast",
        ("it is a block inside of forward", "remove torch.no_grad or autocast, or use .detach()"),
    ),
    (
        r"grid_?sample|roi_?align|roi_pool|^nms|deform|nonmaxsuppression|affine_grid",
        ("which entries it reads depends on data", "read fixed places, as interpolate does"),
    ),
    (
        r"quantize|qlinear|matmulinteger|convinteger",
        ("it computes with rounded whole numbers", "import the network in floats"),
    ),
    (
        r"^argm|argsort|^sort|^nonzero|^unique|^bincount|^searchsorted|^bucketize",
        ("its result is whole numbers, which have no derivatives", "return what it is found of"),
    ),
)

_ELSE: Reason = (
    "no layer is known for this operator",
    "remove it from the module, or write the layer yourself: docs/imports.md",
)


def unknown(operator: str) -> Reason:
    """Return why an operator is not imported, and the remedy.

    >>> unknown("aten.randn_like.default")[0], unknown("DFT")[0]
    ('it draws random numbers', 'it computes complex numbers')
    """
    name = operator.removeprefix("aten.").split(".")[0].lower()
    return next((reason for kind, reason in _KINDS if re.search(kind, name)), _ELSE)
