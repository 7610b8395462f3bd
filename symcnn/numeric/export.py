"""A module to keep: NumPy code with the example's numbers that runs by itself."""

from __future__ import annotations

from typing import Any

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.numeric.floats import float_array
from symcnn.numeric.listing import FUNCTION, filled, plain
from symcnn.numeric.program import lambdify
from symcnn.values import Values, required

_DOCSTRING = '''"""{title}: the loss and its gradients.

It needs NumPy alone. The equations stand above the statements that compute them.
"""

'''

_MAIN = f"""if __name__ == "__main__":
    loss, gradients = {FUNCTION}(**VALUES)
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)"""


def numpy_module(derivation: Derivation, values: Values, title: str) -> str:
    """Return the text of a module that computes the loss and all gradients.

    It imports NumPy and Python's own math alone, holds the numbers as ``VALUES``, does
    nothing when it is imported, and prints the loss and every gradient when it is run.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    program = lambdify(derivation)
    required(values, program.given)
    pairs = zip(program.listing.arguments, program.given, strict=True)
    numbers = "".join(f"    {a!r}: {_literal(values[t.name], t)},\n" for a, t in pairs)
    constants = "# The numbers of the example.\nVALUES = {\n" + numbers + "}"
    docstring = _DOCSTRING.format(title=_escaped(title))
    return docstring + "\n\n\n".join([program.source.rstrip(), constants, _MAIN]) + "\n"


def _literal(value: Any, tensor: Tensor) -> str:
    numbers = ", ".join(map(repr, float_array(value, tensor).ravel().tolist()))
    return filled(f"np.array([{numbers}]).reshape({tensor.shape})")


def _escaped(title: str) -> str:
    """Return a title as it may stand in a docstring; it is text, whatever it holds."""
    return plain(title).replace("\\", "\\\\").replace('"', '\\"')
