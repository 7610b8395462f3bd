"""The built-in problem: the notebook "CNN by hand", as it was published and what sets it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypeGuard

from sympy import Rational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.errors import SymcnnError
from symcnn.network.layers import Conv2D, Layer, Parameter
from symcnn.network.layers.declarations import per_axis
from symcnn.network.layers.window import Window
from symcnn.problems.load import load
from symcnn.problems.problem import Fault, Problem, Quoted, Reconciliation

PRINTED = {
    "conv1": ("0.42", "0.28", "0.14", "0.33", "0.22", "0.11"),
    "pool1": ("0.42", "0.28", "0.14"),
    "dense1": ("0.26599999999999996",),
    "sigmoid1": ("0.5661106484969565",),
    "gradient of dense1.weight": ("-0.02412904", "-0.01608603", "-0.00804301"),
    "gradient of conv1": ("-0.02412904", "-0.01608603", "-0.00804301", "0", "0", "0"),
}
"""Everything that the notebook prints of the network."""

_FOLLOWING = ("conv1", "pool1", "dense1", "sigmoid1", "gradient of dense1.weight")
"""What follows from the notebook's operation."""

_NEAR = Rational(1, 10**8)

_CONVOLUTION = (
    "In the notebook, a filter of shape (2, 1) is multiplied by a slice of shape (2,), which NumPy "
    "broadcasts to two rows and two columns; the sum of all entries is taken."
)
_MASK = (
    "The notebook uses the pooling mask of filter 1 for all three filters, whereas every window "
    "has a largest entry of its own. With the correct convolution, the maximum of filter 3 is at "
    "position 2; in the notebook's numbers all three maxima are at position 1."
)
_GRADIENT = (
    "The notebook ends without the gradient of the convolution. A weight of a filter is used at "
    "every position, so its derivative is the sum over all positions of the error signal of the "
    "output there times the input entry that the weight is multiplied by."
)


@dataclass(frozen=True)
class BroadcastConvolution(Layer):
    """What ``np.sum(W[:, :, k] * X[i:i+K, 0, 0])`` computes by broadcasting.

        y[i,j,k] = sum over u, h, v, c of w[u,v,c,k] x[i + h, j + v, c]

    Every row u of the kernel meets every row h of the window, so with two rows it is
    (w_1 + w_2)(x_i + x_{i+1}). A convolution has h = u. Shapes as in ``Conv2D``.
    It is a layer from outside the core: a shape, a kernel and one equation are all it needs.
    """

    filters: int
    kernel_size: tuple[int, int]

    prefix: ClassVar[str] = "conv"
    letter: ClassVar[str] = "z"
    axes: ClassVar[str] = "ijk"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (positions, positions, filters)."""
        rows, columns = self.windows(shape)
        return rows.positions, columns.positions, self.filters

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows along the rows and the columns."""
        return tuple(map(Window, shape[:2], self.kernel_size))

    def settings(self) -> dict[str, Any]:
        """Return the declared fields, and that there is no bias."""
        return {**super().settings(), "bias": False}

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel."""
        return {"weight": Parameter((*self.kernel_size, shape[2], self.filters), "w", "uvck")}

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the sum over all pairs of a kernel row and a window row."""
        i, j, k = y.indices
        (u, v, c, _), h = parameters["weight"].indices, index("h")
        over = {i: y.shape[0], j: y.shape[1], h: self.kernel_size[0]}
        return (
            define(y[i, j, k], parameters["weight"][u, v, c, k] * x[i + h, j + v, c], over=over),
        )


def as_published(problem: Problem) -> Problem:
    """Return the problem with the notebook's operation in place of its first layer.

    Raises:
        SymcnnError: If the first layer is not a plain convolution.
    """
    first, *rest = problem.network.layers
    if not _is_plain(first):
        raise SymcnnError("the notebook's operation replaces a plain convolution without bias")
    size = per_axis(first.kernel_size, 2, "kernel_size")
    layer = BroadcastConvolution(first.filters, (size[0], size[1]), name=first.name)
    network = replace(problem.network, layers=[layer, *rest])
    title = f"{problem.title}, as published"
    return Problem(network, problem.values, title, source=problem.source, answers=problem.answers)


def reconciliation(problem: Problem) -> Reconciliation:
    """Return what sets the notebook right, for the problem that it meant to compute.

    Raises:
        SymcnnError: If its way of computing does not give what the notebook prints.
    """
    try:
        published = as_published(problem)
        is_the_notebook = all(_prints(published, name) for name in _FOLLOWING)
    except SymcnnError:
        is_the_notebook = False
    if not is_the_notebook:
        raise SymcnnError(
            'reconcile = "cnn_by_hand_as_published" is for the network and the numbers of that '
            "notebook: remove the key from another problem"
        )
    return between(published, None)


def between(published: Problem | None, right: Problem | None) -> Reconciliation:
    """Set what the notebook computed beside what is right; None is the problem at hand.

    What is wrong with the figures is found by marking them; what the notebook's code alone shows
    is said here.
    """
    printed = {
        name: Quoted(name, tuple(map(Rational, text)), text) for name, text in PRINTED.items()
    }
    mask = "routing of pool1"
    return Reconciliation(
        "Reconciling with the notebook",
        tuple((quoted, Quoted(name, right)) for name, quoted in printed.items()),
        (
            Fault(_CONVOLUTION, printed["conv1"], Quoted("conv1", right)),
            Fault(
                _MASK, Quoted(mask, published), Quoted(mask, right), conceals="gradient of conv1"
            ),
            Fault("", printed["gradient of conv1"], Quoted("gradient of conv1", right)),
            Fault(_GRADIENT, None, Quoted("gradient of conv1.weight", right)),
        ),
        source="The notebook",
        is_kept=published is None,
    )


def _is_plain(layer: object) -> TypeGuard[Conv2D]:
    return isinstance(layer, Conv2D) and layer == Conv2D(
        layer.filters, layer.kernel_size, bias=False, name=layer.name
    )


def _prints(problem: Problem, name: str) -> bool:
    """Tell whether a problem gives what the notebook prints, to the digits of its floats."""
    figures = zip(problem.quantity(name), map(Rational, PRINTED[name]), strict=True)
    return all(abs(value - printed) < _NEAR for value, printed in figures)


CNN_BY_HAND = Path(__file__).with_name("cnn_by_hand.toml")
"""The problem file of the first example."""


def cnn_by_hand() -> Problem:
    """Return the example of the notebook "CNN by hand", computed correctly.

    A 3x1 input, a convolution with three 2x1 filters, a max-pool and one sigmoid neuron:
    nine weights.

    >>> cnn_by_hand().quantity("conv1")
    (6/25, 13/50, -1/50, 3/20, 1/20, 1/10)
    """
    return load(CNN_BY_HAND)


def cnn_by_hand_as_published() -> Problem:
    """Return the network that the notebook computed: its first layer is not a convolution.

    >>> cnn_by_hand_as_published().quantity("conv1")
    (21/50, 7/25, 7/50, 33/100, 11/50, 11/100)
    """
    meant = cnn_by_hand()
    return replace(as_published(meant), reconciliation=between(None, meant))
