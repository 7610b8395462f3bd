"""What the article of this folder inputs: python gated.py FOLDER writes it there.

The layer is the article's own: a convolution that is multiplied by the sigmoid of another one.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import symcnn as sc

COLUMN, NUMBERED = 229, 200  # of \documentclass[twocolumn]{article}; and with a number, in points
BARS = {r"\delta^{#1}": r"\bar{#1}"}


@dataclass(frozen=True)
class GatedConv1D(sc.Layer):
    """y_r = a_r sigmoid(h_r), a_r = sum of w_u x_{r+u} + b, h_r = sum of v_u x_{r+u} + c."""

    kernel_size: int = 2

    prefix = "gated"

    def output_shape(self, shape):
        """Return the length: that of a convolution."""
        return (shape[0] - self.kernel_size + 1,)

    def parameters(self, shape):
        """Return two kernels, and a bias for each."""
        return {
            "weight": sc.Parameter((self.kernel_size,), "w", "u"),
            "bias": sc.Parameter((1,), "b", "s"),
            "gate": sc.Parameter((self.kernel_size,), "v", "u"),
            "gate_bias": sc.Parameter((1,), "c", "s"),
        }

    def auxiliaries(self, shape):
        """Return the two convolutions."""
        length = self.output_shape(shape)
        return {
            "a": sc.Auxiliary(length, "a", "i", noun="linear part"),
            "h": sc.Auxiliary(length, "h", "i", noun="argument of the gate"),
        }

    def forward(self, y, x, weight, bias, gate, gate_bias, a, h):
        """Return both convolutions, and their product."""
        (i,), u = y.indices, sc.index("u")
        over = {u: self.kernel_size}
        return (
            sc.define(a[i], weight[u] * x[i + u], over=over),
            sc.define(a[i], bias[0]),
            sc.define(h[i], gate[u] * x[i + u], over=over),
            sc.define(h[i], gate_bias[0]),
            sc.define(y[i], a[i] * sc.sigmoid(h[i])),
        )


def example():
    """Return a problem on small numbers."""
    network = sc.Network((5,), [GatedConv1D(2), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {
        "x": [1, 2, 0, -1, 1],
        "gated1.weight": [1, -1],
        "gated1.bias": [0.5],
        "gated1.gate": [2, -1],
        "gated1.gate_bias": [0],
        "dense1.weight": [[1, 0, 2, 1]],
        "target": [1],
    }
    return sc.Problem(network, values)


def written(folder):
    """Write the theorem, the macros, and a picture."""
    layer = GatedConv1D(sc.size("K"))
    manner = {"label": "gated", "width": COLUMN, "macros": BARS}
    theorem = sc.theorem_for_paper(layer, title="Gated convolution", **manner)
    problem = example()
    (folder / "theorem.tex").write_text(theorem)
    macros = sc.macros(problem.derivation, width=NUMBERED, own=BARS)
    (folder / "macros.tex").write_text(macros)
    (folder / "network.tex").write_text(sc.figure(problem, "network").to_tikz())


if __name__ == "__main__":
    written(Path(sys.argv[1]))
