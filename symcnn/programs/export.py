"""A module to keep: NumPy or JAX code with the example's numbers that runs by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcnn.backends.python.listing import FUNCTION, filled, plain
from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.plans.plan import plan_of
from symcnn.programs.program import JaxProgram, Program, lambdify
from symcnn.values import Values, required
from symcnn.values.floats import float_array

_DOCSTRING = '''"""{title}: the loss and its gradients.

It needs {library} alone. The equations stand above the statements that compute them.
"""

'''

_MAIN = f"""if __name__ == "__main__":{{first}}
    loss, gradients = {FUNCTION}(**VALUES)
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)"""

_IN_64_BITS = """
    import jax

    jax.config.update("jax_enable_x64", True)"""


def numpy_module(derivation: Derivation, values: Values, title: str) -> str:
    """Return the text of a module that computes the loss and all gradients.

    It imports NumPy and Python's own math alone, holds the numbers as ``VALUES``, does
    nothing when it is imported, and prints the loss and every gradient when it is run.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    program = lambdify(derivation)
    required(values, program.given)
    numbers = {t: f"np.array({_list(values[t.name], t)}).reshape({t.shape})" for t in program.given}
    return _module(program, numbers, _DOCSTRING.format(title=_escaped(title), library="NumPy"))


def jax_module(derivation: Derivation, values: Values, title: str) -> str:
    """Return the same for JAX, as a pure function for jax.jit.

    The numbers are lists, because they would be arrays before JAX is told to use 64 bits.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    from symcnn.backends.jax.lowering import functions

    plan = plan_of(derivation)
    program = JaxProgram(functions(plan), plan.given)
    required(values, program.given)
    numbers = {t: _list(values[t.name], t) for t in program.given}
    docstring = _DOCSTRING.format(title=_escaped(title), library="JAX")
    return _module(program, numbers, docstring, _IN_64_BITS)


def _module(
    program: Program, numbers: Mapping[Tensor, str], docstring: str, first: str = ""
) -> str:
    pairs = zip(program.listing.arguments, program.given, strict=True)
    rows = "".join(f"    {name!r}: {filled(numbers[t])},\n" for name, t in pairs)
    constants = "# The numbers of the example.\nVALUES = {\n" + rows + "}"
    parts = [program.source.rstrip(), constants, _MAIN.format(first=first)]
    return docstring + "\n\n\n".join(parts) + "\n"


def _list(value: Any, tensor: Tensor) -> str:
    return f"[{', '.join(map(repr, float_array(value, tensor).ravel().tolist()))}]"


def _escaped(title: str) -> str:
    """Return a title as it may stand in a docstring; it is text, whatever it holds."""
    return plain(title).replace("\\", "\\\\").replace('"', '\\"')
