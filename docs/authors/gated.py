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
    """y_r = a_r sigmoid(h_r), with a_r = sum of v_u x_{r+u} and h_r = sum of w_u x_{r+u}."""

    kernel_size: int = 2

    prefix = "gated"

    def output_shape(self, shape):
        """Return the length: that of a convolution."""
        return (shape[0] - self.kernel_size + 1,)

    def parameters(self, shape):
        """Return the two kernels."""
        return {
            "value": sc.Parameter((self.kernel_size,), "v", "u"),
            "gate": sc.Parameter((self.kernel_size,), "w", "u"),
        }

    def auxiliaries(self, shape):
        """Return the two convolutions."""
        length = self.output_shape(shape)
        return {
            "a": sc.Auxiliary(length, "a", "i", noun="linear part"),
            "h": sc.Auxiliary(length, "h", "i", noun="argument of the gate"),
        }

    def forward(self, y, x, value, gate, a, h):
        """Return both convolutions, and their product."""
        (i,), u = y.indices, sc.index("u")
        over = {u: self.kernel_size}
        return (
            sc.define(a[i], value[u] * x[i + u], over=over),
            sc.define(h[i], gate[u] * x[i + u], over=over),
            sc.define(y[i], a[i] * sc.sigmoid(h[i])),
        )


def written(folder):
    """Write the theorem, the macros, and a picture."""
    layer = GatedConv1D(sc.size("K"))
    manner = {"label": "gated", "width": COLUMN, "macros": BARS}
    theorem = sc.theorem_for_paper(layer, title="Gated convolution", **manner)
    network = sc.Network((5,), [GatedConv1D(2), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {
        "x": [1, 2, 0, -1, 1],
        "gated1.value": [0.5, -1],
        "gated1.gate": [1, 0.5],
        "dense1.weight": [[1, -1, 2, 1]],
        "target": [1],
    }
    problem = sc.Problem(network, values)
    (folder / "theorem.tex").write_text(theorem)
    macros = sc.macros(problem.derivation, width=NUMBERED, own=BARS)
    (folder / "macros.tex").write_text(macros)
    (folder / "network.tex").write_text(sc.figure(problem, "network").to_tikz())


if __name__ == "__main__":
    written(Path(sys.argv[1]))
