"""A layer or a network as a function with a gradient of its own, for PyTorch and JAX."""

from __future__ import annotations

from importlib import import_module
from typing import Literal

from symcnn.derivation import Derivation
from symcnn.equations.values import Values, float_arrays
from symcnn.errors import SymcnnError, expect
from symcnn.programs.export.autograd.module import Module
from symcnn.programs.export.autograd.passes import Differentiated, passes_of

_STYLES = {
    "torch": "symcnn.programs.export.autograd.torch",
    "jax": "symcnn.programs.export.autograd.jax",
}


def to_autograd(
    derivation: Derivation,
    values: Values,
    to: Literal["torch", "jax"] = "torch",
    *,
    results: Differentiated = "outputs",
    title: str = "",
) -> str:
    """Write a network as a function of PyTorch or JAX with a gradient of its own."""
    expect(derivation, Derivation, "the derivation", "give derive(network) or problem.derivation")
    if to not in _STYLES:
        raise SymcnnError(f'to = {to!r} is unknown: choose "torch" or "jax"')
    style = import_module(_STYLES[to]).STYLE
    network = derivation.network
    passes = passes_of(network, results, style.library)
    learned = [a.tensor for a in passes.arguments if a.tensor.role == "parameter"]
    numbers = float_arrays({t.name: values[t.name] for t in learned}, learned)
    return Module(style, passes, results, title or "A network", numbers).text
