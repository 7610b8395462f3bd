"""A module of JAX: functions with derivatives of their own, and the numbers of the parameters."""

from __future__ import annotations

from dataclasses import replace

from symcnn.programs.backends.jax.library import HELPERS, IMPORTS, JAX, NEEDS
from symcnn.programs.export.autograd.module import Style
from symcnn.programs.export.autograd.passes import RESERVED
from symcnn.programs.export.autograd.torch_helpers import CHECK

_FUNCTIONS = '''@jax.custom_vjp
def _function({arguments}):
    return _forward({arguments})[0]


def _function_and_saved({arguments}):
    result, *kept = _forward({arguments})
    return result, ({arguments}, {result}*kept)


def _function_back(saved, upstream):
    {slopes} = _gradients(upstream, *saved)
    return {returned}


@jax.custom_vjp
def _gradients({saved}):
    return _backward({saved})


def _gradients_and_saved({saved}):
    return _backward({saved}), ({second})


def _gradients_back(saved, directions):
    {bends} = _second(*saved, *directions)
    return {bends_returned}


_function.defvjp(_function_and_saved, _function_back)
_gradients.defvjp(_gradients_and_saved, _gradients_back)


def {function}({arguments}):
    """Return {what}."""
{checks}
    return _function({arguments})'''

_HOLDER = '''def parameters(dtype=None):
    """Return the parameters with the numbers of the problem, by the names of the arguments."""
    return {{
{parameters}
    }}'''

_CONSTANTS = '''def constants(dtype=None):
    """Return what is given and not learned, by the names of the arguments."""
    return {{
{constants}
    }}'''

_PARAMETER = "        {name!r}: jnp.array(NUMBERS[{name!r}], dtype).reshape({shape}),"

STYLE = Style(
    library=replace(JAX, reserved=JAX.reserved | RESERVED),
    called="JAX",
    imports=("import jax", "import jax.numpy as jnp"),
    helpers={"check": CHECK, **HELPERS},
    needs=NEEDS,
    imported=IMPORTS,
    type_of="{}.dtype.type",
    float64="jnp.float64",
    own="{}",
    functions=_FUNCTIONS,
    holder=_HOLDER,
    parameter=_PARAMETER,
    constant=_PARAMETER,
    constants=_CONSTANTS,
)
"""How its modules are written."""
