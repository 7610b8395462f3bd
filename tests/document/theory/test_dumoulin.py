"""Dumoulin and Visin's numbered relations (arXiv:1603.07285), as instances of theorems.

i is the size of the input, k of the kernel, s the stride, p the padding, d the dilation, and o
the size of the output. A transposed convolution with i' reads what a convolution with i makes.
"""

import re

import pytest
from sympy import floor

import symcnn as sc
from symcnn import size
from tests.draws import slow

i, k, s, d, n = (size(name) for name in ("H", "K", "S", "D", "M"))
p = size("P", least=0)


def length(layer):
    """Return the length of the output along an axis, for an input of length i."""
    network = sc.Network((i, i, 1), [layer], sc.Upstream())
    size_of_output = network.tensors[network.output.name].shape[0]
    return network.relations.get(size_of_output, size_of_output)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        pytest.param(sc.Conv2D(1, k), i - k + 1, id="1: no padding, unit strides"),
        pytest.param(sc.Conv2D(1, k, padding=p), i - k + 2 * p + 1, id="2: padding"),
        pytest.param(sc.Conv2D(1, 2 * n + 1, padding=n), i, id="3: half padding"),
        pytest.param(sc.Conv2D(1, k, padding=k - 1), i + k - 1, id="4: full padding"),
        pytest.param(sc.Conv2D(1, k, stride=s), floor((i - k) / s) + 1, id="5: strides"),
        pytest.param(
            sc.Conv2D(1, k, stride=s, padding=p),
            floor((i + 2 * p - k) / s) + 1,
            id="6: padding and strides",
        ),
        pytest.param(sc.MaxPool2D(k, stride=s), floor((i - k) / s) + 1, id="7: pooling"),
        pytest.param(sc.ConvTranspose2D(1, k), i + k - 1, id="8: transposed"),
        pytest.param(
            sc.ConvTranspose2D(1, k, padding=p), i + k - 1 - 2 * p, id="9: transposed, padding"
        ),
        pytest.param(
            sc.ConvTranspose2D(1, 2 * n + 1, padding=n), i, id="10: transposed, half padding"
        ),
        pytest.param(
            sc.ConvTranspose2D(1, k, padding=k - 1),
            i - (k - 1),
            id="11: transposed, full padding",
        ),
        pytest.param(
            sc.ConvTranspose2D(1, k, stride=s), s * (i - 1) + k, id="12: transposed, strides"
        ),
        pytest.param(
            sc.ConvTranspose2D(1, k, stride=s, padding=p),
            s * (i - 1) + k - 2 * p,
            id="13: transposed, padding and strides",
        ),
        pytest.param(
            sc.Conv2D(1, k, stride=s, padding=p, dilation=d),
            floor((i + 2 * p - k - (k - 1) * (d - 1)) / s) + 1,
            id="15: dilation",
        ),
    ],
)
def test_an_output_has_the_length_of_the_relation(layer, expected):
    assert (length(layer) - expected.expand()).expand() == 0


@slow
def test_a_transposed_convolution_is_the_derivative_of_a_convolution():
    """Chapter 4: the backward pass of a convolution is a transposed convolution's forward pass."""
    convolution = sc.Conv2D(1, k, stride=s, padding=p, bias=False)
    network = sc.Network((i, i, 1), [convolution], sc.Upstream())
    backward = sc.derive(network).latex("x", index_base=0)
    transposed = sc.ConvTranspose2D(1, k, stride=s, padding=p, bias=False)
    forward = sc.derive(sc.Network((n, n, 1), [transposed], sc.Upstream())).latex(
        "conv_transpose1", index_base=0
    )
    sums = [text.split("=", 1)[1].split(r"\quad")[0] for text in (backward, forward)]
    terms = [r"\delta^{z}_{ij} w", r"w_{i+P-Sr, j+P-Ss} x_{rs}"]
    other = {"i": "r", "j": "s", "r": "i", "s": "j"}
    limits = re.sub(
        r"(?<![A-Za-z\\])[ijrs](?![A-Za-z])",
        lambda found: other[found[0]],
        sums[1][: sums[1].index("w_")],
    )
    assert sums[0].startswith(limits)
    assert terms[0] in sums[0]
    assert terms[1] in sums[1]
