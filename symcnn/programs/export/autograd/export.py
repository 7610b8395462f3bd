"""A layer or a network as a function with derivatives of its own, for PyTorch and JAX."""

from __future__ import annotations

from importlib import import_module
from typing import Literal

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.values import Values, float_arrays, required
from symcnn.errors import SymcnnError, TooLargeError, expect
from symcnn.network.network import Network
from symcnn.programs.export.autograd.module import Module
from symcnn.programs.export.autograd.passes import Differentiated, passes_of

_STYLES = {
    "torch": "symcnn.programs.export.autograd.torch",
    "jax": "symcnn.programs.export.autograd.jax",
}


def to_autograd(
    network: Network,
    values: Values,
    to: Literal["torch", "jax"] = "torch",
    *,
    results: Differentiated = "outputs",
    title: str = "",
) -> str:
    """Write a network as a function of PyTorch or JAX, with a custom gradient.

        y = layer(x, w, ...),    dL/dx, dL/dw, ...  =  the derived equations of g = dL/dy

    PyTorch's is a ``torch.autograd.Function``, JAX's a ``jax.custom_vjp``. The gradients can be
    differentiated in turn, by derived equations too: the derivatives of the backward pass along
    a direction. The function runs on any device, in the type of its arguments, and for any number
    of samples; only where the equations depend on this number in other ways than by lengths and
    means is it for the network's own. Arrays have symcnn's layouts, images with channels last.

    Args:
        network: The network. For some of its layers, take that of ``part(problem, names).problem``.
        values: Numbers by tensor name, of which those of the parameters become initial values.
        to: The library.
        results: "outputs" for the last layer's output, whatever the loss; "loss" for the loss.
        title: What it is of, for the first line.

    Returns:
        The text of a module that imports the library alone, with the function ``layer``, or
        ``loss``. PyTorch's has a ``torch.nn.Module`` called ``Layer`` besides, with the parameters;
        JAX's a function ``parameters`` that returns them.

    Raises:
        TooLargeError: If the parameters have more numbers than are written into a module.
        SymcnnError: If an argument is wrong, or a name, a shape or a number.

    >>> import symcnn as sc
    >>> front = sc.part(sc.examples.cnn_by_hand(), ["conv1", "pool1"]).problem
    >>> text = sc.to_autograd(front.network, front.values)
    >>> [line for line in text.splitlines() if line.startswith("def layer")]
    ['def layer(x, conv1_weight):']
    """
    expect(network, Network, "the network", "give a Network, or problem.network")
    if to not in _STYLES:
        raise SymcnnError(f'to = {to!r} is unknown: choose "torch" or "jax"')
    if results not in ("outputs", "loss"):
        raise SymcnnError(f'results = {results!r} is unknown: choose "outputs" or "loss"')
    network.check_numbers()
    _check_size(network)
    style = import_module(_STYLES[to]).STYLE
    held = _held(network, results)
    given = {tensor.name: values[tensor.name] for tensor in held if tensor.name in values}
    required(given, held)
    numbers = float_arrays(given, held)
    passes = passes_of(network, results, style.library)
    return Module(style, passes, results, title or "A network", numbers).text


def _held(network: Network, results: Differentiated) -> list[Tensor]:
    """Return the tensors whose numbers a module holds: all but those of samples."""
    asked = {tensor.name for tensor in network.of_samples}
    if results == "outputs":
        asked |= {tensor.name for tensor in network.loss_stage.givens.values()}
    given = (t for t in network.given if t.role in ("parameter", "given"))
    return [tensor for tensor in given if tensor.name not in asked]


def _check_size(network: Network) -> None:
    """Refuse more numbers than a text holds well."""
    size = sum(tensor.size for tensor in network.parameters)
    if size > limits.GIVEN_NUMBERS:
        raise TooLargeError(
            f"the parameters have {size:,} numbers, more than the {limits.GIVEN_NUMBERS:,} that "
            "are written into a module: export some of the layers, which --layer NAME or part "
            "chooses"
        )
